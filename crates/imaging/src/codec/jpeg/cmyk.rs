//! Four inks to three colours.
//!
//! Files with four components hold their inks inverted, 255 for none, as Adobe began it; browsers take
//! all of them to be so, marked by Adobe or not, and so does this.

use moxcms::{ColorProfile, DataColorSpace, Layout, Transform8BitExecutor, TransformOptions};
use picferry_core::{Error, ErrorCode, Result};
use std::sync::Arc;

/// How the inks of a picture look.
pub(super) struct Inks {
    /// By the profile of the press; without one by a plain formula.
    profile: Option<Arc<Transform8BitExecutor>>,
}

impl Inks {
    /// Reads the embedded profile; one that is broken or not for four inks counts as none.
    pub(super) fn new(icc: Option<&[u8]>) -> Self {
        let profile = icc
            .and_then(|icc| ColorProfile::new_from_slice(icc).ok())
            .filter(|profile| profile.color_space == DataColorSpace::Cmyk);
        let to_srgb = |profile: ColorProfile| {
            let (srgb, options) = (ColorProfile::new_srgb(), TransformOptions::default());
            profile.create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgb, options).ok()
        };
        Self { profile: profile.and_then(to_srgb) }
    }

    /// Turns inverted inks, which are changed on the way, into sRGB.
    pub(super) fn to_srgb(&self, inks: &mut [u8], colors: &mut [u8]) -> Result<()> {
        let Some(profile) = &self.profile else {
            for (inks, color) in inks.chunks_exact(4).zip(colors.chunks_exact_mut(3)) {
                for (ink, channel) in inks.iter().zip(color) {
                    *channel = multiplied(*ink, inks[3]);
                }
            }
            return Ok(());
        };
        for ink in inks.iter_mut() {
            *ink = u8::MAX - *ink;
        }
        profile.transform(inks, colors).map_err(|error| {
            Error::new(ErrorCode::Internal, "The colours of the picture could not be converted.")
                .detail(error)
        })
    }
}

/// Two parts of light, one through the other.
fn multiplied(one: u8, other: u8) -> u8 {
    let product = u16::from(one) * u16::from(other);
    u8::try_from((product + 127) / 255).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use moxcms::{LutDataType, LutStore, LutType, LutWarehouse, Matrix3d, ProfileClass};

    /// A press whose cyan is orange: what no plain formula would make of it.
    fn strange_press() -> Vec<u8> {
        // L*a*b* as sixteen bits: 100 is 0xff00, and a colourless a or b 0x8000.
        let lab = |light: i32, a: i32, b: i32| {
            [light * 0xff00 / 100, 0x8000 + a * 256, 0x8000 + b * 256]
                .map(|value| u16::try_from(value).unwrap())
        };
        let corners = (0..16u8).flat_map(|corner| match corner {
            // Cyan, magenta, yellow and black, from the highest bit on.
            0 => lab(100, 0, 0),
            0b1000 => lab(65, 50, 60),
            corner if corner & 1 == 1 => lab(0, 0, 0),
            _ => lab(50, 0, 0),
        });
        let straight = |channels: u8| LutStore::Store16([0, u16::MAX].repeat(channels.into()));
        let table = LutDataType {
            num_input_channels: 4,
            num_output_channels: 3,
            num_clut_grid_points: 2,
            matrix: Matrix3d::IDENTITY,
            num_input_table_entries: 2,
            num_output_table_entries: 2,
            input_table: straight(4),
            clut_table: LutStore::Store16(corners.collect()),
            output_table: straight(3),
            lut_type: LutType::Lut16,
        };
        let mut profile = ColorProfile::default();
        profile.profile_class = ProfileClass::OutputDevice;
        profile.color_space = DataColorSpace::Cmyk;
        profile.pcs = DataColorSpace::Lab;
        profile.lut_a_to_b_perceptual = Some(LutWarehouse::Lut(table.clone()));
        profile.lut_a_to_b_colorimetric = Some(LutWarehouse::Lut(table));
        profile.encode().unwrap()
    }

    fn seen(inks: &Inks, mut inverted: [u8; 4]) -> [u8; 3] {
        let mut colors = [0; 3];
        inks.to_srgb(&mut inverted, &mut colors).unwrap();
        colors
    }

    #[test]
    fn the_profile_of_the_press_says_how_inks_look() {
        let press = Inks::new(Some(&strange_press()));
        let [red, green, blue] = seen(&press, [0, 255, 255, 255]);
        assert!(red > 200 && green > 90 && green < 180 && blue < 90, "orange: {red} {green} {blue}");
        assert!(seen(&press, [255; 4]).iter().all(|channel| *channel > 250), "paper");
        assert!(seen(&press, [255, 255, 255, 0]).iter().all(|channel| *channel < 5), "black");
    }

    #[test]
    fn without_a_profile_of_a_press_a_plain_formula_says_it() {
        let rgb = ColorProfile::new_display_p3().encode().unwrap();
        for icc in [None, Some(&b"broken"[..]), Some(&rgb)] {
            let plain = Inks::new(icc);
            assert_eq!(seen(&plain, [0, 255, 255, 255]), [0, 255, 255]);
            assert_eq!(seen(&plain, [255, 128, 0, 128]), [128, 64, 0]);
        }
    }
}
