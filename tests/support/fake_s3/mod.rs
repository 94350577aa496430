//! A strict S3 server of our own: it checks requests as the strictest stores do, answers with the
//! vendors' own words, and has flaws that tests switch on.
//!
//! The signature is computed here again, independently of the SDK, from what is on the wire.

mod answers;
mod flaws;
mod objects;
mod signature;

pub use flaws::{Addressing, Conditional, DeleteMany, Flaws, Stumble, WrongRegion};
pub use objects::StoredObject;

use answers::Answer;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use objects::Objects;
use signature::Signed;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// The keys that the server knows.
pub const ACCESS_KEY: &str = "FAKEACCESSKEY0000001";
/// The secret that belongs to them.
pub const SECRET_KEY: &str = "fake/secret+key/of/forty/characters00001";
/// The bucket that exists.
pub const BUCKET: &str = "pictures";
/// The host name it answers to when it is called through itself as a proxy.
pub const PROXIED_HOST: &str = "s3.fake.example";

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
    endpoint: String,
    state: Arc<State>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    flaws: Mutex<Flaws>,
    objects: Mutex<Objects>,
    seen: Mutex<Vec<Seen>>,
    /// Requests under way, and the most there ever were.
    under_way: Mutex<(usize, usize)>,
    /// Told whenever a request came or the flaws changed.
    news: Notify,
}

/// Counts one request while it lasts, also one whose client goes away.
struct UnderWay(Arc<State>);

impl UnderWay {
    fn begin(state: &Arc<State>) -> Self {
        let mut counts = lock(&state.under_way);
        counts.0 += 1;
        counts.1 = counts.1.max(counts.0);
        drop(counts);
        Self(Arc::clone(state))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        lock(&self.0.under_way).0 -= 1;
    }
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
        Self { endpoint: format!("http://{address}"), state, serving }
    }

    /// Starts with flaws.
    pub async fn with(change: impl FnOnce(&mut Flaws)) -> Self {
        let server = Self::start().await;
        server.change(change);
        server
    }

    /// `http://127.0.0.1:port`; also good as an HTTP proxy for [`PROXIED_HOST`].
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The bucket that exists.
    #[must_use]
    pub fn bucket(&self) -> &'static str {
        BUCKET
    }

    /// The access key that is known.
    #[must_use]
    pub fn access_key(&self) -> &'static str {
        ACCESS_KEY
    }

    /// Its secret.
    #[must_use]
    pub fn secret_key(&self) -> &'static str {
        SECRET_KEY
    }

    /// Changes the flaws.
    pub fn change(&self, change: impl FnOnce(&mut Flaws)) {
        change(&mut lock(&self.state.flaws));
        self.state.news.notify_waiters();
    }

    /// Stumbles over the next so many requests.
    pub fn stumble(&self, stumble: Stumble, times: u32) {
        self.change(|flaws| match stumble {
            Stumble::SlowDown => flaws.slow_down = times,
            Stumble::TooManyRequests => flaws.too_many = times,
            Stumble::InternalError => flaws.internal_error = times,
            Stumble::CutConnection => flaws.cut = times,
        });
    }

    /// Holds all answers back, or gives them.
    pub fn hold_answers(&self, hold: bool) {
        self.change(|flaws| flaws.hold = hold);
    }

    /// Answers after other whiles, at most so many milliseconds.
    pub fn answer_slowly_at_random(&self, milliseconds: u64) {
        self.change(|flaws| flaws.random_delay = milliseconds);
    }

    /// Knows no conditional PUT.
    pub fn refuse_conditional_put(&self) {
        self.change(|flaws| flaws.conditional = Conditional::Refused);
    }

    /// Waits until so many requests have come, bodies included.
    pub async fn wait_for_requests(&self, count: usize) {
        loop {
            let news = self.state.news.notified();
            if lock(&self.state.seen).len() >= count {
                return;
            }
            news.await;
        }
    }

    /// The most requests that were under way at the same time.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        lock(&self.state.under_way).1
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

    /// Everything stored, by key.
    #[must_use]
    pub fn objects(&self) -> BTreeMap<String, StoredObject> {
        lock(&self.state.objects).all()
    }

    /// Puts something there by another way.
    pub fn put_object(&self, key: &str, body: &[u8]) {
        lock(&self.state.objects).lay(key, body);
    }

    /// Takes something away by another way.
    pub fn remove_object(&self, key: &str) {
        lock(&self.state.objects).remove(key);
    }

    /// How often each key was stored over the network.
    #[must_use]
    pub fn accepted_puts(&self) -> BTreeMap<String, usize> {
        lock(&self.state.objects).accepted()
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
    pub fn requests(&self, method: &str) -> usize {
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

async fn answer(request: Request<Incoming>, state: Arc<State>) -> Reply {
    let _under_way = UnderWay::begin(&state);
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
    let count = {
        let mut all = lock(&state.seen);
        all.push(seen.clone());
        all.len()
    };
    if cutting {
        lock(&state.flaws).cut -= 1;
    }
    state.news.notify_waiters();
    if broken || cutting {
        return Err(Cut);
    }
    pauses(&state, &flaws, count).await;
    let host = parts.uri.authority().map_or_else(
        || seen.header("host").unwrap_or_default().to_owned(),
        |authority| authority.as_str().to_owned(),
    );
    let reply = decide(parts.method, &host, seen, body, &state);
    Ok(reply.into_response(flaws.clock_ahead))
}

/// Waits as the flaws say.
async fn pauses(state: &State, flaws: &Flaws, count: usize) {
    loop {
        let news = state.news.notified();
        if !lock(&state.flaws).hold {
            break;
        }
        news.await;
    }
    let spread = u64::try_from(count).unwrap_or(0).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let random = Duration::from_millis(spread % flaws.random_delay.max(1));
    tokio::time::sleep(flaws.delay + random).await;
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
    if let Some(trouble) = passing_trouble(&method, &mut lock(&state.flaws)) {
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

fn passing_trouble(method: &Method, flaws: &mut Flaws) -> Option<Answer> {
    if flaws.no_head > 0 && *method == Method::HEAD {
        flaws.no_head -= 1;
        return Some(Answer::status(503));
    }
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
