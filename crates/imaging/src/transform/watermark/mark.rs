//! The watermark itself, as pixels with alpha, in the size that it gets.

use crate::codec::svg;
use crate::raster::Raster;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, RgbaImage};
use picferry_core::{Error, ErrorCode, Result};
use std::fmt::Write as _;

/// More words than anybody reads on a picture.
const MOST_LETTERS: usize = 500;

/// A watermark never takes more of the height than this.
const MOST_HEIGHT: f64 = 0.9;

/// Words in white with a thin dark outline, which are read on light and on dark.
pub(super) fn of_text(text: &str, room: (u32, u32), scale: f32) -> Result<RgbaImage> {
    if text.trim().is_empty() {
        return Err(Error::new(ErrorCode::InvalidField, "The watermark has no words.")
            .param("reason", "watermark_empty")
            .hint("Write some, or turn it off."));
    }
    if text.chars().count() > MOST_LETTERS {
        return Err(Error::new(
            ErrorCode::InvalidField,
            format!("The watermark has more than {MOST_LETTERS} letters."),
        )
        .param("reason", "watermark_long")
        .param("limit", MOST_LETTERS)
        .hint("Make it shorter."));
    }
    let words = svg::Words::of(&drawing(text))?;
    let missing = words.missing();
    if !missing.is_empty() || words.is_empty() {
        return Err(no_font(&missing));
    }
    let (width, height) = fitted(words.size(), room, scale);
    let pixels = words.draw(width, height)?;
    Ok(pixels.to_rgba8())
}

fn no_font(missing: &[String]) -> Box<Error> {
    let letters = missing.join(" ");
    let (reason, message) = if letters.is_empty() {
        ("watermark_font", "This computer has no font for the words of the watermark.".to_owned())
    } else {
        let message = format!("No font of this computer has these letters of the watermark: {letters}");
        ("watermark_letters", message)
    };
    Error::new(ErrorCode::Unsupported, message)
        .param("reason", reason)
        .param("letters", letters)
        .hint("Install a font that has them, for example Noto Sans CJK, or use a picture as the watermark.")
}

/// The words as SVG, a hundred units high.
fn drawing(text: &str) -> String {
    let mut lines = String::new();
    for (index, line) in text.trim().lines().enumerate() {
        let line: String = line.chars().filter(|letter| !letter.is_control()).map(escaped).collect();
        // Writing to a string does not fail.
        let _ = write!(lines, r#"<text y="{}">{line}</text>"#, index * 125);
    }
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" font-family="sans-serif" font-size="100" font-weight="600" fill="#fff" stroke="#000" stroke-opacity="0.6" stroke-width="9" stroke-linejoin="round" paint-order="stroke">{lines}</svg>"##
    )
}

fn escaped(letter: char) -> String {
    match letter {
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '&' => "&amp;".to_owned(),
        letter => letter.to_string(),
    }
}

/// A picture with its alpha, as large as it has to be.
pub(super) fn of_picture(picture: &Raster, room: (u32, u32), scale: f32) -> Result<RgbaImage> {
    let pixels = DynamicImage::ImageRgba8(picture.pixels.to_rgba8());
    let size = (f64::from(pixels.width()), f64::from(pixels.height()));
    let (width, height) = fitted(size, room, scale);
    let failed = |error: &dyn std::fmt::Display| {
        Error::new(ErrorCode::Internal, "The watermark could not be resized.").detail(error)
    };
    let mut resized = DynamicImage::new_rgba8(width, height);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&pixels, &mut resized, &options).map_err(|error| failed(&error))?;
    Ok(resized.into_rgba8())
}

/// The size in pixels: so much of the width, and not too much of the height.
fn fitted((width, height): (f64, f64), room: (u32, u32), scale: f32) -> (u32, u32) {
    let part = if scale.is_nan() { 0.0 } else { f64::from(scale.clamp(0.0, 1.0)) };
    let factor = (f64::from(room.0) * part / width).min(f64::from(room.1) * MOST_HEIGHT / height);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most the picture's side")]
    let side = |length: f64, most: u32| ((length * factor).round() as u32).clamp(1, most.max(1));
    (side(width, room.0), side(height, room.1))
}
