//! TIFF, BMP, ICO and QOI: read, never written.

use super::{DecodeOptions, png};
use crate::bytes_reader::BytesReader;
use crate::codec::guarded;
use crate::damage;
use crate::format::profile;
use crate::format::tiff_tags::{self, Directory};
use crate::raster::Raster;
use image::error::ImageError;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageFormat, ImageReader};
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, ErrorCode, Result};
use std::io::Cursor;

/// The picture; of an ICO file its largest, of a TIFF file its first. CMYK becomes sRGB by the
/// plain formula.
///
/// # Errors
/// `damaged_picture`, `too_many_pixels`, `unsupported`, `cancelled`.
pub(crate) fn decode(bytes: &[u8], format: PictureFormat, options: &DecodeOptions) -> Result<Raster> {
    options.cancel.check()?;
    let codec = match format {
        PictureFormat::Tiff => ImageFormat::Tiff,
        PictureFormat::Bmp => ImageFormat::Bmp,
        PictureFormat::Qoi => ImageFormat::Qoi,
        PictureFormat::Ico => match largest_entry(bytes) {
            Some(entry) if entry.starts_with(b"\x89PNG\r\n\x1a\n") => return png::decode(entry, options),
            _ => ImageFormat::Ico,
        },
        _ => return Err(unsupported(format, "it has a decoder of its own")),
    };
    guarded(format, || read(bytes, format, codec, options))
}

fn read(bytes: &[u8], format: PictureFormat, codec: ImageFormat, options: &DecodeOptions) -> Result<Raster> {
    let limits = options.limits;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), codec);
    let mut allocation = image::Limits::default();
    allocation.max_alloc = Some(limits.max_alloc);
    reader.limits(allocation);
    let decoder = reader.into_decoder().map_err(|error| unreadable(format, error))?;
    let (width, height) = decoder.dimensions();
    limits.check(width, height)?;
    let color = decoder.original_color_type();
    let is_cmyk = matches!(color, ExtendedColorType::Cmyk8 | ExtendedColorType::Cmyk16);
    // The library counts the pixels that come out, not the four inks that go in.
    let needed = decoder.total_bytes().saturating_mul(if is_cmyk { 3 } else { 1 });
    if needed > limits.max_alloc {
        return Err(limits.out_of_memory(width, height));
    }
    let pixels = DynamicImage::from_decoder(decoder).map_err(|error| unreadable(format, error))?;
    if matches!(pixels, DynamicImage::ImageRgb32F(_) | DynamicImage::ImageRgba32F(_)) {
        return Err(unsupported(format, "its colours are floating-point numbers"));
    }
    // Only TIFF has one here; the library reads it from one of the two types it is stored as.
    let directory = (format == PictureFormat::Tiff).then(|| Directory::first_of(bytes)).flatten();
    let icc = directory.and_then(|directory| directory.bytes(tiff_tags::PROFILE));
    let icc = icc.filter(|icc| fits(icc, &pixels)).and_then(profile::usable);
    Ok(Raster { pixels, icc })
}

/// Whether a profile is about pixels like these; one for inks says nothing about colours on a screen.
fn fits(icc: &[u8], pixels: &DynamicImage) -> bool {
    let wanted: &[u8] = if pixels.color().has_color() { b"RGB " } else { b"GRAY" };
    icc.get(16..20) == Some(wanted)
}

/// The data of the entry with the most pixels, and among those with the most colours.
fn largest_entry(bytes: &[u8]) -> Option<&[u8]> {
    let mut reader = BytesReader::at(bytes, 4);
    let count = reader.u16_le()?;
    let mut largest: Option<(u32, usize, usize)> = None;
    for _ in 0..count {
        let Some(entry) = entry(&mut reader) else { break };
        if largest.is_none_or(|largest| entry.0 > largest.0) {
            largest = Some(entry);
        }
    }
    let (_, offset, length) = largest?;
    BytesReader::at(bytes, offset).take(length)
}

/// What an entry is worth, and where its data is.
fn entry(reader: &mut BytesReader<'_>) -> Option<(u32, usize, usize)> {
    let side = |byte: u8| if byte == 0 { 256 } else { u32::from(byte) };
    let pixels = side(reader.u8()?) * side(reader.u8()?);
    reader.skip(4)?;
    let bits = reader.u16_le()?;
    let (length, offset) = (reader.u32_le()?, reader.u32_le()?);
    let worth = (pixels << 8) | u32::from(bits.min(255));
    Some((worth, usize::try_from(offset).ok()?, usize::try_from(length).ok()?))
}

fn unsupported(format: PictureFormat, why: &str) -> Box<Error> {
    let label = damage::label(format);
    Error::new(ErrorCode::Unsupported, format!("Picferry cannot decode this kind of {label} picture: {why}."))
        .param("reason", "picture_kind")
        .param("format", label)
        .hint("Open it in an image editor and save it as PNG.")
}

fn unreadable(format: PictureFormat, error: ImageError) -> Box<Error> {
    match error {
        ImageError::Unsupported(error) => {
            unsupported(format, "its colours or its compression are not known").detail(error)
        }
        ImageError::Limits(error) => Error::new(
            ErrorCode::TooManyPixels,
            format!("The {} picture needs too much memory to decode.", damage::label(format)),
        )
        .hint("Make the picture smaller and try again.")
        .detail(error),
        error => damage::damaged(format, "its pixels cannot be decoded").detail(error),
    }
}

#[cfg(test)]
mod tests;
