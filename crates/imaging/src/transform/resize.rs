//! Makes a picture smaller, in linear light where that is seen.

mod light;

use crate::raster::Raster;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::DynamicImage;
use picferry_core::{Error, ErrorCode, Result};

/// The picture at another size: Lanczos with three lobes, alpha premultiplied on the way.
///
/// # Errors
/// `internal`: the sizes come from pictures and are checked there.
pub(crate) fn resize(raster: Raster, size: (u32, u32)) -> Result<Raster> {
    let stored = (raster.width(), raster.height());
    resize_decoded(raster, stored, size)
}

/// The same for a picture as a decoder gave it, which may be at a fraction of the size it is stored in.
///
/// # Errors
/// As [`resize`].
pub(crate) fn resize_decoded(
    raster: Raster,
    stored: (u32, u32),
    (width, height): (u32, u32),
) -> Result<Raster> {
    let size = (width.max(1), height.max(1));
    let decoded = (raster.width(), raster.height());
    if decoded == size {
        return Ok(raster);
    }
    let extent = extent(decoded, stored);
    let pixels = integer(raster.pixels);
    let resized = if light::is_seen(&pixels, size) {
        light::resize(&pixels, extent, size)?
    } else {
        as_stored(&pixels, extent, size)?
    };
    Ok(Raster { pixels: resized, icc: raster.icc })
}

/// What of the decoded pixels is the picture. At half of its size, an odd side ends in half a pixel: taken
/// for a whole one, it would push everything before it aside, which costs a point of SSIMULACRA 2.
fn extent(decoded: (u32, u32), stored: (u32, u32)) -> (f64, f64) {
    let parts = [8.0, 4.0, 2.0, 1.0].map(|eighths| {
        let side = |length: u32| f64::from(length) * eighths / 8.0;
        (side(stored.0), side(stored.1))
    });
    let decoded = (f64::from(decoded.0), f64::from(decoded.1));
    parts.into_iter().find(|part| (part.0.ceil(), part.1.ceil()) == decoded).unwrap_or(decoded)
}

/// Floating point comes from a few TIFF files; sixteen bits are enough from here on.
fn integer(pixels: DynamicImage) -> DynamicImage {
    match pixels {
        DynamicImage::ImageRgb32F(_) => pixels.to_rgb16().into(),
        DynamicImage::ImageRgba32F(_) => pixels.to_rgba16().into(),
        pixels => pixels,
    }
}

fn as_stored(pixels: &DynamicImage, extent: (f64, f64), (width, height): (u32, u32)) -> Result<DynamicImage> {
    let mut small = DynamicImage::new(width, height, pixels.color());
    let part = lanczos().crop(0.0, 0.0, extent.0, extent.1);
    Resizer::new().resize(pixels, &mut small, &part).map_err(internal)?;
    Ok(small)
}

fn lanczos() -> ResizeOptions {
    ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
}

fn internal(error: impl std::fmt::Display) -> Box<Error> {
    Error::new(ErrorCode::Internal, "The picture could not be scaled.").detail(error)
}

#[cfg(test)]
mod tests;
