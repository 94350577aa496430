//! How an address is written so that it is read back as itself.

use crate::reference::{Notation, Quote, Reference};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What no address may contain, and what would begin code, a formula or a table cell in Markdown.
const NOT_IN_AN_ADDRESS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'$')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The address as it can stand at that place: with everything percent-encoded that no address may
/// contain, and what the place itself cannot hold. Letters of all scripts stay.
pub fn fitting(reference: &Reference, address: &str) -> String {
    let address = clean(address);
    match &reference.notation {
        Notation::Attribute { in_list: true, .. } => in_source_set(&address),
        Notation::Field { .. } => address.replace('\'', "%27"),
        _ => address,
    }
}

fn clean(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for character in address.trim().chars() {
        if character.is_ascii() {
            let mut buffer = [0; 4];
            out.extend(utf8_percent_encode(character.encode_utf8(&mut buffer), NOT_IN_AN_ADDRESS));
        } else if character.is_whitespace() || character.is_control() || character == '\u{feff}' {
            let mut buffer = [0; 4];
            character.encode_utf8(&mut buffer).bytes().for_each(|byte| out.push_str(&format!("%{byte:02X}")));
        } else {
            out.push(character);
        }
    }
    out
}

/// What stands in the text instead of the replaced bytes. `address` fits; `next` is the byte that
/// follows.
pub fn written(reference: &Reference, address: &str, next: Option<u8>) -> String {
    match &reference.notation {
        Notation::Bare => bare(address),
        Notation::Angled => without_entities(address),
        Notation::Attribute { quote, .. } => attribute(address, *quote, next),
        Notation::Wiki { alt, size, is_pipe_escaped, .. } => {
            let pipe = if *is_pipe_escaped { "\\|" } else { "|" };
            let size = size.as_ref().map(|size| format!("{pipe}{size}")).unwrap_or_default();
            format!("![{}{size}]({})", label(alt), bare(address))
        }
        Notation::Field { quote } => field(address, *quote),
    }
}

/// Between parentheses: balanced ones may stay, others are escaped.
fn bare(address: &str) -> String {
    let address = without_entities(address);
    if address.is_empty() {
        "<>".to_owned()
    } else if parentheses_are_balanced(&address) {
        address
    } else {
        address.replace('(', "\\(").replace(')', "\\)")
    }
}

fn parentheses_are_balanced(address: &str) -> bool {
    let mut depth = 0_u32;
    for byte in address.bytes() {
        match byte {
            b'(' if depth >= 3 => return false,
            b'(' => depth += 1,
            b')' if depth == 0 => return false,
            b')' => depth -= 1,
            _ => {}
        }
    }
    depth == 0
}

/// `&copy;` in an address would be read as ©: such an ampersand is written as an entity itself.
fn without_entities(address: &str) -> String {
    let mut pieces = address.split('&');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let name = piece.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '#');
        let is_entity = name.is_some_and(|length| length > 0 && piece[length..].starts_with(';'));
        out.push_str(if is_entity { "&amp;" } else { "&" });
        out.push_str(piece);
    }
    out
}

/// Commas at the ends separate the addresses of a list.
fn in_source_set(address: &str) -> String {
    let inner = address.trim_matches(',');
    let ends = address.len() - address.trim_start_matches(',').len();
    let tail = address.trim_start_matches(',').len() - inner.len();
    format!("{}{inner}{}", "%2C".repeat(ends), "%2C".repeat(tail))
}

fn attribute(address: &str, quote: Quote, next: Option<u8>) -> String {
    let escaped = address.replace('&', "&amp;");
    match quote {
        Quote::Double => escaped,
        Quote::Single => escaped.replace('\'', "&#39;"),
        Quote::Nothing => {
            let needs_quotes = escaped.is_empty() || escaped.contains(['\'', '=']) || next == Some(b'/');
            if needs_quotes { format!("\"{escaped}\"") } else { escaped }
        }
    }
}

fn field(address: &str, quote: Quote) -> String {
    let is_plain = address.starts_with(|first: char| first.is_alphanumeric() || matches!(first, '.' | '/'))
        && !address.ends_with(':');
    if quote == Quote::Nothing && !is_plain { format!("\"{address}\"") } else { address.to_owned() }
}

/// Alternative text between `![` and `]`.
fn label(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '[' | ']' | '`' | '*' | '<' | '~' | '&' | '|' | '$' | '^' | '{' | '}') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}
