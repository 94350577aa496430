//! Answers in the form that editors know from PicGo.

use super::follow::Outcome;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use picferry_core::Error;
use picferry_core::job::JobSnapshot;
use picferry_core::upload::Upload;
use serde_json::{Map, Value, json};

/// Failed pictures that a message tells of one by one.
const TOLD: usize = 3;

/// One input and what became of it.
pub(super) struct Entry {
    /// As it was given; the name, where there were only bytes.
    pub input: String,
    pub outcome: Outcome,
}

/// The answer to an upload: as many results as inputs, in their order. One that failed makes the
/// whole request a failure, but is `null` in its place: a shorter list would put links at wrong
/// pictures.
pub(super) fn uploaded(entries: &[Entry]) -> Response {
    let message = failures(entries);
    let mut body = Map::new();
    body.insert("success".into(), message.is_none().into());
    if let Some(message) = message {
        body.insert("message".into(), message.into());
    }
    let each = |make: fn(&Entry) -> Value| Value::Array(entries.iter().map(make).collect());
    body.insert("result".into(), each(link));
    body.insert("fullResult".into(), each(remembered));
    body.insert("items".into(), each(item));
    Json(Value::Object(body)).into_response()
}

fn link(entry: &Entry) -> Value {
    match &entry.outcome {
        Ok(done) => done.job.url.clone().into(),
        Err(_) => Value::Null,
    }
}

/// What an editor keeps to delete the picture later. The id is that of the job: it cannot be
/// guessed, and never comes twice. Nothing of the host's settings is in it.
fn remembered(entry: &Entry) -> Value {
    let Ok(done) = &entry.outcome else { return Value::Null };
    let (job, upload) = (&done.job, done.upload.as_ref());
    json!({
        "id": upload.map_or(&job.id, |upload| &upload.job_id),
        "fileName": job.name,
        "extname": extension(job),
        "imgUrl": job.url,
        "type": done.host,
        "width": upload.and_then(|upload| upload.width),
        "height": upload.and_then(|upload| upload.height),
        "size": job.bytes_out,
        "mimeType": job.format.map(|format| format.media_type()),
        "createdAt": created_at(job, upload),
        "updatedAt": created_at(job, upload),
    })
}

fn item(entry: &Entry) -> Value {
    let done = match &entry.outcome {
        Ok(done) => done,
        Err(error) => {
            let told = json!({ "code": error.code, "message": error.message, "hint": error.hint });
            return json!({ "origin": entry.input, "imgUrl": null, "error": told });
        }
    };
    let (job, upload) = (&done.job, done.upload.as_ref());
    json!({
        "origin": entry.input,
        "imgUrl": job.url,
        "fileName": job.name,
        "type": done.host,
        "contentType": job.format.map(|format| format.media_type()),
        "size": job.bytes_out,
        "width": upload.and_then(|upload| upload.width),
        "height": upload.and_then(|upload| upload.height),
        "extname": extension(job),
    })
}

fn created_at(job: &JobSnapshot, upload: Option<&Upload>) -> i64 {
    upload.map_or(job.created_at, |upload| upload.created_at)
}

fn extension(job: &JobSnapshot) -> String {
    job.format.map(|format| format!(".{}", format.extension())).unwrap_or_default()
}

fn failures(entries: &[Entry]) -> Option<String> {
    let failed: Vec<(&str, &Error)> = entries
        .iter()
        .filter_map(|entry| Some((entry.input.as_str(), entry.outcome.as_ref().err()?.as_ref())))
        .collect();
    let told: Vec<String> = failed.iter().take(TOLD).map(|(input, error)| about(input, error)).collect();
    match (failed.len(), entries.len()) {
        (0, 0) => Some("There was no picture in the request.".to_owned()),
        (0, _) => None,
        (1, 1) => told.into_iter().next(),
        (count, all) => {
            let rest = if count > TOLD { " …" } else { "" };
            Some(format!("{count} of {all} pictures failed. {}{rest}", told.join(" ")))
        }
    }
}

/// The sentence of an error, with its file where it does not name it.
fn about(input: &str, error: &Error) -> String {
    let sentence = sentence(error);
    if input.is_empty() || sentence.contains(input) { sentence } else { format!("{input}: {sentence}") }
}

fn sentence(error: &Error) -> String {
    match &error.hint {
        Some(hint) => format!("{} {hint}", error.message),
        None => error.message.clone(),
    }
}

/// A legitimate request that failed as a whole. Editors look at `success`, and some lose the words
/// of an answer whose status is an error.
pub(super) fn failed(error: &Error) -> Response {
    let mut body = shape(&sentence(error));
    // PicGo's own code for a wrong choice of a host; ours for everything else.
    let code = error.params.get("picgo_code").cloned().unwrap_or_else(|| error.code.name());
    body["code"] = code.into();
    Json(body).into_response()
}

/// A request that is refused: by the guard, or because there is nothing of that name here.
pub(super) fn refusal(status: StatusCode, message: &str) -> Response {
    (status, Json(shape(message))).into_response()
}

fn shape(message: &str) -> Value {
    json!({ "success": false, "result": [], "message": message })
}

/// PicGo and PicList ask for this before they take the port, and we do.
pub(super) async fn heartbeat() -> Response {
    Json(json!({ "success": true, "result": "alive", "name": "Picferry" })).into_response()
}

pub(super) async fn no_such_place() -> Response {
    refusal(StatusCode::NOT_FOUND, "There is nothing here. Pictures go to /upload; open / to see how.")
}

pub(super) async fn no_such_way() -> Response {
    refusal(StatusCode::METHOD_NOT_ALLOWED, "This cannot be done here. Open / to see how to use the server.")
}
