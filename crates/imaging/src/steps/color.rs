//! Brings colours to sRGB where the person wants that, and lets go of profiles that say sRGB anyway.

use super::Step;
use crate::prepare::{Change, Picture, PrepareOptions, Work};
use crate::transform::color::{is_srgb, to_srgb};
use picferry_core::Result;
use picferry_core::images::ColorProfileRule;

pub(super) struct Color;

impl Step for Color {
    fn name(&self) -> &'static str {
        "color"
    }

    fn apply(&self, work: &mut Work<'_>, options: &PrepareOptions) -> Result<()> {
        // All formats that are written here carry profiles.
        let profile = match &mut work.picture {
            Some(Picture::Still(raster)) => &mut raster.icc,
            Some(Picture::Moving(animation)) => &mut animation.icc,
            None => return Ok(()),
        };
        if profile.as_deref().is_some_and(is_srgb) {
            *profile = None;
        }
        if profile.is_some() && options.images.color_profile == ColorProfileRule::Srgb {
            work.change(to_srgb)?;
            if let Some(Picture::Moving(animation)) = &mut work.picture {
                animation.icc = None;
            }
            work.changed.push(Change::ConvertedToSrgb);
        }
        Ok(())
    }
}
