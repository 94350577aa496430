//! Turns pixels upright that are stored turned.

use super::Step;
use crate::prepare::{Change, PrepareOptions, Work};
use crate::transform::turn::orient;
use picferry_core::Result;

pub(super) struct Orient;

impl Step for Orient {
    fn name(&self) -> &'static str {
        "orient"
    }

    fn apply(&self, work: &mut Work<'_>, _options: &PrepareOptions) -> Result<()> {
        let orientation = work.orientation;
        if work.picture.is_none() || orientation.is_upright() {
            return Ok(());
        }
        work.change(|raster| Ok(orient(raster, orientation)))?;
        work.changed.push(Change::Oriented);
        Ok(())
    }
}
