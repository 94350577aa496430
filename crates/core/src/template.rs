//! The notation that key templates and link templates share: `{placeholder}`, `{placeholder:argument}`,
//! and `{{` `}}` for braces that mean themselves.

use crate::error::{Error, ErrorCode, Result};

/// One part of a template, in the order it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Text that stays as it is; doubled braces are already single.
    Text(String),
    /// Something to fill in.
    Placeholder(Placeholder<'a>),
}

/// A placeholder as written, not yet understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Placeholder<'a> {
    /// Before the colon.
    pub name: &'a str,
    /// After the colon.
    pub argument: Option<&'a str>,
    /// Both, with the braces: for error messages.
    pub written: &'a str,
    /// Where its `{` stands, counted in characters from 1.
    pub position: usize,
}

/// Splits a template into text and placeholders.
///
/// # Errors
/// `invalid_template` for a brace that is never closed or never opened.
pub(crate) fn scan(template: &str) -> Result<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = template;
    while let Some(brace) = rest.find(['{', '}']) {
        text.push_str(&rest[..brace]);
        let from_brace = &rest[brace..];
        let start = template.len() - from_brace.len();
        if let Some(after) = from_brace.strip_prefix("{{") {
            text.push('{');
            rest = after;
        } else if let Some(after) = from_brace.strip_prefix("}}") {
            text.push('}');
            rest = after;
        } else if from_brace.starts_with('}') {
            return Err(stray_brace(position_of(template, start)));
        } else {
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            let placeholder = placeholder_at(template, start)?;
            rest = &from_brace[placeholder.written.len()..];
            pieces.push(Piece::Placeholder(placeholder));
        }
    }
    text.push_str(rest);
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Ok(pieces)
}

/// Reads the placeholder whose `{` is at this byte.
fn placeholder_at(template: &str, start: usize) -> Result<Placeholder<'_>> {
    let position = position_of(template, start);
    let inside = &template[start + 1..];
    let end = inside.find(['{', '}']).filter(|&end| inside.as_bytes()[end] == b'}');
    let Some(end) = end else {
        return Err(invalid("unclosed", format!("The {{ at position {position} is never closed."))
            .param("position", position)
            .hint("Close it with }, or write {{ for a brace that means itself."));
    };
    let (name, argument) = match inside[..end].split_once(':') {
        Some((name, argument)) => (name, Some(argument)),
        None => (&inside[..end], None),
    };
    Ok(Placeholder { name, argument, written: &template[start..start + end + 2], position })
}

/// Counts characters, not bytes: this is what an editor shows as the column.
fn position_of(template: &str, byte: usize) -> usize {
    template[..byte].chars().count() + 1
}

fn stray_brace(position: usize) -> Box<Error> {
    invalid("stray", format!("The }} at position {position} closes nothing."))
        .param("position", position)
        .hint("Remove it, or write }} for a brace that means itself.")
}

/// An `invalid_template` error; `reason` lets translated sentences say the same.
pub(crate) fn invalid(reason: &str, message: impl Into<String>) -> Box<Error> {
    Error::new(ErrorCode::InvalidTemplate, message).param("reason", reason)
}

/// The error for a name that no template of this sort has.
pub(crate) fn unknown_placeholder(placeholder: Placeholder<'_>, known: &[&str]) -> Box<Error> {
    let known = known.join(" ");
    invalid(
        "unknown",
        format!("{} at position {} is not a known placeholder.", placeholder.written, placeholder.position),
    )
    .param("placeholder", placeholder.written)
    .param("position", placeholder.position)
    .param("known", &known)
    .hint(format!("The known ones are {known}."))
}

/// The error for a known name with an argument that it cannot use. `allowed` completes “write …”.
pub(crate) fn bad_argument(placeholder: Placeholder<'_>, allowed: &str) -> Box<Error> {
    invalid(
        "argument",
        format!(
            "{} at position {} has something after its name that it cannot use.",
            placeholder.written, placeholder.position
        ),
    )
    .param("placeholder", placeholder.written)
    .param("position", placeholder.position)
    .param("allowed", allowed)
    .hint(format!("Write {allowed}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubled_braces_mean_themselves_even_around_a_placeholder() {
        let pieces = scan("\\img{{{url}}}").unwrap();
        assert_eq!(pieces[0], Piece::Text("\\img{".into()));
        assert!(matches!(pieces[1], Piece::Placeholder(Placeholder { name: "url", position: 7, .. })));
        assert_eq!(pieces[2], Piece::Text("}".into()));
    }

    #[test]
    fn positions_count_characters_so_that_chinese_text_does_not_shift_them() {
        let error = scan("图片/{year").unwrap_err();
        assert_eq!(error.params["position"], "4");
        assert_eq!(error.params["reason"], "unclosed");
    }

    #[test]
    fn a_closing_brace_alone_is_pointed_at() {
        let error = scan("a}b").unwrap_err();
        assert_eq!(error.message, "The } at position 2 closes nothing.");
    }

    #[test]
    fn a_brace_opened_inside_a_placeholder_is_an_error() {
        assert_eq!(scan("{na{me}").unwrap_err().params["position"], "1");
    }
}
