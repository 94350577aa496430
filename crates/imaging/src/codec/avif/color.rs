//! What the numbers of a picture mean, where it says so in code points instead of a profile.

use image::DynamicImage;
use moxcms::{
    CicpColorPrimaries, CicpProfile, ColorProfile, MatrixCoefficients, TransferCharacteristics as Transfer,
};

/// Light and colour of a picture without a profile.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Meaning {
    Srgb,
    /// Other colours or another curve, as a profile says them.
    Profile(Vec<u8>),
    /// Brighter than white: it has to be made fit.
    HighRange(HighRange),
}

/// How light is written that goes beyond white.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct HighRange {
    curve: Curve,
    /// From its own linear colours to those of sRGB.
    matrix: [[f32; 3]; 3],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Curve {
    /// SMPTE ST 2084, in candelas.
    Perceptual,
    /// Hybrid log-gamma, relative to the screen.
    Hybrid,
}

/// White of paper, in candelas per square metre, by BT.2408.
const WHITE: f32 = 203.0;
/// What screens are taken to reach.
const PEAK: f32 = 1000.0;
/// Light below this part of white stays as it is.
const KNEE: f32 = 0.6;

/// Reads the code points of ITU-T H.273.
pub(crate) fn meaning(primaries: u16, transfer: u16) -> Meaning {
    let code = |code: u16| u8::try_from(code).unwrap_or(0);
    let primaries = CicpColorPrimaries::try_from(code(primaries)).unwrap_or(CicpColorPrimaries::Unspecified);
    let transfer = Transfer::try_from(code(transfer)).unwrap_or(Transfer::Unspecified);
    let is_usual = matches!(
        primaries,
        CicpColorPrimaries::Bt709 | CicpColorPrimaries::Unspecified | CicpColorPrimaries::Reserved
    );
    let primaries = if is_usual { CicpColorPrimaries::Bt709 } else { primaries };
    match transfer {
        Transfer::Smpte2084 => Meaning::HighRange(HighRange::of(Curve::Perceptual, primaries)),
        Transfer::Hlg => Meaning::HighRange(HighRange::of(Curve::Hybrid, primaries)),
        Transfer::Linear | Transfer::Bt470M | Transfer::Bt470Bg => profile(primaries, transfer),
        // The curves of television are taken for that of sRGB, as browsers do.
        _ if is_usual => Meaning::Srgb,
        _ => profile(primaries, Transfer::Srgb),
    }
}

fn from_code_points(primaries: CicpColorPrimaries, transfer: Transfer) -> ColorProfile {
    ColorProfile::new_from_cicp(CicpProfile {
        color_primaries: primaries,
        transfer_characteristics: transfer,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    })
}

fn profile(primaries: CicpColorPrimaries, transfer: Transfer) -> Meaning {
    let profile = match (primaries, transfer) {
        // This one has a name that people know.
        (CicpColorPrimaries::Smpte432, Transfer::Srgb) => ColorProfile::new_display_p3(),
        _ => from_code_points(primaries, transfer),
    };
    profile.encode().map_or(Meaning::Srgb, Meaning::Profile)
}

impl HighRange {
    fn of(curve: Curve, primaries: CicpColorPrimaries) -> Self {
        let own = from_code_points(primaries, Transfer::Srgb);
        let matrix = own.transform_matrix(&ColorProfile::new_srgb()).v;
        #[expect(clippy::cast_possible_truncation, reason = "numbers around one")]
        let matrix = matrix.map(|row| row.map(|value| value as f32));
        Self { curve, matrix }
    }

    /// Pixels of 16 bits in sRGB: light up to white as it was, and what is brighter squeezed above it.
    pub(crate) fn to_srgb(self, pixels: &DynamicImage) -> DynamicImage {
        let linear: Vec<f32> = (0..=u16::MAX).map(|value| self.light(f32::from(value) / 65535.0)).collect();
        let turn = |pixel: &mut [u16]| {
            let color = [pixel[0], pixel[1], pixel[2]].map(|value| linear[usize::from(value)]);
            let color =
                self.matrix.map(|row| (row[0] * color[0] + row[1] * color[1] + row[2] * color[2]).max(0.0));
            let brightest = color[0].max(color[1]).max(color[2]);
            let scale = if brightest > KNEE { squeezed(brightest) / brightest } else { 1.0 };
            for (value, light) in pixel.iter_mut().zip(color) {
                *value = written(light * scale);
            }
        };
        if pixels.color().has_alpha() {
            let mut pixels = pixels.to_rgba16();
            pixels.pixels_mut().for_each(|pixel| turn(&mut pixel.0));
            DynamicImage::ImageRgba16(pixels)
        } else {
            let mut pixels = pixels.to_rgb16();
            pixels.pixels_mut().for_each(|pixel| turn(&mut pixel.0));
            DynamicImage::ImageRgb16(pixels)
        }
    }

