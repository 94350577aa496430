//! Pictures on their way.

use crate::Context;
use crate::types::{
    Empty, JobAnswer, JobIds, OfferAnswer, PastedFile, UploadBytes, UploadClipboard, UploadPaths, UploadTo,
    UploadUrls,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use picferry_core::job::{JobSnapshot, Origin, Source, UploadRequest};
use picferry_core::{Error, ErrorCode, Result};
use picferry_engine::Accepted;

pub(crate) async fn paths(context: &Context, request: UploadPaths) -> Result<Accepted> {
    let sources = request.paths.into_iter().map(dropped).collect();
    send(context, sources, request.profile_id, request.origin).await
}

/// A file; or a picture dragged out of a browser, whose address the system hands over as a path.
#[must_use]
pub fn dropped(path: String) -> Source {
    if path.starts_with("https://") || path.starts_with("http://") {
        Source::Url { url: path }
    } else {
        Source::Path { path }
    }
}

pub(crate) async fn urls(context: &Context, request: UploadUrls) -> Result<Accepted> {
    let sources = request.urls.into_iter().map(|url| Source::Url { url }).collect();
    send(context, sources, request.profile_id, Origin::Window).await
}

pub(crate) async fn clipboard(context: &Context, request: UploadClipboard) -> Result<Accepted> {
    let sources = clipboard_sources(context).await?;
    send(context, sources, request.profile_id, request.origin).await
}

async fn clipboard_sources(context: &Context) -> Result<Vec<Source>> {
    let sources = context.host.read_clipboard().await?;
    if sources.is_empty() {
        return Err(Error::new(ErrorCode::ClipboardEmpty, "There is no picture on the clipboard.")
            .hint("Copy a picture or picture files first."));
    }
    Ok(sources)
}

pub(crate) async fn choose(context: &Context, request: UploadTo) -> Result<Option<Accepted>> {
    let files = context.host.choose_files().await?;
    if files.is_empty() {
        return Ok(None);
    }
    let sources =
        files.into_iter().map(|file| Source::Path { path: file.to_string_lossy().into_owned() }).collect();
    send(context, sources, request.profile_id, Origin::Window).await.map(Some)
}

/// Lets the person photograph a part of the screen and sends it; nothing when they gave up.
pub(crate) async fn screenshot(context: &Context, request: UploadTo) -> Result<Option<Accepted>> {
    match context.host.capture_screen().await? {
        Some(source) => send(context, vec![source], request.profile_id, Origin::Screenshot).await.map(Some),
        None => Ok(None),
    }
}

/// The person's word about an upload that others asked for.
pub(crate) async fn answer_offer(context: &Context, request: OfferAnswer) -> Result<Option<Accepted>> {
    if !request.accept {
        return context.engine.take_offer(&request.id).map(|_| None);
    }
    let waiting = context.engine.waiting_offer(&request.id)?;
    // Read first: where the clipboard does not answer, the question stays to be answered again.
    let sources = if waiting.clipboard { clipboard_sources(context).await? } else { waiting.sources };
    context.engine.accept_offer(&request.id, sources, request.profile_id).await.map(Some)
}

pub(crate) async fn sample(context: &Context, request: UploadTo) -> Result<Accepted> {
    let mut sample = context.engine.sample_picture().await;
    if request.profile_id.is_some() {
        sample.profile_id = request.profile_id;
    }
    context.engine.upload(sample).await
}

pub(crate) async fn bytes(context: &Context, request: UploadBytes) -> Result<Accepted> {
    let sources = request.files.iter().map(pasted).collect::<Result<Vec<Source>>>()?;
    let origin = request.origin.unwrap_or(Origin::Paste);
    send(context, sources, request.profile_id, origin).await
}

/// The bytes of a pasted file. Only the last part of its name counts: it is no path.
pub(crate) fn pasted(file: &PastedFile) -> Result<Source> {
    let bytes = STANDARD.decode(file.base64.as_bytes()).map_err(|error| {
        Error::new(ErrorCode::Internal, "The pasted data did not arrive whole.")
            .hint("Paste it again, or save it as a file and drop that.")
            .detail(error)
    })?;
    let name = file.name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let name = if name.is_empty() { "pasted" } else { name };
    Ok(Source::Bytes { name: name.to_owned(), bytes: bytes.into() })
}

async fn send(
    context: &Context,
    sources: Vec<Source>,
    profile_id: Option<String>,
    origin: Origin,
) -> Result<Accepted> {
    context.engine.upload(UploadRequest { sources, profile_id, origin, ..UploadRequest::default() }).await
}

pub(crate) async fn jobs(context: &Context, _: Empty) -> Result<Vec<JobSnapshot>> {
    Ok(context.engine.jobs())
}

pub(crate) async fn pause(context: &Context, request: JobIds) -> Result<()> {
    context.engine.pause(request.ids).await
}

pub(crate) async fn resume(context: &Context, request: JobIds) -> Result<()> {
    context.engine.resume(request.ids).await
}

pub(crate) async fn cancel(context: &Context, request: JobIds) -> Result<()> {
    context.engine.cancel(request.ids).await
}

pub(crate) async fn retry(context: &Context, request: JobIds) -> Result<()> {
    context.engine.retry(request.ids).await
}

pub(crate) async fn clear(context: &Context, request: JobIds) -> Result<()> {
    context.engine.clear_jobs(request.ids).await
}

pub(crate) async fn answer(context: &Context, request: JobAnswer) -> Result<()> {
    context.engine.answer_conflict(&request.id, request.answer, request.for_all).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, base64: &str) -> PastedFile {
        PastedFile { name: name.into(), base64: base64.into() }
    }

    #[test]
    fn a_pasted_file_keeps_its_name_but_no_folders() {
        for (given, kept) in [
            ("截图 1.png", "截图 1.png"),
            ("../../etc/a.png", "a.png"),
            ("C:\\x\\b.gif", "b.gif"),
            ("", "pasted"),
            ("x/", "pasted"),
        ] {
            let Source::Bytes { name, bytes } = pasted(&file(given, "AAEC")).unwrap() else {
                unreachable!("pasted data is bytes")
            };
            assert_eq!((name.as_str(), bytes.as_ref()), (kept, &[0, 1, 2][..]));
        }
    }

    #[test]
    fn broken_base64_is_refused() {
        assert!(pasted(&file("a.png", "AA*C")).is_err());
    }
}
