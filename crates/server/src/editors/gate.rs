//! What may be read: regular files that hold a picture, and addresses. Nothing else becomes a job.

use super::State;
use super::input::{Given, Meant};
use picferry_core::job::Source;
use picferry_core::{Error, ErrorCode, Result};
use std::path::PathBuf;

/// The sources that a list means, each checked by itself.
pub(super) async fn of_list(state: &State, list: Vec<Given>) -> Vec<(String, Result<Source>)> {
    let mut checked = Vec::with_capacity(list.len());
    for given in list {
        let source = match given.meant {
            Ok(Meant::Url(url)) => Ok(Source::Url { url }),
            Ok(Meant::Path(places)) => first_picture(state, places).await,
            Err(error) => Err(error),
        };
        checked.push((given.text, source));
    }
    checked
}

/// The sources on the clipboard: what is copied there is asked for like everything else.
///
/// # Errors
/// `unsupported` where there is no clipboard; `clipboard_empty`, `clipboard_timeout`.
pub(super) async fn of_clipboard(state: &State) -> Result<Vec<(String, Result<Source>)>> {
    let clipboard = state.clipboard.as_ref().ok_or_else(|| {
        Error::new(ErrorCode::Unsupported, "This Picferry has no clipboard: it runs without a desktop.")
            .hint("Send the picture itself, or its path.")
    })?;
    let mut checked = Vec::new();
    for source in clipboard.read().await? {
        checked.push(match source {
            Source::Path { path } => (path.clone(), first_picture(state, vec![path]).await),
            Source::Url { url } => (url.clone(), Ok(Source::Url { url })),
            Source::Bytes { name, bytes } => (name.clone(), Ok(Source::Bytes { name, bytes })),
            Source::Received { name, path } => (name.clone(), Ok(Source::Received { name, path })),
        });
    }
    Ok(checked)
}

async fn first_picture(state: &State, places: Vec<String>) -> Result<Source> {
    let mut failure = None;
    for path in places {
        match state.engine.look_at_file(PathBuf::from(&path)).await {
            Ok(format) => {
                return state.engine.check_editor_format(&path, format).map(|()| Source::Path { path });
            }
            Err(error) => drop(failure.get_or_insert(error)),
        }
    }
    Err(failure.unwrap_or_else(|| Error::new(ErrorCode::FileNotFound, "There is no file.")))
}
