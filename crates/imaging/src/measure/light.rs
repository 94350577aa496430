//! The light of a picture: what its numbers mean, in three planes, and smaller versions of it.

use image::{DynamicImage, RgbImage};
use std::sync::OnceLock;

/// Linear red, green and blue, from 0 to 1.
pub(super) struct Light {
    pub width: usize,
    pub height: usize,
    planes: [Vec<f32>; 3],
}

/// A rectangle of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// Rows of the smaller picture that are made at once: the light of a whole picture would take four
/// times its own memory.
const ROWS: u32 = 16;

impl Light {
    /// The light of a part. What is transparent lets through a ground, dark at 0 and light at 1.
    pub(super) fn of(picture: &DynamicImage, part: Part, ground: f32) -> Self {
        let pixels = part.width as usize * part.height as usize;
        let mut light = Self {
            width: part.width as usize,
            height: part.height as usize,
            planes: std::array::from_fn(|_| Vec::with_capacity(pixels)),
        };
        match picture {
            DynamicImage::ImageRgb8(picture) => light.fill_from_eight(picture, part),
            picture => light.fill_from_sixteen(picture, part, ground),
        }
        light
    }

    fn fill_from_eight(&mut self, picture: &RgbImage, part: Part) {
        let table = &tables().from_eight;
        let stride = picture.width() as usize * 3;
        for row in picture.chunks_exact(stride).skip(part.y as usize).take(self.height) {
            let pixels = row[part.x as usize * 3..][..self.width * 3].as_chunks::<3>().0;
            for (channel, plane) in self.planes.iter_mut().enumerate() {
                plane.extend(pixels.iter().map(|pixel| table[usize::from(pixel[channel])]));
            }
        }
    }

    fn fill_from_sixteen(&mut self, picture: &DynamicImage, part: Part, ground: f32) {
        let table = &tables().from_sixteen;
        let pixels = picture.crop_imm(part.x, part.y, part.width, part.height).to_rgba16();
        let ground = ground * f32::from(u16::MAX);
        for pixel in pixels.pixels() {
            let alpha = f32::from(pixel.0[3]) / f32::from(u16::MAX);
            for (value, plane) in pixel.0.into_iter().zip(&mut self.planes) {
                let seen =
                    if pixel.0[3] == u16::MAX { value } else { mixed(f32::from(value), alpha, ground) };
                plane.push(table[usize::from(seen)]);
            }
        }
    }

    /// The light of a picture, halved so many times.
    pub(super) fn small(picture: &DynamicImage, ground: f32, halvings: u32) -> Self {
        let (width, height) = (picture.width(), picture.height());
        let mut small = Self { width: 0, height: 0, planes: std::array::from_fn(|_| Vec::new()) };
        let step = ROWS << halvings;
        let mut y = 0;
        while y < height {
            let part = Part { x: 0, y, width, height: step.min(height - y) };
            let band = (0..halvings).fold(Self::of(picture, part, ground), |light, _| light.halved());
            small.width = band.width;
            small.height += band.height;
            for (all, some) in small.planes.iter_mut().zip(band.planes) {
                all.extend(some);
            }
            y += part.height;
        }
        small
    }

    /// Means of four pixels. The last column and row of an odd picture count twice.
    pub(super) fn halved(&self) -> Self {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let planes = self.planes.each_ref().map(|plane| {
            let mut half = Vec::with_capacity(width * height);
            for rows in plane.chunks(self.width.max(1) * 2) {
                let (upper, lower) = rows.split_at(self.width);
                let lower = if lower.is_empty() { upper } else { lower };
                half.extend(upper.chunks(2).zip(lower.chunks(2)).map(|(above, below)| {
                    let right = above.len() - 1;
                    (above[0] + above[right] + below[0] + below[right]) * 0.25
                }));
            }
            half
        });
        Self { width, height, planes }
    }

    /// Pixel by pixel.
    pub(super) fn interleaved(&self) -> Vec<f32> {
        let [red, green, blue] = &self.planes;
        red.iter().zip(green).zip(blue).flat_map(|((red, green), blue)| [*red, *green, *blue]).collect()
    }

    /// Red against green, and brightness, as the measure has them.
    pub(super) fn opsin(self) -> (Vec<f32>, Vec<f32>) {
        let [mut red, mut green, blue] = self.planes;
        for ((red, green), blue) in red.iter_mut().zip(&mut green).zip(&blue) {
            let long = 0.3 * *red + 0.622 * *green + 0.078 * blue + BIAS;
            let middle = 0.23 * *red + 0.692 * *green + 0.078 * blue + BIAS;
            let (long, middle) = (cube_root(long) - ROOT_OF_BIAS, cube_root(middle) - ROOT_OF_BIAS);
            *red = 7.0 * (long - middle) + 0.42;
            *green = 0.5 * (long + middle) + 0.01;
        }
        (red, green)
    }
}

