//! Pictures whose address has spaces in it: `![alt](my pic.png)`.
//!
//! By the rules that is plain text, but some editors write it and show it as a picture. It is only
//! looked for where the parser found plain text.

use crate::reference::{Kind, Notation, Reference};
use crate::target::looks_like_picture;
use std::ops::Range;

/// Runs of plain text, put together from what the parser gives piece by piece.
#[derive(Debug, Default)]
pub struct PlainText(Vec<Range<usize>>);

impl PlainText {
    /// Adds a piece. A gap before it (an escape, an entity, a tag) begins a new run.
    pub fn push(&mut self, range: Range<usize>) {
        match self.0.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => self.0.push(range),
        }
    }

    /// The pictures in it.
    pub fn pictures(&self, body: &str) -> Vec<Reference> {
        self.0.iter().flat_map(|run| in_run(body, run)).collect()
    }
}

fn in_run(body: &str, run: &Range<usize>) -> Vec<Reference> {
    let text = body.get(run.clone()).unwrap_or_default();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("![").map(|offset| at + offset) {
        at = start + 2;
        let Some(middle) = text[at..].find("](").map(|offset| at + offset) else { break };
        // `\![` is not meant as a picture; the parser's text begins behind the backslash.
        let is_escaped = start == 0 && body[..run.start].ends_with('\\');
        let alt = &text[at..middle];
        let inside = middle + 2;
        let Some(end) = closing(&text[inside..]).map(|length| inside + length) else { continue };
        let destination = without_title(&text[inside..end]);
        let start = run.start + inside + (destination.len() - destination.trim_start().len());
        let destination = destination.trim();
        if is_escaped || alt.contains('[') || !destination.contains(' ') || !looks_like_picture(destination) {
            continue;
        }
        found.push(Reference {
            kind: Kind::Inline,
            span: start..start + destination.len(),
            line: 0,
            raw: destination.to_owned(),
            target: destination.to_owned(),
            alt: alt.to_owned(),
            notation: Notation::Bare,
        });
        at = end;
    }
    found
}

/// The place of the parenthesis that closes, on the same line.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' | b'\r' | b'<' | b'>' => return None,
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// What stands before a title in quotes.
fn without_title(inside: &str) -> &str {
    for mark in ['"', '\''] {
        if let Some(text) = inside.trim_end().strip_suffix(mark)
            && let Some(start) = text.find(&format!(" {mark}"))
        {
            return &inside[..start];
        }
    }
    inside
}
