//! Words or a picture laid over another.

mod lay;
mod mark;

use crate::raster::Raster;
use image::{DynamicImage, RgbaImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use picferry_core::images::{Watermark, WatermarkContent, WatermarkPosition};
use picferry_core::{Error, ErrorCode, Result};

/// The distance from the edges, as a part of the shorter side.
const MARGIN: f64 = 0.025;

/// Lays a watermark over an upright picture. `picture` is the one that the watermark names.
///
/// Gray pictures become RGB. The picture keeps its profile; of a gray one, its meaning.
///
/// # Errors
/// `unsupported` where no font has the letters, `internal` where the picture was not given.
pub(crate) fn apply(raster: Raster, watermark: &Watermark, picture: Option<&Raster>) -> Result<Raster> {
    let opacity = if watermark.opacity.is_nan() { 0.0 } else { watermark.opacity.clamp(0.0, 1.0) };
    if opacity == 0.0 {
        return Ok(raster);
    }
    let room = (raster.width(), raster.height());
    let mark = match &watermark.content {
        WatermarkContent::Text(text) => mark::of_text(text, room, watermark.scale)?,
        WatermarkContent::Picture(name) => {
            let picture = picture.ok_or_else(|| {
                Error::new(ErrorCode::Internal, "The picture of the watermark was not read.")
                    .param("file", name)
            })?;
            mark::of_picture(picture, room, watermark.scale)?
        }
    };
    let Raster { pixels, icc } = in_colour(raster)?;
    let pixels = over(pixels, &mark, watermark, opacity);
    Ok(Raster { pixels, icc })
}

fn over(mut pixels: DynamicImage, mark: &RgbaImage, watermark: &Watermark, opacity: f32) -> DynamicImage {
    let room = (pixels.width(), pixels.height());
    let place = if watermark.tiled {
        lay::Place::Everywhere
    } else {
        lay::Place::At(corner(room, mark.dimensions(), watermark.position))
    };
    let layer = lay::Layer { mark, place, opacity };
    match &mut pixels {
        DynamicImage::ImageRgb8(pixels) => layer.lay(pixels),
        DynamicImage::ImageRgba8(pixels) => layer.lay(pixels),
        DynamicImage::ImageRgb16(pixels) => layer.lay(pixels),
        DynamicImage::ImageRgba16(pixels) => layer.lay(pixels),
        other => {
            let mut rgba = other.to_rgba16();
            layer.lay(&mut rgba);
            return DynamicImage::ImageRgba16(rgba);
        }
    }
    pixels
}

/// Where the left upper corner of the watermark lies.
fn corner(room: (u32, u32), size: (u32, u32), position: WatermarkPosition) -> (u32, u32) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small part of a side")]
    let margin = (f64::from(room.0.min(room.1)) * MARGIN).round() as u32;
    let free = (room.0.saturating_sub(size.0), room.1.saturating_sub(size.1));
    let near = |free: u32| margin.min(free / 2);
    let far = |free: u32| free - near(free);
    match position {
        WatermarkPosition::TopLeft => (near(free.0), near(free.1)),
        WatermarkPosition::TopRight => (far(free.0), near(free.1)),
        WatermarkPosition::Center => (free.0 / 2, free.1 / 2),
        WatermarkPosition::BottomLeft => (near(free.0), far(free.1)),
        WatermarkPosition::BottomRight => (far(free.0), far(free.1)),
    }
}

/// The same picture with three colours. A profile for gray pixels fits no others, so it is applied.
fn in_colour(raster: Raster) -> Result<Raster> {
    let Raster { pixels, icc } = raster;
    if pixels.color().has_color() {
        return Ok(Raster { pixels, icc });
    }
    let profile = icc.as_ref().and_then(|icc| ColorProfile::new_from_slice(icc).ok());
    let is_for_gray = profile.as_ref().is_some_and(|profile| profile.color_space == DataColorSpace::Gray);
    let deep = matches!(pixels, DynamicImage::ImageLuma16(_) | DynamicImage::ImageLumaA16(_));
    let coloured = match profile.filter(|_| is_for_gray) {
        Some(profile) => through(&pixels, &profile)?,
        None if pixels.color().has_alpha() => DynamicImage::ImageRgba16(pixels.to_rgba16()),
        None => DynamicImage::ImageRgb16(pixels.to_rgb16()),
    };
    let pixels = match (deep, coloured.color().has_alpha()) {
        (true, _) => coloured,
        (false, true) => DynamicImage::ImageRgba8(coloured.to_rgba8()),
        (false, false) => DynamicImage::ImageRgb8(coloured.to_rgb8()),
    };
    Ok(Raster { pixels, icc: icc.filter(|_| !is_for_gray) })
}

/// Gray pixels as the colours of sRGB that the profile says they are.
fn through(pixels: &DynamicImage, profile: &ColorProfile) -> Result<DynamicImage> {
    let failed =
        |error| Error::new(ErrorCode::Internal, "The gray profile could not be applied.").detail(error);
    let gray = pixels.to_luma16();
    let transform = profile
        .create_transform_16bit(
            Layout::Gray,
            &ColorProfile::new_srgb(),
            Layout::Rgb,
            TransformOptions::default(),
        )
        .map_err(|error| failed(format!("{error:?}")))?;
    let mut rgb = image::ImageBuffer::<image::Rgb<u16>, Vec<u16>>::new(gray.width(), gray.height());
    transform.transform(gray.as_raw(), &mut rgb).map_err(|error| failed(format!("{error:?}")))?;
    let rgb = DynamicImage::ImageRgb16(rgb);
    if !pixels.color().has_alpha() {
        return Ok(rgb);
    }
    let mut rgba = rgb.to_rgba16();
    for (pixel, old) in rgba.pixels_mut().zip(pixels.to_luma_alpha16().pixels()) {
        pixel.0[3] = old.0[1];
    }
    Ok(DynamicImage::ImageRgba16(rgba))
}

#[cfg(test)]
mod tests;
