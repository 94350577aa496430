//! Small pictures for the gallery, made from local bytes.

use crate::damage;
use crate::inspect::inspect_within;
use crate::limits::Limits;
use bytes::Bytes;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::error::ImageError;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, ErrorCode, Result};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The longer side of a thumbnail, in pixels.
pub const THUMBNAIL_EDGE: u32 = 320;

/// Good enough for a tile, and small enough for a hundred thousand of them.
const QUALITY: f32 = 80.0;

/// A small WebP picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    /// The file.
    pub bytes: Bytes,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// Draws a picture small: turned upright, never enlarged, the first frame of an animation.
/// `None` for formats that cannot be drawn here.
///
/// # Errors
/// `empty_file`, `not_a_picture`, `damaged_picture`, `too_many_pixels`.
pub fn thumbnail(bytes: &[u8], limits: &Limits) -> Result<Option<Thumbnail>> {
    let (info, orientation) = inspect_within(bytes, limits)?;
    let Some(codec) = codec(info.format) else { return Ok(None) };
    guarded(info.format, || {
        let Some(picture) = decode(bytes, info.format, codec, limits)? else { return Ok(None) };
        let mut small = shrink(picture)?;
        small.apply_orientation(orientation.turn());
        encode(&small).map(Some)
    })
}

/// The decoder of a format; `None` for those that need a renderer or a codec of the system.
fn codec(format: PictureFormat) -> Option<ImageFormat> {
    match format {
        PictureFormat::Jpeg => Some(ImageFormat::Jpeg),
        PictureFormat::Png => Some(ImageFormat::Png),
        PictureFormat::Gif => Some(ImageFormat::Gif),
        PictureFormat::Webp => Some(ImageFormat::WebP),
        PictureFormat::Tiff => Some(ImageFormat::Tiff),
        PictureFormat::Bmp => Some(ImageFormat::Bmp),
        PictureFormat::Ico => Some(ImageFormat::Ico),
        PictureFormat::Qoi => Some(ImageFormat::Qoi),
        PictureFormat::Avif | PictureFormat::Heic | PictureFormat::Svg | PictureFormat::Jxl => None,
    }
}

/// Decodes within the limits; `None` for a flavour of the format that the decoder does not know.
fn decode(
    bytes: &[u8],
    format: PictureFormat,
    codec: ImageFormat,
    limits: &Limits,
) -> Result<Option<DynamicImage>> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), codec);
    let mut allocation = image::Limits::default();
    allocation.max_alloc = Some(limits.max_alloc);
    reader.limits(allocation);
    let decoded = reader.into_decoder().map_err(Failure::Decoder).and_then(|decoder| {
        // The header in the container may have said something else.
        let (width, height) = decoder.dimensions();
        limits.check(width, height).map_err(Failure::Refused)?;
        if decoder.total_bytes() > limits.max_alloc {
            return Err(Failure::Refused(limits.out_of_memory(width, height)));
        }
        DynamicImage::from_decoder(decoder).map_err(Failure::Decoder)
    });
    match decoded {
        Ok(picture) => Ok(Some(picture)),
        Err(Failure::Refused(error)) => Err(error),
        Err(Failure::Decoder(ImageError::Unsupported(_))) => Ok(None),
        Err(Failure::Decoder(ImageError::Limits(error))) => Err(Error::new(
            ErrorCode::TooManyPixels,
            format!("The {} picture needs too much memory to decode.", damage::label(format)),
        )
        .detail(error)),
        Err(Failure::Decoder(error)) => {
            Err(damage::damaged(format, "its pixels cannot be decoded").detail(error))
        }
    }
}

enum Failure {
    Refused(Box<Error>),
    Decoder(ImageError),
}

/// Scales down to the edge; keeps small pictures as they are.
fn shrink(picture: DynamicImage) -> Result<DynamicImage> {
    let (width, height) = (picture.width(), picture.height());
    let longest = width.max(height);
    if longest <= THUMBNAIL_EDGE {
        return Ok(picture);
    }
    let side = |length: u32| {
        let scaled =
            (u64::from(length) * u64::from(THUMBNAIL_EDGE) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(THUMBNAIL_EDGE).max(1)
    };
    let mut small = DynamicImage::new(side(width), side(height), picture.color());
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&picture, &mut small, &options).map_err(|error| internal("resized", error))?;
    Ok(small)
}

fn encode(picture: &DynamicImage) -> Result<Thumbnail> {
    let (width, height) = (picture.width(), picture.height());
    let encoded = if picture.color().has_alpha() {
        let pixels = picture.to_rgba8();
        webp::Encoder::from_rgba(&pixels, width, height).encode_simple(false, QUALITY)
    } else {
        let pixels = picture.to_rgb8();
        webp::Encoder::from_rgb(&pixels, width, height).encode_simple(false, QUALITY)
    };
    let encoded = encoded.map_err(|error| internal("encoded", format!("{error:?}")))?;
    Ok(Thumbnail { bytes: Bytes::copy_from_slice(&encoded), width, height })
}

fn internal(verb: &str, error: impl std::fmt::Display) -> Box<Error> {
    Error::new(ErrorCode::Internal, format!("The thumbnail could not be {verb}.")).detail(error)
}

/// Decoders meet files that nobody thought of. One that panics loses this picture, not the app,
/// and says so.
pub(crate) fn guarded<T>(format: PictureFormat, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let message = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        Err(damage::damaged(format, "its decoder gave up").detail(message))
    })
}
