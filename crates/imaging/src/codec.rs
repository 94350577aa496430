//! The codecs, one file per format: bytes to pixels and back.

pub(crate) mod avif;
#[cfg(test)]
pub(crate) mod drawn;
pub(crate) mod gif;
pub(crate) mod heic;
pub(crate) mod jpeg;
pub(crate) mod palette;
pub(crate) mod plain;
pub(crate) mod png;
pub(crate) mod svg;
pub(crate) mod webp;

use crate::animation::Animation;
use crate::cancel::Cancel;
use crate::damage;
use crate::limits::Limits;
use crate::raster::Raster;
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, ErrorCode, Result};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How a picture is decoded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DecodeOptions<'a> {
    /// What it may cost.
    pub limits: &'a Limits,
    /// Looked at between its parts.
    pub cancel: &'a Cancel,
    /// Take what there is of a damaged picture.
    pub allow_damaged: bool,
    /// The picture will be scaled down to about this size, as stored, before orientation: a decoder
    /// that can may give less than all pixels, but never fewer across or down than this.
    pub at_least: Option<(u32, u32)>,
}

/// Decodes the first frame of a picture, whatever its format.
///
/// # Errors
/// `damaged_picture`, `too_many_pixels`, `cancelled`, `unsupported` for what cannot be decoded here.
pub(crate) fn decode(bytes: &[u8], format: PictureFormat, options: &DecodeOptions<'_>) -> Result<Raster> {
    options.cancel.check()?;
    match format {
        PictureFormat::Jpeg => jpeg::decode(bytes, options),
        PictureFormat::Png => png::decode(bytes, options),
        PictureFormat::Gif => gif::decode(bytes, options),
        PictureFormat::Webp => webp::decode(bytes, options),
        PictureFormat::Avif => avif::decode(bytes, options),
        PictureFormat::Heic => heic::decode(bytes, options),
        PictureFormat::Svg => svg::decode(bytes, options),
        PictureFormat::Tiff | PictureFormat::Bmp | PictureFormat::Ico | PictureFormat::Qoi => {
            plain::decode(bytes, format, options)
        }
        PictureFormat::Jxl => Err(cannot_decode(format, "there is no decoder for it here")),
    }
}

/// Decodes all frames of a picture that moves.
///
/// # Errors
/// As [`decode`].
pub(crate) fn decode_animation(
    bytes: &[u8],
    format: PictureFormat,
    options: &DecodeOptions<'_>,
) -> Result<Animation> {
    options.cancel.check()?;
    match format {
        PictureFormat::Gif => gif::decode_animation(bytes, options),
        PictureFormat::Webp => webp::decode_animation(bytes, options),
        PictureFormat::Png => png::decode_animation(bytes, options),
        _ => Err(cannot_decode(format, "its frames cannot be changed here")),
    }
}

/// A picture that is not damaged, but that no decoder here knows. `why` completes the sentence.
pub(crate) fn cannot_decode(format: PictureFormat, why: &str) -> Box<Error> {
    let label = damage::label(format);
    Error::new(ErrorCode::Unsupported, format!("This {label} picture cannot be opened: {why}."))
        .param("reason", "picture_kind")
        .param("format", label)
        .hint("It can be sent as it is. To change it, save it in another format first.")
}

/// Decoders meet files that nobody thought of. One that panics loses this picture, not the app,
/// and says so.
pub(crate) fn guarded<T>(format: PictureFormat, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        Err(damage::damaged(format, "its decoder gave up").detail(panic_message(&*panic)))
    })
}

/// What a panic says.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message")
}
