//! Events on their way out: snapshots, at most ten a second for each job, terminal states always.

use picferry_core::event::{Event, EventSink};
use picferry_core::job::JobSnapshot;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

/// The least time between two progress events of one thing.
const QUIET_TIME: Duration = Duration::from_millis(100);

/// Enough for a burst of a thousand jobs; whoever falls further behind reads the state again.
const CAPACITY: usize = 4096;

/// Sends events to everybody who subscribed.
pub struct EventHub {
    /// Room is kept for each of so many: a pointer takes a thirtieth of an event.
    sender: broadcast::Sender<Arc<Event>>,
}

impl EventHub {
    /// A hub nobody listens to yet.
    pub fn new() -> Self {
        Self { sender: broadcast::channel(CAPACITY).0 }
    }

    /// All events from now on.
    pub fn subscribe(&self) -> Events {
        Events { receiver: self.sender.subscribe() }
    }

    /// Whether anybody listens: for nobody no snapshot has to be made.
    pub fn is_heard(&self) -> bool {
        self.sender.receiver_count() > 0
    }

    /// A job changed its state or stage: goes out at once.
    pub fn job_changed(&self, job: JobSnapshot) {
        self.send(Event::JobChanged { job });
    }
}

impl EventSink for EventHub {
    fn send(&self, event: Event) {
        // Nobody listening is fine: the state is in the database and in memory.
        drop(self.sender.send(Arc::new(event)));
    }
}

/// Lets the progress of one thing through at most ten times a second.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<Option<Instant>>);

impl Throttle {
    /// Whether it may be told now; it counts as told then.
    pub fn may_tell(&self) -> bool {
        let now = Instant::now();
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = told.is_none_or(|before| now.duration_since(before) >= QUIET_TIME);
        if is_due {
            *told = Some(now);
        }
        is_due
    }
}

/// All events from one moment on.
#[derive(Debug)]
pub struct Events {
    receiver: broadcast::Receiver<Arc<Event>>,
}

impl Events {
    /// The next event.
    ///
    /// # Errors
    /// `Lagged` where so many came meanwhile that some are lost: read the state again. `Closed` when the
    /// engine is gone.
    pub async fn recv(&mut self) -> Result<Event, RecvError> {
        self.receiver.recv().await.map(Arc::unwrap_or_clone)
    }

    /// The next event if there is one already.
    ///
    /// # Errors
    /// As for [`Events::recv`], and `Empty` where there is none.
    pub fn try_recv(&mut self) -> Result<Event, TryRecvError> {
        self.receiver.try_recv().map(Arc::unwrap_or_clone)
    }
}
