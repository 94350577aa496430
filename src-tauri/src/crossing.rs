//! Sums the jobs up: one snapshot of the crossing, which the tray and the small windows show.

use picferry_core::ErrorCode;
use picferry_core::crossing::{Crossing, CrossingPhase};
use picferry_core::job::{JobSnapshot, JobState};
use std::collections::{HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

/// Good news is shown that long.
pub const DONE_LIFE: Duration = Duration::from_secs(6);

/// The pace is that of the last seconds.
const PACE_WINDOW: Duration = Duration::from_secs(3);

/// A pace over less time would jump.
const SHORTEST_PACE: Duration = Duration::from_millis(300);

/// So many thumbnails are shown of a batch.
const THUMBNAILS: usize = 2;

/// The batch that ended last, until it is old news.
#[derive(Debug)]
struct Ended {
    batch: String,
    at: Instant,
}

/// Makes snapshots, and remembers between them what one look at the jobs cannot tell: the pace, and
/// what ended a moment ago.
#[derive(Debug, Default)]
pub struct Meter {
    pace: Pace,
    ended: Option<Ended>,
    /// The batch whose links were copied last, and their format.
    copied: Option<(String, String)>,
    /// The network was gone at the last look.
    was_offline: bool,
}

impl Meter {
    /// A batch ended.
    pub fn ended(&mut self, batch: &str, now: Instant) {
        self.ended = Some(Ended { batch: batch.to_owned(), at: now });
    }

    /// Its links are on the clipboard; that may be heard before its end is.
    pub fn copied(&mut self, batch: &str, format: &str) {
        self.copied = Some((batch.to_owned(), format.to_owned()));
    }

    /// Somebody looked at how it ended.
    pub fn seen(&mut self) {
        self.ended = None;
    }

    /// How the crossing stands now.
    pub fn read(&mut self, jobs: &[JobSnapshot], now: Instant) -> Crossing {
        self.pace.look(jobs, now);
        let mut crossing = match moving(jobs) {
            moving if moving.is_empty() => self.of_ended(jobs, now),
            moving => self.of_moving(&moving, now),
        };
        crossing.need_you = count(jobs, needs_you);
        crossing
    }

    fn of_moving(&mut self, jobs: &[&JobSnapshot], now: Instant) -> Crossing {
        let progress = Progress::of(jobs);
        let phase = match moving_phase(jobs) {
            CrossingPhase::Uploading if self.was_offline && is_only_trying(jobs) => CrossingPhase::Offline,
            phase => phase,
        };
        self.was_offline = phase == CrossingPhase::Offline;
        let speed = if phase == CrossingPhase::Uploading { self.pace.bytes_per_second(now) } else { 0 };
        Crossing {
            phase,
            percent: progress.percent(),
            bytes_per_second: speed,
            seconds_left: progress.remaining.checked_div(speed).and_then(|left| u32::try_from(left).ok()),
            ..sum_of(jobs)
        }
    }

    fn of_ended(&self, jobs: &[JobSnapshot], now: Instant) -> Crossing {
        let Some(ended) = &self.ended else { return Crossing::default() };
        let mut batch: Vec<&JobSnapshot> = jobs.iter().filter(|job| job.batch == ended.batch).collect();
        batch.sort_by_key(|job| job.position);
        let sum = sum_of(&batch);
        let phase = match (sum.failed, sum.done) {
            (0, 0) => return Crossing::default(),
            (0, _) if now.duration_since(ended.at) >= DONE_LIFE => return Crossing::default(),
            (0, _) => CrossingPhase::Done,
            _ => CrossingPhase::Failed,
        };
        let copied = self.copied.as_ref().filter(|(batch, _)| *batch == ended.batch);
        Crossing { phase, percent: 100, copied: copied.map(|(_, format)| format.clone()), ..sum }
    }
}

/// The jobs of every batch that still moves, in the order of the list.
fn moving(jobs: &[JobSnapshot]) -> Vec<&JobSnapshot> {
    let moves = |job: &&JobSnapshot| {
        matches!(job.state, JobState::Queued | JobState::Running | JobState::Waiting | JobState::Paused)
    };
    let batches: HashSet<&str> = jobs.iter().filter(moves).map(|job| job.batch.as_str()).collect();
    jobs.iter().filter(|job| batches.contains(job.batch.as_str())).collect()
}

fn moving_phase(jobs: &[&JobSnapshot]) -> CrossingPhase {
    let any = |state| jobs.iter().any(|job| job.state == state);
    let waits_for_network = |job: &&&JobSnapshot| {
        job.state == JobState::Waiting
            && job.error.as_ref().is_some_and(|error| error.code == ErrorCode::Network)
    };
    if any(JobState::Running) || any(JobState::Queued) {
        // What waits for its turn behind a network that is gone does not move either.
        let is_stuck = !any(JobState::Running) && jobs.iter().any(|job| waits_for_network(&job));
        return if is_stuck { CrossingPhase::Offline } else { CrossingPhase::Uploading };
    }
    if jobs.iter().any(|job| waits_for_network(&job)) {
        CrossingPhase::Offline
    } else if any(JobState::Waiting) {
        CrossingPhase::Uploading
    } else {
        CrossingPhase::Paused
    }
}

/// Whether nothing but further tries is under way, of which none has sent a byte yet: after a network was
/// gone that is no sign of its being back.
fn is_only_trying(jobs: &[&JobSnapshot]) -> bool {
    let mut running = jobs.iter().filter(|job| job.state == JobState::Running);
    running.all(|job| job.attempt > 1 && job.sent == 0)
}

fn needs_you(job: &JobSnapshot) -> bool {
    matches!(job.state, JobState::Failed | JobState::Asking)
}

fn count<'a>(jobs: impl IntoIterator<Item = &'a JobSnapshot>, test: impl Fn(&JobSnapshot) -> bool) -> u32 {
    u32::try_from(jobs.into_iter().filter(|job| test(job)).count()).unwrap_or(u32::MAX)
}

