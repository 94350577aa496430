//! Pictures for tests, made of arithmetic.

use super::DecodeOptions;
use crate::cancel::Cancel;
use crate::limits::Limits;
use image::{DynamicImage, Rgb, RgbImage, Rgba, RgbaImage};

/// Calls with the options that a picture is decoded with unless told otherwise.
pub(crate) fn with_options<T>(call: impl FnOnce(&DecodeOptions) -> T) -> T {
    let (limits, cancel) = (Limits::default(), Cancel::new());
    call(&DecodeOptions { limits: &limits, cancel: &cancel, allow_damaged: false, at_least: None })
}

/// Numbers that look random and are the same everywhere.
pub(crate) struct Noise(pub u64);

impl Noise {
    pub(crate) fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.0 >> 33).unwrap()
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[2]
    }
}

/// A window with a title, a list and lines of something like text.
pub(crate) fn screenshot(width: u32, height: u32) -> RgbImage {
    let mut noise = Noise(7);
    let mut picture = RgbImage::from_fn(width, height, |x, y| {
        if y < 24 {
            let shade = u8::try_from(200 - y * 2).unwrap();
            Rgb([shade, shade, shade.saturating_add(20)])
        } else if x < width / 5 {
            if (y / 18) % 5 == 2 { Rgb([52, 120, 246]) } else { Rgb([236, 238, 240]) }
        } else {
            Rgb([255, 255, 255])
        }
    });
    for line in (32..height.saturating_sub(10)).step_by(16) {
        let mut x = 6;
        while x + 7 < width {
            let glyph = noise.next();
            for place in 0..40_u32 {
                let ink = (glyph >> (place % 24)) & 1;
                if ink == 1 && !glyph.is_multiple_of(6) {
                    let (x, y) = (x + place % 5, line + place / 5);
                    let pixel = picture.get_pixel_mut(x, y);
                    // Smooth edges, as fonts have them.
                    let part = if place % 3 == 0 { 2 } else { 4 };
                    *pixel = Rgb(pixel.0.map(|channel| channel - channel / 5 * part));
                }
            }
            x += 7;
        }
    }
    picture
}

/// Soft shades with grain.
pub(crate) fn photo(width: u32, height: u32) -> RgbImage {
    let mut noise = Noise(11);
    RgbImage::from_fn(width, height, |x, y| {
        let (across, down) = (x as f32 / width as f32, y as f32 / height as f32);
        let wave = ((across * 9.0).sin() * (down * 7.0).cos() + 1.0) / 2.0;
        let grain = (f32::from(noise.byte()) - 127.0) / 40.0;
        let channel = |base: f32| (base * 255.0 + grain).clamp(0.0, 255.0) as u8;
        Rgb([channel(wave * 0.8 + 0.1), channel(across * 0.7 + 0.2 * wave), channel(1.0 - down * 0.6)])
    })
}

/// A round badge with a soft edge on nothing.
pub(crate) fn badge(side: u32) -> RgbaImage {
    let middle = side as f32 / 2.0;
    RgbaImage::from_fn(side, side, |x, y| {
        let (across, down) = (x as f32 + 0.5 - middle, y as f32 + 0.5 - middle);
        let inside = (middle - 2.0 - (across * across + down * down).sqrt()) / 3.0;
        let alpha = (inside.clamp(0.0, 1.0) * 255.0) as u8;
        let shade = (x * 200 / side) as u8;
        if alpha == 0 { Rgba([9, 9, 9, 0]) } else { Rgba([250 - shade, 80, 40 + shade, alpha]) }
    })
}

/// What is seen: pixels without what is hidden in wholly transparent ones.
pub(crate) fn seen(picture: &DynamicImage) -> Vec<[u16; 4]> {
    let pixels = picture.to_rgba16();
    pixels.pixels().map(|pixel| if pixel.0[3] == 0 { [0; 4] } else { pixel.0 }).collect()
}

/// The largest difference of a channel on white.
pub(crate) fn largest_difference(one: &DynamicImage, other: &DynamicImage) -> u32 {
    differences(one, other).max().unwrap_or(0)
}

/// The mean squared difference of a channel on white.
pub(crate) fn mean_difference(one: &DynamicImage, other: &DynamicImage) -> f64 {
    let (sum, count) = differences(one, other)
        .fold((0.0, 0.0), |(sum, count), difference| (sum + f64::from(difference).powi(2), count + 1.0));
    sum / count
}

fn differences(one: &DynamicImage, other: &DynamicImage) -> impl Iterator<Item = u32> {
    assert_eq!((one.width(), one.height()), (other.width(), other.height()));
    on_white(one).into_iter().zip(on_white(other)).map(|(one, other)| one.abs_diff(other))
}

fn on_white(picture: &DynamicImage) -> Vec<u32> {
    let pixels = picture.to_rgba8();
    let channels = pixels.pixels().flat_map(|pixel| {
        let alpha = u32::from(pixel.0[3]);
        [0, 1, 2].map(|channel| (u32::from(pixel.0[channel]) * alpha + 255 * (255 - alpha)) / 255)
    });
    channels.collect()
}

/// A profile that says what it is about and nothing else.
pub(crate) fn profile(space: &[u8; 4], length: usize) -> Vec<u8> {
    let mut noise = Noise(3);
    let mut icc: Vec<u8> = (0..length).map(|_| noise.byte()).collect();
    icc[16..20].copy_from_slice(space);
    icc[36..40].copy_from_slice(b"acsp");
    icc
}
