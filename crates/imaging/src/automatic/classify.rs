//! What kind of picture it is, told cheaply from samples of it.

use crate::raster::Raster;
use image::{DynamicImage, GenericImageView, Rgba};
use std::collections::HashSet;

/// The kinds that are written in different ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Seen by a lens, or painted: hardly two neighbours are the same.
    Photo,
    /// A screenshot, a drawing, a diagram: areas of one colour with sharp edges.
    Drawing,
    /// At most 256 colours in all.
    FewColors,
}

/// A picture's kind, and whether it lets through what is behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Class {
    pub kind: Kind,
    pub has_alpha: bool,
}

/// The side of one sample, and how many are taken across and down.
const SIDE: u32 = 32;
const SAMPLES: u32 = 12;

/// Looks at a picture.
pub(crate) fn classify(raster: &Raster) -> Class {
    Class { kind: kind(&raster.pixels), has_alpha: raster.is_transparent() }
}

fn kind(picture: &DynamicImage) -> Kind {
    let seen = Seen::of(picture);
    if seen.has_photo_texture() {
        return Kind::Photo;
    }
    if has_few_colors(picture) { Kind::FewColors } else { Kind::Drawing }
}

/// What samples tell.
struct Seen {
    /// Pairs of neighbours that were compared, and those that were the same.
    pairs: u64,
    same: u64,
    /// Samples that are not of one colour, and those of them in which neighbours differ a little and
    /// hardly ever much.
    lively: u32,
    soft: u32,
}

impl Seen {
    fn of(picture: &DynamicImage) -> Self {
        let mut seen = Self { pairs: 0, same: 0, lively: 0, soft: 0 };
        let (width, height) = (picture.width(), picture.height());
        let corners = |length: u32| {
            let room = length.saturating_sub(SIDE);
            let count = SAMPLES.min(length.div_ceil(SIDE)).max(1);
            (0..count).map(move |index| if count < 2 { 0 } else { room / (count - 1) * index })
        };
        for top in corners(height) {
            for left in corners(width) {
                seen.look(picture, left, top);
            }
        }
        seen
    }

    fn look(&mut self, picture: &DynamicImage, left: u32, top: u32) {
        let mut colors = HashSet::new();
        let (mut pairs, mut same, mut soft, mut hard) = (0, 0, 0, 0);
        let (right, bottom) =
            (left.saturating_add(SIDE).min(picture.width()), top.saturating_add(SIDE).min(picture.height()));
        for y in top..bottom {
            let mut before: Option<Rgba<u8>> = None;
            for x in left..right {
                let here = picture.get_pixel(x, y);
                if let Some(before) = before {
                    pairs += 1;
                    match difference(before, here) {
                        0 => same += 1,
                        1..=40 => soft += 1,
                        64.. => hard += 1,
                        _ => {}
                    }
                }
                before = Some(here);
                colors.insert(here.0);
            }
        }
        if colors.len() > 4 {
            self.lively += 1;
            self.soft += u32::from(soft * 6 > pairs && soft > hard * 3);
        }
        self.pairs += pairs;
        self.same += same;
    }

    /// Most of what is not plain is soft, and not nearly all is plain.
    fn has_photo_texture(&self) -> bool {
        self.lively > 0 && self.soft * 2 > self.lively && self.same * 5 < self.pairs * 4
    }
}

/// The largest difference in any channel.
fn difference(one: Rgba<u8>, other: Rgba<u8>) -> u8 {
    one.0.iter().zip(other.0).map(|(one, other)| one.abs_diff(other)).max().unwrap_or(0)
}

