//! Makes the picture smaller, never larger.

use super::Step;
use crate::prepare::{Change, PrepareOptions, Work};
use crate::transform::resize::resize;
use picferry_core::Result;
use picferry_core::images::{ImageOptions, Turn};

pub(super) struct Resize;

impl Step for Resize {
    fn name(&self) -> &'static str {
        "resize"
    }

    fn apply(&self, work: &mut Work<'_>, options: &PrepareOptions) -> Result<()> {
        let (Some(to), Some(picture)) = (work.target_size, &work.picture) else { return Ok(()) };
        if picture.size() != to {
            work.change(|raster| resize(raster, to))?;
        }
        if let (Some(width), Some(height)) = (work.info.width, work.info.height) {
            let from = size_before_resize(&options.images, (width, height));
            work.changed.push(Change::Resized { from, to });
        }
        Ok(())
    }
}

/// The size of the picture when it is cropped and turned and not yet made smaller.
pub(super) fn size_before_resize(images: &ImageOptions, upright: (u32, u32)) -> (u32, u32) {
    let (width, height) = images.crop.map_or(upright, |crop| (crop.width, crop.height));
    match images.turn {
        Turn::By90 | Turn::By270 => (height, width),
        Turn::None | Turn::By180 => (width, height),
    }
}
