//! Pictures that are tried before they are sent.

use super::uploads::{dropped, pasted};
use crate::types::{CompressOpen, CompressRemove, CompressSave, CompressTry, CompressUse, Empty};
use crate::{Context, FolderPurpose};
use picferry_core::compress::CompressPicture;
use picferry_core::job::Source;
use picferry_core::profile::Profile;
use picferry_core::{Error, ErrorCode, Result};
use picferry_engine::SavedCopies;

pub(crate) async fn list(context: &Context, _: Empty) -> Result<Vec<CompressPicture>> {
    Ok(context.engine.compress_pictures())
}

pub(crate) async fn open(context: &Context, request: CompressOpen) -> Result<Vec<CompressPicture>> {
    let mut sources: Vec<Source> = request.paths.unwrap_or_default().into_iter().map(dropped).collect();
    for file in request.files.unwrap_or_default() {
        sources.push(pasted(&file)?);
    }
    if let Some(ids) = request.uploads {
        sources.extend(context.engine.sources_of(ids).await?);
    }
    context.engine.compress_open(sources).await
}

pub(crate) async fn clipboard(context: &Context, _: Empty) -> Result<Vec<CompressPicture>> {
    let sources = context.host.read_clipboard().await?;
    if sources.is_empty() {
        return Err(Error::new(ErrorCode::ClipboardEmpty, "There is no picture on the clipboard.")
            .hint("Copy a picture or picture files first."));
    }
    context.engine.compress_open(sources).await
}

/// The whole list, changed or not: a dialogue that is dismissed adds nothing.
pub(crate) async fn choose(context: &Context, _: Empty) -> Result<Vec<CompressPicture>> {
    let files = context.host.choose_files().await?;
    let sources =
        files.into_iter().map(|file| Source::Path { path: file.to_string_lossy().into_owned() }).collect();
    context.engine.compress_open(sources).await
}

pub(crate) async fn try_options(context: &Context, request: CompressTry) -> Result<()> {
    context.engine.compress_try(&request.picture, &request.fields)
}

pub(crate) async fn stop(context: &Context, _: Empty) -> Result<()> {
    context.engine.compress_stop();
    Ok(())
}

pub(crate) async fn remove(context: &Context, request: CompressRemove) -> Result<Vec<CompressPicture>> {
    Ok(context.engine.compress_remove(&request.picture))
}

pub(crate) async fn use_for(context: &Context, request: CompressUse) -> Result<Profile> {
    context.engine.use_image_fields(&request.profile_id, request.fields).await
}

/// Nothing when the dialogue was dismissed.
pub(crate) async fn save(context: &Context, request: CompressSave) -> Result<Option<SavedCopies>> {
    match context.host.choose_folder(FolderPurpose::SaveCopies).await? {
        Some(folder) => context.engine.compress_save(folder, request.fields).await.map(Some),
        None => Ok(None),
    }
}

pub(crate) async fn close(context: &Context, _: Empty) -> Result<()> {
    context.engine.compress_close();
    Ok(())
}
