//! What a destination means.

use crate::reference::{Kind, Reference};
use percent_encoding::percent_decode_str;

/// Endings of picture files.
const ENDINGS: [&str; 20] = [
    "png", "jpg", "jpeg", "jpe", "jfif", "gif", "webp", "avif", "svg", "bmp", "tif", "tiff", "ico", "heic",
    "heif", "jxl", "qoi", "apng", "pjpeg", "jp2",
];

/// What a destination means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// On the web; `//host/a.png` is read as `https`.
    Remote(String),
    /// A file. The ways to read the name, likeliest first: as it is written, percent-decoded, without
    /// a query or fragment; slashes are `/`.
    Local(Vec<String>),
    /// The picture itself, as a `data:` address.
    Embedded,
    /// Something only another program knows: `app://…`, `cid:…`.
    Foreign(String),
    /// No picture: empty, or a place in the text itself.
    Nothing,
}

/// What the destination of a reference means.
#[must_use]
pub fn target_of(reference: &Reference) -> Target {
    let target = reference.target.trim();
    if target.is_empty() || target.starts_with('#') {
        return Target::Nothing;
    }
    if target.starts_with("//") {
        return Target::Remote(format!("https:{target}"));
    }
    match scheme(target).as_deref() {
        Some("http" | "https") => Target::Remote(target.to_owned()),
        Some("data") => Target::Embedded,
        Some("file") => Target::Local(vec![path_of_file_address(target)]),
        Some(other) => Target::Foreign(other.to_owned()),
        None => Target::Local(readings(reference, target)),
    }
}

/// Whether an address ends like a picture; a query and a fragment do not count.
#[must_use]
pub fn looks_like_picture(target: &str) -> bool {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    path.rsplit_once('.')
        .is_some_and(|(_, ending)| ENDINGS.iter().any(|one| ending.eq_ignore_ascii_case(one)))
}

/// The scheme in lower case; a drive letter is none.
fn scheme(target: &str) -> Option<String> {
    let (scheme, _) = target.split_once(':')?;
    let is_scheme = scheme.len() > 1
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    is_scheme.then(|| scheme.to_ascii_lowercase())
}

fn path_of_file_address(target: &str) -> String {
    let rest = &target["file:".len()..];
    let path = match rest.strip_prefix("//") {
        Some(rest) => rest.strip_prefix("localhost").unwrap_or(rest),
        None => rest,
    };
    let path = slashes(&decoded(path.split(['?', '#']).next().unwrap_or_default()));
    match path.strip_prefix('/') {
        Some(drive) if drive.as_bytes().get(1) == Some(&b':') => drive.to_owned(),
        _ => path,
    }
}

/// Names that a local destination may mean. A backslash before punctuation is an escape in Markdown
/// and a separator on Windows: as it is written comes first where there is one.
fn readings(reference: &Reference, target: &str) -> Vec<String> {
    let mut readings: Vec<String> = Vec::new();
    let mut add = |name: String| {
        if !name.is_empty() && !readings.contains(&name) {
            readings.push(name);
        }
    };
    let is_markdown = matches!(reference.kind, Kind::Inline | Kind::Definition | Kind::LinkAround);
    let as_written = reference.raw.trim();
    if is_markdown && as_written.contains('\\') && as_written != target {
        add(slashes(target));
        add(slashes(as_written));
        add(slashes(&decoded(as_written)));
    }
    let without_query = target.split(['?', '#']).next().unwrap_or_default();
    for name in [target, without_query] {
        add(slashes(name));
        add(slashes(&decoded(name)));
    }
    readings
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), |text| text.into_owned())
}

fn slashes(path: &str) -> String {
    path.replace('\\', "/")
}
