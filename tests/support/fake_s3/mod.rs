//! A strict S3 server of our own: it checks requests as the strictest stores do, answers with the
//! vendors' own words, and has flaws that tests switch on.
//!
//! The signature is computed here again, independently of the SDK, from what is on the wire.

mod answers;
mod objects;
mod signature;

pub use objects::StoredObject;

use answers::Answer;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use objects::Objects;
use signature::Signed;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The keys that the server knows.
pub const ACCESS_KEY: &str = "FAKEACCESSKEY0000001";
/// The secret that belongs to them.
pub const SECRET_KEY: &str = "fake/secret+key/of/forty/characters00001";
/// The bucket that exists.
pub const BUCKET: &str = "pictures";
/// The host name it answers to when it is called through itself as a proxy.
pub const PROXIED_HOST: &str = "s3.fake.example";

/// How the bucket must stand in the address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Addressing {
    /// Either way.
    #[default]
    Any,
    /// In the host name, refused as Aliyun does.
    VirtualAsOss,
    /// In the host name, refused as Tencent does.
    VirtualAsCos,
    /// The server has no buckets: the path is the key.
    Bare,
}

/// What `If-None-Match: *` does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Conditional {
    /// 412 when the key is taken.
    #[default]
    Honoured,
    /// Nothing.
    Ignored,
    /// 501, whatever the key.
    Refused,
    /// The header is refused with 501; Aliyun's own is honoured with 409.
    OssHeader,
}

/// How a wrong region is refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WrongRegion {
    /// 400 with the right one in the body.
    #[default]
    Malformed,
    /// 301 with the right one in a header.
    Redirect,
}

/// What DeleteObjects does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DeleteMany {
    /// Works; Content-MD5 is demanded.
    #[default]
    Works,
    /// 501.
    NotImplemented,
    /// 405.
    NotAllowed,
    /// 200 with a page that is no XML.
    Page,
}

/// What the server does beyond being strict. All of it can be changed while it runs.
#[derive(Debug, Clone, Default)]
pub struct Flaws {
    /// The next so many requests get 503 SlowDown.
    pub slow_down: u32,
    /// The next so many requests get 429.
    pub too_many: u32,
    /// The next so many requests get 500.
    pub internal_error: u32,
    /// The next so many uploads are cut off after 100,000 bytes.
    pub cut: u32,
    /// Requests signed for another region are refused.
    pub region: Option<String>,
    /// How.
    pub wrong_region: WrongRegion,
    /// How the bucket must stand in the address.
    pub addressing: Addressing,
    /// PUT and GET work, everything else gets 405; a PUT is answered with `ok`.
    pub put_only: bool,
    /// What conditional PUTs do.
    pub conditional: Conditional,
    /// Any `x-amz-acl` is refused as R2 does.
    pub refuse_acl: bool,
    /// What deleting many does.
    pub delete_many: DeleteMany,
    /// Every answer waits so long.
    pub delay: Duration,
    /// Bodies are read in pieces with such pauses.
    pub slow_body: Duration,
    /// Requests are taken and never answered.
    pub silent: bool,
    /// The server's clock is so many seconds ahead.
    pub clock_ahead: i64,
    /// UploadPart of this number gets 500.
    pub broken_part: Option<u32>,
    /// Anonymous readers get 403.
    pub private: bool,
    /// Listing is forbidden to these keys.
    pub no_list: bool,
    /// Reading is forbidden to these keys.
    pub no_read: bool,
    /// Deleting is forbidden to these keys.
    pub no_delete: bool,
    /// Anonymous reads come with a forced download, as on default domains of Aliyun.
    pub force_download: bool,
    /// The next request gets exactly this: status, body.
    pub answer_once: Option<(u16, String)>,
    /// Objects are stored with so many bytes too many, as servers do that keep the chunk framing.
    pub corrupt: usize,
}

/// A request as it came, for tests that look at the wire.
#[derive(Debug, Clone)]
pub struct Seen {
    /// `PUT`
    pub method: String,
    /// As sent, encoded.
    pub path: String,
    /// As sent.
    pub query: String,
    /// Lowercase names.
    pub headers: Vec<(String, String)>,
    /// Bytes of the body that arrived.
    pub body: usize,
    /// The body ended before its announced length.
    pub broken: bool,
}

impl Seen {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The server, running until it is dropped.
pub struct FakeS3 {
    address: SocketAddr,
    state: Arc<State>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    flaws: Mutex<Flaws>,
    objects: Mutex<Objects>,
    seen: Mutex<Vec<Seen>>,
}

impl FakeS3 {
    /// Starts on a free port, strict and without flaws.
    ///
    /// # Panics
    /// When no port of this computer can be had.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port of this computer");
        let address = listener.local_addr().expect("the address of a listener");
        let state = Arc::new(State::default());
        let serving = tokio::spawn(serve(listener, Arc::clone(&state)));
        Self { address, state, serving }
    }

    /// Starts with flaws.
    pub async fn with(change: impl FnOnce(&mut Flaws)) -> Self {
        let server = Self::start().await;
        server.change(change);
        server
    }

    /// `http://127.0.0.1:port`; also good as an HTTP proxy for [`PROXIED_HOST`].
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes the flaws.
    pub fn change(&self, change: impl FnOnce(&mut Flaws)) {
        change(&mut lock(&self.state.flaws));
    }

    /// The flaws as they are now: counts go down as they are used up.
    #[must_use]
    pub fn flaws(&self) -> Flaws {
        lock(&self.state.flaws).clone()
    }

    /// A stored object.
    #[must_use]
    pub fn object(&self, key: &str) -> Option<StoredObject> {
        lock(&self.state.objects).get(key).cloned()
    }

