//! Where exactly the destination stands in a link, a picture or a definition that the parser found.

use std::ops::Range;

/// A destination found in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The destination alone.
    pub span: Range<usize>,
    /// Whether it stands between `<` and `>`.
    pub is_angled: bool,
}

/// The destination of `[…](destination "title")` that ends at `range.end`. Its text ends at
/// `text_end` or later; `meant` is what the parser read.
pub fn in_link(source: &str, range: Range<usize>, text_end: usize, meant: &str) -> Option<Place> {
    let whole = source.get(..range.end)?;
    let mut from = text_end.max(range.start);
    while let Some(offset) = whole.get(from..)?.find("](") {
        let bracket = from + offset;
        if let Some(place) = tail(whole, bracket + 2).filter(|place| is_meant(source, place, meant)) {
            return Some(place);
        }
        from = bracket + 1;
    }
    None
}

/// The destination of `[label]: destination "title"`.
pub fn in_definition(source: &str, range: Range<usize>, meant: &str) -> Option<Place> {
    let whole = source.get(..range.end)?;
    let label = end_of(whole, range.start + 1, b']')?;
    if whole.as_bytes().get(label) != Some(&b':') {
        return None;
    }
    destination(whole, skip_space(whole, label + 1)).filter(|place| is_meant(source, place, meant))
}

/// Whether this is what the parser read: without escapes the two have to be equal.
fn is_meant(source: &str, place: &Place, meant: &str) -> bool {
    let raw = &source[place.span.clone()];
    raw == meant || raw.contains(['\\', '&', '\0'])
}

/// From behind the opening parenthesis to the closing one, which has to be the last byte.
fn tail(whole: &str, from: usize) -> Option<Place> {
    let bytes = whole.as_bytes();
    let place = destination(whole, skip_space(whole, from))?;
    let behind = place.span.end + usize::from(place.is_angled);
    let mut at = skip_space(whole, behind);
    if at > behind {
        let closing = match bytes.get(at) {
            Some(b'"') => Some(b'"'),
            Some(b'\'') => Some(b'\''),
            Some(b'(') => Some(b')'),
            _ => None,
        };
        if let Some(closing) = closing {
            at = skip_space(whole, end_of(whole, at + 1, closing)?);
        }
    }
    (at + 1 == bytes.len() && bytes[at] == b')').then_some(place)
}

fn destination(whole: &str, from: usize) -> Option<Place> {
    let bytes = whole.as_bytes();
    if bytes.get(from) == Some(&b'<') {
        let end = end_of(whole, from + 1, b'>')? - 1;
        let span = from + 1..end;
        return (!whole[span.clone()].contains(['\n', '\r', '<'])).then_some(Place { span, is_angled: true });
    }
    let mut depth = 0_usize;
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            0..=0x20 => break,
            b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at += 1,
            b'(' => depth += 1,
            b')' if depth == 0 => break,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    Some(Place { span: from..at, is_angled: false })
}

/// The place behind the next `closing` byte that no backslash stands before.
fn end_of(whole: &str, from: usize, closing: u8) -> Option<usize> {
    let bytes = whole.as_bytes();
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            byte if *byte == closing => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// White space, and the marks of a quotation at the start of a line: a link may go on there.
fn skip_space(whole: &str, from: usize) -> usize {
    let bytes = whole.as_bytes();
    let mut at = from;
    let mut is_new_line = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\n' | b'\r' => is_new_line = true,
            b' ' | b'\t' => {}
            b'>' if is_new_line => {}
            _ => break,
        }
        at += 1;
    }
    at
}
