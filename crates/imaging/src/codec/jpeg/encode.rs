//! Pixels to JPEG files.

use super::subsampling::Subsampling;
use crate::cancel::Cancel;
use crate::codec::panic_message;
use crate::raster::Raster;
use image::{DynamicImage, RgbImage, RgbaImage};
use mozjpeg::{ColorSpace, Compress, Marker};
use picferry_core::{Error, ErrorCode, Result};
use std::borrow::Cow;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The most pixels that a side of a JPEG picture can have in the encoder.
const LONGEST_SIDE: u32 = 65_500;

/// What stands before each part of a profile, and how large a part can be.
const ICC_PROFILE: &[u8] = b"ICC_PROFILE\0";
const PROFILE_PART: usize = 65_519;

/// Rows between two looks at whether to stop.
const ROWS: usize = 64;

/// Pixels above which codes are not fitted to the picture: that holds all of its coefficients in memory,
/// which are twice as large as the picture, for 2 to 4 % of the bytes.
const MOST_FITTED: u64 = 64_000_000;

/// How a JPEG file is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct JpegOptions {
    /// 1 to 100; the encoder knows whole numbers only.
    pub quality: f32,
    /// Progressive, with coefficients chosen for the bytes they save: takes several times as long.
    pub small: bool,
    /// The resolution of colours.
    pub subsampling: Subsampling,
}

/// Encodes a picture, its profile inside. What it lets through is shown on white.
///
/// # Errors
/// `unsupported` for a side longer than the format can say, `cancelled`.
pub(crate) fn encode(raster: &Raster, options: &JpegOptions, cancel: &Cancel) -> Result<Vec<u8>> {
    cancel.check()?;
    let (width, height) = (raster.width(), raster.height());
    if width.max(height) > LONGEST_SIDE {
        return Err(Error::new(
            ErrorCode::Unsupported,
            format!(
                "A JPEG picture cannot have {width} × {height} pixels; the longest side is {LONGEST_SIDE}."
            ),
        )
        .param("reason", "longest_side")
        .param("format", "JPEG")
        .param("limit", LONGEST_SIDE)
        .hint("Make the picture smaller, or choose PNG."));
    }
    let mut pixels = raster.eight_bits();
    if let DynamicImage::ImageRgba8(transparent) = &*pixels {
        pixels = Cow::Owned(on_white(transparent).into());
    }
    let icc = raster.icc.as_deref().filter(|icc| !icc.is_empty());
    let encoded = catch_unwind(AssertUnwindSafe(|| write(&pixels, icc, options, cancel)));
    cancel.check()?;
    match encoded {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(internal().detail(error)),
        Err(panic) => Err(internal().detail(panic_message(&*panic))),
    }
}

fn write(
    pixels: &DynamicImage,
    icc: Option<&[u8]>,
    options: &JpegOptions,
    cancel: &Cancel,
) -> io::Result<Vec<u8>> {
    let (colors, samples) = match pixels {
        DynamicImage::ImageLuma8(gray) => (ColorSpace::JCS_GRAYSCALE, gray.as_raw()),
        DynamicImage::ImageRgb8(rgb) => (ColorSpace::JCS_RGB, rgb.as_raw()),
        _ => return Err(io::Error::other("neither gray nor RGB")),
    };
    let mut encoder = Compress::new(colors);
    encoder.set_size(pixels.width() as usize, pixels.height() as usize);
    if !options.small {
        encoder.set_fastest_defaults();
        encoder.set_optimize_coding(u64::from(pixels.width()) * u64::from(pixels.height()) <= MOST_FITTED);
    }
    encoder.set_quality(options.quality.clamp(1.0, 100.0).round());
    if let DynamicImage::ImageRgb8(rgb) = pixels {
        let side = if options.subsampling.halves(rgb, options.quality) { 2 } else { 1 };
        encoder.set_chroma_sampling_pixel_sizes((side, side), (side, side));
    }
    let mut started = encoder.start_compress(Output { bytes: Vec::new(), cancel })?;
    if let Some(icc) = icc {
        let parts = icc.chunks(PROFILE_PART);
        let count = parts.len();
        for (number, part) in (1..=u8::MAX).zip(parts) {
            let head = [number, u8::try_from(count).unwrap_or(u8::MAX)];
            started.write_marker(Marker::APP(2), &[ICC_PROFILE, &head, part].concat());
        }
    }
    let row = samples.len() / (pixels.height() as usize).max(1);
    for rows in samples.chunks(ROWS * row.max(1)) {
        if cancel.is_stopped() {
            return Err(io::Error::other("stopped"));
        }
        started.write_scanlines(rows)?;
    }
    Ok(started.finish()?.bytes)
}

/// Grows until the work is to stop.
struct Output<'a> {
    bytes: Vec<u8>,
    cancel: &'a Cancel,
}

impl Write for Output<'_> {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        if self.cancel.is_stopped() {
            return Err(io::Error::other("stopped"));
        }
        self.bytes.write(part)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn on_white(pixels: &RgbaImage) -> RgbImage {
    let mut flat = RgbImage::new(pixels.width(), pixels.height());
    for (from, to) in pixels.pixels().zip(flat.pixels_mut()) {
        let [red, green, blue, alpha] = from.0.map(u32::from);
        let channels = [red, green, blue].map(|channel| (channel * alpha + 255 * (255 - alpha) + 127) / 255);
        to.0 = channels.map(|channel| u8::try_from(channel).unwrap_or(u8::MAX));
    }
    flat
}

fn internal() -> Box<Error> {
    Error::new(ErrorCode::Internal, "The picture could not be written as JPEG.")
}
