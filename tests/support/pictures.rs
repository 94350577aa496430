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

/// A JPEG like one of a camera: soft shapes, far better than an eye needs, and inside it where it was
/// taken ([`POSITION`]) and with what.
#[must_use]
pub fn photo(seed: u64, width: u32, height: u32) -> Vec<u8> {
    let mut state = seed | 1;
    let phase = f64::from(state.to_le_bytes()[0]);
    let picture = ImageBuffer::from_fn(width, height, |x, y| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let grain = f64::from(state.to_le_bytes()[7] >> 5);
        let (x, y) = (f64::from(x) / 40.0, f64::from(y) / 30.0);
        let channel = |shift: f64| {
            let wave = (x + shift + phase).sin() + (y - shift).cos() + ((x + y) / 3.0).sin();
            level(wave * 36.0 + 120.0 + grain)
        };
        Rgb([channel(0.0), channel(1.0), channel(2.5)])
    });
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 97);
    if let Err(error) = picture.write_with_encoder(encoder) {
        panic!("a photo could not be made: {error}");
    }
    let mut block = b"Exif\0\0".to_vec();
    block.extend(exif());
    let length = u16::try_from(block.len() + 2).unwrap_or(u16::MAX);
    let segment = [&[0xff, 0xe1][..], &length.to_be_bytes(), &block].concat();
    bytes.splice(2..2, segment);
    bytes
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
fn level(value: f64) -> u8 {
    value.clamp(0.0, 255.0) as u8
}

/// 54° 34′ 12″, as [`photo`] has it inside: three fractions.
pub const POSITION: [u8; 24] = [54, 0, 0, 0, 1, 0, 0, 0, 34, 0, 0, 0, 1, 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0];

/// An EXIF block with a maker and a position, 54.57° N, 3.15° W.
fn exif() -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value].concat()
    };
    let (ascii, long, rational) = (2, 4, 5);
    let positions: u32 = 8 + 2 + 2 * 12 + 4;
    let fractions = positions + 2 + 4 * 12 + 4;
    let west = [3_u32, 1, 9, 1, 0, 1].map(u32::to_le_bytes).concat();
    [
        b"II*\0".to_vec(),
        8_u32.to_le_bytes().to_vec(),
        2_u16.to_le_bytes().to_vec(),
        entry(0x010f, ascii, 4, *b"Box\0"),
        entry(0x8825, long, 1, positions.to_le_bytes()),
        vec![0; 4],
        4_u16.to_le_bytes().to_vec(),
        entry(1, ascii, 2, *b"N\0\0\0"),
        entry(2, rational, 3, fractions.to_le_bytes()),
        entry(3, ascii, 2, *b"W\0\0\0"),
        entry(4, rational, 3, (fractions + 24).to_le_bytes()),
        vec![0; 4],
        POSITION.to_vec(),
        west,
    ]
    .concat()
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
