//! The jobs in memory: what runs, what is ready, what was asked of each.

use picferry_core::job::{JobSnapshot, JobState, Stage};
use picferry_history::JobRow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// Why a running job was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Intent {
    /// It was not: it should run to its end.
    #[default]
    Run,
    /// The person paused it.
    Pause,
    /// The person cancelled it.
    Cancel,
    /// The process ends: it goes on in the next one.
    Shutdown,
}

/// One job.
#[derive(Debug)]
pub struct JobEntry {
    /// As it is in the database, or will be at the next write.
    pub row: JobRow,
    /// Stops the job while it runs.
    pub stop: Option<CancellationToken>,
    /// What was asked of it.
    pub intent: Intent,
    /// The object is stored and is being recorded: too late to stop.
    pub committing: bool,
    /// Its end was told in a [`picferry_core::event::Event::BatchFinished`].
    pub announced: bool,
    /// Another process works on it; shown, not touched.
    pub foreign: bool,
}

impl JobEntry {
    /// An entry of this process.
    pub fn own(row: JobRow) -> Self {
        let announced = row.snapshot.state.is_terminal();
        Self { row, stop: None, intent: Intent::Run, committing: false, announced, foreign: false }
    }

    /// Whether it was cancelled when all of it was on the line and only the host's answer was missing:
    /// providers count the last byte with that.
    pub fn is_cancelled_late(&self) -> bool {
        let snapshot = &self.row.snapshot;
        self.intent == Intent::Cancel
            && snapshot.stage == Some(Stage::Send)
            && snapshot.total > 0
            && snapshot.sent + 1 >= snapshot.total
    }

    /// An entry that another process works on.
    pub fn foreign(row: JobRow) -> Self {
        Self { foreign: true, announced: true, ..Self::own(row) }
    }
}

/// All jobs on the list, by id: ids sort by the time the jobs were accepted.
#[derive(Default)]
pub struct JobList {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    entries: BTreeMap<String, JobEntry>,
    lines: Lines,
    batches: HashMap<String, Vec<String>>,
}

/// No more jobs than these are recorded at the same time: the next ones begin when some of them are.
const MOST_RECORDED: usize = 64;

/// The jobs of this process that wait for their turn and that run, by profile; and how many are on their
/// host and being recorded. Those have left their place to the next.
#[derive(Default)]
struct Lines {
    ready: HashMap<String, BTreeSet<String>>,
    running: HashMap<String, usize>,
    recorded: usize,
}

/// Which of the [`Lines`] a job stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Ready,
    Running,
    Recorded,
    None,
}

impl Line {
    fn of(entry: &JobEntry) -> Self {
        match entry.row.snapshot.state {
            JobState::Queued if !entry.foreign => Self::Ready,
            JobState::Running if !entry.foreign && entry.committing => Self::Recorded,
            JobState::Running if !entry.foreign => Self::Running,
            _ => Self::None,
        }
    }
}

impl Lines {
    fn enter(&mut self, line: Line, snapshot: &JobSnapshot) {
        let profile = || snapshot.profile_id.clone();
        match line {
            Line::Ready => {
                self.ready.entry(profile()).or_default().insert(snapshot.id.clone());
            }
            Line::Running => *self.running.entry(profile()).or_default() += 1,
            Line::Recorded => self.recorded += 1,
            Line::None => {}
        }
    }

    fn leave(&mut self, line: Line, snapshot: &JobSnapshot) {
        match line {
            Line::Ready => {
                if let Some(ready) = self.ready.get_mut(&snapshot.profile_id) {
                    ready.remove(&snapshot.id);
                }
            }
            Line::Running => {
                if let Some(running) = self.running.get_mut(&snapshot.profile_id) {
                    *running = running.saturating_sub(1);
                }
            }
            Line::Recorded => self.recorded = self.recorded.saturating_sub(1),
            Line::None => {}
        }
    }

    fn ready(&self) -> usize {
        self.ready.values().map(BTreeSet::len).sum()
    }

    /// The oldest that wait, no more for a profile than `limit` allows beside those that run.
    fn next(&self, limit: impl Fn(&str) -> usize) -> Vec<String> {
        let mut chosen = Vec::new();
        if self.recorded >= MOST_RECORDED {
            return chosen;
        }
        for (profile, ready) in &self.ready {
            let free = limit(profile).saturating_sub(self.running.get(profile).copied().unwrap_or(0));
            chosen.extend(ready.iter().take(free).cloned());
        }
        chosen.sort();
        chosen
    }
}

impl JobList {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a job on the list, or replaces it.
    pub fn insert(&self, entry: JobEntry) {
        let mut inner = self.lock();
        let id = entry.row.snapshot.id.clone();
        inner.remove(&id);
        inner.batches.entry(entry.row.snapshot.batch.clone()).or_default().push(id.clone());
        inner.lines.enter(Line::of(&entry), &entry.row.snapshot);
        inner.entries.insert(id, entry);
    }

    /// Takes jobs off the list.
    pub fn remove(&self, ids: &[String]) {
        let mut inner = self.lock();
        for id in ids {
            inner.remove(id);
        }
    }

    /// Changes a job; `None` when it is not on the list.
    pub fn update<T>(&self, id: &str, change: impl FnOnce(&mut JobEntry) -> T) -> Option<T> {
        let mut inner = self.lock();
        inner.update(id, change)
    }

