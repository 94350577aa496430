//! Pictures to upload: small, valid, each different.

use image::codecs::gif::GifEncoder;
use image::{Delay, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use picferry_tests::pictures;
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// A PNG in a folder; the seed makes its content.
pub fn picture(folder: &Path, name: &str, seed: u64) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, pictures::noise_png(seed, 64, 48)).unwrap();
    path
}

/// A GIF of three frames.
pub fn animated_gif() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for shade in [40, 120, 200] {
        let picture = RgbaImage::from_pixel(40, 30, Rgba([shade, 80, 160, 255]));
        encoder.encode_frame(Frame::from_parts(picture, 0, 0, Delay::from_numer_denom_ms(100, 1))).unwrap();
    }
    drop(encoder);
    bytes
}

/// A painted evening by the water as PNG, for pictures of the gallery; the seed makes its colours.
pub fn scene(seed: u32, width: u32, height: u32) -> Vec<u8> {
    let hue = |shift: u32| 90 + (seed * 67 + shift * 41) % 130;
    let horizon = height * (50 + seed * 5 % 20) / 100;
    let (sun_x, sun_y) = (width * (25 + seed * 17 % 50) / 100, horizon * 7 / 10);
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let near_sun = x.abs_diff(sun_x).pow(2) + y.abs_diff(sun_y).pow(2) < (height / 12).pow(2);
        let hill = horizon - (height / 9) * (x * 7 / width % 3 + 1) / 3 * (x * 14 / width % 2 + 1) / 2;
        let shade = |top: u32, bottom: u32| top + bottom.saturating_sub(top) * y / height;
        let colour = match y {
            _ if near_sun && y < horizon => [250, 226, 170],
            _ if y < hill => [shade(hue(0), 235), shade(hue(1), 200), shade(hue(2), 190)],
            _ if y < horizon => [hue(2) / 2, hue(0) / 2, hue(1) / 2],
            _ => {
                let ripple = (y * 3 + x / 40 + seed) % 9 / 6 * 22;
                [hue(1) / 2 + ripple, hue(2) / 2 + ripple + 10, hue(0) / 2 + ripple + 40]
            }
        };
        Rgb(colour.map(|value| u8::try_from(value).unwrap_or(u8::MAX)))
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}
