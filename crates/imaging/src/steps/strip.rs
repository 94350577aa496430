//! Takes metadata out without touching a pixel.

use super::Step;
use crate::format::{Stripped, container};
use crate::prepare::{Change, PrepareOptions, Work};
use picferry_core::Result;

pub(super) struct Strip;

impl Step for Strip {
    fn name(&self) -> &'static str {
        "strip"
    }

    fn apply(&self, work: &mut Work, options: &PrepareOptions) -> Result<()> {
        if !options.strip_metadata {
            return Ok(());
        }
        match container(work.info.format).strip(&work.bytes)? {
            Stripped::Clean => {}
            Stripped::NotPossible => work.changed.push(Change::MetadataNotRemovable),
            Stripped::Removed { bytes, orientation_kept } => {
                let removed = work.bytes.len().saturating_sub(bytes.len()) as u64;
                work.changed.push(Change::MetadataRemoved { bytes: removed });
                if orientation_kept {
                    work.changed.push(Change::OrientationKept);
                }
                work.bytes = bytes.into();
            }
        }
        Ok(())
    }
}
