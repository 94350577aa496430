//! Refuses a file that was cut, so that nobody publishes half a picture, and one that runs scripts.

use super::Step;
use crate::codec;
use crate::format::container;
use crate::prepare::{PrepareOptions, Work};
use picferry_core::Result;
use picferry_core::picture::PictureFormat;

pub(super) struct Check;

impl Step for Check {
    fn name(&self) -> &'static str {
        "check"
    }

    fn needs_pixels(&self) -> bool {
        false
    }

    fn apply(&self, work: &mut Work<'_>, _options: &PrepareOptions) -> Result<()> {
        container(work.info.format).check(&work.bytes)?;
        if work.info.format == PictureFormat::Svg {
            codec::svg::refuse_scripts(&work.bytes)?;
        }
        Ok(())
    }
}