/// What eyes see in the dark.
const BIAS: f32 = 0.003_793_073_4;
const ROOT_OF_BIAS: f32 = 0.155_954_2;

/// The cube root of a number above zero, right in six digits: a guess from its exponent, made better
/// twice.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a guess")]
#[expect(clippy::cast_possible_wrap, clippy::cast_sign_loss, reason = "the bits of a number above zero")]
fn cube_root(value: f32) -> f32 {
    let third = (value.to_bits() as i32 as f32 * (1.0 / 3.0)) as i32;
    let mut root = f32::from_bits((third + 709_921_077) as u32);
    for _ in 0..2 {
        let cube = root * root * root;
        root *= (cube + 2.0 * value) / (2.0 * cube + value);
    }
    root
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a mean of sixteen bits")]
fn mixed(value: f32, alpha: f32, ground: f32) -> u16 {
    (value * alpha + ground * (1.0 - alpha)).round() as u16
}

struct Tables {
    from_eight: Vec<f32>,
    from_sixteen: Vec<f32>,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let linear = |value: f32| {
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        Tables {
            from_eight: (0..=255_u8).map(|value| linear(f32::from(value) / 255.0)).collect(),
            from_sixteen: (0..=u16::MAX).map(|value| linear(f32::from(value) / 65_535.0)).collect(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, Rgba, RgbaImage};

    fn all(picture: &DynamicImage) -> Part {
        Part { x: 0, y: 0, width: picture.width(), height: picture.height() }
    }

    #[test]
    fn plain_colours_stay_and_odd_sides_round_up() {
        let plain = DynamicImage::ImageRgb8(RgbImage::from_pixel(7, 5, Rgb([10, 128, 250])));
        let whole = Light::of(&plain, all(&plain), 0.5);
        let half = Light::small(&plain, 0.5, 1);
        assert_eq!((half.width, half.height), (4, 3));
        assert_eq!(half.interleaved()[..3], whole.interleaved()[..3]);
        assert_eq!(Light::small(&plain, 0.5, 3).width, 1);
    }

    #[test]
    fn a_picture_that_is_halved_in_bands_is_halved_as_a_whole() {
        let waves = RgbImage::from_fn(61, 203, |x, y| Rgb([(x * 4) as u8, y as u8, (x * y) as u8]));
        let waves = waves.into();
        let whole = Light::of(&waves, all(&waves), 0.5).halved().halved();
        assert_eq!(Light::small(&waves, 0.5, 2).interleaved(), whole.interleaved());
    }

    #[test]
    fn black_and_white_are_half_the_light() {
        let stripes = RgbImage::from_fn(8, 8, |x, _| if x % 2 == 0 { Rgb([0; 3]) } else { Rgb([255; 3]) });
        let half = Light::small(&stripes.into(), 0.5, 1);
        assert!(half.interleaved().iter().all(|light| (light - 0.5).abs() < 1e-6));
    }

    #[test]
    fn what_is_not_seen_is_the_ground() {
        let clear = RgbaImage::from_pixel(4, 4, Rgba([0, 255, 0, 0])).into();
        let dark = Light::of(&clear, all(&clear), 0.0);
        assert!(dark.interleaved().iter().all(|light| *light == 0.0));
        let light = Light::of(&clear, all(&clear), 1.0);
        assert!(light.interleaved().iter().all(|light| (light - 1.0).abs() < 1e-6));
    }

    #[test]
    fn eight_and_sixteen_bits_mean_the_same() {
        let eight =
            DynamicImage::ImageRgb8(RgbImage::from_fn(9, 9, |x, y| Rgb([(x * 28) as u8, 7, y as u8])));
        let sixteen = DynamicImage::ImageRgb16(eight.to_rgb16());
        let [one, other] =
            [&eight, &sixteen].map(|picture| Light::of(picture, all(picture), 0.5).interleaved());
        assert!(one.iter().zip(other).all(|(one, other)| (one - other).abs() < 1e-6));
    }

    #[test]
    fn cube_roots_are_right() {
        for value in [0.0038_f32, 0.01, 0.2, 0.5, 1.0, 1.1] {
            assert!((cube_root(value) - value.cbrt()).abs() < 2e-6, "{value}");
        }
        assert!((cube_root(BIAS) - ROOT_OF_BIAS).abs() < 1e-6);
    }
}
