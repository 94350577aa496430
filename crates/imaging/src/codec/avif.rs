//! AVIF over libavif and the AV1 codec of the Alliance for Open Media.
//!
//! `decoder.rs` and `encoder.rs` hold the C library; everything else is plain: what frames inside
//! may cost (`frames.rs`), what their colours mean (`color.rs`), how pixels become planes
//! (`planes.rs`) and planes pixels (`widen.rs`), and how they are written (`settings.rs`).

mod color;
mod decoder;
mod encoder;
mod frames;
mod planes;
mod settings;
mod widen;

use super::DecodeOptions;
use crate::cancel::Cancel;
use crate::damage;
use crate::format::{container, heif};
use crate::limits::Limits;
use crate::raster::Raster;
pub(crate) use color::{Meaning, meaning};
use decoder::{Decoder, Failure, Head, Samples};
use image::{DynamicImage, GrayAlphaImage, GrayImage, ImageBuffer, RgbImage, RgbaImage};
use picferry_core::images::Effort;
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, ErrorCode, Result};
use planes::Planes;
pub(crate) use settings::STEP;

/// How an AVIF file is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct AvifOptions {
    /// 0 to 100, as other AVIF encoders count it.
    pub quality: f32,
    /// Sooner, or smaller.
    pub effort: Effort,
    /// What the file is for.
    pub pace: Pace,
    /// Threads of the encoder: 1 where several pictures are worked on at once.
    pub threads: u32,
}

/// How much time an encoder takes beyond what the effort says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// As the effort says.
    Usual,
    /// One file of several that are written until one looks as asked.
    Choosing,
    /// Only to see what a quality looks like.
    Trying,
}

/// What a file that is chosen is beside one that shows what the same quality looks like: the points
/// that it looks better, and the part of the bytes that it takes.
pub(crate) fn chosen_beside_tried(pixels: u64, effort: Effort, is_photo: bool) -> (f32, f64) {
    match (settings::is_chosen_as_tried(pixels, effort), is_photo) {
        (true, _) => (0.0, 1.0),
        (false, true) => (1.5, 0.95),
        (false, false) => (0.8, 0.8),
    }
}

/// Decodes the picture as it is stored: of a sequence its first frame, of several layers the best.
/// Its clean part alone, as its header says; not turned.
///
/// # Errors
/// `damaged_picture`, `too_many_pixels`, `unsupported`, `cancelled`.
pub(crate) fn decode(bytes: &[u8], options: &DecodeOptions) -> Result<Raster> {
    read(bytes, options, false)
}

/// The same in the eight bits that screens have.
///
/// # Errors
/// As [`decode`].
pub(crate) fn decode_as_shown(bytes: &[u8], options: &DecodeOptions) -> Result<Raster> {
    read(bytes, options, true)
}

fn read(bytes: &[u8], options: &DecodeOptions, are_eight_enough: bool) -> Result<Raster> {
    options.cancel.check()?;
    if let Some((width, height)) = container(PictureFormat::Avif).header(bytes)?.size {
        options.limits.check(width, height)?;
    }
    if !heif::items_fit(bytes) {
        return Err(damage::ends_early(PictureFormat::Avif));
    }
    let mut decoder =
        Decoder::open(bytes, options.limits).map_err(|why| refused(why, options.limits, None))?;
    let head = decoder.head();
    check_costs(&head, options.limits)?;
    decoder.read().map_err(|why| refused(why, options.limits, Some(head)))?;
    options.cancel.check()?;
    // The frame itself has the last word.
    let head = decoder.head();
    check_costs(&head, options.limits)?;
    let samples =
        decoder.samples(are_eight_enough).map_err(|why| refused(why, options.limits, Some(head)))?;
    let mut pixels =
        picture(samples, &head).ok_or_else(|| refused(Failure::OutOfMemory, options.limits, Some(head)))?;
    let shape = heif::shape(bytes).filter(|shape| shape.stored == (head.width, head.height));
    if let Some((x, y, width, height)) = shape.and_then(|shape| shape.clean) {
        pixels = pixels.crop_imm(x, y, width, height);
    }
    options.cancel.check()?;
    if let Some(profile) = decoder.profile() {
        return Ok(Raster { pixels, icc: Some(profile.into()) });
    }
    Ok(match meaning(head.primaries, head.transfer) {
        Meaning::Srgb => Raster::srgb(pixels),
        Meaning::Profile(profile) => Raster { pixels, icc: Some(profile.into()) },
        Meaning::HighRange(range) => Raster::srgb(range.to_srgb(&pixels)),
    })
}

