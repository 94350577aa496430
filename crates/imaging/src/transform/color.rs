//! From one colour profile to another.

use crate::raster::Raster;
use image::{DynamicImage, ImageBuffer, Pixel};
use moxcms::{
    CmsError, ColorProfile, DataColorSpace, Layout, ProfileText, ToneReprCurve, TransformExecutor,
    TransformOptions,
};
use picferry_core::{Error, ErrorCode, Result};
use std::sync::Arc;

/// How far primaries may lie from those of sRGB, in XYZ: profiles of sRGB differ in their third decimal.
const PRIMARIES_DIFFER: f64 = 0.002;

/// How far a tone curve may lie from that of sRGB, in linear light: less than one step of eight bits.
const CURVES_DIFFER: f32 = 0.0015;

/// The pixels in sRGB, and no profile. A profile that is broken or not for such pixels counts as sRGB,
/// as it does in browsers.
///
/// # Errors
/// `internal` when the conversion itself fails.
pub(crate) fn to_srgb(raster: Raster) -> Result<Raster> {
    let Some(profile) = raster.icc.as_deref().and_then(readable) else {
        return Ok(Raster::srgb(raster.pixels));
    };
    if describes_srgb(&profile) {
        return Ok(Raster::srgb(raster.pixels));
    }
    let is_gray = !raster.pixels.color().has_color();
    let pixels = match (profile.color_space, is_gray) {
        (DataColorSpace::Gray, true) | (DataColorSpace::Rgb, false) => raster.pixels,
        // Gray pixels of an RGB profile: all three channels are the same.
        (DataColorSpace::Rgb, true) => with_color(&raster.pixels),
        _ => return Ok(Raster::srgb(raster.pixels)),
    };
    if !is_usable(&profile) {
        return Ok(Raster::srgb(pixels));
    }
    let converted = convert(pixels, &profile).map_err(|error| {
        Error::new(ErrorCode::Internal, "The colours of the picture could not be converted to sRGB.")
            .hint("Keep its colour profile instead.")
            .detail(error)
    })?;
    Ok(Raster::srgb(converted))
}

/// Whether a profile says sRGB in its own words: the same primaries and the same tone curve.
pub(crate) fn is_srgb(icc: &[u8]) -> bool {
    readable(icc).is_some_and(|profile| describes_srgb(&profile))
}

/// What a profile calls itself: “Display P3”.
pub(crate) fn name_of_profile(icc: &[u8]) -> Option<String> {
    let name = match readable(icc)?.description? {
        ProfileText::PlainString(text) => text,
        ProfileText::Localizable(texts) => {
            let english = texts.iter().position(|text| text.language == "en").unwrap_or(0);
            texts.into_iter().nth(english)?.value
        }
        ProfileText::Description(text) if text.ascii_string.is_empty() => text.unicode_string,
        ProfileText::Description(text) => text.ascii_string,
    };
    let name = name.trim_matches(|letter: char| letter == '\0' || letter.is_whitespace());
    (!name.is_empty()).then(|| name.to_owned())
}

fn readable(icc: &[u8]) -> Option<ColorProfile> {
    ColorProfile::new_from_slice(icc).ok()
}

fn describes_srgb(profile: &ColorProfile) -> bool {
    let srgb = ColorProfile::new_srgb();
    let has_tables = profile.lut_a_to_b_perceptual.is_some()
        || profile.lut_a_to_b_colorimetric.is_some()
        || profile.lut_a_to_b_saturation.is_some();
    match profile.color_space {
        DataColorSpace::Rgb => {
            !has_tables
                && same_primaries(profile, &srgb)
                && [&profile.red_trc, &profile.green_trc, &profile.blue_trc]
                    .iter()
                    .all(|curve| is_curve_of_srgb(curve.as_ref()))
        }
        DataColorSpace::Gray => !has_tables && is_curve_of_srgb(profile.gray_trc.as_ref()),
        _ => false,
    }
}

fn same_primaries(one: &ColorProfile, other: &ColorProfile) -> bool {
    let numbers = |profile: &ColorProfile| {
        [profile.red_colorant, profile.green_colorant, profile.blue_colorant].map(|xyz| [xyz.x, xyz.y, xyz.z])
    };
    let pairs = numbers(one).into_iter().flatten().zip(numbers(other).into_iter().flatten());
    pairs.into_iter().all(|(one, other)| (one - other).abs() < PRIMARIES_DIFFER)
}

