//! Uploads that start outside the window: the hotkey, the tray, the command line of a start.
//! The links are delivered as for every other upload.

use crate::notify;
use crate::shell::Shell;
use picferry_core::event::{Event, Notice};
use picferry_core::job::{Origin, Source, UploadRequest};
use picferry_core::{Error, Result};
use picferry_rpc::Context;
use tauri::{AppHandle, Manager as _};

/// Uploads what is on the clipboard.
pub async fn clipboard(app: &AppHandle, origin: Origin) {
    run(app, "clipboard", async |context: &Context| {
        let sources = context.host.read_clipboard().await?;
        send(context, sources, origin).await
    })
    .await;
}

/// Uploads these. Whether they are in the queue on the disk now.
pub async fn sources(app: &AppHandle, sources: Vec<Source>, origin: Origin) -> bool {
    run(app, "upload", async |context: &Context| send(context, sources, origin).await).await
}

/// Lets the person photograph a part of the screen and uploads it.
pub async fn screenshot(app: &AppHandle) {
    run(app, "screenshot", async |context: &Context| match context.host.capture_screen().await? {
        Some(source) => send(context, vec![source], Origin::Screenshot).await,
        None => Ok(()),
    })
    .await;
}

/// Lets the person choose files and uploads them.
pub async fn choose(app: &AppHandle, origin: Origin) {
    run(app, "upload", async |context: &Context| {
        let files = context.host.choose_files().await?;
        let sources: Vec<Source> =
            files.iter().map(|file| Source::Path { path: file.to_string_lossy().into_owned() }).collect();
        if sources.is_empty() { Ok(()) } else { send(context, sources, origin).await }
    })
    .await;
}

/// Does something with the engine, and tells the person when it fails: there may be no window.
/// Whether it worked.
pub async fn run(app: &AppHandle, topic: &str, work: impl AsyncFnOnce(&Context) -> Result<()>) -> bool {
    let done = match app.state::<Shell>().context().await {
        Ok(context) => work(&context).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => true,
        Err(error) => {
            failed(app, topic, &error);
            false
        }
    }
}

async fn send(context: &Context, sources: Vec<Source>, origin: Origin) -> Result<()> {
    let request = UploadRequest { sources, origin, ..UploadRequest::default() };
    Box::pin(context.engine.upload(request)).await.map(drop)
}

fn failed(app: &AppHandle, topic: &str, error: &Error) {
    tracing::warn!(topic, code = %error.code.name(), "an upload from outside the window failed: {error}");
    if let Some(context) = app.state::<Shell>().context_now() {
        context
            .engine
            .emit(Event::Notice { notice: Notice { topic: topic.to_owned(), error: error.clone() } });
    }
    notify::failure(app, error);
}
