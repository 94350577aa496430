//! Makes a file of the pixels, and keeps the one that came where a new one is no gain.

use super::Step;
use super::strip::length_without_metadata;
use crate::automatic::{self, Plan, Written};
use crate::codec;
use crate::format::Metadata;
use crate::inspect::inspect_within;
use crate::metadata;
use crate::prepare::{Change, KeepReason, Picture, PrepareOptions, Work};
use picferry_core::Result;
use picferry_core::images::{FormatRule, MetadataRule};

pub(super) struct Encode;

impl Step for Encode {
    fn name(&self) -> &'static str {
        "encode"
    }

    fn apply(&self, work: &mut Work<'_>, options: &PrepareOptions) -> Result<()> {
        let is_wish = is_wish(work, options);
        let written = match (work.picture.take(), Plan::of(work.info, options)) {
            (None, _) => {
                let bytes = codec::png::repack(&work.bytes, options.images.effort, work.cancel)?;
                work.carried = turned(work, options.images.metadata);
                Ok(Written { bytes: bytes.into(), score: None, aim_is_met: true })
            }
            (Some(Picture::Moving(animation)), _) => automatic::moving(&animation, options, work.cancel),
            (Some(Picture::Still(raster)), Plan::Still(targets)) => {
                let source = automatic::Source { bytes: &work.bytes, info: work.info, is_wish };
                automatic::still(&raster, targets, &source, options, work.cancel)
            }
            (Some(Picture::Still(_)), _) => return Ok(()),
        }?;
        match written {
            Ok(written) => accept(work, options, written, is_wish),
            Err(why) => {
                work.leave_alone(Change::KeptOriginal { why });
                Ok(())
            }
        }
    }
}

/// What a file takes over that is written smaller as it is stored: it may still be stored turned.
fn turned(work: &Work<'_>, rule: MetadataRule) -> Metadata {
    let mut metadata = metadata::to_keep(&work.bytes, work.info.format, rule);
    if metadata.exif.is_none() && !work.orientation.is_upright() {
        metadata.exif = Some(work.orientation.to_block().to_vec());
    }
    metadata
}

/// Whether the person asked for a new file, and not only for a smaller one.
fn is_wish(work: &Work<'_>, options: &PrepareOptions) -> bool {
    let asks_for_format = matches!(
        options.images.rule_for(work.info.format),
        FormatRule::To(target) if target.format() != work.info.format
    );
    let changes = &work.changed;
    asks_for_format || changes.iter().any(|change| !matches!(change, Change::Oriented))
}

fn accept(work: &mut Work<'_>, options: &PrepareOptions, written: Written, is_wish: bool) -> Result<()> {
    let before = length_without_metadata(&work.bytes, work.info.format, options.images.metadata);
    #[expect(clippy::cast_precision_loss, reason = "lengths of files, compared by parts of a hundred")]
    let saves_enough =
        written.bytes.len() as f32 <= before as f32 * (1.0 - options.images.least_saving.clamp(0.0, 1.0));
    if !is_wish && !saves_enough {
        work.leave_alone(Change::KeptOriginal { why: KeepReason::NotSmaller });
        return Ok(());
    }
    let (info, _) = inspect_within(&written.bytes, &options.limits)?;
    if info.format != work.info.format {
        work.changed.push(Change::Converted { from: work.info.format, to: info.format });
    }
    work.changed.push(Change::Compressed {
        bytes_before: work.bytes.len() as u64,
        bytes_after: written.bytes.len() as u64,
        score: written.score,
    });
    let removed = work.bytes.len().saturating_sub(before) as u64;
    if removed > 0 {
        work.changed.push(Change::MetadataRemoved { bytes: removed });
    }
    if !written.aim_is_met {
        work.changed.push(Change::AimMissed);
    }
    work.score = written.score;
    work.info = info;
    work.bytes = written.bytes;
    work.is_rewritten = true;
    Ok(())
}