    /// All keys, sorted.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        lock(&self.state.objects).keys()
    }

    /// Multipart uploads that were begun and neither completed nor aborted.
    #[must_use]
    pub fn open_uploads(&self) -> usize {
        lock(&self.state.objects).open_uploads()
    }

    /// All requests so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.state.seen).clone()
    }

    /// How many requests of a method came.
    #[must_use]
    pub fn count(&self, method: &str) -> usize {
        lock(&self.state.seen).iter().filter(|seen| seen.method == method).count()
    }
}

impl Drop for FakeS3 {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(listener: TcpListener, state: Arc<State>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            return;
        };
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let service = hyper::service::service_fn(move |request| answer(request, Arc::clone(&state)));
            // A connection that ends early is what some tests are about.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// A request that is taken apart: bucket and key are known.
struct Call {
    method: Method,
    bucket: String,
    key: String,
    query: Vec<(String, String)>,
    seen: Seen,
    body: Bytes,
}

impl Call {
    fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

type Reply = Result<Response<Full<Bytes>>, Cut>;

/// The server hangs up without an answer.
#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("cut on purpose")
    }
}

impl std::error::Error for Cut {}

impl From<Infallible> for Cut {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

async fn answer(request: Request<Incoming>, state: Arc<State>) -> Reply {
    let flaws = lock(&state.flaws).clone();
    let (parts, body) = request.into_parts();
    let mut seen = Seen {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body: 0,
        broken: false,
    };
    let cutting = flaws.cut > 0 && parts.method == Method::PUT;
    let body = read_body(body, &mut seen, &flaws, cutting).await;
    let announced = seen.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    seen.broken = seen.body < announced;
    let broken = seen.broken;
    lock(&state.seen).push(seen.clone());
    if cutting {
        lock(&state.flaws).cut -= 1;
    }
    if broken {
        return Err(Cut);
    }
    if flaws.silent {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(flaws.delay).await;
    let host = parts.uri.authority().map_or_else(
        || seen.header("host").unwrap_or_default().to_owned(),
        |authority| authority.as_str().to_owned(),
    );
    let reply = decide(parts.method, &host, seen, body, &state);
    Ok(reply.into_response(flaws.clock_ahead))
}

async fn read_body(mut body: Incoming, seen: &mut Seen, flaws: &Flaws, cutting: bool) -> Bytes {
    let mut all = Vec::new();
    while let Some(Ok(frame)) = body.frame().await {
        if let Ok(data) = frame.into_data() {
            all.extend_from_slice(&data);
        }
        seen.body = all.len();
        if cutting && all.len() > 100_000 {
            break;
        }
        if !flaws.slow_body.is_zero() {
            tokio::time::sleep(flaws.slow_body).await;
        }
    }
    all.into()
}

/// Everything after the request has arrived: passing trouble, strictness, signature, the operation.
fn decide(method: Method, host: &str, seen: Seen, body: Bytes, state: &State) -> Answer {
    let flaws = lock(&state.flaws).clone();
    if let Some(trouble) = passing_trouble(&mut lock(&state.flaws)) {
        return trouble;
    }
    let (bucket, key, virtual_host) = place(host, &seen.path, &flaws);
    let query = signature::decoded_query(&seen.query);
    let call = Call { method, bucket, key, query, seen, body };
    let signed = match signature::check(&call.seen, &call.body, ACCESS_KEY, SECRET_KEY) {
        Ok(signed) => signed,
        Err(refusal) => return refusal,
    };
    if let Some(refusal) = strictness(&call, &signed, &flaws, virtual_host) {
        return refusal;
    }
    objects::perform(&call, signed.is_some(), &flaws, &mut lock(&state.objects))
}

fn passing_trouble(flaws: &mut Flaws) -> Option<Answer> {
    if let Some((status, body)) = flaws.answer_once.take() {
        return Some(Answer::page(status, &body));
    }
    if flaws.slow_down > 0 {
        flaws.slow_down -= 1;
        return Some(Answer::error(503, "SlowDown", "Please reduce your request rate."));
    }
    if flaws.too_many > 0 {
        flaws.too_many -= 1;
        return Some(Answer::error(429, "TooManyRequests", "Please reduce your request rate."));
    }
    if flaws.internal_error > 0 {
        flaws.internal_error -= 1;
        return Some(Answer::error(
            500,
            "InternalError",
            "We encountered an internal error. Please try again.",
        ));
    }
    None
}

/// Bucket, key, and whether the bucket stood in the host name.
fn place(host: &str, path: &str, flaws: &Flaws) -> (String, String, bool) {
    let path = signature::decoded(path.trim_start_matches('/'));
    let name = host.split(':').next().unwrap_or_default();
    if flaws.addressing == Addressing::Bare {
        return (BUCKET.to_owned(), path, false);
    }
    if let Some(bucket) = name.strip_suffix(PROXIED_HOST).and_then(|front| front.strip_suffix('.')) {
        return (bucket.to_owned(), path, true);
    }
    match path.split_once('/') {
        Some((bucket, key)) => (bucket.to_owned(), key.to_owned(), false),
        None => (path, String::new(), false),
    }
}

/// What strict stores refuse, in their own words.
fn strictness(call: &Call, signed: &Option<Signed>, flaws: &Flaws, virtual_host: bool) -> Option<Answer> {
    answers::forbidden_headers(&call.seen, flaws.refuse_acl)
        .or_else(|| answers::addressing(flaws.addressing, virtual_host, signed.is_some()))
        .or_else(|| signed.as_ref().and_then(|signed| answers::region(signed, flaws)))
        .or_else(|| signed.as_ref().and_then(|signed| answers::clock(signed, flaws.clock_ahead)))
        .or_else(|| {
            (call.bucket != BUCKET)
                .then(|| Answer::error(404, "NoSuchBucket", "The specified bucket does not exist"))
        })
}
