//! Text on the clipboard: the addresses or paths of pictures, or something else.

use picferry_core::job::Source;
use picferry_core::{Error, ErrorCode, Result};
use url::Url;

/// A text longer than this is no list of addresses.
const LONGEST_TEXT: usize = 64 * 1024;

/// The addresses or paths that make up a text.
///
/// # Errors
/// `clipboard_empty` when the text is anything else.
pub(crate) fn pictures_in_text(text: &str) -> Result<Vec<Source>> {
    if text.len() > LONGEST_TEXT {
        return Err(only_text());
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let sources: Option<Vec<Source>> = lines.iter().map(|line| source_of(line)).collect();
    match sources {
        Some(sources) if !sources.is_empty() => Ok(sources),
        _ if lines.is_empty() => Err(empty()),
        _ => Err(only_text()),
    }
}

/// A line that is an address or the full path of a file.
fn source_of(line: &str) -> Option<Source> {
    if let Ok(url) = Url::parse(line) {
        match url.scheme() {
            "http" | "https" => return Some(Source::Url { url: line.to_owned() }),
            "file" => {
                let path = url.to_file_path().ok()?;
                return Some(Source::Path { path: path.to_string_lossy().into_owned() });
            }
            _ => {}
        }
    }
    let path = std::path::Path::new(line);
    (path.is_absolute() && path.is_file()).then(|| Source::Path { path: line.to_owned() })
}

/// Nothing was copied.
pub(crate) fn empty() -> Box<Error> {
    refusal("The clipboard is empty.", "nothing")
}

fn only_text() -> Box<Error> {
    refusal("The clipboard holds text, not a picture.", "text")
}

/// There is something, but nothing that can be uploaded.
#[cfg(target_os = "linux")]
pub(crate) fn nothing_of_use() -> Box<Error> {
    refusal("The clipboard holds something that is not a picture.", "other")
}

fn refusal(message: &str, holds: &str) -> Box<Error> {
    Error::new(ErrorCode::ClipboardEmpty, message)
        .hint("Copy a picture, a file or the address of a picture, then try again.")
        .param("holds", holds)
}
