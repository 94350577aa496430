//! Events on their way out: snapshots, at most ten a second for each job, terminal states always.

use picferry_core::event::{Event, EventSink};
use picferry_core::job::JobSnapshot;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

/// The least time between two progress events of one job.
const QUIET_TIME: Duration = Duration::from_millis(100);

/// Enough for a burst of a thousand jobs; whoever falls further behind reads the state again.
const CAPACITY: usize = 4096;

/// Sends events to everybody who subscribed.
pub struct EventHub {
    /// Room is kept for each of so many: a pointer takes a thirtieth of an event.
    sender: broadcast::Sender<Arc<Event>>,
    last_progress: Mutex<HashMap<String, Instant>>,
}

impl EventHub {
    /// A hub nobody listens to yet.
    pub fn new() -> Self {
        Self { sender: broadcast::channel(CAPACITY).0, last_progress: Mutex::default() }
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
        if job.state.is_terminal() {
            self.last_progress.lock().unwrap_or_else(PoisonError::into_inner).remove(&job.id);
        }
        self.send(Event::JobChanged { job });
    }

    /// Whether a progress event of that job may go out now.
    pub fn may_report_progress(&self, job_id: &str) -> bool {
        let now = Instant::now();
        let mut last = self.last_progress.lock().unwrap_or_else(PoisonError::into_inner);
        match last.get(job_id) {
            Some(time) if now.duration_since(*time) < QUIET_TIME => false,
            _ => {
                last.insert(job_id.to_owned(), now);
                true
            }
        }
    }
}

impl EventSink for EventHub {
    fn send(&self, event: Event) {
        // Nobody listening is fine: the state is in the database and in memory.
        drop(self.sender.send(Arc::new(event)));
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
