//! Halves a picture as light does: means of four pixels, in linear light.

use image::{DynamicImage, ImageBuffer, Rgb, Rgba};
use std::sync::OnceLock;

/// The picture at half its size, as often as asked, in 16 bits: what is lost by rounding is far below
/// what a codec loses.
pub(super) fn halved(picture: &DynamicImage, times: u32) -> DynamicImage {
    match times {
        0 => picture.clone(),
        1 => once(picture),
        _ => halved(&once(picture), times - 1),
    }
}

fn once(picture: &DynamicImage) -> DynamicImage {
    let tables = tables();
    let size = (picture.width(), picture.height());
    match picture {
        DynamicImage::ImageRgb8(pixels) => {
            opaque::<_, 3>(pixels.as_raw(), size, |value| tables.from_eight[usize::from(value)])
        }
        DynamicImage::ImageRgb16(pixels) => {
            opaque::<_, 3>(pixels.as_raw(), size, |value| tables.from_sixteen[usize::from(value)])
        }
        DynamicImage::ImageLuma8(pixels) => {
            opaque::<_, 1>(pixels.as_raw(), size, |value| tables.from_eight[usize::from(value)])
        }
        _ if picture.color().has_alpha() => transparent(&picture.to_rgba16()),
        _ => once(&DynamicImage::ImageRgb16(picture.to_rgb16())),
    }
}

/// Halves rows of so many channels. The last column and row of an odd picture count twice.
fn opaque<T: Copy, const CHANNELS: usize>(
    values: &[T],
    (width, height): (u32, u32),
    linear: impl Fn(T) -> f32,
) -> DynamicImage {
    let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
    let row = width as usize * CHANNELS;
    let encode = &tables().encoded;
    let mut out = Vec::with_capacity(half_width as usize * half_height as usize * 3);
    for pair in values.chunks(row * 2) {
        let (upper, lower) = pair.split_at(row);
        let lower = if lower.is_empty() { upper } else { lower };
        for (above, below) in upper.chunks(CHANNELS * 2).zip(lower.chunks(CHANNELS * 2)) {
            let right = if above.len() > CHANNELS { CHANNELS } else { 0 };
            let mean = |channel: usize| {
                let sum = linear(above[channel])
                    + linear(above[right + channel])
                    + linear(below[channel])
                    + linear(below[right + channel]);
                encoded(encode, sum / 4.0)
            };
            let [red, green, blue] = if CHANNELS == 3 { [mean(0), mean(1), mean(2)] } else { [mean(0); 3] };
            out.extend([red, green, blue]);
        }
    }
    ImageBuffer::<Rgb<u16>, _>::from_raw(half_width, half_height, out)
        .map_or_else(|| DynamicImage::new_rgb16(half_width, half_height), DynamicImage::ImageRgb16)
}

fn around(x: u32, y: u32, (width, height): (u32, u32)) -> [(u32, u32); 4] {
    let (right, below) = ((2 * x + 1).min(width - 1), (2 * y + 1).min(height - 1));
    [(2 * x, 2 * y), (right, 2 * y), (2 * x, below), (right, below)]
}

/// Colours count by how much of them is seen.
fn transparent(pixels: &ImageBuffer<Rgba<u16>, Vec<u16>>) -> DynamicImage {
    let tables = tables();
    let size = pixels.dimensions();
    let half = ImageBuffer::from_fn(size.0.div_ceil(2), size.1.div_ceil(2), |x, y| {
        let (mut sum, mut alpha) = ([0.0; 3], 0.0);
        for (x, y) in around(x, y, size) {
            let [red, green, blue, opacity] = pixels.get_pixel(x, y).0;
            let opacity = f32::from(opacity);
            alpha += opacity;
            for (sum, value) in sum.iter_mut().zip([red, green, blue]) {
                *sum += tables.from_sixteen[usize::from(value)] * opacity;
            }
        }
        let [red, green, blue] =
            sum.map(|sum| if alpha > 0.0 { encoded(&tables.encoded, sum / alpha) } else { 0 });
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a mean of 16 bits")]
        Rgba([red, green, blue, (alpha / 4.0) as u16])
    });
    DynamicImage::ImageRgba16(half)
}

struct Tables {
    from_eight: Vec<f32>,
    from_sixteen: Vec<f32>,
    /// By the square root of the light, which spreads dark values as eyes do.
    encoded: Vec<u16>,
}

/// Steps of the table from light to 16 bits.
const STEPS: f32 = 65_535.0;

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 1 before it is scaled"
)]
fn encoded(table: &[u16], light: f32) -> u16 {
    let index = (light.max(0.0).sqrt() * STEPS) as usize;
    table.get(index).copied().unwrap_or(u16::MAX)
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let linear = |value: f32| {
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a value of sRGB")]
        let encode = |root: u16| {
            let light = (f32::from(root) / STEPS).powi(2);
            let value =
                if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
            (value * 65_535.0).round() as u16
        };
        Tables {
            from_eight: (0..=255_u8).map(|value| linear(f32::from(value) / 255.0)).collect(),
            from_sixteen: (0..=u16::MAX).map(|value| linear(f32::from(value) / 65_535.0)).collect(),
            encoded: (0..=u16::MAX).map(encode).collect(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{RgbImage, RgbaImage};

    #[test]
    fn plain_colours_stay_and_odd_sides_round_up() {
        let plain = DynamicImage::ImageRgb8(RgbImage::from_pixel(7, 5, Rgb([10, 128, 250])));
        let half = halved(&plain, 1);
        assert_eq!((half.width(), half.height()), (4, 3));
        assert!(half.to_rgb8().pixels().all(|pixel| *pixel == Rgb([10, 128, 250])));
        assert_eq!(halved(&plain, 3).width(), 1);
        let gray = DynamicImage::ImageLuma8(plain.to_luma8());
        assert_eq!(halved(&gray, 1).to_luma8().get_pixel(1, 1), gray.to_luma8().get_pixel(1, 1));
    }

    #[test]
    fn black_and_white_are_half_the_light() {
        let stripes = RgbImage::from_fn(8, 8, |x, _| if x % 2 == 0 { Rgb([0; 3]) } else { Rgb([255; 3]) });
        let half = halved(&stripes.into(), 1).to_rgb8();
        assert!(half.pixels().all(|pixel| pixel.0[0].abs_diff(188) <= 1), "{:?}", half.get_pixel(0, 0));
    }

    #[test]
    fn what_is_not_seen_has_no_colour_to_mix() {
        let picture =
            RgbaImage::from_fn(
                4,
                4,
                |x, _| {
                    if x % 2 == 0 { Rgba([200, 0, 0, 255]) } else { Rgba([0, 255, 0, 0]) }
                },
            );
        let half = halved(&picture.into(), 1).to_rgba8();
        assert_eq!(half.get_pixel(0, 0).0[..2], [200, 0]);
        assert!(half.get_pixel(0, 0).0[3].abs_diff(127) <= 1);
    }
}
