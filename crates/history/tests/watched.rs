//! What is kept of watched folders.

mod common;

use common::{NOW, fresh, job, upload};
use picferry_core::job::JobState;
use picferry_history::{History, JobRow, NewUpload, Stamp, WatchedFile, WatchedOutcome};
use std::slice;

const STAMP: Stamp = Stamp { bytes: 100, written: 1_795_305_600_123_456_789 };

fn sent(place: &str, job: &JobRow) -> WatchedFile {
    WatchedFile {
        sha256: Some(format!("hash of {place}")),
        outcome: WatchedOutcome::Sent,
        job_id: Some(job.snapshot.id.clone()),
        goes: true,
        ..WatchedFile::left_alone(place.into(), STAMP)
    }
}

fn outcome(history: &History, place: &str) -> Option<WatchedOutcome> {
    let known = history.watched_files("shots", &[place.into()]).expect("what is known");
    known.into_iter().next().flatten().map(|file| file.outcome)
}

#[test]
fn a_folder_is_begun_with_once() {
    let (_folder, history) = fresh();
    assert!(!history.is_watching_begun("shots").unwrap());
    assert!(history.begin_watching("shots", NOW, &[("old.png".into(), STAMP)]).unwrap());
    assert!(!history.begin_watching("shots", NOW, &[("later.png".into(), STAMP)]).unwrap());
    assert_eq!(outcome(&history, "old.png"), Some(WatchedOutcome::Before));
    assert_eq!(outcome(&history, "later.png"), None);
    assert_eq!(history.watched_counts("shots").unwrap().before, 1);
    history.forget_watching("shots").unwrap();
    assert_eq!(outcome(&history, "old.png"), None, "its files are forgotten with it");
}

#[test]
fn a_job_and_its_file_are_kept_together_or_not_at_all() {
    let (_folder, history) = fresh();
    history.begin_watching("shots", NOW, &[]).unwrap();
    let first = job("batch", 0);
    history.insert_watched_jobs(slice::from_ref(&first), "shots", &[sent("a.png", &first)]).unwrap();
    assert_eq!(outcome(&history, "a.png"), Some(WatchedOutcome::Sent));
    // The same job again is refused, and its file with it.
    let again = history.insert_watched_jobs(slice::from_ref(&first), "shots", &[sent("b.png", &first)]);
    assert!(again.is_err());
    assert_eq!(outcome(&history, "b.png"), None);
    // So is a file of a folder that is watched no more, and its job with it.
    let second = job("batch", 1);
    let gone = history.insert_watched_jobs(slice::from_ref(&second), "gone", &[sent("c.png", &second)]);
    assert!(gone.is_err());
    assert_eq!(history.jobs_listed().unwrap().len(), 1);
}

#[test]
fn the_end_of_a_job_is_noted_and_counted_once() {
    let (_folder, history) = fresh();
    history.begin_watching("shots", NOW, &[]).unwrap();
    let first = job("batch", 0);
    history.insert_watched_jobs(slice::from_ref(&first), "shots", &[sent("a.png", &first)]).unwrap();
    let id = &first.snapshot.id;
    history.end_watched_job(id, WatchedOutcome::Failed).unwrap();
    assert_eq!(&history.failed_watched_jobs("shots").unwrap(), slice::from_ref(id));
    for _ in 0..2 {
        history.end_watched_job(id, WatchedOutcome::Stored).unwrap();
    }
    let counts = history.watched_counts("shots").unwrap();
    assert_eq!((counts.stored, counts.failed, counts.sent), (1, 0, 0));
    assert_eq!(history.watched_to_go("shots", 10).unwrap()[0].place, "a.png");
}

#[test]
fn jobs_that_ended_unseen_are_settled() {
    let (_folder, history) = fresh();
    history.begin_watching("shots", NOW, &[]).unwrap();
    let jobs: Vec<JobRow> = (0..4).map(|position| job("batch", position)).collect();
    let places = ["recorded.png", "failed.png", "open.png", "cleared.png"];
    let files: Vec<WatchedFile> = places.iter().zip(&jobs).map(|(place, job)| sent(place, job)).collect();
    history.insert_watched_jobs(&jobs, "shots", &files).unwrap();
    let recorded = NewUpload { job_id: jobs[0].snapshot.id.clone(), ..upload(1) };
    history.finish_job_with_upload(&jobs[0], &recorded).unwrap();
    for (place, state) in [(1, JobState::Failed), (3, JobState::Cancelled)] {
        let mut ended = jobs[place].clone();
        ended.snapshot.state = state;
        history.update_job(&ended).unwrap();
    }
    // Off the list: the upload remembers the one, nothing the other.
    history.clear_jobs(&[jobs[0].snapshot.id.clone(), jobs[3].snapshot.id.clone()]).unwrap();
    history.settle_watched_jobs().unwrap();
    let found: Vec<_> = places.iter().map(|place| outcome(&history, place).unwrap()).collect();
    use WatchedOutcome::{Failed, Sent, Stored};
    assert_eq!(found, [Stored, Failed, Sent, Failed]);
}

#[test]
fn a_file_under_another_name_keeps_what_is_known_of_it() {
    let (_folder, history) = fresh();
    history.begin_watching("shots", NOW, &[("old.png".into(), STAMP)]).unwrap();
    history.rename_watched("shots", "old.png", "sub/new.png").unwrap();
    assert_eq!(outcome(&history, "old.png"), None);
    assert_eq!(history.watched_with_stamp("shots", STAMP).unwrap()[0].place, "sub/new.png");
    assert_eq!(history.forget_watched_outcome("shots", WatchedOutcome::Before).unwrap(), 1);
    assert!(!history.has_watched_files("shots").unwrap());
}
