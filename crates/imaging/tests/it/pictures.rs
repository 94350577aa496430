//! Pictures to test with: small files made by other programs (`fixtures/make.sh`), and files put
//! together here.

use image::{DynamicImage, ImageFormat, RgbImage};
use picferry_core::images::SkipRules;
use picferry_core::picture::PictureFormat;
use picferry_imaging::{Cancel, Change, PrepareOptions, Prepared, SkipReason, prepare};
use std::io::Cursor;

/// Every fixture with its format, by name.
pub const FIXTURES: &[(&str, PictureFormat, &[u8])] = &[
    ("animated.webp", PictureFormat::Webp, include_bytes!("../fixtures/animated.webp")),
    ("cmyk.jpg", PictureFormat::Jpeg, include_bytes!("../fixtures/cmyk.jpg")),
    ("full.avif", PictureFormat::Avif, include_bytes!("../fixtures/full.avif")),
    ("full.gif", PictureFormat::Gif, include_bytes!("../fixtures/full.gif")),
    ("full.heic", PictureFormat::Heic, include_bytes!("../fixtures/full.heic")),
    ("full.jpg", PictureFormat::Jpeg, include_bytes!("../fixtures/full.jpg")),
    ("full.jxl", PictureFormat::Jxl, include_bytes!("../fixtures/full.jxl")),
    ("full.png", PictureFormat::Png, include_bytes!("../fixtures/full.png")),
    ("full.tiff", PictureFormat::Tiff, include_bytes!("../fixtures/full.tiff")),
    ("full.webp", PictureFormat::Webp, include_bytes!("../fixtures/full.webp")),
    ("lossless.webp", PictureFormat::Webp, include_bytes!("../fixtures/lossless.webp")),
    ("plain.bmp", PictureFormat::Bmp, include_bytes!("../fixtures/plain.bmp")),
    ("plain.ico", PictureFormat::Ico, include_bytes!("../fixtures/plain.ico")),
    ("plain.jxl", PictureFormat::Jxl, include_bytes!("../fixtures/plain.jxl")),
    ("plain.webp", PictureFormat::Webp, include_bytes!("../fixtures/plain.webp")),
    ("progressive.jpg", PictureFormat::Jpeg, include_bytes!("../fixtures/progressive.jpg")),
    ("sequence.avif", PictureFormat::Avif, include_bytes!("../fixtures/sequence.avif")),
];

/// The bytes of a fixture.
pub fn fixture(name: &str) -> &'static [u8] {
    FIXTURES.iter().find(|(known, _, _)| *known == name).unwrap().2
}

/// Fixtures, files made here, and the sample: one of everything.
pub fn all() -> Vec<(String, PictureFormat, Vec<u8>)> {
    let mut all: Vec<_> =
        FIXTURES.iter().map(|(name, format, bytes)| ((*name).to_owned(), *format, bytes.to_vec())).collect();
    all.push(("made.qoi".into(), PictureFormat::Qoi, encoded(&corners(), ImageFormat::Qoi)));
    all.push(("made.apng".into(), PictureFormat::Png, animated_png()));
    all.push(("made.svg".into(), PictureFormat::Svg, SVG.as_bytes().to_vec()));
    all.push(("sample.jpg".into(), PictureFormat::Jpeg, picferry_imaging::sample_picture().to_vec()));
    all
}

/// Options that leave every picture as it is: only its metadata goes.
pub fn pixels_stay() -> PrepareOptions {
    let mut options = PrepareOptions::default();
    options.images.skip = SkipRules { below_bytes: u64::MAX, ..SkipRules::default() };
    options
}

/// A picture without its metadata, and nothing else done to it.
pub fn stripped(bytes: &[u8]) -> Prepared {
    let mut prepared = prepare(bytes::Bytes::copy_from_slice(bytes), &pixels_stay(), &Cancel::new()).unwrap();
    assert_eq!(prepared.changed.remove(0), Change::Skipped { why: SkipReason::Small });
    prepared
}

