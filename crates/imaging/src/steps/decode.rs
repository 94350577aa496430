//! Reads the pixels, if anything is to happen with them, and only as many as are needed.
//!
//! A picture that is to become smaller becomes so here already, unless a part of it is taken first: a
//! decoder may give a fraction of the size, and only as it is stored is known where that ends.

use super::Step;
use super::resize::size_before_resize;
use crate::automatic::Plan;
use crate::codec::{self, DecodeOptions};
use crate::metadata;
use crate::prepare::{Change, Picture, PrepareOptions, Work};
use crate::transform::resize::resize_decoded;
use picferry_core::Result;
use picferry_core::images::Turn;

pub(super) struct Decode;

impl Step for Decode {
    fn name(&self) -> &'static str {
        "decode"
    }

    fn apply(&self, work: &mut Work<'_>, options: &PrepareOptions) -> Result<()> {
        let plan = Plan::of(work.info, options);
        match plan {
            Plan::Keep(why) => {
                work.leave_alone(Change::KeptOriginal { why });
                return Ok(());
            }
            Plan::Repack => {}
            Plan::Impossible => {
                let why = "what moves can only be changed where WebP may be written";
                return Err(codec::cannot_decode(work.info.format, why).param("reason", "picture_moves"));
            }
            Plan::Still(_) => {
                let at_least = plan_size(work, options);
                let decode = DecodeOptions {
                    limits: &options.limits,
                    cancel: work.cancel,
                    allow_damaged: options.images.allow_damaged,
                    at_least,
                };
                let raster = codec::decode(&work.bytes, work.info.format, &decode)?;
                let raster = match at_least {
                    Some(size) => resize_decoded(raster, stored_size(work), size)?,
                    None => raster,
                };
                work.picture = Some(Picture::Still(raster));
            }
            Plan::Moving => {
                plan_size(work, options);
                let decode = DecodeOptions {
                    limits: &options.limits,
                    cancel: work.cancel,
                    allow_damaged: options.images.allow_damaged,
                    at_least: None,
                };
                work.picture =
                    Some(Picture::Moving(codec::decode_animation(&work.bytes, work.info.format, &decode)?));
            }
        }
        work.carried = metadata::to_carry(&work.bytes, work.info.format, options.images.metadata);
        Ok(())
    }
}

/// Pixels that the file has, before the picture is turned upright.
fn stored_size(work: &Work<'_>) -> (u32, u32) {
    let (width, height) = (work.info.width.unwrap_or(0), work.info.height.unwrap_or(0));
    if work.orientation.swaps_sides() { (height, width) } else { (width, height) }
}

/// Notes the size that the picture is to get, and says how many stored pixels that needs.
fn plan_size(work: &mut Work<'_>, options: &PrepareOptions) -> Option<(u32, u32)> {
    let images = &options.images;
    let before = size_before_resize(images, (work.info.width?, work.info.height?));
    let target = images.resize.apply(before.0, before.1);
    if target == before {
        return None;
    }
    work.target_size = Some(target);
    // The part is named in pixels of the whole picture.
    if images.crop.is_some() {
        return None;
    }
    let swapped = matches!(images.turn, Turn::By90 | Turn::By270) != work.orientation.swaps_sides();
    Some(if swapped { (target.1, target.0) } else { target })
}
