//! Batches: waiting for one, and telling when it ended.

use crate::engine::Engine;
use picferry_core::event::Event;
use picferry_core::job::{JobSnapshot, JobState};

impl Engine {
    /// A job of the batch ended or was stopped: tells when it was the last one.
    pub(crate) fn job_ended(&self, batch: &str) {
        if let Some(ended) = self.jobs.take_finished_batch(batch) {
            let count = |state| {
                u32::try_from(ended.iter().filter(|job| job.state == state).count()).unwrap_or(u32::MAX)
            };
            self.emit(Event::BatchFinished {
                batch: batch.to_owned(),
                uploaded: ended.iter().filter_map(|job| job.upload_id).collect(),
                failed: count(JobState::Failed),
                cancelled: count(JobState::Cancelled),
            });
        }
        self.ended.notify_waiters();
        if !self.jobs.is_busy() {
            self.calm.notify_waiters();
            self.index_due.notify_one();
            // Files that were sent untouched were held in memory, too.
            self.picture_memory.used().notify_one();
        }
    }

    /// The jobs of a batch in input order, as they are now.
    #[must_use]
    pub fn jobs_of_batch(&self, batch: &str) -> Vec<JobSnapshot> {
        self.jobs.batch(batch)
    }

    /// Waits until every job of the batch ended, and gives them in input order. A job that asks
    /// or is paused keeps the batch open.
    pub async fn wait_for_batch(&self, batch: &str) -> Vec<JobSnapshot> {
        loop {
            // Registered before looking, so that an end between looking and waiting is not missed.
            let ended = self.ended.notified();
            tokio::pin!(ended);
            ended.as_mut().enable();
            if self.jobs.has_finished(batch) {
                return self.jobs.batch(batch);
            }
            ended.await;
        }
    }

    /// Waits until no job of this process runs or is ready to. Jobs that wait for a later
    /// attempt, ask or are paused stay in the queue for the next process.
    pub async fn settle(&self) {
        loop {
            let ended = self.ended.notified();
            tokio::pin!(ended);
            ended.as_mut().enable();
            if !self.jobs.is_busy() {
                return;
            }
            ended.await;
        }
    }
}
