//! Reads the XML of an SVG file, and refuses what makes reading expensive.

use picferry_core::{Error, ErrorCode, Result};
use resvg::usvg::roxmltree::{self, ParsingOptions};

pub(crate) use roxmltree::Document;

/// More than any drawing for a post has, and few enough to draw.
const MOST_NODES: u32 = 500_000;

/// Groups inside groups: whatever walks the tree calls itself.
const MOST_DEPTH: usize = 200;

/// Bytes that all entities together may unfold to.
const MOST_ENTITY_BYTES: usize = 16 << 20;

/// The file as a tree.
pub(super) fn parse(text: &str) -> Result<Document<'_>> {
    // What stands before the declaration is forgiven here, as it is when the file is told apart.
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if unfolded(text) > MOST_ENTITY_BYTES {
        return Err(too_intricate("its entities unfold to too much text"));
    }
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => too_intricate("it has too many parts"),
        roxmltree::Error::EntityReferenceLoop(_) => too_intricate("its entities refer to each other"),
        error => super::unreadable().detail(error),
    })?;
    if depth(&document) > MOST_DEPTH {
        return Err(too_intricate("its groups are nested too deep"));
    }
    Ok(document)
}

/// The error for a file that could be drawn, but not in a reasonable time.
pub(super) fn too_intricate(why: &str) -> Box<Error> {
    Error::new(ErrorCode::Unsupported, format!("The SVG picture is too intricate: {why}."))
        .param("reason", "svg_intricate")
        .param("format", "SVG")
        .param("found", why)
        .hint("Simplify it in a drawing program, or send it as PNG.")
}

/// The most that entities can add: each time one is named, all that is declared.
fn unfolded(text: &str) -> usize {
    let declared: usize = declarations(text).filter(|part| part.starts_with("<!ENTITY")).map(str::len).sum();
    if declared == 0 {
        return 0;
    }
    text.bytes().filter(|byte| *byte == b'&').count().saturating_mul(declared)
}

/// What stands between the brackets of the document type, declaration by declaration.
pub(super) fn declarations(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = inner_subset(text).unwrap_or_default();
    std::iter::from_fn(move || {
        loop {
            let start = rest.find('<')?;
            rest = &rest[start..];
            let end = if rest.starts_with("<!--") {
                rest.find("-->").map(|end| end + 3)
            } else if rest.starts_with("<?") {
                rest.find("?>").map(|end| end + 2)
            } else {
                end_of_declaration(rest)
            };
            // One that does not end goes on to the end.
            let (part, after) = rest.split_at(end.unwrap_or(rest.len()));
            rest = after;
            if part.starts_with("<!") && !part.starts_with("<!--") {
                return Some(part);
            }
        }
    })
}

/// Behind the `>` that does not stand in quotes.
fn end_of_declaration(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (None, '>') => return Some(at + 1),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

/// The text behind the `[` of the document type: everything that may declare something.
fn inner_subset(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = &rest[rest.find('<')?..];
        if rest.starts_with("<?") {
            rest = &rest[rest.find("?>")? + 2..];
        } else if rest.starts_with("<!--") {
            rest = &rest[rest.find("-->")? + 3..];
        } else if rest.starts_with("<!DOCTYPE") {
            break;
        } else {
            return None;
        }
    }
    let mut quote = None;
    let start = rest.char_indices().find_map(|(at, letter)| {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (None, '[' | '>') => return Some((at, letter)),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
        None
    });
    let (start, letter) = start?;
    if letter == '>' {
        return None;
    }
    let inside = &rest[start + 1..];
    Some(&inside[..end_of_subset(inside)])
}

/// Where the `]` stands that is neither in quotes nor in a comment.
fn end_of_subset(text: &str) -> usize {
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let length = if rest.starts_with(']') {
            return at;
        } else if rest.starts_with("<!--") {
            rest.find("-->").map(|end| end + 3)
        } else if rest.starts_with("<?") {
            rest.find("?>").map(|end| end + 2)
        } else if rest.starts_with("<!") {
            end_of_declaration(rest)
        } else {
            rest.chars().next().map(char::len_utf8)
        };
        at += length.unwrap_or(rest.len());
    }
    text.len()
}

/// How deep elements are nested.
fn depth(document: &Document<'_>) -> usize {
    let (mut node, mut depth, mut deepest) = (document.root(), 0_usize, 0);
    loop {
        if let Some(child) = node.first_child() {
            node = child;
            depth += 1;
            deepest = deepest.max(depth);
            continue;
        }
        loop {
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent() else { return deepest };
            node = parent;
            depth -= 1;
        }
    }
}
