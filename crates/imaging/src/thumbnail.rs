//! Small pictures for the gallery, made from local bytes.

use crate::cancel::Cancel;
use crate::codec::{self, DecodeOptions, guarded};
use crate::exif::Orientation;
use crate::inspect::inspect_within;
use crate::limits::Limits;
use crate::raster::Raster;
use crate::transform::{color, resize, turn};
use bytes::Bytes;
use image::DynamicImage;
use picferry_core::picture::{PictureFormat, PictureInfo};
use picferry_core::{Error, ErrorCode, Result};

/// The longer side of a thumbnail, in pixels.
pub const THUMBNAIL_EDGE: u32 = 320;

/// Good enough for a tile, and small enough for a hundred thousand of them.
const QUALITY: f32 = 80.0;

/// The longer side of an eighth of a picture that still has what a thumbnail shows: with less, scores of
/// thumbnails fell by five points and more.
const LEAST_EIGHTH: u32 = THUMBNAIL_EDGE * 4 / 3;

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

/// Draws a picture small: turned upright, in sRGB, never enlarged, the first frame of an animation; as
/// far as it goes if it is a damaged JPEG. `None` for formats that cannot be drawn here.
///
/// # Errors
/// `empty_file`, `not_a_picture`, `damaged_picture`, `too_many_pixels`.
pub fn thumbnail(bytes: &[u8], limits: &Limits) -> Result<Option<Thumbnail>> {
    let (info, orientation) = inspect_within(bytes, limits)?;
    let stored = stored_size(&info, orientation);
    let cancel = Cancel::new();
    let options =
        DecodeOptions { limits, cancel: &cancel, allow_damaged: true, at_least: stored.map(small_size) };
    guarded(info.format, || {
        let raster = match decode(bytes, info.format, stored, &options) {
            Ok(raster) => raster,
            Err(error) if error.code == ErrorCode::Unsupported => return Ok(None),
            Err(error) => return Err(error),
        };
        let decoded = (raster.width(), raster.height());
        // A decoder may have scaled already; the header knows the sides better, if it told the truth.
        let is_enough = |size: &(u32, u32)| size.0 <= decoded.0 && size.1 <= decoded.1;
        let size = stored.map(small_size).filter(is_enough).unwrap_or_else(|| small_size(decoded));
        let small = resize::resize_decoded(raster, stored.unwrap_or(decoded), size)?;
        encode(&turn::orient(color::to_srgb(small)?, orientation)).map(Some)
    })
}

/// Pixels before the picture is turned upright.
fn stored_size(info: &PictureInfo, orientation: Orientation) -> Option<(u32, u32)> {
    let (width, height) = info.width.zip(info.height)?;
    Some(if orientation.swaps_sides() { (height, width) } else { (width, height) })
}

/// The size of the thumbnail of a picture of that size.
fn small_size((width, height): (u32, u32)) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= THUMBNAIL_EDGE {
        return (width, height);
    }
    let side = |length: u32| {
        let scaled =
            (u64::from(length) * u64::from(THUMBNAIL_EDGE) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(THUMBNAIL_EDGE).max(1)
    };
    (side(width), side(height))
}

/// Decodes no more than a small picture needs: of a large JPEG the means of its blocks.
fn decode(
    bytes: &[u8],
    format: PictureFormat,
    size: Option<(u32, u32)>,
    options: &DecodeOptions<'_>,
) -> Result<Raster> {
    let is_large = size.is_some_and(|(width, height)| width.max(height) / 8 >= LEAST_EIGHTH);
    if format == PictureFormat::Jpeg
        && is_large
        && let Some(raster) = codec::jpeg::eighth(bytes, options.limits)
    {
        return Ok(raster);
    }
    codec::decode(bytes, format, options)
}

fn encode(raster: &Raster) -> Result<Thumbnail> {
    let pixels = raster.eight_bits();
    let (width, height) = (pixels.width(), pixels.height());
    let colored;
    let encoder = match &*pixels {
        DynamicImage::ImageRgba8(pixels) => webp::Encoder::from_rgba(pixels, width, height),
        DynamicImage::ImageRgb8(pixels) => webp::Encoder::from_rgb(pixels, width, height),
        gray => {
            colored = gray.to_rgb8();
            webp::Encoder::from_rgb(&colored, width, height)
        }
    };
    let encoded = encoder.encode_simple(false, QUALITY);
    let encoded = encoded.map_err(|error| {
        Error::new(ErrorCode::Internal, "The thumbnail could not be encoded.").detail(format!("{error:?}"))
    })?;
    Ok(Thumbnail { bytes: Bytes::copy_from_slice(&encoded), width, height })
}
