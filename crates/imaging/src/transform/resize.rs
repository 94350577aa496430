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
pub(crate) fn resize(raster: Raster, (width, height): (u32, u32)) -> Result<Raster> {
    let (width, height) = (width.max(1), height.max(1));
    if (raster.width(), raster.height()) == (width, height) {
        return Ok(raster);
    }
    let pixels = integer(raster.pixels);
    let resized = if light::is_seen(&pixels, (width, height)) {
        light::resize(&pixels, (width, height))?
    } else {
        as_stored(&pixels, (width, height))?
    };
    Ok(Raster { pixels: resized, icc: raster.icc })
}

/// Floating point comes from a few TIFF files; sixteen bits are enough from here on.
fn integer(pixels: DynamicImage) -> DynamicImage {
    match pixels {
        DynamicImage::ImageRgb32F(_) => pixels.to_rgb16().into(),
        DynamicImage::ImageRgba32F(_) => pixels.to_rgba16().into(),
        pixels => pixels,
    }
}

fn as_stored(pixels: &DynamicImage, (width, height): (u32, u32)) -> Result<DynamicImage> {
    let mut small = DynamicImage::new(width, height, pixels.color());
    Resizer::new().resize(pixels, &mut small, &lanczos()).map_err(internal)?;
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
