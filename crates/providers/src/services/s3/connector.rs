//! Carries the SDK's requests over the shared client, counts bytes and notices silence.

use crate::http::failure::Stalled;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use picferry_core::provider::ProgressFn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::Instant;

/// A body in memory is one piece for the SDK; progress wants smaller ones.
const PIECE: usize = 64 * 1024;

/// How long no byte may move before a host counts as silent. A whole-request limit would cut slow
/// uploads, and the client's own read timeout counts the time of sending.
const STALL: Duration = Duration::from_secs(60);

/// Where the bytes of one request are counted: `base` lies before it, in a multipart upload.
#[derive(Clone)]
pub(super) struct Progress {
    pub report: ProgressFn,
    pub base: u64,
    pub total: u64,
}

impl Progress {
    /// The same count, for a part that begins later.
    pub(super) fn at(&self, base: u64) -> Self {
        Self { base, ..self.clone() }
    }

    /// Counts are of bytes handed to the socket: the last one is held back until the host has answered.
    fn sent(&self, sent: u64) {
        (self.report)((self.base + sent).min(self.total.saturating_sub(1)), self.total);
    }

    /// The host has answered: all is there.
    pub(super) fn finish(&self) {
        (self.report)(self.total, self.total);
    }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Progress({}+…/{})", self.base, self.total)
    }
}

/// The SDK's view of our client.
#[derive(Debug, Clone)]
pub(super) struct Connector {
    client: reqwest::Client,
    stall: Duration,
}

impl Connector {
    pub(super) fn new(client: reqwest::Client) -> Self {
        Self { client, stall: STALL }
    }
}

impl HttpClient for Connector {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(send(self.clone(), request))
    }
}

async fn send(connector: Connector, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let progress = request.extension::<Progress>().cloned();
    let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
    let (parts, body) = request.into_parts();
    let activity = Arc::new(Activity::new(connector.stall));
    let body = counted(body, progress, &activity);
    let request = reqwest::Request::try_from(http::Request::from_parts(parts, body))
        .map_err(|error| ConnectorError::user(error.into()))?;
    let response = watched(connector.client.execute(request), &activity).await?;
    let response: http::Response<reqwest::Body> = response.into();
    let (parts, body) = response.into_parts();
    let body = Watched { inner: body, activity, timer: Box::pin(tokio::time::sleep(connector.stall)) };
    HttpResponse::try_from(http::Response::from_parts(parts, SdkBody::from_body_1_x(body)))
        .map_err(|error| ConnectorError::other(error.into(), None))
}

fn counted(body: SdkBody, progress: Option<Progress>, activity: &Arc<Activity>) -> reqwest::Body {
    match body.content_length() {
        Some(0) => reqwest::Body::from(Bytes::new()),
        total => {
            if let Some(progress) = &progress {
                progress.sent(0);
            }
            let activity = Arc::clone(activity);
            reqwest::Body::wrap(CountingBody {
                inner: body,
                progress,
                activity,
                total,
                sent: 0,
                rest: Bytes::new(),
            })
        }
    }
}

/// Waits for the answer as long as bytes move.
async fn watched(
    call: impl Future<Output = Result<reqwest::Response, reqwest::Error>>,
    activity: &Activity,
) -> Result<reqwest::Response, ConnectorError> {
    let mut call = std::pin::pin!(call);
    loop {
        tokio::select! {
            answer = &mut call => return answer.map_err(broken),
            () = tokio::time::sleep_until(activity.deadline()) => {
                if activity.deadline() <= Instant::now() {
                    return Err(ConnectorError::timeout(std::io::Error::from(Stalled).into()));
                }
            }
        }
    }
}

fn broken(error: reqwest::Error) -> ConnectorError {
    // The address is added to the error later, without what a query may hold.
    let error = error.without_url();
    if error.is_timeout() {
        ConnectorError::timeout(error.into())
    } else if error.is_builder() {
        ConnectorError::user(error.into())
    } else {
        ConnectorError::io(error.into())
    }
}

/// When a byte last moved, either way.
#[derive(Debug)]
struct Activity {
    stall: Duration,
    start: Instant,
    last: AtomicU64,
}