/// Whether planes and pixels fit into the memory that one picture may take.
fn check_costs(head: &Head, limits: &Limits) -> Result<()> {
    limits.check(head.width, head.height)?;
    let channels = if head.alpha { 4 } else { 3 };
    let bytes_each = if head.depth == 8 { 1 } else { 2 };
    let pixels = u64::from(head.width) * u64::from(head.height);
    let planes_and_pixels = pixels.saturating_mul(2 * channels * bytes_each);
    if planes_and_pixels > limits.max_alloc {
        return Err(limits.out_of_memory(head.width, head.height));
    }
    Ok(())
}

fn refused(why: Failure, limits: &Limits, head: Option<Head>) -> Box<Error> {
    let (width, height) = head.map_or((0, 0), |head| (head.width, head.height));
    match why {
        Failure::TooLarge(width, height) => {
            limits.check(width, height).err().unwrap_or_else(|| limits.out_of_memory(width, height))
        }
        Failure::OutOfMemory => limits.out_of_memory(width, height),
        Failure::Unsupported(why) => {
            Error::new(ErrorCode::Unsupported, "This kind of AVIF picture cannot be decoded here.")
                .param("reason", "picture_kind")
                .param("format", "AVIF")
                .hint("Send it as it is, or save it anew as an ordinary AVIF, JPEG or PNG picture.")
                .detail(why)
        }
        Failure::Broken(why) => {
            damage::damaged(PictureFormat::Avif, "its pixels cannot be decoded").detail(why)
        }
    }
}

/// The samples as a picture: gray ones lose the colours they never had.
fn picture(samples: Samples, head: &Head) -> Option<DynamicImage> {
    let (width, height) = (head.width, head.height);
    Some(match (samples, head.gray, head.alpha) {
        (Samples::Eight(raw), false, false) => RgbImage::from_raw(width, height, raw)?.into(),
        (Samples::Eight(raw), false, true) => RgbaImage::from_raw(width, height, raw)?.into(),
        (Samples::Eight(raw), true, false) => GrayImage::from_raw(width, height, gray(&raw, false))?.into(),
        (Samples::Eight(raw), true, true) => {
            GrayAlphaImage::from_raw(width, height, gray(&raw, true))?.into()
        }
        (Samples::Sixteen(raw), false, false) => {
            DynamicImage::ImageRgb16(ImageBuffer::from_raw(width, height, raw)?)
        }
        (Samples::Sixteen(raw), false, true) => {
            DynamicImage::ImageRgba16(ImageBuffer::from_raw(width, height, raw)?)
        }
        (Samples::Sixteen(raw), true, false) => {
            DynamicImage::ImageLuma16(ImageBuffer::from_raw(width, height, gray(&raw, false))?)
        }
        (Samples::Sixteen(raw), true, true) => {
            DynamicImage::ImageLumaA16(ImageBuffer::from_raw(width, height, gray(&raw, true))?)
        }
    })
}

/// One of the three equal channels, and alpha.
fn gray<T: Copy>(pixels: &[T], alpha: bool) -> Vec<T> {
    if alpha {
        pixels.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[3]]).collect()
    } else {
        pixels.chunks_exact(3).map(|pixel| pixel[0]).collect()
    }
}

/// Encodes a picture: with its profile, with alpha where it hides something, gray where it is gray.
///
/// # Errors
/// `cancelled`, `too_many_pixels` for a side above 65,536, `internal`.
pub(crate) fn encode(raster: &Raster, options: &AvifOptions, cancel: &Cancel) -> Result<Vec<u8>> {
    cancel.check()?;
    let pixels = &raster.pixels;
    if pixels.width() > 1 << 16 || pixels.height() > 1 << 16 {
        return Err(Error::new(ErrorCode::TooManyPixels, "AVIF pictures have at most 65,536 pixels a side.")
            .param("width", pixels.width())
            .param("height", pixels.height())
            .hint("Make the picture smaller, or choose another format."));
    }
    let plan = settings::plan(pixels, options);
    let planes = Planes::of(pixels, plan.depth, plan.chroma, raster.is_transparent());
    cancel.check()?;
    let file = encoder::write(planes, raster.icc.as_deref(), &plan.settings);
    cancel.check()?;
    file.map_err(|why| {
        Error::new(ErrorCode::Internal, "The picture could not be encoded as AVIF.")
            .detail(format!("{why:?}"))
    })
}

#[cfg(test)]
mod tests;
