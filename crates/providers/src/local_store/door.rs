//! The door of the built-in store: connections, host names, headers.

use super::HEALTH_PATH;
use super::body::SharedBody;
use super::proof::Question;
use crate::crowd::{Busy, Crowd, Place, Tracked};
use hyper::body::Incoming;
use hyper::header::{
    ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderMap, HeaderName,
    HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use picferry_core::secret::Secret;
use s3s::service::S3Service;
use s3s::{Body, HttpError};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// Connections at the same time. Some systems give a program no more than 256 open files.
const CONNECTIONS: usize = 128;

/// How long a request may stand still before its place may be given away.
const STANDSTILL: Duration = Duration::from_secs(30);

/// How long the head of a request may take, and an idle connection may stay.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// How long to wait when no connection can be taken, as when files run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A stored picture is data: an SVG opened by its address can neither run scripts nor load anything.
const PICTURE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; font-src data:; sandbox",
);

/// What answers requests.
pub(super) struct Door {
    service: S3Service,
    name: Name,
}

/// Whose store it is, and how it proves that.
pub(super) struct Name {
    pub identity: String,
    pub secret: Secret,
    pub port: u16,
}

impl Door {
    pub(super) fn new(service: S3Service, name: Name) -> Self {
        Self { service, name }
    }

    async fn answer(
        &self,
        request: Request<Incoming>,
        busy: Arc<Busy>,
    ) -> Result<Response<Tracked<Body>>, HttpError> {
        let answer = self.answer_of(request, &busy).await?;
        Ok(answer.map(|body| Tracked::new(body, busy)))
    }

    async fn answer_of(
        &self,
        request: Request<Incoming>,
        busy: &Arc<Busy>,
    ) -> Result<Response<Body>, HttpError> {
        if !is_own_name(request.headers()) {
            return Ok(plain(StatusCode::FORBIDDEN, "This store answers to 127.0.0.1 and localhost only.\n"));
        }
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        if request.uri().path() == HEALTH_PATH {
            return Ok(self.health(reads, request.uri().query().unwrap_or_default()));
        }
        if overrides_without_signature(&request) {
            return Ok(plain(
                StatusCode::FORBIDDEN,
                "Only a signed request may change the answer's headers.\n",
            ));
        }
        let (parts, body) = request.into_parts();
        let body = SharedBody::new(body, Arc::clone(busy));
        let request = Request::from_parts(parts, Body::http_body_unsync(body.clone()));
        let mut answer = self.service.call(request).await?;
        body.drain().await;
        if reads {
            let headers = answer.headers_mut();
            headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            headers.insert(CONTENT_SECURITY_POLICY, PICTURE_POLICY);
            headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        }
        Ok(answer)
    }

    /// Says whose store this is, and answers the question of whoever must know for sure.
    fn health(&self, reads: bool, query: &str) -> Response<Body> {
        if !reads {
            let mut answer = plain(StatusCode::METHOD_NOT_ALLOWED, "");
            answer.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return answer;
        }
        let Name { identity, secret, port } = &self.name;
        let mut health = serde_json::json!({
            "picferry": "store",
            "version": env!("CARGO_PKG_VERSION"),
            "store": identity,
        });
        if let Some(question) = Question::of_query(query) {
            health["answer"] = question.answer(secret, *port).into();
        }
        let mut answer = plain(StatusCode::OK, &health.to_string());
        answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer
    }
}

/// Accepts connections until told to stop, then lets requests under way end.
pub(super) async fn serve(listener: TcpListener, door: Arc<Door>, stopping: CancellationToken) {
    let graceful = GracefulShutdown::new();
    let crowd = Crowd::new(CONNECTIONS, STANDSTILL);
    loop {
        let accepted = tokio::select! {
            () = stopping.cancelled() => break,
            accepted = accept(&listener, &crowd) => accepted,
        };
        let Some((stream, place)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let place = Arc::new(place);
        let (door, guest) = (Arc::clone(&door), Arc::clone(&place));
        let service = hyper::service::service_fn(move |request| {
            let (door, busy) = (Arc::clone(&door), Arc::new(guest.busy()));
            async move { door.answer(request, busy).await }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            match place.hold(connection).await {
                Some(Ok(())) => {}
                Some(Err(error)) => {
                    tracing::debug!(%error, "a connection to the built-in store ended early");
                }
                None => tracing::debug!("an idle connection to the built-in store made room"),
            }
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// Takes the next connection once there is a place for it.
async fn accept(listener: &TcpListener, crowd: &Arc<Crowd>) -> Option<(TcpStream, Place)> {
    let (stream, _) = listener.accept().await.ok()?;
    // Small answers must not wait for more to come.
    let _ = stream.set_nodelay(true);
    Some((stream, crowd.enter().await))
}

/// A page of another site may point its own name at this address; its requests carry that name.
fn is_own_name(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(HOST).and_then(|host| host.to_str().ok()) else {
        return false;
    };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name.to_ascii_lowercase().as_str(), "127.0.0.1" | "localhost" | "[::1]")
}

/// Whether anybody asks for other headers than the stored ones: S3 allows that to signed requests
/// alone, or a link to a picture could become a download of any name and type.
fn overrides_without_signature<B>(request: &Request<B>) -> bool {
    let query = request.uri().query().unwrap_or_default().to_ascii_lowercase();
    let signed = request.headers().contains_key(AUTHORIZATION) || query.contains("x-amz-signature=");
    let overrides = query.split('&').any(|pair| {
        let name = pair.split('=').next().unwrap_or_default().replace("%2d", "-");
        name.starts_with("response-") || name.contains('%')
    });
    overrides && !signed
}

fn plain(status: StatusCode, text: &str) -> Response<Body> {
    let mut answer = Response::new(Body::from(text.to_owned()));
    *answer.status_mut() = status;
    let text_plain: (HeaderName, HeaderValue) = (CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    answer.headers_mut().insert(text_plain.0, text_plain.1);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_makes_a_download_of_another_name_out_of_a_picture() {
        let asks = |address: &str| overrides_without_signature(&Request::get(address).body(()).unwrap());
        assert!(asks("/pictures/a.png?response-content-type=text/html"));
        assert!(asks("/pictures/a.png?x=1&Response%2DContent-Disposition=attachment"));
        assert!(!asks("/pictures/a.png"));
        assert!(!asks("/pictures/a.png?v=4be91c"));
        assert!(!asks("/pictures/a.png?response-content-type=image/png&X-Amz-Signature=ab"));
    }

    #[test]
    fn only_this_computers_names_are_answered() {
        let with = |host: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static(host));
            is_own_name(&headers)
        };
        for own in ["127.0.0.1:36688", "localhost:36688", "localhost", "LOCALHOST:1", "[::1]:36688"] {
            assert!(with(own), "{own}");
        }
        for other in
            ["evil.example:36688", "127.0.0.1.evil.example", "localhost.evil.example:36688", "10.0.0.1"]
        {
            assert!(!with(other), "{other}");
        }
        assert!(!is_own_name(&HeaderMap::new()));
    }
}
