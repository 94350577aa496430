//! `GET /events`: how far the pictures of editors are, for those that want to put in one link after
//! the other.

use super::{State as Shared, answer};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::{StreamExt as _, stream};
use picferry_core::event::Event;
use picferry_core::job::{JobSnapshot, Origin};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::Arc;

pub(super) async fn events(State(shared): State<Arc<Shared>>) -> Response {
    let Ok(place) = Arc::clone(&shared.streams).try_acquire_owned() else {
        return answer::refusal(
            StatusCode::SERVICE_UNAVAILABLE,
            "Too many programs follow Picferry already.",
        );
    };
    let receiver = shared.engine.subscribe();
    // Who falls behind is disconnected, and connects again by itself.
    let events = stream::unfold((receiver, place), |(mut receiver, place)| async move {
        loop {
            if let Event::JobChanged { job } = receiver.recv().await.ok()?
                && job.origin == Origin::Server
            {
                let event = SseEvent::default().event("picture").data(news(&job).to_string());
                return Some((Ok::<_, Infallible>(event), (receiver, place)));
            }
        }
    });
    let until_closing = shared.closing.clone().cancelled_owned();
    Sse::new(events.take_until(until_closing)).keep_alive(KeepAlive::default()).into_response()
}

/// What is told of a picture: where it came from on this computer is nobody's business but the
/// sender's, who knows it.
fn news(job: &JobSnapshot) -> Value {
    json!({
        "batch": job.batch,
        "position": job.position,
        "fileName": job.name,
        "state": job.state,
        "sent": job.sent,
        "total": job.total,
        "imgUrl": job.url,
        "message": job.error.as_ref().map(|error| &error.message),
    })
}
