//! `POST /delete`: removes pictures that an editor has kept the answer of.
//!
//! Only what the history knows is deleted, by its own record of where it lies: what a request says
//! about hosts, keys or accounts is not looked at.

use super::body::malformed;
use super::{State as Shared, answer, body};
use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use picferry_core::upload::Upload;
use picferry_core::{Error, ErrorCode, Result};
use picferry_engine::DeleteMode;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Deserialize)]
struct Wanted {
    list: Vec<Item>,
}

/// What an editor kept; everything else in it is its own business.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    img_url: Value,
}

pub(super) async fn delete(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match deleted(&shared, request).await {
        Ok(response) => response,
        Err(error) => answer::failed(&error),
    }
}

async fn deleted(shared: &Shared, request: Request) -> Result<Response> {
    let body = body::whole(request.into_body(), &shared.limits).await?;
    let wanted: Wanted = serde_json::from_slice(&body)
        .map_err(|error| malformed("it is no list of what /upload answered in fullResult").detail(error))?;
    if wanted.list.is_empty() || wanted.list.len() > shared.limits.pictures {
        return Err(malformed("its list is empty, or too long"));
    }
    let mut results = Vec::with_capacity(wanted.list.len());
    let mut failure = None;
    for item in &wanted.list {
        let outcome = delete_one(shared, item).await;
        let mut result = json!({ "id": item.id, "success": outcome.is_ok() });
        if let Err(error) = outcome {
            result["message"] = error.message.clone().into();
            failure.get_or_insert(error);
        }
        results.push(result);
    }
    let gone = results.iter().filter(|result| result["success"] == true).count();
    let mut message = format!("delete success: {gone}, fail: {}", results.len() - gone);
    if let Some(error) = &failure {
        message = format!("{message}. {}", error.message);
    }
    Ok(Json(json!({ "success": failure.is_none(), "message": message, "result": results })).into_response())
}

async fn delete_one(shared: &Shared, item: &Item) -> Result<()> {
    let upload = find(shared, item).await?.ok_or_else(|| {
        Error::new(ErrorCode::NotFound, "Picferry has no such picture in its history, so it deletes nothing.")
    })?;
    let results = shared.engine.delete(vec![upload.id], DeleteMode::HostAndHere).await?;
    match results.into_iter().next().and_then(|result| result.error) {
        Some(error) => Err(Box::new(error)),
        None => Ok(()),
    }
}

/// By our own id, else by the link: other programs have ids of their own.
async fn find(shared: &Shared, item: &Item) -> Result<Option<Upload>> {
    if let Some(id) = item.id.as_str()
        && let Some(upload) = shared.engine.upload_of_job(id).await?
    {
        return Ok(Some(upload));
    }
    match item.img_url.as_str() {
        Some(url) if !url.is_empty() => shared.engine.upload_at(url).await,
        _ => Ok(None),
    }
}
