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
        // All formats that are written here carry profiles, and animations are always sRGB.
        let Some(Picture::Still(raster)) = &mut work.picture else { return Ok(()) };
        if raster.icc.as_deref().is_some_and(is_srgb) {
            raster.icc = None;
        }
        if raster.icc.is_some() && options.images.color_profile == ColorProfileRule::Srgb {
            work.change(to_srgb)?;
            work.changed.push(Change::ConvertedToSrgb);
        }
        Ok(())
    }
}
