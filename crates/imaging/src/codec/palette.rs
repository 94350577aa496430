//! PNG with at most 256 colours, chosen for the picture.
//!
//! The steps: count colours; split them where they differ most; move each chosen colour into the
//! middle of what it stands for; map pixels, with errors spread where that helps. All of it happens
//! in Oklab, where distance is what eyes see, with alpha as a fourth axis and colours multiplied by
//! it: what is nearly transparent counts little.

mod choose;
mod histogram;
mod map;

use crate::cancel::Cancel;
use crate::codec::png::{Source, write};
use crate::raster::Raster;
use histogram::Histogram;
use image::RgbaImage;
use oxipng::{BitDepth, ColorType, RGBA8};
use picferry_core::Result;
use picferry_core::images::Effort;
use quantette::deps::palette::{IntoColor, LinSrgb, Oklab, Oklaba, Srgb};

/// How a picture gets fewer colours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PaletteOptions {
    /// At most so many, 2 to 256.
    pub colors: u16,
    /// How much of an error is spread to the pixels around: 0 (nothing) to 1 (all of it).
    pub dither: f32,
    /// Sooner, or smaller.
    pub effort: Effort,
}

/// A colour as the file stores it.
type Color = [u8; 4];

/// Transparent pixels are one colour, whatever lies hidden in them.
const TRANSPARENT: Color = [0; 4];

/// Writes a picture with a palette. With few enough colours nothing that can be seen changes.
///
/// # Errors
/// `cancelled`.
pub(crate) fn encode(raster: &Raster, options: &PaletteOptions, cancel: &Cancel) -> Result<Vec<u8>> {
    cancel.check()?;
    let pixels = raster.pixels.to_rgba8();
    let wanted = usize::from(options.colors.clamp(2, 256));
    let histogram = Histogram::of(&pixels);
    let (palette, data) = if let Some(colors) = histogram.at_most(wanted) {
        let data = map::exactly(&pixels, &colors);
        (colors, data)
    } else {
        let palette = choose::palette(&histogram, wanted, options.effort, cancel)?;
        let data = map::nearest(&pixels, &palette, options.dither, cancel)?;
        (palette, data)
    };
    let palette = palette.into_iter().map(|[red, green, blue, alpha]| RGBA8::new(red, green, blue, alpha));
    let source = Source {
        width: pixels.width(),
        height: pixels.height(),
        color: ColorType::Indexed { palette: palette.collect() },
        depth: BitDepth::Eight,
        data,
        chunks: Vec::new(),
        icc: raster.icc.clone(),
    };
    write(source, options.effort, cancel)
}

/// All pixels, with what cannot be seen in them blanked.
fn colors(pixels: &RgbaImage) -> impl Iterator<Item = Color> {
    pixels.as_chunks::<4>().0.iter().map(|pixel| visible(*pixel))
}

fn visible(color: Color) -> Color {
    if color[3] == 0 { TRANSPARENT } else { color }
}

/// A place in Oklab, multiplied by alpha, and alpha.
type Place = [f32; 4];

/// How much a difference in alpha counts beside one in lightness.
const ALPHA_WEIGHT: f32 = 0.7;

fn to_place(color: Color) -> Place {
    let [red, green, blue, alpha] = color;
    let alpha = f32::from(alpha) / 255.0;
    let linear: LinSrgb<f32> = Srgb::new(red, green, blue).into_linear();
    let lab: Oklab<f32> = linear.into_color();
    [lab.l * alpha, lab.a * alpha, lab.b * alpha, alpha * ALPHA_WEIGHT]
}

fn to_color(place: Place) -> Color {
    let alpha = (place[3] / ALPHA_WEIGHT).clamp(0.0, 1.0);
    let opacity = (alpha * 255.0).round();
    if opacity < 1.0 {
        return TRANSPARENT;
    }
    let lab = Oklab::new(place[0] / alpha, place[1] / alpha, place[2] / alpha);
    let linear: LinSrgb<f32> = lab.into_color();
    let color: Srgb<u8> = Srgb::from_linear(linear);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 255")]
    [color.red, color.green, color.blue, opacity as u8]
}

/// The form in which the search for the nearest colour wants a place.
fn to_key(place: Place) -> Oklaba {
    Oklaba::new(place[0], place[1], place[2], place[3])
}

fn distance(one: Place, other: Place) -> f32 {
    one.iter().zip(other).map(|(one, other)| (one - other) * (one - other)).sum()
}

#[cfg(test)]
mod tests;
