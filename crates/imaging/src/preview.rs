//! Pictures as a screen shows them, whatever they are.

use crate::cancel::Cancel;
use crate::codec::{self, DecodeOptions, guarded};
use crate::inspect::inspect_within;
use crate::limits::Limits;
use crate::transform::{color, resize, turn};
use bytes::Bytes;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use picferry_core::images::Resize;
use picferry_core::{Error, ErrorCode, Result};

/// Decodes a picture of any kind into a PNG file for a screen: upright, sRGB, 8 bits, its longer side
/// at most `edge` pixels, the first frame of one that moves. A damaged one shows what is there.
///
/// # Errors
/// `empty_file`, `not_a_picture`, `damaged_picture`, `too_many_pixels`, `unsupported` where the
/// system has no codec.
pub fn preview(bytes: &[u8], edge: u32, limits: &Limits) -> Result<Bytes> {
    let (info, orientation) = inspect_within(bytes, limits)?;
    let shown = Resize { long_edge: Some(edge), ..Resize::default() };
    let stored = match (info.width, info.height) {
        (Some(width), Some(height)) if orientation.swaps_sides() => Some(shown.apply(height, width)),
        (Some(width), Some(height)) => Some(shown.apply(width, height)),
        _ => None,
    };
    let cancel = Cancel::new();
    let options = DecodeOptions { limits, cancel: &cancel, allow_damaged: true, at_least: stored };
    guarded(info.format, || {
        let raster = turn::orient(codec::decode(bytes, info.format, &options)?, orientation);
        let size = shown.apply(raster.width(), raster.height());
        let raster = color::to_srgb(resize::resize(raster, size)?)?;
        let mut file = Vec::new();
        // Seen once and thrown away: quickly written is better than small.
        let encoder = PngEncoder::new_with_quality(&mut file, CompressionType::Fast, FilterType::Sub);
        raster.eight_bits().write_with_encoder(encoder).map_err(|error| {
            Error::new(ErrorCode::Internal, "The picture could not be drawn for the screen.").detail(error)
        })?;
        Ok(file.into())
    })
}
