//! Whether an SVG file would do more than be seen.
//!
//! A host serves what it is sent. Opened by itself in a browser, an SVG file with a script runs it
//! in the name of the host's address.

use super::document;
use picferry_core::{Error, ErrorCode, Result};
use resvg::usvg::roxmltree::Node;

/// Elements of HTML that bring in other documents.
const EMBEDDING: &[&str] = &["iframe", "embed", "object", "applet", "frame", "frameset", "portal"];

/// Refuses a file with scripts, or with parts from elsewhere that could be some.
///
/// # Errors
/// `unsupported` that says what was found, `damaged_picture` for what is no XML.
pub(crate) fn refuse_scripts(bytes: &[u8]) -> Result<()> {
    refuse_encodings(bytes)?;
    // Other encodings that were let through agree with this one on everything that is looked for.
    let text = String::from_utf8_lossy(bytes);
    if let Some(found) = document::declarations(&text).find_map(outer_entity) {
        return Err(refused(found));
    }
    let document = document::parse(&text)?;
    for node in document.descendants() {
        if let Some(found) = processing(&node).or_else(|| element(&node)) {
            return Err(refused(&found));
        }
    }
    Ok(())
}

fn refused(found: &str) -> Box<Error> {
    Error::new(ErrorCode::Unsupported, format!("The SVG picture carries more than a picture: {found}."))
        .param("reason", "svg_scripts")
        .param("format", "SVG")
        .param("found", found)
        .hint("Save it as plain SVG in a drawing program, or send it as PNG.")
}

/// In some encodings the same bytes are other letters: a browser would see what is not seen here.
fn refuse_encodings(bytes: &[u8]) -> Result<()> {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let Some(declaration) = start.strip_prefix(b"<?xml") else { return Ok(()) };
    let end = declaration.windows(2).position(|window| window == b"?>").unwrap_or(declaration.len());
    let declaration = String::from_utf8_lossy(&declaration[..end]).to_lowercase();
    let Some((_, value)) = declaration.split_once("encoding") else { return Ok(()) };
    let value = value.trim_start().trim_start_matches('=').trim_start();
    let name = value.split(['"', '\'']).nth(1).unwrap_or_default().trim();
    let is_plain = matches!(name, "utf-8" | "utf8" | "us-ascii" | "ascii")
        || name.starts_with("iso-8859-")
        || name.starts_with("windows-125");
    if is_plain { Ok(()) } else { Err(refused("a text encoding that can hide scripts")) }
}

/// An entity whose text lies elsewhere.
fn outer_entity(declaration: &str) -> Option<&'static str> {
    let rest = declaration.strip_prefix("<!ENTITY")?;
    let mut outside = String::new();
    let mut quote = None;
    for letter in rest.chars() {
        match quote {
            None if letter == '"' || letter == '\'' => {
                quote = Some(letter);
                outside.push(' ');
            }
            None => outside.push(letter),
            Some(open) if open == letter => quote = None,
            Some(_) => {}
        }
    }
    let is_outer = outside.split_whitespace().any(|word| word == "SYSTEM" || word == "PUBLIC");
    is_outer.then_some("an external entity (<!ENTITY>)")
}

/// A style sheet that may transform the file into anything.
fn processing(node: &Node<'_, '_>) -> Option<String> {
    let instruction = node.pi()?;
    let value = instruction.value.unwrap_or_default().to_lowercase();
    let is_transform =
        instruction.target.eq_ignore_ascii_case("xml-stylesheet") && !value.contains("text/css");
    is_transform.then(|| "a style sheet that transforms it (<?xml-stylesheet?>)".to_owned())
}

fn element(node: &Node<'_, '_>) -> Option<String> {
    if !node.is_element() {
        return None;
    }
    let name = node.tag_name().name();
    let lower = name.to_lowercase();
    let inside = if is_inside_foreign_object(node) { " in <foreignObject>" } else { "" };
    if lower == "script" || lower == "handler" {
        return Some(format!("a script (<{name}>{inside})"));
    }
    if EMBEDDING.contains(&lower.as_str()) {
        return Some(format!("another document (<{name}>{inside})"));
    }
    if lower == "meta"
        && node.attributes().any(|attribute| attribute.name().eq_ignore_ascii_case("http-equiv"))
    {
        return Some(format!("a page instruction (<{name}>{inside})"));
    }
    if lower == "style" && node.text().is_some_and(|text| text.to_lowercase().contains("javascript:")) {
        return Some("a script in a style sheet (<style>)".to_owned());
    }
    node.attributes().find_map(|attribute| {
        // Handlers have no namespace; what editors note under their own may begin as it likes.
        let handler = attribute.namespace().is_none() && is_handler(attribute.name());
        if handler {
            return Some(format!("an event handler ({})", attribute.name()));
        }
        dangerous(&lower, attribute.name(), attribute.value())
    })
}

fn is_inside_foreign_object(node: &Node<'_, '_>) -> bool {
    node.ancestors().skip(1).any(|outer| outer.tag_name().name() == "foreignObject")
}

fn is_handler(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.len() > 2 && lower.starts_with("on")
}

fn dangerous(element: &str, name: &str, value: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let value = plain(value);
    // Browsers drop blanks and control characters before they look at the scheme.
    let is_script = |value: &str| value.starts_with("javascript:") || value.starts_with("vbscript:");
    if value.split(';').any(is_script) || (lower == "style" && value.contains("javascript:")) {
        return Some(format!("a script link ({name})"));
    }
    let is_link = matches!(
        lower.as_str(),
        "href" | "src" | "action" | "formaction" | "data" | "srcdoc" | "to" | "from" | "values" | "by"
    );
    let is_page = value.split(';').any(|value| {
        value.starts_with("data:")
            && !value.starts_with("data:image/")
            && !value.starts_with("data:font/")
            && !value.starts_with("data:application/font")
    });
    if is_link && is_page && !matches!(element, "font-face-uri" | "color-profile") {
        return Some(format!("a page in a link ({name})"));
    }
    (lower == "srcdoc").then(|| "another document (srcdoc)".to_owned())
}

/// Without what browsers ignore in an address, in lower case.
fn plain(value: &str) -> String {
    value
        .chars()
        .filter(|letter| !letter.is_whitespace() && !letter.is_control())
        .flat_map(char::to_lowercase)
        .collect()
}