fn is_curve_of_srgb(curve: Option<&ToneReprCurve>) -> bool {
    let Some(light) = curve.and_then(|curve| curve.make_linear_evaluator().ok()) else { return false };
    (0..=32u8)
        .map(|step| f32::from(step) / 32.0)
        .all(|value| (light.evaluate_value(value) - linear(value)).abs() < CURVES_DIFFER)
}

/// Light of a value of sRGB, both from 0 to 1.
pub(super) fn linear(value: f32) -> f32 {
    if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// The value of sRGB for light, both from 0 to 1.
pub(super) fn from_linear(light: f32) -> f32 {
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

fn with_color(pixels: &DynamicImage) -> DynamicImage {
    match pixels {
        DynamicImage::ImageLuma8(_) => pixels.to_rgb8().into(),
        DynamicImage::ImageLumaA8(_) => pixels.to_rgba8().into(),
        DynamicImage::ImageLuma16(_) => pixels.to_rgb16().into(),
        _ => pixels.to_rgba16().into(),
    }
}

/// Whether anything can be made of its colours: a profile can be readable and lead nowhere.
fn is_usable(profile: &ColorProfile) -> bool {
    let (layout, srgb) = match profile.color_space {
        DataColorSpace::Gray => (Layout::Gray, gray_srgb()),
        _ => (Layout::Rgb, ColorProfile::new_srgb()),
    };
    profile.create_transform_8bit(layout, &srgb, layout, TransformOptions::default()).is_ok()
}

fn convert(pixels: DynamicImage, profile: &ColorProfile) -> std::result::Result<DynamicImage, CmsError> {
    let srgb =
        if profile.color_space == DataColorSpace::Gray { gray_srgb() } else { ColorProfile::new_srgb() };
    let options = TransformOptions::default();
    let eight = |layout| profile.create_transform_8bit(layout, &srgb, layout, options);
    let sixteen = |layout| profile.create_transform_16bit(layout, &srgb, layout, options);
    use DynamicImage::{
        ImageLuma8, ImageLuma16, ImageLumaA8, ImageLumaA16, ImageRgb8, ImageRgb16, ImageRgba8, ImageRgba16,
    };
    Ok(match pixels {
        ImageLuma8(pixels) => ImageLuma8(by_rows(pixels, &eight(Layout::Gray)?)?),
        ImageLumaA8(pixels) => ImageLumaA8(by_rows(pixels, &eight(Layout::GrayAlpha)?)?),
        ImageRgb8(pixels) => ImageRgb8(by_rows(pixels, &eight(Layout::Rgb)?)?),
        ImageRgba8(pixels) => ImageRgba8(by_rows(pixels, &eight(Layout::Rgba)?)?),
        ImageLuma16(pixels) => ImageLuma16(by_rows(pixels, &sixteen(Layout::Gray)?)?),
        ImageLumaA16(pixels) => ImageLumaA16(by_rows(pixels, &sixteen(Layout::GrayAlpha)?)?),
        ImageRgb16(pixels) => ImageRgb16(by_rows(pixels, &sixteen(Layout::Rgb)?)?),
        ImageRgba16(pixels) => ImageRgba16(by_rows(pixels, &sixteen(Layout::Rgba)?)?),
        // Floating point: sixteen bits are more than any screen shows.
        other if other.color().has_alpha() => {
            ImageRgba16(by_rows(other.to_rgba16(), &sixteen(Layout::Rgba)?)?)
        }
        other => ImageRgb16(by_rows(other.to_rgb16(), &sixteen(Layout::Rgb)?)?),
    })
}

/// Gray with the tone curve of sRGB.
fn gray_srgb() -> ColorProfile {
    let mut gray = ColorProfile::new_gray_with_gamma(2.2);
    gray.gray_trc = ColorProfile::new_srgb().green_trc;
    gray
}

type Buffer<P> = ImageBuffer<P, Vec<<P as Pixel>::Subpixel>>;
type Transform<T> = Arc<dyn TransformExecutor<T> + Send + Sync>;

/// In place but for one row, so that a large picture is not held twice.
fn by_rows<P: Pixel>(
    mut pixels: Buffer<P>,
    transform: &Transform<P::Subpixel>,
) -> std::result::Result<Buffer<P>, CmsError>
where
    P::Subpixel: Default,
{
    let length = pixels.width() as usize * usize::from(P::CHANNEL_COUNT);
    let mut before = vec![P::Subpixel::default(); length];
    for row in pixels.chunks_exact_mut(length.max(1)) {
        before.copy_from_slice(row);
        transform.transform(&before, row)?;
    }
    Ok(pixels)
}

#[cfg(test)]
mod tests;