/// A picture prepared as options say that are changed from the default.
pub fn prepared(bytes: &[u8], change: impl FnOnce(&mut PrepareOptions)) -> Prepared {
    let mut options = PrepareOptions::default();
    change(&mut options);
    prepare(bytes::Bytes::copy_from_slice(bytes), &options, &Cancel::new()).unwrap()
}

/// The pixels of a file of ours, read by a decoder that is not the one that is tested where there is
/// one.
pub fn pixels(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

/// Hills under a sky, with the grain of a sensor.
pub fn photo(width: u32, height: u32) -> DynamicImage {
    let mut grain = 0x2545_f491_u32;
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        grain ^= grain << 13;
        grain ^= grain >> 17;
        grain ^= grain << 5;
        let noise = |shift: u32| f64::from((grain >> shift) % 5) - 2.0;
        let (fx, fy) = (f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
        let hill = 0.55 + 0.12 * (fx * 9.0).sin() + 0.05 * (fx * 31.0).cos();
        let leaf = ((f64::from(x) * 0.4).sin() * (f64::from(y) * 0.3).cos()) * 22.0;
        let value = |sky: f64, ground: f64, shift: u32| {
            let base = if fy < hill { sky + fy * 60.0 } else { ground + leaf };
            (base + noise(shift)).clamp(0.0, 255.0) as u8
        };
        [value(90.0, 70.0, 0), value(140.0, 110.0, 9), value(190.0, 50.0, 19)].into()
    }))
}

/// A window with a title, a list, lines of text and a shaded area.
pub fn screenshot(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        if y < 30 {
            return [60, 64 + (y as u8), 80].into();
        }
        if x < width / 5 {
            return [238, 240, 244].into();
        }
        if x > width * 4 / 5 && y > height * 4 / 5 {
            return [(x % 200) as u8 + 40, (y % 120) as u8 + 90, 160].into();
        }
        let is_text = y % 18 < 9 && (x * 7 + (y / 18) * 131) % 11 < 4 && (x / 40 + y / 18) % 5 != 0;
        if is_text { [34, 34, 40 + ((x * y) % 5) as u8].into() } else { [255, 255, 255].into() }
    }))
}

/// An SVG behind everything that XML allows before the first element.
pub const SVG: &str = "\u{feff}\n<?xml version=\"1.0\"?>\n<!-- <html> -->\n<!DOCTYPE svg [<!ENTITY a \"b\">]>\n\
     <svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 3\" width='40px' height=\"30\"><path d=\"M0 0\"/></svg>\n";

/// 48 × 32 pixels, with a colour of its own in each corner: red, green, blue, white as one reads.
pub fn corners() -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(48, 32, |x, y| match (x < 24, y < 16) {
        (true, true) => [230, 20, 20].into(),
        (false, true) => [20, 200, 20].into(),
        (true, false) => [20, 20, 230].into(),
        (false, false) => [250, 250, 250].into(),
    }))
}

/// The picture as a file.
pub fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A BMP file of 20 × 2 pixels whose rows are packed as runs.
pub fn run_length_bitmap() -> Vec<u8> {
    let palette: Vec<u8> = (0..=255_u8).flat_map(|shade| [shade, shade, shade, 0]).collect();
    // Two rows of one run each with an end of line, then the end of the picture.
    let rows = [20, 60, 0, 0, 20, 200, 0, 0, 0, 1];
    let start = 14 + 40 + palette.len();
    let mut file = b"BM".to_vec();
    let length = |length: usize| u32::try_from(length).unwrap().to_le_bytes();
    file.extend([length(start + rows.len()), [0; 4], length(start), length(40)].concat());
    file.extend([20_u32.to_le_bytes(), 2_u32.to_le_bytes()].concat());
    file.extend([1, 0, 8, 0, 1, 0, 0, 0]);
    file.extend([length(rows.len()), [0; 4], [0; 4], length(256), [0; 4]].concat());
    [file, palette, rows.to_vec()].concat()
}

