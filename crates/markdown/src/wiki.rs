//! Wiki embeds: `![[folder/a.png|alt|300]]`.

use crate::reference::{Kind, Notation, Reference};
use crate::target::looks_like_picture;
use std::ops::Range;

/// The embed at that range, if it is one of a picture and not of a note.
pub fn embed(source: &str, whole: Range<usize>) -> Option<Reference> {
    let inner = source.get(whole.clone())?.strip_prefix("![[")?.strip_suffix("]]")?;
    if inner.contains(['\n', '\r']) {
        return None;
    }
    let (name, parameters) = match inner.split_once('|') {
        Some((name, parameters)) => (name, Some(parameters)),
        None => (inner, None),
    };
    let is_pipe_escaped = parameters.is_some() && name.ends_with('\\');
    let name = if is_pipe_escaped { &name[..name.len() - 1] } else { name };
    let name = name.split('#').next().unwrap_or_default();
    let start = whole.start + 3 + (name.len() - name.trim_start().len());
    let name = name.trim();
    if !looks_like_picture(name) {
        return None;
    }
    let (alt, size) = read_parameters(parameters.unwrap_or_default());
    let alt = if alt.is_empty() { stem(name).to_owned() } else { alt };
    Some(Reference {
        kind: Kind::WikiEmbed,
        span: start..start + name.len(),
        line: 0,
        raw: name.to_owned(),
        target: name.to_owned(),
        alt: alt.clone(),
        notation: Notation::Wiki { whole, alt, size, is_pipe_escaped },
    })
}

/// The text and the size among the parameters: `alt|300`, `300x200`, `alt`.
fn read_parameters(parameters: &str) -> (String, Option<String>) {
    let mut texts = Vec::new();
    let mut size = None;
    for one in parameters.split('|').map(|one| one.trim_end_matches('\\').trim()) {
        if is_size(one) {
            size = Some(one.to_owned());
        } else if !one.is_empty() {
            texts.push(one);
        }
    }
    (texts.join(" "), size)
}

fn is_size(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('x') {
        Some((width, height)) => is_number(width) && is_number(height),
        None => is_number(text),
    }
}

/// The file name without folders and extension: what readers see where a picture cannot be shown.
fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}