    /// Light of a written value; 1 is white.
    fn light(self, value: f32) -> f32 {
        match self.curve {
            Curve::Perceptual => {
                let power = value.powf(1.0 / 78.843_75);
                let base = (power - 0.835_937_5).max(0.0) / (18.851_562 - 18.687_5 * power);
                10_000.0 / WHITE * base.powf(1.0 / 0.159_301_76)
            }
            Curve::Hybrid => {
                let scene = if value <= 0.5 {
                    value * value / 3.0
                } else {
                    (((value - 0.559_910_7) / 0.178_832_77).exp() + 0.284_668_92) / 12.0
                };
                // The screen's own gamma, channel by channel: good enough for a picture in sRGB.
                PEAK / WHITE * scene.powf(1.2)
            }
        }
    }
}

/// Light above the knee, made to reach 1 where screens end.
fn squeezed(light: f32) -> f32 {
    let above = (light.min(PEAK / WHITE) - KNEE) / (1.0 - KNEE);
    let most = (PEAK / WHITE - KNEE) / (1.0 - KNEE);
    KNEE + (1.0 - KNEE) * above * (1.0 + above / (most * most)) / (1.0 + above)
}

/// The curve of sRGB.
fn written(light: f32) -> u16 {
    let light = light.clamp(0.0, 1.0);
    let value = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1")]
    let written = (value * 65535.0 + 0.5) as u16;
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    #[test]
    fn usual_code_points_are_srgb() {
        for (primaries, transfer) in [(1, 13), (2, 2), (1, 1), (0, 0), (999, 999), (1, 6), (2, 13)] {
            assert_eq!(meaning(primaries, transfer), Meaning::Srgb, "{primaries}/{transfer}");
        }
    }

    #[test]
    fn wide_colours_get_a_profile_that_leads_back() {
        for (primaries, transfer) in [(12, 13), (9, 14), (1, 8), (1, 4), (11, 13)] {
            let Meaning::Profile(profile) = meaning(primaries, transfer) else {
                panic!("{primaries}/{transfer} has a profile")
            };
            let profile = ColorProfile::new_from_slice(&profile).unwrap();
            let white = [255_u8; 3];
            let mut out = [0_u8; 3];
            profile
                .create_transform_8bit(
                    moxcms::Layout::Rgb,
                    &ColorProfile::new_srgb(),
                    moxcms::Layout::Rgb,
                    moxcms::TransformOptions::default(),
                )
                .unwrap()
                .transform(&white, &mut out)
                .unwrap();
            assert!(out.iter().all(|value| *value >= 252), "{primaries}/{transfer}: white is {out:?}");
        }
    }

    #[test]
    fn high_range_keeps_black_gray_and_order() {
        for transfer in [16, 18] {
            let Meaning::HighRange(range) = meaning(9, transfer) else { panic!("{transfer}") };
            let ramp = RgbImage::from_fn(256, 1, |x, _| Rgb([x as u8; 3]));
            let ramp = range.to_srgb(&DynamicImage::ImageRgb8(ramp)).to_rgb16();
            assert_eq!(ramp.get_pixel(0, 0).0, [0; 3]);
            assert!(ramp.get_pixel(255, 0).0[0] > 65_000, "the brightest is white");
            let values: Vec<u16> = ramp.pixels().map(|pixel| pixel.0[0]).collect();
            assert!(values.is_sorted(), "brighter stays brighter");
            assert!(
                ramp.pixels()
                    .all(|pixel| pixel.0.iter().max().unwrap() - pixel.0.iter().min().unwrap() < 700),
                "gray stays gray"
            );
        }
        // 203 candelas, which is white of paper, come out bright.
        let Meaning::HighRange(range) = meaning(1, 16) else { panic!("16") };
        let white = range.to_srgb(&DynamicImage::ImageRgb8(RgbImage::from_pixel(1, 1, Rgb([148; 3]))));
        assert!((52_000..64_000).contains(&white.to_rgb16().get_pixel(0, 0).0[0]));
    }
}
