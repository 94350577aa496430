//! Lays words or a picture over it.
//!
//! It is laid over whatever comes. That a picture has it already could only be told by a note in the
//! file: that would be metadata, which is to go, and it would outlive an edit that took the watermark
//! away, so that a picture went out without one. A file that was sent with its watermark is known by
//! its content before it comes here, and is not sent again.

use super::Step;
use crate::cancel::Cancel;
use crate::codec;
use crate::inspect::inspect_within;
use crate::limits::Limits;
use crate::prepare::{Change, PrepareOptions, Work};
use crate::raster::Raster;
use crate::transform::turn::orient;
use crate::transform::watermark::apply;
use picferry_core::images::WatermarkContent;
use picferry_core::{Error, ErrorCode, Result};

pub(super) struct Watermark;

impl Step for Watermark {
    fn name(&self) -> &'static str {
        "watermark"
    }

    fn apply(&self, work: &mut Work<'_>, options: &PrepareOptions) -> Result<()> {
        let Some(watermark) = &options.images.watermark else { return Ok(()) };
        if work.picture.is_none() {
            return Ok(());
        }
        let overlay = draw(options, work.cancel)?;
        work.change(|raster| apply(raster, watermark, overlay.as_ref()))?;
        work.changed.push(Change::Watermarked);
        Ok(())
    }
}

/// The picture of the watermark, upright; `None` for words. One that is missing or damaged is said to
/// the person and never left out: the picture must not go out without it.
fn draw(options: &PrepareOptions, cancel: &Cancel) -> Result<Option<Raster>> {
    let content = options.images.watermark.as_ref().map(|watermark| &watermark.content);
    let Some(WatermarkContent::Picture(path)) = content else { return Ok(None) };
    let refused = |why: String| {
        Error::new(ErrorCode::InvalidField, format!("The watermark “{path}” cannot be used."))
            .field("watermark")
            .param("reason", "watermark_picture")
            .hint("Choose another picture, or write words.")
            .detail(why)
    };
    let Some(bytes) = &options.watermark_picture else { return Err(refused("it was not read".into())) };
    read(bytes, &options.limits, cancel).map(Some).map_err(|error| refused(error.to_string()))
}

fn read(bytes: &[u8], limits: &Limits, cancel: &Cancel) -> Result<Raster> {
    let (info, orientation) = inspect_within(bytes, limits)?;
    let decode = codec::DecodeOptions { limits, cancel, allow_damaged: false, at_least: None };
    Ok(orient(codec::decode(bytes, info.format, &decode)?, orientation))
}
