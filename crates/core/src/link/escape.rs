//! What each notation must not see unescaped.

/// Percent-encodes what no address may contain, so that an address from anywhere is one word and
/// cannot end a tag or a pair of angle brackets. Everything else stays byte for byte.
pub(super) fn address(url: &str) -> String {
    encoding(url, |character| {
        character.is_control()
            || character.is_whitespace()
            || matches!(character, '"' | '<' | '>' | '\\' | '`')
    })
}

/// BBCode ends at the next `[`.
pub(super) fn bbcode_address(address: &str) -> String {
    encoding(address, |character| matches!(character, '[' | ']'))
}

/// Percent-encodes the characters chosen.
fn encoding(text: &str, is_encoded: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_encoded(character) {
            let mut buffer = [0; 4];
            for byte in character.encode_utf8(&mut buffer).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(character);
        }
    }
    out
}

/// Line breaks and tabs end a paragraph or a link: one space stands for each run of white space.
pub(super) fn one_line(text: &str) -> String {
    let spaced: String =
        text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Alt text between `![` and `]`.
///
/// Code spans, raw tags and entities bind tighter than brackets, so they are escaped too. An
/// underscore inside a word means nothing in Markdown and stays readable.
pub(super) fn markdown_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let is_special = match character {
            '\\' | '[' | ']' | '`' | '*' | '<' | '~' | '&' => true,
            '_' => {
                !(before.is_some_and(char::is_alphanumeric)
                    && rest.peek().is_some_and(|next| next.is_alphanumeric()))
            }
            _ => false,
        };
        if is_special {
            out.push('\\');
        }
        out.push(character);
        before = Some(character);
    }
    out
}

/// The address between `(` and `)`. Parentheses are legal in addresses but end the link early, so
/// such an address goes between angle brackets; its bytes stay, because a signature may cover them.
pub(super) fn markdown_destination(address: &str) -> String {
    let address = without_entities(address);
    if address.contains(['(', ')']) || address.is_empty() { format!("<{address}>") } else { address }
}

/// `&copy;` in an address would be read as ©: such an ampersand is written as an entity itself.
fn without_entities(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    let mut rest = address;
    while let Some(ampersand) = rest.find('&') {
        let after = &rest[ampersand + 1..];
        let name = after.find(|character: char| !character.is_ascii_alphanumeric() && character != '#');
        out.push_str(&rest[..=ampersand]);
        if name.is_some_and(|length| length > 0 && after[length..].starts_with(';')) {
            out.push_str("amp;");
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A value between double quotes in HTML.
pub(super) fn html_attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
