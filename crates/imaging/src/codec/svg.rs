//! SVG, drawn as pixels for thumbnails and watermarks.
//!
//! Files are sent as they are; what is drawn here is only ever looked at. Nothing outside the file
//! is read, and a file that would take long to draw is not drawn.

mod cost;
mod document;
mod fonts;
mod scripts;
mod words;

use super::DecodeOptions;
use crate::damage;
use crate::raster::Raster;
use image::{DynamicImage, RgbaImage};
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, ErrorCode, Result};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Size, Tree};

pub(crate) use scripts::refuse_scripts;
pub(crate) use words::Words;

/// The longer side where nobody asks for more.
const USUAL_EDGE: u32 = 320;

/// The longest side that is ever drawn.
const MOST_EDGE: u32 = 4096;

/// Draws a picture so that it covers the size that was asked for, with alpha.
///
/// # Errors
/// `damaged_picture`, `unsupported` for a file that is too intricate, `cancelled`.
pub(crate) fn decode(bytes: &[u8], options: &DecodeOptions) -> Result<Raster> {
    options.cancel.check()?;
    let text = std::str::from_utf8(bytes).map_err(|error| unreadable().detail(error))?;
    let document = document::parse(text)?;
    cost::check(&document)?;
    options.cancel.check()?;
    let has_text = document.descendants().any(|node| node.tag_name().name() == "text");
    let tree = tree(&document, has_text)?;
    let (width, height) = drawn_size(tree.size(), options.at_least);
    options.limits.check(width, height)?;
    options.cancel.check()?;
    draw(&tree, width, height).map(Raster::srgb)
}

fn unreadable() -> Box<Error> {
    damage::damaged(PictureFormat::Svg, "its XML cannot be read")
}

/// What is to be drawn; fonts are looked for only where there are words.
pub(crate) fn tree(document: &document::Document<'_>, has_text: bool) -> Result<Tree> {
    let mut options = Options {
        // Neither files nor the network; pictures inside would need decoders that are not there.
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    if has_text {
        let fonts = fonts::fonts();
        options.font_family = fonts::usual_family(fonts).unwrap_or_default();
        options.fontdb = fonts.clone();
        options.font_resolver.select_fallback = fonts::fallback();
    }
    Tree::from_xmltree(document, &options)
        .map_err(|error| damage::damaged(PictureFormat::Svg, "it cannot be drawn").detail(error))
}

/// Pixels of a tree, stretched to a size.
pub(crate) fn draw(tree: &Tree, width: u32, height: u32) -> Result<DynamicImage> {
    let nothing = || Error::new(ErrorCode::Internal, "The SVG picture could not be drawn.");
    let mut canvas = Pixmap::new(width, height).ok_or_else(nothing)?;
    #[expect(clippy::cast_precision_loss, reason = "at most 4096")]
    let scale =
        Transform::from_scale(width as f32 / tree.size().width(), height as f32 / tree.size().height());
    resvg::render(tree, scale, &mut canvas.as_mut());
    RgbaImage::from_raw(width, height, canvas.take_demultiplied())
        .map(DynamicImage::ImageRgba8)
        .ok_or_else(nothing)
}

/// The size that covers what was asked for, within bounds: a side may be long, never endless.
fn drawn_size(size: Size, at_least: Option<(u32, u32)>) -> (u32, u32) {
    let (width, height) = (f64::from(size.width()), f64::from(size.height()));
    let scale = match at_least {
        Some((across, down)) => (f64::from(across) / width).max(f64::from(down) / height),
        None => f64::from(USUAL_EDGE) / width.max(height),
    };
    let scale = scale.min(f64::from(MOST_EDGE) / width.max(height));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the longest edge"
    )]
    let side = |length: f64| (length * scale).ceil().clamp(1.0, f64::from(MOST_EDGE)) as u32;
    (side(width), side(height))
}

#[cfg(test)]
mod tests;
