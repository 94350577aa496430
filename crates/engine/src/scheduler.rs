//! Which job runs when, and what its end means: done, tried again, asked, failed, stopped.

use crate::engine::Engine;
use crate::job_list::{Intent, JobEntry};
use crate::pipeline::{self, Crossing};
use crate::provider_pool::sent_at_once;
use futures::FutureExt as _;
use picferry_core::job::JobState;
use picferry_core::{Error, ErrorCode, Result};
use picferry_history::JobRow;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// So long a cancelled picture waits for its host's answer.
const LATE_ANSWER: Duration = Duration::from_secs(2);

/// Starts the task that starts jobs. It holds the engine weakly: an engine nobody uses ends.
pub fn start(engine: &Arc<Engine>) {
    let weak = Arc::downgrade(engine);
    let shutdown = engine.shutdown.clone();
    engine.tasks.spawn(async move {
        loop {
            let Some(engine) = weak.upgrade() else { return };
            engine.start_ready_jobs();
            let woken = wait_for_wake(&weak, engine, &shutdown).await;
            if !woken {
                return;
            }
        }
    });
}

/// Waits without keeping the engine alive longer than one wake.
async fn wait_for_wake(weak: &Weak<Engine>, engine: Arc<Engine>, shutdown: &CancellationToken) -> bool {
    tokio::select! {
        () = shutdown.cancelled() => false,
        () = engine.wake.notified() => weak.strong_count() > 0,
    }
}

impl Engine {
    fn start_ready_jobs(self: &Arc<Self>) {
        if self.shutdown.is_cancelled() {
            return;
        }
        let settings = self.settings();
        let limit = |profile_id: &str| {
            let profile = settings.profiles.iter().find(|profile| profile.id == profile_id);
            let sent = profile.map_or(1, sent_at_once);
            // While those are on their way a few more are read, prepared and recorded.
            sent + sent / 2
        };
        for (id, stop) in self.jobs.take_ready(limit) {
            self.tell_job(&id);
            self.tasks.spawn(run(self.clone(), id, stop));
        }
    }

    fn is_cancelled(&self, id: &str) -> bool {
        self.jobs.read(id, |entry| entry.intent == Intent::Cancel && !entry.committing) == Some(true)
    }

    /// Sends the snapshot of a job as it is now.
    pub(crate) fn tell_job(&self, id: &str) {
        if !self.hub.is_heard() {
            return;
        }
        if let Some(snapshot) = self.jobs.read(id, |entry| entry.row.snapshot.clone()) {
            self.hub.job_changed(snapshot);
        }
    }

    /// Stops all running jobs because the process ends; they stay in the queue.
    pub(crate) fn interrupt_all_for_shutdown(&self) {
        for id in self.jobs.select(None, |entry| entry.row.snapshot.state == JobState::Running) {
            self.jobs.update(&id, |entry| {
                if entry.intent == Intent::Run && !entry.committing {
                    entry.intent = Intent::Shutdown;
                    if let Some(stop) = &entry.stop {
                        stop.cancel();
                    }
                }
            });
        }
    }

    /// Takes over the unfinished jobs of processes that died, and lists what failed before.
    pub(crate) async fn take_over_orphans(self: &Arc<Self>) -> Result<()> {
        let me = self.instance.id().to_owned();
        let living = self.instance.living(&self.paths.instances_dir());
        let adopted = self.with_history(move |history| history.adopt_jobs(&living, &me)).await?;
        if !adopted.is_empty() {
            tracing::info!(count = adopted.len(), "took over jobs of a process that ended");
        }
        for mut row in adopted {
            let snapshot = &mut row.snapshot;
            if !matches!(snapshot.state, JobState::Paused | JobState::Asking) && !snapshot.state.is_terminal()
            {
                snapshot.state = JobState::Queued;
                snapshot.retry_at = None;
            }
            let id = snapshot.id.clone();
            // Nobody waits for its link any more: it must not surprise the clipboard.
            self.jobs.insert(JobEntry { announced: true, ..JobEntry::own(row) });
            self.tell_job(&id);
        }
        self.wake.notify_one();
        Ok(())
    }
}

impl Engine {
    /// Lists what failed in processes that ended, so that it can be tried again.
    pub(crate) async fn list_failures(&self) -> Result<()> {
        let living = self.instance.living(&self.paths.instances_dir());
        for row in self.with_history(picferry_history::History::jobs_listed).await? {
            let is_orphan = row.owner.as_ref().is_none_or(|owner| !living.contains(owner));
            if is_orphan && row.snapshot.state == JobState::Failed {
                self.jobs.insert(JobEntry::own(row));
            }
        }
        Ok(())
    }

    /// Takes what ended well off the list on disk: its row is in the history.
    pub(crate) async fn clear_ended(&self) -> Result<()> {
        let ended = self
            .jobs
            .select(None, |entry| matches!(entry.row.snapshot.state, JobState::Done | JobState::Cancelled));
        self.with_history(move |history| history.clear_jobs(&ended)).await.map(drop)
    }
}

