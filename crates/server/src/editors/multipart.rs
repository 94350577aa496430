//! Pictures sent as they are: every file of a form, whatever its field is called.
//!
//! PicGo calls the field `files`, Obsidian `list`, VS Code `file`. Each file goes to disk as it
//! comes; its name is a word to show, never a place on the disk.

use super::State;
use super::body::{Most, Watch, malformed, pieces};
use axum::body::Body;
use axum::http::{HeaderMap, header};
use multer::{Field, Multipart};
use picferry_core::job::Source;
use picferry_core::{Error, ErrorCode, Result};

/// A request may carry this many times the largest file.
const LARGEST_FILES: u64 = 4;

/// Longer names are cut: they become part of keys and messages.
const LONGEST_NAME: usize = 200;

/// The boundary of a form with files, if the request is one.
pub(super) fn boundary(headers: &HeaderMap) -> Option<Result<String>> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    if !kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        return None;
    }
    Some(multer::parse_boundary(kind).map_err(|error| malformed("its form has no boundary").detail(error)))
}

/// The files of a form, each checked by itself, with the names they came with.
///
/// # Errors
/// What is wrong with the body as a whole: then nothing of it is kept.
pub(super) async fn receive(
    state: &State,
    boundary: String,
    body: Body,
) -> Result<Vec<(String, Result<Source>)>> {
    let watch = Watch::default();
    let bytes = state.engine.settings().upload.max_file_bytes.saturating_mul(LARGEST_FILES);
    let most =
        Most { bytes, hint: "Send fewer pictures at a time, or raise the limit in Settings, General." };
    let stream = pieces(body, most, &state.limits, watch.clone());
    let mut form = Multipart::new(stream, boundary);
    let mut received = Vec::new();
    let taken = take_all(state, &mut form, &watch, &mut received).await;
    if let Err(error) = taken {
        let sources: Vec<Source> = received.into_iter().filter_map(|(_, source)| source.ok()).collect();
        state.engine.discard(&sources);
        return Err(error);
    }
    if received.is_empty() {
        return Err(malformed("its form holds no file"));
    }
    Ok(received)
}

async fn take_all(
    state: &State,
    form: &mut Multipart<'_>,
    watch: &Watch,
    received: &mut Vec<(String, Result<Source>)>,
) -> Result<()> {
    loop {
        let field = form.next_field().await.map_err(|error| broken(&error, watch))?;
        watch.claim();
        let Some(mut field) = field else { return Ok(()) };
        let Some(name) = field.file_name().map(plain_name) else {
            // A plain value beside the files; it is passed over within the bounds of the body.
            while field.chunk().await.map_err(|error| broken(&error, watch))?.is_some() {
                watch.claim();
            }
            continue;
        };
        if received.len() >= state.limits.pictures {
            return Err(malformed(format!("it has more than {} files", state.limits.pictures)));
        }
        let name = if name.is_empty() { format!("picture-{}", received.len() + 1) } else { name };
        let source = take(state, &mut field, &name, watch).await?;
        received.push((name, source));
    }
}

/// Takes one file. One that is no picture, or too large, fails alone: the rest of it is read past.
async fn take(state: &State, field: &mut Field<'_>, name: &str, watch: &Watch) -> Result<Result<Source>> {
    let mut incoming = state.engine.receive(name.to_owned()).await.map(Some);
    while let Some(piece) = field.chunk().await.map_err(|error| broken(&error, watch))? {
        watch.claim();
        if let Ok(Some(open)) = &mut incoming
            && let Err(error) = open.write(&piece).await
        {
            incoming = Err(error);
        }
    }
    let open = match incoming {
        Ok(Some(open)) => open,
        Ok(None) => return Ok(Err(Error::new(ErrorCode::Internal, "The picture was lost on its way."))),
        Err(error) => return Ok(Err(error)),
    };
    let (format, source) = match open.finish().await {
        Ok(finished) => finished,
        Err(error) => return Ok(Err(error)),
    };
    if let Err(error) = state.engine.check_editor_format(name, format) {
        state.engine.discard(&[source]);
        return Ok(Err(error));
    }
    Ok(Ok(source))
}

fn broken(error: &multer::Error, watch: &Watch) -> Box<Error> {
    watch.trouble().unwrap_or_else(|| malformed("its form is damaged").detail(error))
}

/// The last part of a name, under either kind of system, without what a terminal or a disk could
/// mistake for something else.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
    let plain = plain.trim();
    if matches!(plain, "." | "..") { String::new() } else { plain.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traversal_in_a_multipart_name_leaves_the_last_part() {
        for (given, plain) in [
            ("../../etc/passwd.png", "passwd.png"),
            ("..\\..\\windows\\a.png", "a.png"),
            ("/home/me/vault/截图 1.png", "截图 1.png"),
            ("C:\\Users\\me\\a.png", "a.png"),
            ("a\0b\n.png", "ab.png"),
            ("..", ""),
            ("folder/..", ""),
            ("", ""),
        ] {
            assert_eq!(plain_name(given), plain, "{given:?}");
        }
    }
}