/// A TIFF block with an orientation, a camera and a position, as a telephone writes it.
pub fn exif_block(orientation: u16) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value].concat()
    };
    let camera_at = 8 + 2 + 3 * 12 + 4;
    let position_at = camera_at + 16;
    block.extend(3u16.to_le_bytes());
    block.extend(entry(0x010f, 2, 13, u32::to_le_bytes(camera_at)));
    block.extend(entry(0x0112, 3, 1, u32::from(orientation).to_le_bytes()));
    block.extend(entry(0x8825, 4, 1, u32::to_le_bytes(position_at)));
    block.extend([0; 4]);
    block.extend(b"SECRETCAMERA\0\0\0\0");
    block.extend(1u16.to_le_bytes());
    block.extend(entry(1, 2, 2, *b"N\0\0\0"));
    block.extend([0; 4]);
    block
}

/// Puts a segment right behind the first one of a JPEG file.
pub fn with_segment(jpeg: &[u8], marker: u8, payload: &[u8]) -> Vec<u8> {
    let first_end = 4 + usize::from(u16::from_be_bytes([jpeg[4], jpeg[5]])) - 2 + 2;
    let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..first_end], &[0xff, marker], &length, payload, &jpeg[first_end..]].concat()
}

/// The corners as a JPEG that is stored turned.
pub fn turned_jpeg(orientation: u16) -> Vec<u8> {
    let plain = encoded(&corners(), ImageFormat::Jpeg);
    with_segment(&plain, 0xe1, &[b"Exif\0\0", &exif_block(orientation)[..]].concat())
}

/// The corners as a PNG that is stored turned.
pub fn turned_png(orientation: u16) -> Vec<u8> {
    let plain = encoded(&corners(), ImageFormat::Png);
    [&plain[..33], &chunk(b"eXIf", &exif_block(orientation)), &plain[33..]].concat()
}

/// The corners as a lossless WebP that is stored turned.
pub fn turned_webp(orientation: u16) -> Vec<u8> {
    let plain = encoded(&corners(), ImageFormat::WebP);
    let exif = exif_block(orientation);
    let mut file = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x08\0\0\0".to_vec();
    file.extend([47, 0, 0, 31, 0, 0]);
    file.extend(&plain[12..]);
    file.extend(b"EXIF");
    file.extend(u32::try_from(exif.len()).unwrap().to_le_bytes());
    file.extend(&exif);
    let size = u32::try_from(file.len() - 8).unwrap().to_le_bytes();
    file[4..8].copy_from_slice(&size);
    file
}

/// A chunk of a PNG file, with its checksum.
pub fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(kind);
    hasher.update(data);
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length, &kind[..], data, &hasher.finalize().to_be_bytes()].concat()
}

/// A PNG with two frames, both the same, and a comment.
pub fn animated_png() -> Vec<u8> {
    let plain = encoded(&corners(), ImageFormat::Png);
    let data_length = u32::from_be_bytes(plain[33..37].try_into().unwrap()) as usize;
    assert_eq!(&plain[37..41], b"IDAT");
    let data = &plain[41..41 + data_length];
    let frame = |number: u32| {
        let mut control = number.to_be_bytes().to_vec();
        for side in [48u32, 32, 0, 0] {
            control.extend(side.to_be_bytes());
        }
        control.extend([0, 1, 0, 10, 0, 0]);
        chunk(b"fcTL", &control)
    };
    [
        plain[..33].to_vec(),
        chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]),
        chunk(b"tEXt", b"Comment\0SECRETCOMMENT"),
        frame(0),
        chunk(b"IDAT", data),
        frame(1),
        chunk(b"fdAT", &[&2u32.to_be_bytes(), data].concat()),
        chunk(b"IEND", &[]),
    ]
    .concat()
}

/// A PNG that is nothing but a header of that size.
pub fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 6, 0, 0, 0]);
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunk(b"IDAT", &[]), chunk(b"IEND", &[])]
        .concat()
}