/// Runs one job to its end, a stop, or a failure; a panic is a failure too.
async fn run(engine: Arc<Engine>, id: String, stop: CancellationToken) {
    let crossing = AssertUnwindSafe(pipeline::ferry(&engine, &id)).catch_unwind();
    let result = tokio::select! {
        biased;
        () = stopped(&engine, &id, &stop) => None,
        result = crossing => Some(result.unwrap_or_else(|_| Err(mistake()))),
    };
    let ended = match result {
        None => conclude_stop(&engine, &id),
        Some(Ok(Crossing::Asking) | Err(_)) if engine.is_cancelled(&id) => conclude_stop(&engine, &id),
        Some(Ok(Crossing::Recorded)) => None,
        Some(Ok(Crossing::Stored)) => conclude(&engine, &id, |entry| {
            entry.row.snapshot.state = JobState::Done;
            entry.row.snapshot.stage = None;
        }),
        Some(Ok(Crossing::Asking)) => conclude(&engine, &id, |entry| {
            entry.row.snapshot.state = JobState::Asking;
            entry.row.snapshot.stage = None;
        }),
        Some(Err(error)) => conclude_failure(&engine, &id, *error),
    };
    if let Some(row) = ended {
        if let Err(error) = engine.job_writer.update_all([row.clone()]).await {
            // The job is still right in memory; after a restart it runs once more and finds
            // its object already there.
            tracing::warn!(%error, id, "the end of a job could not be written");
        }
        if row.snapshot.state == JobState::Waiting {
            wait_and_requeue(&engine, &row);
        }
        if matches!(row.snapshot.state, JobState::Done | JobState::Cancelled) {
            engine.remove_spooled(&row);
        }
    }
    if let Some(snapshot) = engine.jobs.read(&id, |entry| entry.row.snapshot.clone()) {
        engine.note_watched_end(&snapshot).await;
        engine.tell_job(&id);
        engine.job_ended(&snapshot.batch);
        engine.thin_out_watched(&snapshot).await;
    }
    engine.wake.notify_one();
}

/// Ends when the job is told to stop, but never once its object is stored: then it is recorded. Where all of
/// it was sent, the host keeps it whether or not anybody listens, so its answer is waited for a moment; after
/// a pause or the end of the program it is asked for anyway.
async fn stopped(engine: &Engine, id: &str, stop: &CancellationToken) {
    stop.cancelled().await;
    if engine.jobs.read(id, JobEntry::is_cancelled_late) == Some(true) {
        tokio::time::sleep(LATE_ANSWER).await;
    }
    if engine.jobs.read(id, |entry| entry.committing) == Some(true) {
        std::future::pending::<()>().await;
    }
}

fn conclude(engine: &Engine, id: &str, change: impl FnOnce(&mut JobEntry)) -> Option<JobRow> {
    engine.jobs.update(id, |entry| {
        entry.stop = None;
        change(entry);
        entry.row.clone()
    })
}

fn conclude_stop(engine: &Engine, id: &str) -> Option<JobRow> {
    conclude(engine, id, |entry| {
        let may_be_there = entry.is_cancelled_late();
        let snapshot = &mut entry.row.snapshot;
        snapshot.stage = None;
        snapshot.sent = 0;
        snapshot.error = may_be_there.then(unanswered);
        snapshot.state = match entry.intent {
            Intent::Cancel => JobState::Cancelled,
            Intent::Pause => JobState::Paused,
            Intent::Run | Intent::Shutdown => JobState::Queued,
        };
        entry.row.paused_by_person = entry.intent == Intent::Pause;
    })
}

/// A temporary failure waits for its next attempt while there are attempts left.
fn conclude_failure(engine: &Engine, id: &str, error: Error) -> Option<JobRow> {
    tracing::warn!(id, report = error.report(), "a picture could not be sent");
    let retries = engine.settings().upload.retries;
    conclude(engine, id, |entry| {
        let snapshot = &mut entry.row.snapshot;
        snapshot.stage = None;
        snapshot.sent = 0;
        if error.retryable && snapshot.attempt <= retries {
            let delay = engine.retry.delay(snapshot.attempt, engine.random.as_ref());
            snapshot.state = JobState::Waiting;
            snapshot.retry_at =
                Some(engine.now_millis() + i64::try_from(delay.as_millis()).unwrap_or(i64::MAX / 2));
        } else {
            snapshot.state = JobState::Failed;
            snapshot.retry_at = None;
        }
        snapshot.error = Some(error);
    })
}

fn wait_and_requeue(engine: &Arc<Engine>, row: &JobRow) {
    let id = row.snapshot.id.clone();
    let attempt = row.snapshot.attempt;
    let wait = row.snapshot.retry_at.map_or(0, |at| at.saturating_sub(engine.now_millis()));
    let delay = Duration::from_millis(u64::try_from(wait).unwrap_or(0));
    let engine = engine.clone();
    let shutdown = engine.shutdown.clone();
    engine.tasks.clone().spawn(async move {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(delay) => {}
        }
        // Paused, cancelled or tried by hand meanwhile: then this wait means nothing any more.
        let due = engine.jobs.update(&id, |entry| {
            let snapshot = &mut entry.row.snapshot;
            let due = snapshot.state == JobState::Waiting && snapshot.attempt == attempt;
            if due {
                snapshot.state = JobState::Queued;
                snapshot.retry_at = None;
            }
            due
        });
        if due == Some(true) {
            engine.tell_job(&id);
            engine.wake.notify_one();
        }
    });
}

fn unanswered() -> Error {
    *Error::new(
        ErrorCode::Cancelled,
        "It was cancelled when all of it was sent and the host had not answered: it may be there.",
    )
    .hint("Upload it again if you want its link: what the host has already is not stored twice.")
}

fn mistake() -> Box<Error> {
    Error::new(
        ErrorCode::Internal,
        "Picferry made a mistake with this picture. The picture and the others are untouched.",
    )
    .hint("Try again; if it happens again, copy the details into a report.")
}
