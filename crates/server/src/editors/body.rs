//! Bodies of requests: never larger than agreed, never slower than agreed.

use super::Limits;
use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream};
use picferry_core::{Error, ErrorCode, Result};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// What may be read ahead of the picture it belongs to: the words between two pictures are short.
const MOST_UNCLAIMED: u64 = 1024 * 1024;

/// A list has a limit of its own, whatever the settings say of pictures.
const LIST_HINT: &str = "Name fewer pictures at a time, and send their bytes as a form instead of in words.";

/// What is still taken from a body that is too large, so that its sender sees why it was refused.
const MOST_DRAINED: usize = 64 * 1024 * 1024;

/// How long that may take.
const DRAIN_PATIENCE: Duration = Duration::from_secs(3);

/// A body that ended badly, as the stream of its pieces says it.
#[derive(Debug, Clone)]
pub(super) struct BodyTrouble;

impl std::fmt::Display for BodyTrouble {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the body ended early")
    }
}

impl std::error::Error for BodyTrouble {}

/// Watches a body while somebody else takes it apart.
#[derive(Clone, Default)]
pub(super) struct Watch(Arc<Watched>);

#[derive(Default)]
struct Watched {
    unclaimed: AtomicU64,
    trouble: Mutex<Option<Box<Error>>>,
}

impl Watch {
    /// What was read so far went where it belongs.
    pub(super) fn claim(&self) {
        self.0.unclaimed.store(0, Ordering::Relaxed);
    }

    /// Why the body ended early, if it did.
    pub(super) fn trouble(&self) -> Option<Box<Error>> {
        self.0.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn fail(&self, error: Box<Error>) -> BodyTrouble {
        *self.0.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        BodyTrouble
    }
}

/// How large a body may be.
#[derive(Clone, Copy)]
pub(super) struct Most {
    pub bytes: u64,
    /// What to do when it is larger.
    pub hint: &'static str,
}

/// The pieces of a body. `most` bounds all of them together.
pub(super) fn pieces(
    body: Body,
    most: Most,
    limits: &Limits,
    watch: Watch,
) -> impl Stream<Item = Result<Bytes, BodyTrouble>> + Send + use<> {
    let pace = Pace { began: Instant::now(), grace: limits.body_grace, slowest: limits.slowest.max(1) };
    stream::unfold(Some((body.into_data_stream(), 0_u64)), move |state| {
        let watch = watch.clone();
        async move {
            let (mut stream, read) = state?;
            // Whoever takes the body apart would otherwise read ahead for as long as there is more.
            tokio::task::yield_now().await;
            let next = match tokio::time::timeout_at(pace.deadline(read), stream.next()).await {
                Err(_) => Err(watch.fail(too_slow())),
                Ok(None) => return None,
                Ok(Some(Err(error))) => Err(watch.fail(cut_off(&error))),
                Ok(Some(Ok(piece))) => {
                    let read = read + piece.len() as u64;
                    let ahead = watch.0.unclaimed.fetch_add(piece.len() as u64, Ordering::Relaxed);
                    if read > most.bytes {
                        drain(&mut stream).await;
                        Err(watch.fail(too_large(most)))
                    } else if ahead > MOST_UNCLAIMED {
                        Err(watch.fail(malformed("it has no pictures where they should be")))
                    } else {
                        return Some((Ok(piece), Some((stream, read))));
                    }
                }
            };
            Some((next, None))
        }
    })
}

/// Reads on for a moment and keeps nothing. Who is still sending does not read the answer yet, and loses it
/// when the connection is closed on what was sent.
async fn drain(stream: &mut BodyDataStream) {
    let drained = async {
        let mut left = MOST_DRAINED;
        while let Some(Ok(piece)) = stream.next().await {
            let Some(less) = left.checked_sub(piece.len()) else { return };
            left = less;
        }
    };
    let _ = tokio::time::timeout(DRAIN_PATIENCE, drained).await;
}

/// A small body as a whole.
///
/// # Errors
/// `file_too_large`, `network` for one that is too slow or was cut off.
pub(super) async fn whole(body: Body, limits: &Limits) -> Result<Vec<u8>> {
    let watch = Watch::default();
    let most = Most { bytes: limits.list_bytes as u64, hint: LIST_HINT };
    let stream = pieces(body, most, limits, watch.clone());
    let mut stream = std::pin::pin!(stream);
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        match piece {
            Ok(piece) => bytes.extend_from_slice(&piece),
            Err(_) => return Err(watch.trouble().unwrap_or_else(|| malformed("it ended early"))),
        }
        watch.claim();
    }
    Ok(bytes)
}

/// How fast a body has to be: what it has sent earns it time.
#[derive(Clone, Copy)]
struct Pace {
    began: Instant,
    grace: Duration,
    slowest: u64,
}

impl Pace {
    fn deadline(self, read: u64) -> Instant {
        self.began + self.grace + Duration::from_millis(read.saturating_mul(1000) / self.slowest)
    }
}

fn too_slow() -> Box<Error> {
    Error::new(ErrorCode::Network, "The request came too slowly and was given up.")
        .hint("Send it again.")
        .temporary()
}

fn too_large(most: Most) -> Box<Error> {
    Error::new(
        ErrorCode::FileTooLarge,
        format!("The request is larger than {} MB.", most.bytes.div_ceil(1_000_000)),
    )
    .hint(most.hint)
    .param("limit", most.bytes)
}

fn cut_off(error: &axum::Error) -> Box<Error> {
    Error::new(ErrorCode::Network, "The request ended before it was complete.")
        .hint("Send it again.")
        .detail(error)
}

/// The error for a body that is not what it says.
pub(super) fn malformed(why: impl std::fmt::Display) -> Box<Error> {
    Error::new(ErrorCode::InvalidField, format!("The request cannot be read: {why}."))
        .hint("Open the address of the server in a browser to see how to use it.")
        .field("body")
}
