//! The history: pages, notes, deletion.

use super::app::web_address;
use crate::Context;
use crate::types::{
    HistoryDelete, HistoryFilterRequest, HistoryPageRequest, HistoryReupload, UploadAlt, UploadId, UploadIds,
    UploadNote,
};
use picferry_core::upload::{DayCount, HistoryPage, Upload};
use picferry_core::{Error, ErrorCode, Result};
use picferry_engine::{Accepted, DeleteResult, Totals};
use std::path::Path;

pub(crate) async fn page(context: &Context, request: HistoryPageRequest) -> Result<HistoryPage> {
    context.engine.history_page(request.filter, request.after, request.limit).await
}

pub(crate) async fn days(context: &Context, request: HistoryFilterRequest) -> Result<Vec<DayCount>> {
    context.engine.history_days(request.filter).await
}

pub(crate) async fn totals(context: &Context, request: HistoryFilterRequest) -> Result<Totals> {
    context.engine.history_totals(request.filter).await
}

pub(crate) async fn get(context: &Context, request: UploadIds) -> Result<Vec<Upload>> {
    context.engine.history_get(request.ids).await
}

pub(crate) async fn set_alt(context: &Context, request: UploadAlt) -> Result<Upload> {
    context.engine.set_alt(request.id, request.alt).await
}

pub(crate) async fn set_note(context: &Context, request: UploadNote) -> Result<Upload> {
    context.engine.set_note(request.id, request.note).await
}

pub(crate) async fn twins(context: &Context, request: UploadIds) -> Result<u32> {
    let twins = context.engine.twins(request.ids).await?;
    Ok(u32::try_from(twins.len()).unwrap_or(u32::MAX))
}

pub(crate) async fn delete(context: &Context, request: HistoryDelete) -> Result<Vec<DeleteResult>> {
    context.engine.delete(request.ids, request.mode).await
}

pub(crate) async fn restore(context: &Context, request: UploadIds) -> Result<()> {
    context.engine.restore(request.ids).await
}

pub(crate) async fn reupload(context: &Context, request: HistoryReupload) -> Result<Accepted> {
    context.engine.reupload(request.ids, request.profile_id).await
}

pub(crate) async fn open(context: &Context, request: UploadId) -> Result<()> {
    let upload = context.engine.history_one(request.id).await?;
    context.host.open_address(&web_address(&upload.url)?).await
}

pub(crate) async fn reveal(context: &Context, request: UploadId) -> Result<()> {
    let upload = context.engine.history_one(request.id).await?;
    let Some(path) = upload.source_path else {
        return Err(Error::new(ErrorCode::SourceGone, "This picture did not come from a file."));
    };
    let path = Path::new(&path);
    if !tokio::fs::try_exists(path).await.unwrap_or(false) {
        return Err(Error::new(ErrorCode::SourceGone, "The file is no longer where it was.")
            .param("file", path.display())
            .detail(path.display()));
    }
    context.host.reveal(path).await
}
