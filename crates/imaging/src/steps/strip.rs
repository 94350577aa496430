//! Takes metadata out without touching a pixel, and puts into a new file what is to stay.

use super::Step;
use crate::format::{Stripped, container};
use crate::metadata::{strip_private, without_iptc};
use crate::prepare::{Change, PrepareOptions, Work};
use bytes::Bytes;
use picferry_core::Result;
use picferry_core::images::MetadataRule;
use picferry_core::picture::PictureFormat;

pub(super) struct Strip;

impl Step for Strip {
    fn name(&self) -> &'static str {
        "strip"
    }

    fn needs_pixels(&self) -> bool {
        false
    }

    fn apply(&self, work: &mut Work<'_>, options: &PrepareOptions) -> Result<()> {
        if work.is_rewritten {
            carry(work);
            return Ok(());
        }
        match stripped(&work.bytes, work.info.format, options.images.metadata)? {
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

/// The file with as little metadata as the rule says.
fn stripped(bytes: &[u8], format: PictureFormat, rule: MetadataRule) -> Result<Stripped> {
    match rule {
        MetadataRule::Strip => container(format).strip(bytes),
        MetadataRule::Private => strip_private(bytes, format),
        MetadataRule::Keep => Ok(Stripped::Clean),
    }
}

/// The file as it would be sent if its pixels stayed: what a new one has to undercut.
pub(super) fn without_metadata(bytes: &Bytes, format: PictureFormat, rule: MetadataRule) -> Bytes {
    match stripped(bytes, format, rule) {
        Ok(Stripped::Removed { bytes, .. }) => bytes.into(),
        _ => bytes.clone(),
    }
}

/// Puts what the person wants to keep into a file that was written without any.
fn carry(work: &mut Work<'_>) {
    let container = container(work.info.format);
    if work.carried.iptc.is_some() && !container.has_place_for_iptc() {
        work.carried = without_iptc(&work.carried);
    }
    if work.carried.is_empty() {
        return;
    }
    match container.with_metadata(&work.bytes, &work.carried) {
        Some(bytes) => work.bytes = bytes.into(),
        None => work.changed.push(Change::MetadataNotCarried),
    }
}
