//! Words drawn with the fonts of this computer.

use super::{document, tree};
use image::{DynamicImage, RgbaImage};
use picferry_core::{Error, ErrorCode, Result};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Group, Node, Rect, Tree};

/// A drawing of nothing but words, cut to what is seen of them.
pub(crate) struct Words {
    tree: Tree,
    seen: Rect,
}

impl Words {
    /// Sets words that are given as SVG.
    pub(crate) fn of(drawing: &str) -> Result<Self> {
        let tree = tree(&document::parse(drawing)?, true)?;
        let seen = tree.root().abs_stroke_bounding_box();
        Ok(Self { tree, seen })
    }

    /// What no font has.
    pub(crate) fn missing(&self) -> Vec<String> {
        let mut missing = Vec::new();
        collect_missing(self.tree.root(), &mut missing);
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.seen.width() <= 0.0 || self.seen.height() <= 0.0
    }

    /// In units of the drawing.
    pub(crate) fn size(&self) -> (f64, f64) {
        (f64::from(self.seen.width()), f64::from(self.seen.height()))
    }

    /// Pixels with alpha, stretched to a size.
    pub(crate) fn draw(&self, width: u32, height: u32) -> Result<DynamicImage> {
        let nothing = || Error::new(ErrorCode::Internal, "The words could not be drawn.");
        let mut canvas = Pixmap::new(width, height).ok_or_else(nothing)?;
        #[expect(clippy::cast_precision_loss, reason = "sides of pictures")]
        let scale = (width as f32 / self.seen.width(), height as f32 / self.seen.height());
        let place = Transform::from_scale(scale.0, scale.1).pre_translate(-self.seen.x(), -self.seen.y());
        resvg::render(&self.tree, place, &mut canvas.as_mut());
        RgbaImage::from_raw(width, height, canvas.take_demultiplied())
            .map(DynamicImage::ImageRgba8)
            .ok_or_else(nothing)
    }
}

fn collect_missing(group: &Group, missing: &mut Vec<String>) {
    for node in group.children() {
        match node {
            Node::Group(group) => collect_missing(group, missing),
            Node::Text(text) => {
                let glyphs = text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
                // Glyph 0 is the box that fonts show for what they do not have.
                let absent = glyphs.filter(|glyph| glyph.id.0 == 0 && !glyph.text.trim().is_empty());
                missing.extend(absent.map(|glyph| glyph.text.clone()));
            }
            _ => {}
        }
    }
}
