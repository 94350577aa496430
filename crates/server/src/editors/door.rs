//! Connections: few at a time, and those that do nothing make room.

use super::Limits;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::Service as _;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use picferry_engine::crowd::{Busy, Crowd, Place, Tracked};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// How long answers under way may take when the server closes.
const CLOSE_PATIENCE: Duration = Duration::from_secs(3);

/// How long to wait when no connection can be taken, as when files run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The head of a request; no editor has one of a tenth of that.
const HEAD_BYTES: usize = 64 * 1024;

/// A request under way keeps its place: how slow its body may be is decided where that is read, and
/// how long its pictures may take where they are awaited.
const STANDSTILL: Duration = Duration::from_secs(24 * 60 * 60);

/// Accepts connections until told to stop, then lets requests under way end.
pub(super) async fn serve(
    listeners: Vec<TcpListener>,
    router: Router,
    limits: &Limits,
    closing: CancellationToken,
) {
    let graceful = GracefulShutdown::new();
    let crowd = Crowd::new(limits.connections, STANDSTILL);
    let doors = listeners
        .into_iter()
        .map(|listener| accept_all(listener, &router, &crowd, limits, &closing, &graceful));
    futures::future::join_all(doors).await;
    let _ = tokio::time::timeout(CLOSE_PATIENCE, graceful.shutdown()).await;
}

async fn accept_all(
    listener: TcpListener,
    router: &Router,
    crowd: &Arc<Crowd>,
    limits: &Limits,
    closing: &CancellationToken,
    graceful: &GracefulShutdown,
) {
    loop {
        let accepted = tokio::select! {
            () = closing.cancelled() => return,
            accepted = accept(&listener, crowd) => accepted,
        };
        let Some((stream, place)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let place = Arc::new(place);
        let guest = Arc::clone(&place);
        let service = TowerToHyperService::new(router.clone());
        let service = hyper::service::service_fn(move |request| {
            let (service, busy) = (service.clone(), Arc::new(guest.busy()));
            answer(service, request, busy)
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Some(Err(error)) = place.hold(connection).await {
                tracing::debug!(%error, "a connection of an editor ended early");
            }
        });
    }
}

async fn answer(
    service: TowerToHyperService<Router>,
    request: Request<Incoming>,
    busy: Arc<Busy>,
) -> Result<Response<Tracked<Body>>, Infallible> {
    let response = service.call(request).await?;
    Ok(response.map(|body| Tracked::new(body, busy)))
}

/// Takes the next connection once there is a place for it.
async fn accept(listener: &TcpListener, crowd: &Arc<Crowd>) -> Option<(TcpStream, Place)> {
    let (stream, _) = listener.accept().await.ok()?;
    // Small answers must not wait for more to come.
    let _ = stream.set_nodelay(true);
    Some((stream, crowd.enter().await))
}
