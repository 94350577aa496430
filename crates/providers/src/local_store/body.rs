//! A request body whose rest can be read away after the answer is known.
//!
//! A refusal often comes before the whole body has been read. Closing the connection then would
//! throw the answer away with the rest of the body: the client would see a broken connection
//! instead of the reason.

use crate::crowd::Busy;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

/// How much is read away; whoever sends more is cut off.
const MOST: usize = 64 * 1024 * 1024;

/// How long reading away may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The body of a request, in two hands.
#[derive(Clone)]
pub(super) struct SharedBody {
    body: Arc<Mutex<Incoming>>,
    busy: Arc<Busy>,
}

impl SharedBody {
    pub(super) fn new(body: Incoming, busy: Arc<Busy>) -> Self {
        Self { body: Arc::new(Mutex::new(body)), busy }
    }

    /// Reads the rest away.
    pub(super) async fn drain(mut self) {
        let rest = async {
            let mut read = 0;
            while read < MOST
                && let Some(Ok(frame)) = self.frame().await
            {
                read += frame.data_ref().map_or(0, Bytes::len);
            }
        };
        // A client that is too slow is cut off after all.
        let _ = tokio::time::timeout(PATIENCE, rest).await;
    }

    fn lock(&self) -> MutexGuard<'_, Incoming> {
        self.body.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Body for SharedBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut *self.lock()).poll_frame(context);
        if frame.is_ready() {
            self.busy.moved();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.lock().is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.lock().size_hint()
    }
}
