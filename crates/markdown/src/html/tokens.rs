//! Tags and their attributes with their places; comments and the text of scripts are passed over.

use crate::reference::Quote;
use std::ops::Range;

/// What is inside these is text, whatever it looks like.
const RAW_TEXT: [&str; 8] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// One tag.
#[derive(Debug)]
pub struct Tag<'t> {
    name: &'t str,
    /// `</a>`
    pub is_closing: bool,
    attributes: Vec<Attribute<'t>>,
}

/// One attribute that has a value.
#[derive(Debug)]
pub struct Attribute<'t> {
    name: &'t str,
    /// The value without its quotes.
    pub span: Range<usize>,
    /// What it stands between.
    pub quote: Quote,
    /// `{…}` as in MDX: code, not an address.
    pub is_expression: bool,
}

impl Attribute<'_> {
    /// The value as it is written.
    pub fn value<'t>(&self, html: &'t str) -> &'t str {
        html.get(self.span.clone()).unwrap_or_default()
    }
}

impl Tag<'_> {
    /// Whether this is its name.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The attribute of that name: the first one counts.
    pub fn attribute(&self, name: &str) -> Option<&Attribute<'_>> {
        self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }
}

/// All tags, in order. A tag that does not end is none.
pub fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(offset) = html.get(at..).and_then(|rest| rest.find('<')) {
        let start = at + offset;
        let rest = &html[start..];
        at = if rest.starts_with("<!--") {
            start + comment(rest)
        } else if rest.starts_with("<![CDATA[") {
            behind(html, start, "]]>")
        } else if rest.starts_with("<!") || rest.starts_with("<?") {
            behind(html, start, ">")
        } else if let Some((tag, end)) = read_tag(html, start) {
            let next = if tag.is_closing { end } else { behind_raw_text(html, end, &tag) };
            tags.push(tag);
            next
        } else {
            start + 1
        };
    }
    tags
}

/// The length of a comment; one without an end goes on to the end.
fn comment(rest: &str) -> usize {
    for empty in ["<!-->", "<!--->"] {
        if rest.starts_with(empty) {
            return empty.len();
        }
    }
    rest.get(4..).and_then(|inner| inner.find("-->")).map_or(rest.len(), |length| length + 7)
}

fn behind(html: &str, from: usize, end: &str) -> usize {
    html[from..].find(end).map_or(html.len(), |length| from + length + end.len())
}

fn behind_raw_text(html: &str, from: usize, tag: &Tag<'_>) -> usize {
    let Some(name) = RAW_TEXT.iter().find(|name| tag.is(name)) else { return from };
    let mut at = from;
    while let Some(offset) = html[at..].find("</") {
        let found = at + offset;
        let after = html.as_bytes().get(found + 2..found + 2 + name.len());
        if after.is_some_and(|after| after.eq_ignore_ascii_case(name.as_bytes())) {
            return found;
        }
        at = found + 2;
    }
    html.len()
}

/// The tag that starts here, and the place behind it.
fn read_tag(html: &str, start: usize) -> Option<(Tag<'_>, usize)> {
    let bytes = html.as_bytes();
    let is_closing = bytes.get(start + 1) == Some(&b'/');
    let name_start = start + 1 + usize::from(is_closing);
    if !bytes.get(name_start)?.is_ascii_alphabetic() {
        return None;
    }
    let mut at = name_start + run(bytes, name_start, |byte| !ends_name(byte));
    let mut tag = Tag { name: &html[name_start..at], is_closing, attributes: Vec::new() };
    loop {
        at += run(bytes, at, |byte| byte.is_ascii_whitespace() || byte == b'/');
        if *bytes.get(at)? == b'>' {
            return Some((tag, at + 1));
        }
        let name_start = at;
        // An equals sign at the start belongs to the name.
        at += 1;
        at += run(bytes, at, |byte| !ends_name(byte) && byte != b'=');
        while !html.is_char_boundary(at) {
            at += 1;
        }
        let name = html.get(name_start..at)?;
        let after = at + run(bytes, at, |byte| byte.is_ascii_whitespace());
        if bytes.get(after) == Some(&b'=') {
            let value = after + 1 + run(bytes, after + 1, |byte| byte.is_ascii_whitespace());
            let (attribute, end) = read_value(bytes, value, name)?;
            tag.attributes.push(attribute);
            at = end;
        }
    }
}

fn read_value<'t>(bytes: &[u8], from: usize, name: &'t str) -> Option<(Attribute<'t>, usize)> {
    let attribute = |span, quote, is_expression| Attribute { name, span, quote, is_expression };
    match *bytes.get(from)? {
        mark @ (b'"' | b'\'') => {
            let length = bytes.get(from + 1..)?.iter().position(|byte| *byte == mark)?;
            let end = from + 1 + length;
            let quote = if mark == b'"' { Quote::Double } else { Quote::Single };
            Some((attribute(from + 1..end, quote, false), end + 1))
        }
        b'{' => {
            let end = end_of_expression(bytes, from)?;
            Some((attribute(from..end, Quote::Nothing, true), end))
        }
        _ => {
            let end = from + run(bytes, from, |byte| !byte.is_ascii_whitespace() && byte != b'>');
            Some((attribute(from..end, Quote::Nothing, false), end))
        }
    }
}

fn end_of_expression(bytes: &[u8], from: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, byte) in bytes.get(from..)?.iter().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(from + offset + 1),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn ends_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>')
}

fn run(bytes: &[u8], from: usize, is_part: impl Fn(u8) -> bool) -> usize {
    bytes.get(from..).unwrap_or_default().iter().take_while(|byte| is_part(**byte)).count()
}
