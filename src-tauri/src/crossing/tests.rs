//! How jobs are summed up: what is under way, what ended, and how long it takes.

use super::*;
use picferry_core::Error;
use picferry_core::job::Origin;

/// A job of that batch in that state, 1000 bytes large.
pub fn job(batch: &str, position: u32, state: JobState) -> JobSnapshot {
    JobSnapshot {
        id: format!("{batch}-{position}"),
        batch: batch.into(),
        position,
        name: format!("{position}.png"),
        input: format!("{position}.png"),
        origin: Origin::Window,
        profile_id: "local".into(),
        profile_name: "This computer".into(),
        state,
        stage: None,
        sent: 0,
        total: 1000,
        bytes_in: 4000,
        bytes_out: 1000,
        format: None,
        key: None,
        url: None,
        thumbnail: None,
        sha256: None,
        notes: Vec::new(),
        score: None,
        reused: false,
        error: None,
        attempt: 0,
        retry_at: None,
        upload_id: None,
        created_at: 0,
    }
}

fn waiting_for(code: ErrorCode) -> JobSnapshot {
    JobSnapshot { error: Some(*Error::new(code, "Why.")), ..job("a", 0, JobState::Waiting) }
}

#[test]
fn the_batches_under_way_are_counted_and_no_older_ones() {
    let jobs = [
        job("new", 0, JobState::Done),
        job("new", 1, JobState::Running),
        job("new", 2, JobState::Queued),
        job("old", 0, JobState::Done),
        job("old", 1, JobState::Failed),
    ];
    let crossing = Meter::default().read(&jobs, Instant::now());
    assert_eq!(crossing.phase, CrossingPhase::Uploading);
    assert_eq!((crossing.jobs.len(), crossing.done, crossing.failed, crossing.ended), (3, 1, 0, 1));
    assert_eq!(crossing.percent, 33);
    assert_eq!(crossing.need_you, 1, "the old failure is still there");
}

#[test]
fn the_time_left_follows_from_the_pace_of_the_last_seconds() {
    let start = Instant::now();
    let mut meter = Meter::default();
    let at = |sent| [JobSnapshot { sent, total: 10_000, ..job("a", 0, JobState::Running) }];
    assert_eq!(meter.read(&at(0), start).seconds_left, None, "nothing is known at first");
    meter.read(&at(1000), start + Duration::from_secs(1));
    let crossing = meter.read(&at(2000), start + Duration::from_secs(2));
    assert_eq!(crossing.bytes_per_second, 2000);
    assert_eq!(crossing.seconds_left, Some(4));
    let again = meter.read(&at(0), start + Duration::from_secs(3));
    assert_eq!(again.bytes_per_second, 1000, "a second try is no step backwards");
}

#[test]
fn a_network_that_is_gone_is_told_from_a_busy_host() {
    let phase = |jobs: &[JobSnapshot]| Meter::default().read(jobs, Instant::now()).phase;
    assert_eq!(phase(&[waiting_for(ErrorCode::Network)]), CrossingPhase::Offline);
    let behind = [waiting_for(ErrorCode::Network), job("a", 1, JobState::Queued)];
    assert_eq!(phase(&behind), CrossingPhase::Offline);
    assert_eq!(phase(&[waiting_for(ErrorCode::RateLimited)]), CrossingPhase::Uploading);
    let moves = [waiting_for(ErrorCode::Network), job("a", 1, JobState::Running)];
    assert_eq!(phase(&moves), CrossingPhase::Uploading);
}

#[test]
fn a_further_try_is_no_sign_of_a_network_until_a_byte_went_out() {
    let now = Instant::now();
    let mut meter = Meter::default();
    let trying = |attempt, sent| [JobSnapshot { attempt, sent, ..job("a", 0, JobState::Running) }];
    assert_eq!(meter.read(&trying(1, 0), now).phase, CrossingPhase::Uploading);
    assert_eq!(meter.read(&[waiting_for(ErrorCode::Network)], now).phase, CrossingPhase::Offline);
    assert_eq!(meter.read(&trying(2, 0), now).phase, CrossingPhase::Offline);
    assert_eq!(meter.read(&trying(2, 10), now).phase, CrossingPhase::Uploading);
    assert_eq!(meter.read(&trying(2, 0), now).phase, CrossingPhase::Uploading, "it was there a moment ago");
}

#[test]
fn only_what_the_person_stopped_is_paused() {
    let phase = |jobs: &[JobSnapshot]| Meter::default().read(jobs, Instant::now()).phase;
    assert_eq!(phase(&[job("a", 0, JobState::Paused), job("a", 1, JobState::Done)]), CrossingPhase::Paused);
    let one_moves = [job("a", 0, JobState::Paused), job("b", 0, JobState::Queued)];
    assert_eq!(phase(&one_moves), CrossingPhase::Uploading);
}

#[test]
fn good_news_lasts_six_seconds() {
    let end = Instant::now();
    let jobs = [job("a", 1, JobState::Done), job("a", 0, JobState::Done)];
    let mut meter = Meter::default();
    meter.ended("a", end);
    meter.copied("a", "markdown");
    let crossing = meter.read(&jobs, end + Duration::from_secs(5));
    assert_eq!(crossing.phase, CrossingPhase::Done);
    assert_eq!(crossing.jobs, ["a-0", "a-1"], "in the order of the inputs");
    assert_eq!((crossing.bytes_in, crossing.bytes_out), (8000, 2000));
    assert_eq!(crossing.copied.as_deref(), Some("markdown"));
    assert_eq!(meter.read(&jobs, end + DONE_LIFE).phase, CrossingPhase::Ready);
}

#[test]
fn a_failure_stays_until_it_is_seen() {
    let end = Instant::now();
    let failed = JobSnapshot {
        error: Some(*Error::new(ErrorCode::QuotaExceeded, "Full.")),
        ..job("a", 1, JobState::Failed)
    };
    let jobs = [job("a", 0, JobState::Done), failed];
    let mut meter = Meter::default();
    meter.ended("a", end);
    let crossing = meter.read(&jobs, end + Duration::from_secs(3600));
    assert_eq!((crossing.phase, crossing.done, crossing.failed), (CrossingPhase::Failed, 1, 1));
    assert_eq!(crossing.error.map(|error| error.code), Some(ErrorCode::QuotaExceeded));
    meter.seen();
    let crossing = meter.read(&jobs, end + Duration::from_secs(3601));
    assert_eq!(crossing.phase, CrossingPhase::Ready);
    assert_eq!(crossing.need_you, 1, "the tray still says so");
}

#[test]
fn a_batch_that_was_cancelled_or_cleared_is_no_news() {
    let end = Instant::now();
    let mut meter = Meter::default();
    meter.ended("a", end);
    assert_eq!(meter.read(&[job("a", 0, JobState::Cancelled)], end).phase, CrossingPhase::Ready);
    assert_eq!(meter.read(&[], end).phase, CrossingPhase::Ready);
}
