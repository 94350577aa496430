//! `POST /upload`: pictures in, links out.

use super::answer::{self, Entry};
use super::{State as Shared, body, choice, follow, gate, input, multipart};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use picferry_core::Result;
use picferry_core::job::Source;
use std::sync::Arc;

/// What was given, and what of it may be sent.
type Checked = Vec<(String, Result<Source>)>;

pub(super) async fn upload(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    // The pictures are sent to their end also when whoever asked does not wait for it.
    let task = tokio::spawn(async move { answer_to(&shared, request).await });
    task.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a request of an editor could not be answered");
        answer::failed(&picferry_core::Error::new(
            picferry_core::ErrorCode::Internal,
            "Picferry made a mistake with this request.",
        ))
    })
}

async fn answer_to(shared: &Shared, request: Request) -> Response {
    match entries(shared, request).await {
        Ok(entries) => answer::uploaded(&entries),
        Err(error) => answer::failed(&error),
    }
}

async fn entries(shared: &Shared, request: Request) -> Result<Vec<Entry>> {
    let (parts, body) = request.into_parts();
    // First of all: a wrong choice must not cost anybody the sending of a large body.
    let profile = choice::profile(&shared.engine, parts.uri.query().unwrap_or_default())?;
    let checked = match multipart::boundary(&parts.headers) {
        Some(boundary) => multipart::receive(shared, boundary?, body).await?,
        None => named(shared, body).await?,
    };
    let (names, inputs): (Vec<String>, Vec<Result<Source>>) = checked.into_iter().unzip();
    let outcomes = follow::ferry(shared, profile, inputs).await;
    Ok(names.into_iter().zip(outcomes).map(|(input, outcome)| Entry { input, outcome }).collect())
}

async fn named(shared: &Shared, body: Body) -> Result<Checked> {
    let body = body::whole(body, &shared.limits).await?;
    match input::read(&body, shared.limits.pictures)? {
        input::Wanted::Clipboard => gate::of_clipboard(shared).await,
        input::Wanted::List(list) => Ok(gate::of_list(shared, list).await),
    }
}
