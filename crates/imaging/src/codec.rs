//! The codecs, one file per format: bytes to pixels and back.

pub(crate) mod avif;
pub(crate) mod gif;
pub(crate) mod heic;
pub(crate) mod jpeg;
pub(crate) mod palette;
pub(crate) mod plain;
pub(crate) mod png;
pub(crate) mod svg;
pub(crate) mod webp;

use crate::cancel::Cancel;
use crate::damage;
use crate::limits::Limits;
use crate::raster::Raster;
use image::error::ImageError;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, ErrorCode, Result};
use std::any::Any;
use std::io::Cursor;
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
    match format {
        PictureFormat::Jpeg => jpeg::decode(bytes, options),
        PictureFormat::Png => by_image_crate(bytes, format, ImageFormat::Png, options),
        PictureFormat::Gif => by_image_crate(bytes, format, ImageFormat::Gif, options),
        PictureFormat::Webp => by_image_crate(bytes, format, ImageFormat::WebP, options),
        PictureFormat::Tiff => by_image_crate(bytes, format, ImageFormat::Tiff, options),
        PictureFormat::Bmp => by_image_crate(bytes, format, ImageFormat::Bmp, options),
        PictureFormat::Ico => by_image_crate(bytes, format, ImageFormat::Ico, options),
        PictureFormat::Qoi => by_image_crate(bytes, format, ImageFormat::Qoi, options),
        PictureFormat::Avif | PictureFormat::Heic | PictureFormat::Svg | PictureFormat::Jxl => {
            Err(cannot_decode(format, "there is no decoder for it here"))
        }
    }
}

/// A picture that is not damaged, but that no decoder here knows. `why` completes the sentence.
pub(crate) fn cannot_decode(format: PictureFormat, why: &str) -> Box<Error> {
    let label = damage::label(format);
    Error::new(ErrorCode::Unsupported, format!("This {label} picture cannot be opened: {why}."))
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

fn by_image_crate(
    bytes: &[u8],
    format: PictureFormat,
    codec: ImageFormat,
    options: &DecodeOptions<'_>,
) -> Result<Raster> {
    let limits = options.limits;
    options.cancel.check()?;
    guarded(format, || {
        let failed = |error| decoder_failed(format, error);
        let mut reader = ImageReader::with_format(Cursor::new(bytes), codec);
        let mut allocation = image::Limits::default();
        allocation.max_alloc = Some(limits.max_alloc);
        reader.limits(allocation);
        let mut decoder = reader.into_decoder().map_err(failed)?;
        // The header in the container may have said something else.
        let (width, height) = decoder.dimensions();
        limits.check(width, height)?;
        if decoder.total_bytes() > limits.max_alloc {
            return Err(limits.out_of_memory(width, height));
        }
        let icc = decoder.icc_profile().ok().flatten().map(Into::into);
        Ok(Raster { pixels: DynamicImage::from_decoder(decoder).map_err(failed)?, icc })
    })
}

fn decoder_failed(format: PictureFormat, error: ImageError) -> Box<Error> {
    match error {
        ImageError::Unsupported(_) => {
            cannot_decode(format, "its flavour of the format is not known here").detail(error)
        }
        ImageError::Limits(_) => Error::new(
            ErrorCode::TooManyPixels,
            format!("The {} picture needs too much memory to decode.", damage::label(format)),
        )
        .detail(error),
        _ => damage::damaged(format, "its pixels cannot be decoded").detail(error),
    }
}
