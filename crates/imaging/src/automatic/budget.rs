//! What looking for the smallest file may cost.

use cpu_time::ThreadTime;
use std::time::Duration;

/// Time of the processor that this thread has used since it was started.
pub(crate) struct Budget {
    start: ThreadTime,
    limit: Duration,
}

impl Budget {
    pub(crate) fn of_millis(limit: u64) -> Self {
        Self { start: ThreadTime::now(), limit: Duration::from_millis(limit) }
    }

    /// Whether it is used up. There is always enough for a first answer: this is asked before the
    /// second.
    pub(crate) fn is_spent(&self) -> bool {
        self.used() >= self.limit
    }

    pub(crate) fn used(&self) -> Duration {
        self.start.elapsed()
    }
}
