//! Pictures made for tests: small, valid, and each different from the others.

use image::{ImageBuffer, ImageFormat, Rgb};
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// A valid PNG of 8 × 8 pixels whose content depends on the seed alone.
#[must_use]
pub fn png(seed: u64) -> Vec<u8> {
    noise(seed, 8, 8, ImageFormat::Png)
}

/// A valid PNG of noise: about `3 × width × height` bytes, for noise does not compress.
#[must_use]
pub fn noise_png(seed: u64, width: u32, height: u32) -> Vec<u8> {
    noise(seed, width, height, ImageFormat::Png)
}

/// A valid BMP of noise: exactly `3 × width × height` bytes and a head, for widths divisible by 4.
#[must_use]
pub fn noise_bmp(seed: u64, width: u32, height: u32) -> Vec<u8> {
    noise(seed, width, height, ImageFormat::Bmp)
}

/// A valid JPEG of noise.
#[must_use]
pub fn noise_jpeg(seed: u64, width: u32, height: u32) -> Vec<u8> {
    noise(seed, width, height, ImageFormat::Jpeg)
}

fn noise(seed: u64, width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = move || {
        // xorshift: the same seed gives the same picture on every machine.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    let picture = ImageBuffer::from_fn(width, height, |_, _| Rgb([next(), next(), next()]));
    let mut bytes = Cursor::new(Vec::new());
    match picture.write_to(&mut bytes, format) {
        Ok(()) => bytes.into_inner(),
        Err(error) => panic!("a picture could not be made: {error}"),
    }
}

/// Writes numbered pictures `picture-000.png` … into a folder, and returns their paths in order.
///
/// # Panics
/// When the folder cannot be written.
#[must_use]
pub fn write_many(folder: &Path, count: u64) -> Vec<PathBuf> {
    (0..count)
        .map(|number| {
            let path = folder.join(format!("picture-{number:03}.png"));
            if let Err(error) = std::fs::write(&path, png(number + 1)) {
                panic!("{} cannot be written: {error}", path.display());
            }
            path
        })
        .collect()
}

/// The first bytes of a PNG that claims this size, and no pixels: a bomb's header.
#[must_use]
pub fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(width.to_be_bytes());
    chunk.extend(height.to_be_bytes());
    chunk.extend([8, 2, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    bytes.extend(&chunk);
    bytes.extend(crc32(&chunk).to_be_bytes());
    bytes.extend(b"\0\0\0\0IEND\xae\x42\x60\x82");
    bytes
}

/// CRC-32 as PNG defines it (ISO 3309), bit by bit: test data needs no speed.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}
