//! Markdown files whose pictures move.

use super::path_text;
use crate::types::{Empty, MigrateId, MigratePath};
use crate::{Context, FolderPurpose};
use picferry_core::Result;
use picferry_core::migrate::{Migration, MigrationRequest, MigrationState, MigrationUndo};

pub(crate) async fn state(context: &Context, _: Empty) -> Result<MigrationState> {
    Ok(context.engine.migration_state().await)
}

/// Nothing when the dialogue was dismissed.
pub(crate) async fn choose_file(context: &Context, _: Empty) -> Result<Option<String>> {
    context.host.choose_note().await?.map(path_text).transpose()
}

pub(crate) async fn choose_folder(context: &Context, _: Empty) -> Result<Option<String>> {
    context.host.choose_folder(FolderPurpose::Notes).await?.map(path_text).transpose()
}

pub(crate) async fn choose_target(context: &Context, _: Empty) -> Result<Option<String>> {
    context.host.choose_folder(FolderPurpose::SavePictures).await?.map(path_text).transpose()
}

pub(crate) async fn plan(context: &Context, request: MigrationRequest) -> Result<Migration> {
    context.engine.plan_migration(request).await
}

pub(crate) async fn start(context: &Context, request: MigrationRequest) -> Result<()> {
    context.engine.start_migration(request).await
}

pub(crate) async fn stop(context: &Context, _: Empty) -> Result<()> {
    context.engine.stop_migration();
    Ok(())
}

pub(crate) async fn close(context: &Context, _: Empty) -> Result<()> {
    context.engine.close_migration();
    Ok(())
}

pub(crate) async fn undo(context: &Context, request: MigratePath) -> Result<MigrationUndo> {
    context.engine.undo_migration(&request.path).await
}

pub(crate) async fn leave(context: &Context, request: MigrateId) -> Result<()> {
    context.engine.leave_migration(&request.id).await
}
