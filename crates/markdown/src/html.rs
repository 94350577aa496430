//! Pictures in HTML inside Markdown: `<img>`, `<source>`, and the link around one.

mod source_set;
mod tokens;

use crate::reference::{Kind, Notation, Quote, Reference};
use crate::target::looks_like_picture;
use std::ops::Range;
use tokens::{Attribute, Tag, tags};

/// A run of HTML, put together from the lines that belong to it, with the place of each in the source.
#[derive(Debug, Default)]
pub struct Pieces {
    html: String,
    /// Where each piece starts here, and where in the source.
    starts: Vec<(usize, usize)>,
}

impl Pieces {
    /// Adds what stands at that range of the source.
    pub fn push(&mut self, source: &str, range: Range<usize>) {
        if let Some(piece) = source.get(range.clone()) {
            self.starts.push((self.html.len(), range.start));
            self.html.push_str(piece);
        }
    }

    /// The place in the source of a part of this; `None` when the marks of a quotation stand between.
    fn in_source(&self, part: &Range<usize>) -> Option<Range<usize>> {
        let place = |at: usize| {
            let piece = self.starts.partition_point(|(here, _)| *here <= at).checked_sub(1)?;
            let (here, source) = self.starts[piece];
            Some(source + (at - here))
        };
        let start = place(part.start)?;
        let end = match part.end.checked_sub(1).filter(|_| part.end > part.start) {
            Some(last) => place(last)? + 1,
            None => start,
        };
        (end.checked_sub(start)? == part.len()).then_some(start..end)
    }
}

/// A link that is open: whether it matters shows when a picture stands in it.
#[derive(Debug, Default)]
pub struct Anchor(Option<Reference>);

impl Anchor {
    /// The link around a picture that was just found, once.
    pub fn take(&mut self) -> Option<Reference> {
        self.0.take()
    }
}

/// Reads one run of HTML.
pub struct Html<'t> {
    pieces: &'t Pieces,
    source: &'t str,
}

impl<'t> Html<'t> {
    /// The run, and the text it is from.
    pub fn new(pieces: &'t Pieces, source: &'t str) -> Self {
        Self { pieces, source }
    }

    /// The pictures in it, and the link around them that was opened here or before.
    pub fn pictures(&self, anchor: &mut Anchor) -> Vec<Reference> {
        let mut found = Vec::new();
        for tag in tags(&self.pieces.html) {
            if tag.is("a") {
                anchor.0 = if tag.is_closing { None } else { self.link(&tag) };
            } else if !tag.is_closing && (tag.is("img") || tag.is("source")) {
                let pictures = self.addresses(&tag);
                if !pictures.is_empty() {
                    found.extend(anchor.take());
                }
                found.extend(pictures);
            }
        }
        found
    }

    fn link(&self, tag: &Tag<'_>) -> Option<Reference> {
        let reference = self.address(tag.attribute("href")?, Kind::LinkAround, "")?;
        looks_like_picture(&reference.target).then_some(reference)
    }

    fn addresses(&self, tag: &Tag<'_>) -> Vec<Reference> {
        let alt = tag.attribute("alt").map(|alt| htmlize::unescape_attribute(alt.value(&self.pieces.html)));
        let alt = alt.unwrap_or_default();
        let mut found = Vec::new();
        if tag.is("img")
            && let Some(source) = tag.attribute("src")
        {
            found.extend(self.address(source, Kind::HtmlImage, &alt));
        }
        if let Some(set) = tag.attribute("srcset").filter(|set| !set.is_expression) {
            for part in source_set::addresses(set.value(&self.pieces.html)) {
                let part = set.span.start + part.start..set.span.start + part.end;
                found.extend(self.reference(part, set.quote, Kind::HtmlSourceSet, &alt));
            }
        }
        found
    }

    fn address(&self, attribute: &Attribute<'_>, kind: Kind, alt: &str) -> Option<Reference> {
        if attribute.is_expression {
            return None;
        }
        let mut span = attribute.span.clone();
        let value = attribute.value(&self.pieces.html);
        if attribute.quote == Quote::Nothing {
            // `<img src=a.png/>` means the picture, though the letter of the rules says otherwise.
            span.end -= usize::from(value.ends_with('/'));
        } else {
            span.start += value.len() - value.trim_start().len();
            span.end = span.start + value.trim().len();
        }
        self.reference(span, attribute.quote, kind, alt)
    }

    fn reference(&self, part: Range<usize>, quote: Quote, kind: Kind, alt: &str) -> Option<Reference> {
        let span = self.pieces.in_source(&part).filter(|span| !span.is_empty())?;
        let raw = self.source.get(span.clone())?;
        let in_list = kind == Kind::HtmlSourceSet;
        Some(Reference {
            kind,
            span,
            line: 0,
            raw: raw.to_owned(),
            target: htmlize::unescape_attribute(raw).into_owned(),
            alt: alt.to_owned(),
            notation: Notation::Attribute { quote, in_list },
        })
    }
}
