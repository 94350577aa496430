//! Watched folders.

use super::path_text;
use crate::types::{Empty, WatchAdd, WatchChange, WatchId, WatchPause};
use crate::{Context, FolderPurpose};
use picferry_core::Result;
use picferry_core::watched::{AfterUpload, WatchedFolder, WatchedFolders};

pub(crate) async fn list(context: &Context, _: Empty) -> Result<WatchedFolders> {
    context.engine.watched_folders().await
}

/// Nothing when the dialogue was dismissed.
pub(crate) async fn add(context: &Context, request: WatchAdd) -> Result<Option<WatchedFolder>> {
    let path = match request.path {
        Some(path) => Some(path),
        None => chosen(context, FolderPurpose::Watch).await?,
    };
    let Some(path) = path else { return Ok(None) };
    let folder = WatchedFolder { path, ..WatchedFolder::default() };
    context.engine.add_watched_folder(folder, false).await.map(Some)
}

pub(crate) async fn change(context: &Context, request: WatchChange) -> Result<WatchedFolder> {
    context.engine.change_watched_folder(request.folder).await
}

/// The folder is somewhere else now. Nothing when the dialogue was dismissed.
pub(crate) async fn find(context: &Context, request: WatchId) -> Result<Option<WatchedFolder>> {
    let folder = context.engine.watched_folder(&request.id)?;
    let Some(path) = chosen(context, FolderPurpose::Watch).await? else { return Ok(None) };
    context.engine.change_watched_folder(WatchedFolder { path, ..folder }).await.map(Some)
}

/// Files are moved to a folder that is asked for. Nothing when the dialogue was dismissed.
pub(crate) async fn move_to(context: &Context, request: WatchId) -> Result<Option<WatchedFolder>> {
    let folder = context.engine.watched_folder(&request.id)?;
    let Some(move_to) = chosen(context, FolderPurpose::MoveTo).await? else { return Ok(None) };
    let folder = WatchedFolder { afterwards: AfterUpload::Move, move_to, ..folder };
    context.engine.change_watched_folder(folder).await.map(Some)
}

pub(crate) async fn remove(context: &Context, request: WatchId) -> Result<()> {
    context.engine.remove_watched_folder(&request.id).await
}

pub(crate) async fn pause(context: &Context, request: WatchPause) -> Result<()> {
    context.engine.pause_watched_folders(request.paused).await
}

pub(crate) async fn send_before(context: &Context, request: WatchId) -> Result<u32> {
    context.engine.send_files_from_before(&request.id).await
}

pub(crate) async fn retry(context: &Context, request: WatchId) -> Result<()> {
    context.engine.retry_watched_folder(&request.id).await
}

async fn chosen(context: &Context, purpose: FolderPurpose) -> Result<Option<String>> {
    context.host.choose_folder(purpose).await?.map(path_text).transpose()
}