    /// Looks at a job without changing it.
    pub fn read<T>(&self, id: &str, look: impl FnOnce(&JobEntry) -> T) -> Option<T> {
        self.lock().entries.get(id).map(look)
    }

    /// The jobs that may start now: the oldest first, no more for a profile than `limit` allows.
    /// They are marked as running.
    pub fn take_ready(&self, limit: impl Fn(&str) -> usize) -> Vec<(String, CancellationToken)> {
        let mut inner = self.lock();
        let mut started = Vec::new();
        for id in inner.lines.next(limit) {
            let stop = CancellationToken::new();
            inner.update(&id, |entry| {
                entry.stop = Some(stop.clone());
                entry.intent = Intent::Run;
                entry.committing = false;
                let snapshot = &mut entry.row.snapshot;
                snapshot.state = JobState::Running;
                snapshot.attempt += 1;
                snapshot.error = None;
                snapshot.retry_at = None;
                snapshot.sent = 0;
            });
            started.push((id, stop));
        }
        started
    }

    /// All jobs: the newest batch first, inside a batch in input order.
    pub fn snapshots(&self) -> Vec<JobSnapshot> {
        let inner = self.lock();
        let mut all: Vec<JobSnapshot> =
            inner.entries.values().map(|entry| entry.row.snapshot.clone()).collect();
        all.sort_by(|a, b| b.batch.cmp(&a.batch).then(a.position.cmp(&b.position)));
        all
    }

    /// The jobs of a batch in input order.
    pub fn batch(&self, batch: &str) -> Vec<JobSnapshot> {
        let inner = self.lock();
        let mut jobs: Vec<JobSnapshot> = inner
            .batches
            .get(batch)
            .into_iter()
            .flatten()
            .filter_map(|id| inner.entries.get(id))
            .map(|entry| entry.row.snapshot.clone())
            .collect();
        jobs.sort_by_key(|job| job.position);
        jobs
    }

    /// The ids among `ids` (or all) of this process's jobs that the test accepts.
    pub fn select(&self, ids: Option<&[String]>, test: impl Fn(&JobEntry) -> bool) -> Vec<String> {
        let inner = self.lock();
        let fits = |id: &String| inner.entries.get(id).is_some_and(|entry| !entry.foreign && test(entry));
        match ids {
            Some(ids) => ids.iter().filter(|id| fits(id)).cloned().collect(),
            None => inner.entries.keys().filter(|id| fits(id)).cloned().collect(),
        }
    }

    /// The ids of jobs that other processes work on.
    pub fn foreign_ids(&self) -> Vec<String> {
        self.lock().entries.iter().filter(|(_, entry)| entry.foreign).map(|(id, _)| id.clone()).collect()
    }

    /// The jobs of a batch that ended and were not told yet, marked as told, once none is left open.
    pub fn take_finished_batch(&self, batch: &str) -> Option<Vec<JobSnapshot>> {
        let mut inner = self.lock();
        if !inner.has_finished(batch) {
            return None;
        }
        let ids = inner.batches.get(batch)?.clone();
        let mut told = Vec::new();
        for id in ids {
            if let Some(entry) = inner.entries.get_mut(&id).filter(|entry| !entry.announced) {
                entry.announced = true;
                told.push(entry.row.snapshot.clone());
            }
        }
        told.sort_by_key(|job| job.position);
        (!told.is_empty()).then_some(told)
    }

    /// Whether no job of the batch is left open.
    pub fn has_finished(&self, batch: &str) -> bool {
        self.lock().has_finished(batch)
    }

    /// Whether the job came with more than so many others, or so many wait for their turn.
    pub fn is_one_of_more_than(&self, id: &str, few: usize) -> bool {
        let inner = self.lock();
        let batch = inner.entries.get(id).and_then(|entry| inner.batches.get(&entry.row.snapshot.batch));
        batch.is_some_and(|ids| ids.len() > few) || inner.lines.ready() > few
    }

    /// How many jobs of this process wait for their turn.
    pub fn ready(&self) -> usize {
        self.lock().lines.ready()
    }

    /// Whether any job of this process runs right now.
    pub fn is_busy(&self) -> bool {
        let lines = &self.lock().lines;
        lines.recorded > 0
            || lines.running.values().any(|count| *count > 0)
            || lines.ready.values().any(|ready| !ready.is_empty())
    }
}

impl Inner {
    /// Looks at the last ones first: they end last, and every end asks.
    fn has_finished(&self, batch: &str) -> bool {
        let is_open =
            |id: &String| self.entries.get(id).is_some_and(|entry| !entry.row.snapshot.state.is_terminal());
        !self.batches.get(batch).is_some_and(|ids| ids.iter().rev().any(is_open))
    }

    /// Changes an entry where it is.
    fn update<T>(&mut self, id: &str, change: impl FnOnce(&mut JobEntry) -> T) -> Option<T> {
        let entry = self.entries.get_mut(id)?;
        let before = Line::of(entry);
        let result = change(entry);
        let after = Line::of(entry);
        if before != after {
            self.lines.leave(before, &entry.row.snapshot);
            self.lines.enter(after, &entry.row.snapshot);
        }
        Some(result)
    }

    fn remove(&mut self, id: &str) {
        let Some(entry) = self.entries.remove(id) else { return };
        self.lines.leave(Line::of(&entry), &entry.row.snapshot);
        if let Some(batch) = self.batches.get_mut(&entry.row.snapshot.batch) {
            batch.retain(|other| other != id);
            if batch.is_empty() {
                self.batches.remove(&entry.row.snapshot.batch);
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
