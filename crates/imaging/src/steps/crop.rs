//! Takes the part that the person wants.

use super::Step;
use crate::prepare::{Change, PrepareOptions, Work};
use crate::transform::crop::crop;
use picferry_core::Result;

pub(super) struct Crop;

impl Step for Crop {
    fn name(&self) -> &'static str {
        "crop"
    }

    fn apply(&self, work: &mut Work<'_>, options: &PrepareOptions) -> Result<()> {
        if let Some(part) = options.images.crop
            && work.picture.is_some()
        {
            work.change(|raster| crop(raster, part))?;
            work.changed.push(Change::Cropped);
        }
        Ok(())
    }
}