impl Activity {
    fn new(stall: Duration) -> Self {
        Self { stall, start: Instant::now(), last: AtomicU64::new(0) }
    }

    fn touch(&self) {
        let millis = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(millis, Ordering::Relaxed);
    }

    fn deadline(&self) -> Instant {
        self.start + Duration::from_millis(self.last.load(Ordering::Relaxed)) + self.stall
    }
}

/// A request body that is handed out in small pieces and counted.
struct CountingBody {
    inner: SdkBody,
    progress: Option<Progress>,
    activity: Arc<Activity>,
    total: Option<u64>,
    sent: u64,
    rest: Bytes,
}

impl Body for CountingBody {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        while self.rest.is_empty() {
            match ready!(Pin::new(&mut self.inner).poll_frame(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(frame) => return Poll::Ready(Some(Ok(frame))),
                },
            }
        }
        let length = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(length);
        self.sent += length as u64;
        self.activity.touch();
        if let Some(progress) = &self.progress {
            progress.sent(self.sent);
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.total == Some(self.sent)
    }

    /// Exact, or the client would fall back to chunked transfer, which stores refuse.
    fn size_hint(&self) -> SizeHint {
        self.total
            .map_or_else(SizeHint::default, |total| SizeHint::with_exact(total.saturating_sub(self.sent)))
    }
}

/// A response body that ends with an error when nothing comes for too long.
struct Watched {
    inner: reqwest::Body,
    activity: Arc<Activity>,
    timer: Pin<Box<tokio::time::Sleep>>,
}

impl Body for Watched {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(context) {
            self.activity.touch();
            let deadline = self.activity.deadline();
            self.timer.as_mut().reset(deadline);
            return Poll::Ready(frame.map(|frame| frame.map_err(|error| error.without_url().into())));
        }
        ready!(self.timer.as_mut().poll(context));
        Poll::Ready(Some(Err(std::io::Error::from(Stalled).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::failure::{Attempt, no_answer};
    use crate::http::{HttpOptions, client};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    /// A server that takes a request and then answers with these pieces, each after a pause.
    async fn server(pause: Duration, pieces: &'static [&'static str]) -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 1024];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            for piece in pieces {
                tokio::time::sleep(pause).await;
                stream.write_all(piece.as_bytes()).await.unwrap();
            }
            std::future::pending::<()>().await;
        });
        format!("http://{address}/")
    }

    async fn body_from(address: &str, stall: Duration) -> Result<Bytes, String> {
        let target = url::Url::parse(address).unwrap();
        let connector = Connector { client: client(&HttpOptions::new(target)).unwrap(), stall };
        let mut request = HttpRequest::empty();
        request.set_uri(address).unwrap();
        let told = |error: &(dyn std::error::Error + 'static)| {
            let error = no_answer(error, &Attempt { host: "here".into(), ..Attempt::default() });
            assert!(error.retryable, "{error:?}");
            error.message
        };
        let answer = send(connector, request).await.map_err(|error| told(&error))?;
        let body = http_body_util::BodyExt::collect(answer.into_body()).await;
        body.map(http_body_util::Collected::to_bytes).map_err(|error| told(error.as_ref()))
    }

    #[tokio::test]
    async fn a_silent_server_is_given_up() {
        let address = server(Duration::ZERO, &[]).await;
        let error = body_from(&address, Duration::from_millis(50)).await.unwrap_err();
        assert_eq!(error, "here did not answer in time.");
    }

    #[tokio::test]
    async fn a_server_that_falls_silent_in_the_middle_is_given_up() {
        let address = server(Duration::ZERO, &["HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345"]).await;
        let error = body_from(&address, Duration::from_millis(50)).await.unwrap_err();
        assert_eq!(error, "here did not answer in time.");
    }

    #[tokio::test]
    async fn a_slow_server_is_waited_for_as_long_as_bytes_come() {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n";
        let pieces: &[&str] = Box::leak(Box::new([head, "1", "2", "3", "4"]));
        let address = server(Duration::from_millis(80), pieces).await;
        let body = body_from(&address, Duration::from_millis(250)).await.unwrap();
        assert_eq!(body, "1234", "400 ms in all, never 250 ms without a byte");
    }
}
