//! Leaves alone what the person wants left as it is; metadata apart.

use super::Step;
use crate::prepare::{Change, PrepareOptions, SkipReason, Work};
use picferry_core::Result;
use picferry_core::images::SkipRules;

pub(super) struct Skip;

impl Step for Skip {
    fn name(&self) -> &'static str {
        "skip"
    }

    fn needs_pixels(&self) -> bool {
        false
    }

    fn apply(&self, work: &mut Work<'_>, options: &PrepareOptions) -> Result<()> {
        let length = work.bytes.len() as u64;
        let images = &options.images;
        if images.skips(work.info.format, options.extension(), length, work.info.animated) {
            let why = reason(&images.skip, work, &options.extension().to_lowercase());
            work.leave_alone(Change::Skipped { why });
        }
        Ok(())
    }
}

fn reason(rules: &SkipRules, work: &Work<'_>, extension: &str) -> SkipReason {
    if rules.formats.contains(&work.info.format) {
        SkipReason::Format
    } else if rules.extensions.iter().any(|known| known == extension) {
        SkipReason::Extension
    } else if work.info.animated && rules.animations {
        SkipReason::Animation
    } else {
        SkipReason::Small
    }
}
