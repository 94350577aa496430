//! Custom link templates: `[[{name}|{url}]]`.

use super::LinkContext;
use crate::error::Result;
use crate::field::Words;
use crate::template::{Piece, Placeholder, bad_argument, invalid, scan, unknown_placeholder};

/// What the form offers to insert, with its help, in the order it is shown.
pub const LINK_PLACEHOLDERS: &[(&str, Words)] = &[
    ("{url}", Words::new("Address", "链接地址")),
    ("{name}", Words::new("File name", "文件名")),
    ("{alt}", Words::new("Alt text", "替代文字")),
    ("{width}", Words::new("Width in pixels; empty if it has none", "宽度（像素），未知时为空")),
    ("{height}", Words::new("Height in pixels; empty if it has none", "高度（像素），未知时为空")),
    ("{key}", Words::new("Object key", "对象键")),
    ("{size}", Words::new("Size in bytes", "大小（字节）")),
];

/// Whether a link template can be read.
///
/// # Errors
/// `invalid_template` with the placeholder, its position and the known ones; also for a template
/// without any placeholder, which would give the same text for every picture.
pub fn check_template(template: &str) -> Result<()> {
    if template.trim().is_empty() {
        return Err(invalid("empty", "The link template is empty.").hint("A simple one is {url}."));
    }
    let mut placeholders = 0;
    for piece in scan(template)? {
        if let Piece::Placeholder(written) = piece {
            check_placeholder(written)?;
            placeholders += 1;
        }
    }
    if placeholders == 0 {
        return Err(invalid("no_placeholder", "The link template is the same for every picture.")
            .hint("Put {url} where the address belongs."));
    }
    Ok(())
}

fn check_placeholder(written: Placeholder<'_>) -> Result<()> {
    let known: Vec<&str> = LINK_PLACEHOLDERS.iter().map(|(placeholder, _)| *placeholder).collect();
    let braced = format!("{{{}}}", written.name);
    if !known.contains(&braced.as_str()) {
        return Err(unknown_placeholder(written, &known));
    }
    match written.argument {
        None => Ok(()),
        Some(_) => Err(bad_argument(written, &braced)),
    }
}

/// Fills the template in. Values go in as they are: only the person knows the notation around them.
/// What cannot be read stays as written; [`check_template`] has told the person before.
pub(super) fn fill(template: &str, context: &LinkContext<'_>, address: &str, alt: &str) -> String {
    let Ok(pieces) = scan(template) else { return template.to_owned() };
    pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Placeholder(written) => {
                value(written.name, context, address, alt).unwrap_or_else(|| written.written.to_owned())
            }
        })
        .collect()
}

fn value(name: &str, context: &LinkContext<'_>, address: &str, alt: &str) -> Option<String> {
    let pixels = |length: Option<u32>| length.map(|length| length.to_string()).unwrap_or_default();
    Some(match name {
        "url" => address.to_owned(),
        "name" => context.name.to_owned(),
        "alt" => alt.to_owned(),
        "width" => pixels(context.width),
        "height" => pixels(context.height),
        "key" => context.key.to_owned(),
        "size" => context.size.to_string(),
        _ => return None,
    })
}
