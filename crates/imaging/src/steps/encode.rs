//! Makes a file of the pixels, and keeps the one that came where a new one is no gain.

use super::Step;
use super::strip::without_metadata;
use crate::automatic::{self, Plan, Written};
use crate::codec;
use crate::format::container;
use crate::inspect::inspect_within;
use crate::prepare::{Change, Picture, PrepareOptions, Work};
use picferry_core::Result;
use picferry_core::images::{FormatRule, KeptWhy, MetadataRule};
use picferry_core::picture::PictureFormat;

pub(super) struct Encode;

impl Step for Encode {
    fn name(&self) -> &'static str {
        "encode"
    }

    fn apply(&self, work: &mut Work<'_>, options: &PrepareOptions) -> Result<()> {
        let is_wish = is_wish(work, options);
        let written = match (work.picture.take(), Plan::of(work.info, options)) {
            (None, _) => {
                let plain = without_metadata(&work.bytes, work.info.format, options.images.metadata);
                let bytes = codec::png::repack(&plain, options.images.effort, work.cancel)?;
                // What stays says among other things how the picture is turned, which it still is.
                work.carried = container(work.info.format).metadata(&plain);
                Ok(Written { bytes: bytes.into(), score: None, aim_is_met: true })
            }
            (Some(Picture::Moving(animation)), _) => automatic::moving(&animation, options, work.cancel)?,
            (Some(Picture::Still(raster)), Plan::Still(targets)) => {
                let is_own_png = work.info.format == PictureFormat::Png && work.orientation.is_upright();
                let repackable = (is_own_png && !is_wish)
                    .then(|| without_metadata(&work.bytes, work.info.format, MetadataRule::Strip));
                let source = automatic::Source { bytes: &work.bytes, info: work.info, is_wish, repackable };
                automatic::still(&raster, targets, &source, options, work.cancel)?
            }
            (Some(Picture::Still(_)), _) => return Ok(()),
        };
        match written {
            Ok(written) => accept(work, options, written, is_wish),
            Err(why) => {
                work.leave_alone(Change::KeptOriginal { why });
                Ok(())
            }
        }
    }
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
    let before = without_metadata(&work.bytes, work.info.format, options.images.metadata).len();
    #[expect(clippy::cast_precision_loss, reason = "lengths of files, compared by parts of a hundred")]
    let saves_enough =
        written.bytes.len() as f32 <= before as f32 * (1.0 - options.images.least_saving.clamp(0.0, 1.0));
    if !is_wish && !saves_enough {
        work.leave_alone(Change::KeptOriginal { why: KeptWhy::NotSmaller });
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
