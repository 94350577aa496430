//! Writes WebP.

use super::{FORMAT, WebpMode, WebpOptions};
use crate::cancel::Cancel;
use crate::codec::guarded;
use crate::format::webp_parts;
use crate::raster::Raster;
use image::DynamicImage;
use picferry_core::images::Effort;
use picferry_core::{Error, ErrorCode, Result};
use webp::{Encoder, PixelLayout, WebPConfig};

/// The format has 14 bits for a side.
const LARGEST_SIDE: u32 = 16_383;

/// Writes a picture, with its colour profile; 16 bits become 8.
///
/// # Errors
/// `unsupported` for a picture that is too large for the format, `cancelled`.
pub(crate) fn encode(raster: &Raster, options: &WebpOptions, cancel: &Cancel) -> Result<Vec<u8>> {
    cancel.check()?;
    let (width, height) = (raster.width(), raster.height());
    check_size(width, height)?;
    let has_alpha = raster.is_transparent();
    let config = config(options)?;
    let file = guarded(FORMAT, || match (&raster.pixels, has_alpha) {
        (DynamicImage::ImageRgb8(pixels), false) => write(pixels, PixelLayout::Rgb, width, height, &config),
        (DynamicImage::ImageRgba8(pixels), true) => write(pixels, PixelLayout::Rgba, width, height, &config),
        (pixels, false) => write(&pixels.to_rgb8(), PixelLayout::Rgb, width, height, &config),
        (pixels, true) => write(&pixels.to_rgba8(), PixelLayout::Rgba, width, height, &config),
    })?;
    cancel.check()?;
    Ok(match &raster.icc {
        Some(icc) => webp_parts::with_profile(&file, width, height, has_alpha, icc),
        None => file,
    })
}

/// Whether the format can hold a picture of this size.
pub(super) fn check_size(width: u32, height: u32) -> Result<()> {
    if width.max(height) <= LARGEST_SIDE {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::Unsupported,
        format!(
            "A WebP picture has at most {LARGEST_SIDE} pixels on a side; this one has {width} × {height}."
        ),
    )
    .param("reason", "longest_side")
    .param("format", "WebP")
    .param("limit", LARGEST_SIDE)
    .hint("Choose another format, or make the picture smaller."))
}

/// What the library is told.
pub(super) fn config(options: &WebpOptions) -> Result<WebPConfig> {
    let mut config = WebPConfig::new().map_err(|()| failed("it could not be set up"))?;
    let is_small = options.effort == Effort::Small;
    config.thread_level = 0;
    config.method = if is_small { 6 } else { 4 };
    match options.mode {
        WebpMode::Lossy { quality } => {
            config.quality = quality.clamp(0.0, 100.0);
            config.alpha_quality = 100;
        }
        WebpMode::Lossless => set_lossless(&mut config, is_small),
        WebpMode::NearLossless { level } => {
            set_lossless(&mut config, is_small);
            config.near_lossless = i32::from(level.min(100));
        }
    }
    Ok(config)
}

/// For lossless files the number called quality is how long the encoder looks for a smaller file. All
/// but the highest end up alike; that one tries everything there is, thirty times as long, for files
/// smaller by a twentieth, and now and then by a third.
fn set_lossless(config: &mut WebPConfig, is_small: bool) {
    config.lossless = 1;
    config.quality = if is_small { 100.0 } else { 75.0 };
}

/// Writes pixels as they lie in memory.
pub(super) fn write(
    pixels: &[u8],
    layout: PixelLayout,
    width: u32,
    height: u32,
    config: &WebPConfig,
) -> Result<Vec<u8>> {
    let mut config = *config;
    let is_lossy = config.lossless == 0;
    config.use_sharp_yuv =
        i32::from(is_lossy && is_drawn(pixels, layout.bytes_per_pixel().into(), width as usize));
    let written = Encoder::new(pixels, layout, width, height).encode_advanced(&config);
    written.map(|file| file.to_vec()).map_err(|error| failed(&format!("{error:?}")))
}

/// Whether a picture has even areas with sharp edges between them, as screenshots and drawings do and photos
/// do not.
///
/// The format keeps a quarter of the colour. Choosing that quarter so that thin coloured lines stay
/// sharp brings such pictures ten points for a tenth of the bytes, where no higher quality does; it
/// costs as much time as the rest, so photos and paintings, which gain little, go without.
pub(super) fn is_drawn(pixels: &[u8], channels: usize, width: usize) -> bool {
    let (mut even, mut sharp, mut all) = (0_usize, 0_usize, 0_usize);
    for row in pixels.chunks_exact((width * channels).max(1)).step_by(LOOK_AT_ROWS) {
        let neighbours = row.chunks_exact(channels).zip(row.chunks_exact(channels).skip(1));
        for (one, other) in neighbours {
            if one == other {
                even += 1;
            } else if one.iter().zip(other).any(|(one, other)| one.abs_diff(*other) > SHARP) {
                sharp += 1;
            }
            all += 1;
        }
    }
    even * EVEN_PART >= all && sharp * SHARP_PART >= all
}

/// One row of so many is looked at.
const LOOK_AT_ROWS: usize = 8;

/// One pixel of so many is like the one next to it.
const EVEN_PART: usize = 4;

/// A step of one channel that is an edge.
const SHARP: u8 = 48;

/// One pixel of so many is beyond an edge. Windows with little in them have one of 190; a painting with
/// even areas and soft edges has one of 400.
const SHARP_PART: usize = 256;

fn failed(why: &str) -> Box<Error> {
    Error::new(ErrorCode::Internal, "The WebP file could not be written.").detail(why)
}
