//! The development bridge: the commands and events of the window over HTTP, for work on the UI.
//!
//! It listens on 127.0.0.1 only and wants a token for everything but the page itself. Nothing starts
//! it but `picferry bridge`.

use crate::bridge_host::BridgeHost;
use crate::guard::{self, Guard};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures::{Stream, StreamExt as _, stream};
use picferry_core::{Error, ErrorCode, Result};
use picferry_engine::Engine;
use picferry_rpc::{Context, dispatch};
use serde_json::Value;
use std::convert::Infallible;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::services::ServeDir;

/// Pasted pictures arrive as base64 in one body.
const LARGEST_BODY: usize = 512 * 1024 * 1024;

/// How the bridge is started.
pub struct BridgeOptions {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// What the browser has to show.
    pub token: String,
    /// The built window, if there is one: `ui/dist`.
    pub ui: Option<PathBuf>,
}

/// A bridge that listens.
pub struct Bridge {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    token: String,
    closing: CancellationToken,
}

#[derive(Clone)]
struct BridgeState {
    context: Context,
    closing: CancellationToken,
}

impl Bridge {
    /// Takes the port.
    ///
    /// # Errors
    /// `port_taken` when somebody else has it.
    pub async fn open(engine: Arc<Engine>, options: BridgeOptions) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(|error| {
            Error::new(ErrorCode::PortTaken, format!("Port {} cannot be used.", options.port))
                .hint("Choose another one with --port.")
                .detail(error)
        })?;
        let address = listener.local_addr().map_err(|error| {
            Error::new(ErrorCode::Internal, "The system does not say where the bridge listens.").detail(error)
        })?;
        let closing = CancellationToken::new();
        let host = Arc::new(BridgeHost::new(Arc::clone(&engine)));
        let state = BridgeState { context: Context { engine, host }, closing: closing.clone() };
        let guard = Guard::new(address.port(), options.token.clone());
        let router = router(state, guard, options.ui);
        Ok(Self { listener, address, router, token: options.token, closing })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What to open in a browser, token and all.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/?token={}", self.address, self.token)
    }

    /// Serves until `stop` is ready.
    ///
    /// # Errors
    /// `internal` when the listener breaks.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let closing = self.closing;
        let shutdown = async move {
            stop.await;
            // Event streams never end by themselves, and a graceful stop waits for every answer.
            closing.cancel();
        };
        axum::serve(self.listener, self.router)
            .with_graceful_shutdown(shutdown)
            .await
            .map_err(|error| Error::new(ErrorCode::Internal, "The bridge broke.").detail(error))
    }
}

fn router(state: BridgeState, guard: Guard, ui: Option<PathBuf>) -> Router {
    let guarded = Router::new()
        .route("/rpc/{command}", post(command))
        .route("/events", get(events))
        .route("/thumb/{name}", get(thumbnail))
        .route("/thumb/compress/{picture}/{what}", get(tried_picture))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(guard.clone(), guard::require_token))
        .with_state(state);
    let pages = match ui {
        Some(folder) => Router::new().fallback_service(ServeDir::new(folder)),
        None => Router::new().fallback(no_pages),
    };
    // The page itself is no secret; it is shown without a token and keeps the one in its address.
    let pages = pages.layer(middleware::from_fn_with_state(guard.clone(), guard::remember_token));
    guarded.merge(pages).layer(middleware::from_fn_with_state(guard, guard::require_loopback))
}

async fn no_pages() -> Response {
    (StatusCode::NOT_FOUND, "The window is not built here. Build it in ui/, or use its development server.\n")
        .into_response()
}

async fn command(
    State(state): State<BridgeState>,
    Path(command): Path<String>,
    payload: Option<Json<Value>>,
) -> Response {
    let payload = payload.map_or(Value::Null, |Json(payload)| payload);
    match dispatch(&state.context, &command, payload).await {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => refusal(&error),
    }
}

fn refusal(error: &Error) -> Response {
    let status = match error.code {
        ErrorCode::NotFound | ErrorCode::ProfileNotFound | ErrorCode::FileNotFound => StatusCode::NOT_FOUND,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, Json(error)).into_response()
}

async fn events(State(state): State<BridgeState>) -> Sse<impl Stream<Item = Result<SseEvent, Infallible>>> {
    let receiver = state.context.engine.subscribe();
    // A browser that fell behind is disconnected: it reconnects by itself and reads the state again.
    let events = stream::unfold(receiver, |mut receiver| async move {
        let event = receiver.recv().await.ok()?;
        let text = serde_json::to_string(&event).ok()?;
        Some((Ok(SseEvent::default().data(text)), receiver))
    });
    let until_closing = state.closing.cancelled_owned();
    Sse::new(events.take_until(until_closing)).keep_alive(KeepAlive::default())
}

/// A picture of the compress screen. What is served is looked up by its name, never by a path.
async fn tried_picture(
    State(state): State<BridgeState>,
    Path((picture, what)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let decoded = query.is_some_and(|query| query.split('&').any(|part| part == "decoded"));
    match state.context.engine.compress_shown(&picture, &what, decoded).await {
        Ok(shown) => (
            [
                (header::CONTENT_TYPE, HeaderValue::from_static(shown.media_type)),
                (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600")),
            ],
            Body::from(shown.bytes),
        )
            .into_response(),
        Err(error) => refusal(&error),
    }
}

async fn thumbnail(State(state): State<BridgeState>, Path(name): Path<String>) -> Response {
    match state.context.engine.thumbnail(&name).await {
        Ok(bytes) => (
            [
                (header::CONTENT_TYPE, HeaderValue::from_static("image/webp")),
                // Named by hash: the same name is always the same picture.
                (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
            ],
            Body::from(bytes),
        )
            .into_response(),
        Err(error) => refusal(&error),
    }
}
