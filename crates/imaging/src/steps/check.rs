//! Refuses a file that was cut, so that nobody publishes half a picture.

use super::Step;
use crate::format::container;
use crate::prepare::{PrepareOptions, Work};
use picferry_core::Result;

pub(super) struct Check;

impl Step for Check {
    fn name(&self) -> &'static str {
        "check"
    }

    fn apply(&self, work: &mut Work, _options: &PrepareOptions) -> Result<()> {
        container(work.info.format).check(&work.bytes)
    }
}
