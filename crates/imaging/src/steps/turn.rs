//! Turns and flips as the person asks.

use super::Step;
use crate::prepare::{Change, PrepareOptions, Work};
use crate::transform::turn::{flip, turn};
use picferry_core::Result;
use picferry_core::images::{Flip as FlipBy, Turn as TurnBy};

pub(super) struct Turn;

impl Step for Turn {
    fn name(&self) -> &'static str {
        "turn"
    }

    fn apply(&self, work: &mut Work<'_>, options: &PrepareOptions) -> Result<()> {
        let (by, over) = (options.images.turn, options.images.flip);
        if work.picture.is_none() || (by == TurnBy::None && over == FlipBy::None) {
            return Ok(());
        }
        work.change(|raster| Ok(flip(turn(raster, by), over)))?;
        work.changed.push(Change::Turned);
        Ok(())
    }
}
