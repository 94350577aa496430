//! Profiles and the form that makes them.

use crate::Context;
use crate::types::{DraftRequest, ProfileId, ProfileOrder, RepairedDraft};
use picferry_core::profile::Profile;
use picferry_core::provider::TestReport;
use picferry_core::{Error, Result};
use picferry_engine::{NamePreview, Totals};

pub(crate) async fn repair(context: &Context, request: DraftRequest) -> Result<RepairedDraft> {
    let (draft, repairs) = context.engine.repair_profile(request.draft);
    Ok(RepairedDraft { draft, repairs })
}

pub(crate) async fn check(context: &Context, request: DraftRequest) -> Result<Vec<Error>> {
    Ok(context.engine.check_profile(&request.draft))
}

pub(crate) async fn save(context: &Context, request: DraftRequest) -> Result<Profile> {
    context.engine.save_profile(request.draft).await
}

pub(crate) async fn test(context: &Context, request: DraftRequest) -> Result<TestReport> {
    Ok(context.engine.test_profile(request.draft).await)
}

pub(crate) async fn duplicate(context: &Context, request: ProfileId) -> Result<Profile> {
    context.engine.duplicate_profile(&request.id).await
}

pub(crate) async fn remove(context: &Context, request: ProfileId) -> Result<()> {
    context.engine.remove_profile(&request.id).await
}

pub(crate) async fn reorder(context: &Context, request: ProfileOrder) -> Result<()> {
    context.engine.reorder_profiles(request.ids).await
}

pub(crate) async fn set_default(context: &Context, request: ProfileId) -> Result<()> {
    context.engine.set_default_profile(&request.id).await
}

pub(crate) async fn usage(context: &Context, request: ProfileId) -> Result<Totals> {
    context.engine.profile_usage(&request.id).await
}

pub(crate) async fn preview_names(context: &Context, request: DraftRequest) -> Result<Vec<NamePreview>> {
    context.engine.preview_names(&request.draft)
}
