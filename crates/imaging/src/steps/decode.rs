//! Reads the pixels, if anything is to happen with them, and only as many as are needed.

use super::Step;
use super::resize::size_before_resize;
use crate::animation::Animation;
use crate::automatic::Plan;
use crate::codec::{self, DecodeOptions};
use crate::damage;
use crate::metadata;
use crate::prepare::{Change, Picture, PrepareOptions, Work};
use crate::raster::Raster;
use picferry_core::images::Turn;
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, ErrorCode, Result};

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
            Plan::Impossible => return Err(unsupported(work.info.format)),
            Plan::Still(_) => {
                let at_least = plan_size(work, options);
                let decode = DecodeOptions {
                    limits: &options.limits,
                    cancel: work.cancel,
                    allow_damaged: options.images.allow_damaged,
                    at_least,
                };
                work.picture = Some(Picture::Still(decode_still(&work.bytes, work.info.format, &decode)?));
            }
            Plan::Moving => {
                plan_size(work, options);
                let decode = DecodeOptions {
                    limits: &options.limits,
                    cancel: work.cancel,
                    allow_damaged: options.images.allow_damaged,
                    at_least: None,
                };
                work.picture = Some(Picture::Moving(decode_moving(&work.bytes, work.info.format, &decode)?));
            }
        }
        work.carried = metadata::to_carry(&work.bytes, work.info.format, options.images.metadata);
        Ok(())
    }
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

/// Decodes a still picture, or the first frame of one that moves.
pub(crate) fn decode_still(
    bytes: &[u8],
    format: PictureFormat,
    options: &DecodeOptions<'_>,
) -> Result<Raster> {
    options.cancel.check()?;
    match format {
        PictureFormat::Jpeg => codec::jpeg::decode(bytes, options),
        PictureFormat::Png => codec::png::decode(bytes, options),
        PictureFormat::Webp => codec::webp::decode(bytes, options),
        PictureFormat::Gif => codec::gif::decode(bytes, options),
        PictureFormat::Avif => codec::avif::decode(bytes, options),
        PictureFormat::Heic => codec::heic::decode(bytes, options),
        PictureFormat::Svg => codec::svg::decode(bytes, options),
        PictureFormat::Tiff | PictureFormat::Bmp | PictureFormat::Ico | PictureFormat::Qoi => {
            codec::plain::decode(bytes, format, options)
        }
        PictureFormat::Jxl => Err(unsupported(format)),
    }
}

/// Decodes all frames of a picture that moves.
pub(crate) fn decode_moving(
    bytes: &[u8],
    format: PictureFormat,
    options: &DecodeOptions<'_>,
) -> Result<Animation> {
    options.cancel.check()?;
    match format {
        PictureFormat::Gif => codec::gif::decode_animation(bytes, options),
        PictureFormat::Webp => codec::webp::decode_animation(bytes, options),
        PictureFormat::Png => codec::png::decode_animation(bytes, options),
        _ => Err(unsupported(format)),
    }
}

fn unsupported(format: PictureFormat) -> Box<Error> {
    let label = damage::label(format);
    Error::new(ErrorCode::Unsupported, format!("Picferry cannot change pictures of this kind of {label}."))
        .param("format", label)
        .hint("It can be sent as it is, or saved as PNG or JPEG first.")
}
