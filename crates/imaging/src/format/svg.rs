//! SVG: text. It is told from HTML, measured where it says its size in pixels, and sent as it is.

use super::{Container, Header, Stripped};
use crate::damage;
use crate::exif::Orientation;
use picferry_core::Result;
use picferry_core::picture::PictureFormat;

/// Signs of an editor's notes: authors, paths of this computer, comments.
const METADATA: &[&[u8]] = &[b"<metadata", b":metadata", b"<!--", b"inkscape:", b"sodipodi:"];

pub(super) struct Svg;

/// Whether the first element is `<svg>`, behind whatever XML allows before it.
pub(crate) fn begins_as_svg(head: &[u8]) -> bool {
    root(head).is_some()
}

/// The text from the root element's name on.
fn root(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    loop {
        rest = rest.trim_ascii_start();
        if let Some(after) = rest.strip_prefix(b"<?") {
            rest = after_text(after, b"?>")?;
        } else if let Some(after) = rest.strip_prefix(b"<!--") {
            rest = after_text(after, b"-->")?;
        } else if rest.starts_with(b"<!") {
            rest = after_doctype(rest)?;
        } else {
            let element = rest.strip_prefix(b"<")?;
            let name_length =
                element.iter().position(|byte| byte.is_ascii_whitespace() || b"/>".contains(byte))?;
            let name = &element[..name_length];
            let local = name.rsplit(|byte| *byte == b':').next()?;
            return (local == b"svg").then_some(&element[name_length..]);
        }
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn after_text<'a>(bytes: &'a [u8], end: &[u8]) -> Option<&'a [u8]> {
    find(bytes, end).map(|found| &bytes[found + end.len()..])
}

/// Behind a document type; it must be one for SVG, and may have a part in brackets.
fn after_doctype(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.get(9..)?;
    if !bytes[..9].eq_ignore_ascii_case(b"<!DOCTYPE") {
        return None;
    }
    let name = rest.trim_ascii_start();
    if !name.starts_with(b"svg") {
        return None;
    }
    let end = rest.iter().position(|byte| b"[>".contains(byte))?;
    if rest[end] == b'>' {
        return Some(&rest[end + 1..]);
    }
    let inner_end = find(&rest[end..], b"]")? + end;
    after_text(&rest[inner_end..], b">")
}

/// The value of an attribute of the root element; single or double quotes.
fn attribute<'a>(root: &'a [u8], name: &str) -> Option<&'a str> {
    let end = find(root, b">")?;
    let tag = std::str::from_utf8(&root[..end]).ok()?;
    let mut rest = tag;
    loop {
        let found = rest.find(name)?;
        let is_whole = rest[..found].ends_with(|before: char| before.is_ascii_whitespace());
        rest = &rest[found + name.len()..];
        let Some(value) = rest.trim_start().strip_prefix('=').filter(|_| is_whole) else { continue };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        return value[1..].split(quote).next();
    }
}

/// A length in pixels; other units depend on where the picture is shown.
fn pixels(length: &str) -> Option<u32> {
    let number: f64 = length.trim().trim_end_matches("px").trim_end().parse().ok()?;
    let rounded = number.round();
    if !(1.0..=1_000_000.0).contains(&rounded) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to lie between 1 and a million"
    )]
    Some(rounded as u32)
}

impl Container for Svg {
    fn header(&self, bytes: &[u8]) -> Result<Header> {
        let side = |name| root(bytes).and_then(|root| attribute(root, name)).and_then(pixels);
        let size = side("width").zip(side("height"));
        Ok(Header { size, orientation: Orientation::UPRIGHT, animated: false })
    }

    fn check(&self, bytes: &[u8]) -> Result<()> {
        let root = root(bytes).unwrap_or_default();
        let closes_itself = find(root, b">").is_some_and(|end| root[..end].ends_with(b"/"));
        let has_end = find(root, b"</svg").is_some() || find(root, b":svg").is_some();
        if closes_itself || has_end { Ok(()) } else { Err(damage::ends_early(PictureFormat::Svg)) }
    }

    fn strip(&self, bytes: &[u8]) -> Result<Stripped> {
        let has_metadata = METADATA.iter().any(|sign| find(bytes, sign).is_some());
        Ok(if has_metadata { Stripped::NotPossible } else { Stripped::Clean })
    }
}