/// What can be said of any jobs, whether they move or ended.
fn sum_of(jobs: &[&JobSnapshot]) -> Crossing {
    let arrived = || jobs.iter().filter(|job| job.state == JobState::Done);
    Crossing {
        jobs: jobs.iter().map(|job| job.id.clone()).collect(),
        done: count(jobs.iter().copied(), |job| job.state == JobState::Done),
        failed: count(jobs.iter().copied(), needs_you),
        ended: count(jobs.iter().copied(), |job| job.state.is_terminal()),
        bytes_in: arrived().map(|job| job.bytes_in).sum(),
        bytes_out: arrived().map(|job| job.bytes_out).sum(),
        thumbnails: jobs.iter().filter_map(|job| job.thumbnail.clone()).take(THUMBNAILS).collect(),
        error: jobs.iter().find(|job| job.state == JobState::Failed).and_then(|job| job.error.clone()),
        ..Crossing::default()
    }
}

/// How far jobs are, by their bytes.
struct Progress {
    whole: u64,
    remaining: u64,
}

impl Progress {
    fn of(jobs: &[&JobSnapshot]) -> Self {
        let size =
            |job: &JobSnapshot| [job.total, job.bytes_out, job.bytes_in].into_iter().find(|size| *size > 0);
        let known: Vec<u64> = jobs.iter().filter_map(|job| size(job)).collect();
        // A picture whose size is not known yet counts as the usual one.
        let usual = known.iter().sum::<u64>().checked_div(known.len() as u64).unwrap_or(1).max(1);
        let mut progress = Self { whole: 0, remaining: 0 };
        for job in jobs {
            let size = size(job).unwrap_or(usual);
            progress.whole += size;
            if !job.state.is_terminal() {
                progress.remaining += size.saturating_sub(if job.total > 0 { job.sent } else { 0 });
            }
        }
        progress
    }

    /// 100 only at the end.
    fn percent(&self) -> u8 {
        let gone = self.whole - self.remaining.min(self.whole);
        let percent = (gone * 100).checked_div(self.whole).unwrap_or(0);
        u8::try_from(percent).unwrap_or(100).min(if self.remaining > 0 { 99 } else { 100 })
    }
}

/// Bytes that went out over the last seconds.
#[derive(Debug, Default)]
struct Pace {
    /// What each job had sent at the last look.
    sent: HashMap<String, u64>,
    steps: VecDeque<(Instant, u64)>,
}

impl Pace {
    fn look(&mut self, jobs: &[JobSnapshot], now: Instant) {
        // A job that is tried again begins at nothing: that is no step backwards.
        let step = jobs
            .iter()
            .map(|job| job.sent.saturating_sub(self.sent.get(&job.id).copied().unwrap_or(job.sent)))
            .sum();
        let runs = |job: &&JobSnapshot| job.state == JobState::Running;
        self.sent = jobs.iter().filter(runs).map(|job| (job.id.clone(), job.sent)).collect();
        if step > 0 {
            self.steps.push_back((now, step));
        }
        while self.steps.front().is_some_and(|(at, _)| now.duration_since(*at) > PACE_WINDOW) {
            self.steps.pop_front();
        }
    }

    /// 0 until there is enough to tell.
    fn bytes_per_second(&self, now: Instant) -> u64 {
        let Some((first, _)) = self.steps.front() else { return 0 };
        let time = now.duration_since(*first);
        if time < SHORTEST_PACE {
            return 0;
        }
        let bytes: u64 = self.steps.iter().map(|(_, bytes)| bytes).sum();
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        bytes.saturating_mul(1000).checked_div(millis).unwrap_or(0)
    }
}

#[cfg(test)]
pub mod tests;