/// Whether the whole picture has at most 256 colours. A picture with more gives that away soon.
fn has_few_colors(picture: &DynamicImage) -> bool {
    let mut colors = HashSet::with_capacity(300);
    let mut before = None;
    for (_, _, pixel) in picture.pixels() {
        if before != Some(pixel) {
            colors.insert(pixel.0);
            if colors.len() > 256 {
                return false;
            }
            before = Some(pixel);
        }
    }
    true
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use image::{Rgb, RgbImage, RgbaImage};

    /// Hills under a sky, with the grain of a sensor.
    pub(crate) fn photo(width: u32, height: u32) -> DynamicImage {
        let mut grain = 0x2545_f491_u32;
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
            grain ^= grain << 13;
            grain ^= grain >> 17;
            grain ^= grain << 5;
            let noise = |shift: u32| f64::from((grain >> shift) % 9) - 4.0;
            let (fx, fy) = (f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
            let hill = 0.55 + 0.12 * (fx * 9.0).sin() + 0.05 * (fx * 31.0).cos();
            let leaf = ((f64::from(x) * 0.9).sin() * (f64::from(y) * 0.7).cos()) * 22.0;
            let value = |sky: f64, ground: f64, shift: u32| {
                let base = if fy < hill { sky + fy * 60.0 } else { ground + leaf };
                (base + noise(shift)).clamp(0.0, 255.0) as u8
            };
            Rgb([value(90.0, 70.0, 0), value(140.0, 110.0, 9), value(190.0, 50.0, 19)])
        }))
    }

    /// A window with a title, a list and many short lines of text, and a shaded button.
    pub(crate) fn screenshot(width: u32, height: u32) -> DynamicImage {
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
            if y < 30 {
                return Rgb([60, 64 + (y as u8), 80]);
            }
            if x < width / 5 {
                return Rgb([238, 240, 244]);
            }
            if x > width * 4 / 5 && y > height * 4 / 5 {
                return Rgb([(x % 200) as u8 + 40, (y % 120) as u8 + 90, 160]);
            }
            let is_text = y % 18 < 9 && (x * 7 + (y / 18) * 131) % 11 < 4 && (x / 40 + y / 18) % 5 != 0;
            if is_text { Rgb([34, 34, 40 + ((x * y) % 5) as u8]) } else { Rgb([255, 255, 255]) }
        }))
    }

    /// A few areas of one colour.
    pub(crate) fn diagram(width: u32, height: u32) -> DynamicImage {
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
            match (x * 5 / width + y * 4 / height) % 4 {
                0 => Rgb([250, 250, 250]),
                1 => Rgb([30, 90, 200]),
                2 => Rgb([220, 60, 40]),
                _ => Rgb([20, 20, 20]),
            }
        }))
    }

    fn kind_of(picture: DynamicImage) -> Kind {
        classify(&Raster::srgb(picture)).kind
    }

    #[test]
    fn kinds_are_told_apart_at_any_size() {
        for (width, height) in [(1600, 1000), (640, 480), (200, 150)] {
            assert_eq!(kind_of(photo(width, height)), Kind::Photo, "{width}");
            assert_ne!(kind_of(screenshot(width, height)), Kind::Photo, "{width}");
            assert_eq!(kind_of(diagram(width, height)), Kind::FewColors, "{width}");
        }
        assert_eq!(kind_of(screenshot(1600, 1000)), Kind::Drawing);
        assert_eq!(kind_of(diagram(1, 1)), Kind::FewColors);
    }

    #[test]
    fn a_gray_photo_is_a_photo() {
        assert_eq!(kind_of(DynamicImage::ImageLuma8(photo(800, 600).to_luma8())), Kind::Photo);
        assert_eq!(kind_of(DynamicImage::ImageRgb16(photo(800, 600).to_rgb16())), Kind::Photo);
    }

    #[test]
    fn an_alpha_channel_without_a_hole_is_none() {
        let mut pixels: RgbaImage = photo(300, 200).to_rgba8();
        assert!(!classify(&Raster::srgb(pixels.clone().into())).has_alpha);
        pixels.get_pixel_mut(7, 9).0[3] = 254;
        assert!(classify(&Raster::srgb(pixels.into())).has_alpha);
    }
}
