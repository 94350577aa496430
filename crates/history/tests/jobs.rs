//! The queue: what was accepted is there after a restart, and is done once.

mod common;

use common::{NOW, fresh, job, upload, walk};
use picferry_core::images::PictureNote;
use picferry_core::job::{ConflictAnswer, JobState, Origin, Stage};
use picferry_core::picture::PictureFormat;
use picferry_core::upload::HistoryFilter;
use picferry_core::{Error, ErrorCode};
use picferry_history::{History, JobRow, JobWrite, StoredSource};

fn ids(jobs: &[JobRow]) -> Vec<&str> {
    jobs.iter().map(|job| job.snapshot.id.as_str()).collect()
}

fn in_state(batch: &str, position: u32, state: JobState) -> JobRow {
    let mut job = job(batch, position);
    job.snapshot.state = state;
    job
}

/// A job with a value in every place.
fn full() -> JobRow {
    let mut job = job("full", 3);
    job.snapshot = picferry_core::job::JobSnapshot {
        origin: Origin::WatchedFolder,
        state: JobState::Waiting,
        stage: Some(Stage::Send),
        sent: 10,
        total: 20,
        bytes_in: 30,
        bytes_out: 40,
        format: Some(PictureFormat::Webp),
        key: Some("2026/11/截图.webp".into()),
        url: Some("https://img.example.com/1.webp".into()),
        thumbnail: Some("thumbnail".into()),
        sha256: Some("ab".repeat(32)),
        notes: vec![PictureNote::Resized { width: 16, height: 9 }, PictureNote::Compressed],
        score: Some(83),
        reused: true,
        error: Some(
            *Error::new(ErrorCode::RateLimited, "Too fast.").temporary().hint("Wait.").param("host", "s3"),
        ),
        attempt: 4,
        retry_at: Some(NOW + 5),
        ..job.snapshot
    };
    job.source = StoredSource::Spool { path: "/spool/1".into(), name: "截图.png".into() };
    job.owner = Some("process-1".into());
    job.conflict = Some(ConflictAnswer::UseExisting);
    job.receipt = Some(upload(1).receipt);
    job.source_sha256 = Some("cd".repeat(32));
    job.folder = "trip".into();
    job.prepared = Some("/spool/1.webp".into());
    job.put_started = true;
    job.paused_by_person = true;
    job.overrides = [("image_format".to_owned(), "webp".to_owned())].into();
    job
}

#[test]
fn a_job_comes_back_as_it_was_written() {
    let (_folder, history) = fresh();
    history.insert_jobs(&[job("plain", 0), full()]).unwrap();
    let reopened = History::open(history.path()).unwrap();
    assert_eq!(reopened.job("plain-0").unwrap(), Some(job("plain", 0)));
    assert_eq!(reopened.job("full-3").unwrap(), Some(full()));
    let mut url = full();
    url.snapshot.error = None;
    url.source = StoredSource::Url { url: "https://example.com/a.png".into() };
    assert!(reopened.update_job(&url).unwrap());
    assert_eq!(history.job("full-3").unwrap(), Some(url));
    assert!(!history.update_job(&job("never accepted", 0)).unwrap());
}

#[test]
fn the_newest_batch_is_listed_first_and_its_jobs_in_the_order_of_the_inputs() {
    let (_folder, history) = fresh();
    let mut later = [job("later", 0), job("later", 1)];
    later.iter_mut().for_each(|job| job.snapshot.created_at = NOW + 1);
    history.insert_jobs(&[job("early", 2), job("early", 0), job("early", 1)]).unwrap();
    history.insert_jobs(&later).unwrap();
    assert_eq!(ids(&history.jobs_listed().unwrap()), ["later-0", "later-1", "early-0", "early-1", "early-2"]);
    assert_eq!(ids(&history.jobs_of_batch("early").unwrap()), ["early-0", "early-1", "early-2"]);
}

#[test]
fn a_batch_is_accepted_as_a_whole_or_not_at_all() {
    let (_folder, history) = fresh();
    history.insert_jobs(&[job("batch", 1)]).unwrap();
    history.insert_jobs(&[job("batch", 0), job("batch", 1)]).unwrap_err();
    assert_eq!(ids(&history.jobs_listed().unwrap()), ["batch-1"]);
}

#[test]
fn unfinished_jobs_of_a_dead_process_are_taken_over() {
    let (_folder, history) = fresh();
    let owned = |position, state, owner: Option<&str>| {
        let mut job = in_state("batch", position, state);
        job.owner = owner.map(str::to_owned);
        job
    };
    history
        .insert_jobs(&[
            owned(0, JobState::Running, Some("dead")),
            owned(1, JobState::Queued, None),
            owned(2, JobState::Running, Some("alive")),
            owned(3, JobState::Paused, Some("me")),
            owned(4, JobState::Failed, Some("dead")),
            owned(5, JobState::Asking, Some("dead")),
            owned(6, JobState::Done, None),
        ])
        .unwrap();
    let adopted = history.adopt_jobs(&["alive".into()], "me").unwrap();
    assert_eq!(ids(&adopted), ["batch-0", "batch-1", "batch-5"]);
    assert!(adopted.iter().all(|job| job.owner.as_deref() == Some("me")));
    assert_eq!(adopted[0].snapshot.state, JobState::Running, "the rest is as the dead process left it");
    assert_eq!(history.adopt_jobs(&["alive".into(), "me".into()], "other").unwrap(), []);
}

#[test]
fn a_process_that_ends_leaves_its_jobs_to_the_next() {
    let (_folder, history) = fresh();
    history.insert_jobs(&[job("batch", 0)]).unwrap();
    assert_eq!(history.adopt_jobs(&[], "first").unwrap().len(), 1);
    assert_eq!(history.adopt_jobs(&["first".into()], "second").unwrap(), []);
    history.release_owner("first").unwrap();
    assert_eq!(history.adopt_jobs(&["first".into()], "second").unwrap().len(), 1);
}

#[test]
fn only_ended_jobs_leave_the_list() {
    let (_folder, history) = fresh();
    history
        .insert_jobs(&[
            in_state("batch", 0, JobState::Done),
            in_state("batch", 1, JobState::Running),
            in_state("batch", 2, JobState::Failed),
            in_state("batch", 3, JobState::Cancelled),
        ])
        .unwrap();
    let asked = ["batch-0", "batch-1", "batch-2", "no such job"].map(str::to_owned);
    assert_eq!(history.clear_jobs(&asked).unwrap(), ["batch-0", "batch-2"]);
    assert_eq!(ids(&history.jobs_listed().unwrap()), ["batch-1", "batch-3"]);
}

#[test]
fn recording_an_upload_ends_its_job_and_happens_once() {
    let (_folder, history) = fresh();
    let mut running = in_state("batch", 0, JobState::Running);
    running.snapshot.stage = Some(Stage::Record);
    running.snapshot.error = Some(*Error::new(ErrorCode::Network, "The line was cut.").temporary());
    running.snapshot.retry_at = Some(NOW);
    history.insert_jobs(std::slice::from_ref(&running)).unwrap();
    let mut new = upload(1);
    new.job_id = "batch-0".into();

    let recorded = history.finish_job_with_upload(&running, &new).unwrap();
    let done = history.job("batch-0").unwrap().unwrap().snapshot;
    assert_eq!((done.state, done.upload_id, done.stage), (JobState::Done, Some(recorded.id), None));
    assert_eq!((done.error, done.retry_at), (None, None));

    // After a kill between recording and knowing so, the engine records again.
    new.created_at += 60_000;
    assert_eq!(history.finish_job_with_upload(&running, &new).unwrap(), recorded);
    assert_eq!(walk(&history, &HistoryFilter::default(), 10), [recorded]);
}

#[test]
fn a_job_stays_on_the_list_when_its_upload_is_deleted() {
    let (_folder, history) = fresh();
    history.insert_jobs(&[job("batch", 0)]).unwrap();
    let mut new = upload(1);
    new.job_id = "batch-0".into();
    let recorded = history.finish_job_with_upload(&job("batch", 0), &new).unwrap();
    history.delete_rows(&[recorded.id]).unwrap();
    let left = history.job("batch-0").unwrap().unwrap().snapshot;
    assert_eq!((left.state, left.upload_id), (JobState::Done, None));
}

#[test]
fn changes_of_jobs_are_made_together_or_not_at_all() {
    let (_folder, history) = fresh();
    history.insert_jobs(&[job("batch", 0), job("batch", 1)]).unwrap();
    let mut new = upload(1);
    new.job_id = "batch-0".into();
    let finish = || JobWrite::Finish {
        job: Box::new(job("batch", 0)),
        upload: Box::new(new.clone()),
        thumbnail_due: true,
    };
    let mut impossible = job("batch", 1);
    impossible.snapshot.upload_id = Some(404);
    history.write_jobs(&[finish(), JobWrite::Update(Box::new(impossible))]).unwrap_err();
    assert_eq!(walk(&history, &HistoryFilter::default(), 10), []);

    let paused = JobWrite::Update(Box::new(JobRow {
        paused_by_person: true,
        ..in_state("batch", 1, JobState::Paused)
    }));
    let written = history.write_jobs(&[finish(), paused]).unwrap();
    assert_eq!(written, [walk(&history, &HistoryFilter::default(), 10).pop(), None]);
    assert_eq!(history.job("batch-0").unwrap().unwrap().snapshot.state, JobState::Done);
    assert!(history.job("batch-1").unwrap().unwrap().paused_by_person);
}

#[test]
fn the_same_picture_of_two_processes_is_one_row() {
    let (_folder, history) = fresh();
    history.insert_jobs(&[job("batch", 0), job("batch", 1)]).unwrap();
    let mut new = upload(1);
    new.job_id = "batch-0".into();
    let recorded = history.finish_job_with_upload(&job("batch", 0), &new).unwrap();
    new.job_id = "batch-1".into();
    assert_eq!(history.finish_job_with_upload(&job("batch", 1), &new).unwrap(), recorded);
    assert_eq!(walk(&history, &HistoryFilter::default(), 10), std::slice::from_ref(&recorded));
    assert_eq!(history.job("batch-1").unwrap().unwrap().snapshot.upload_id, Some(recorded.id));
}

#[test]
fn a_thumbnail_that_was_left_to_the_app_is_due_until_it_is_drawn_or_cannot_be() {
    let (_folder, history) = fresh();
    history.insert_jobs(&[job("batch", 0), job("batch", 1), job("batch", 2)]).unwrap();
    let record = |number: u64, thumbnail_due: bool| {
        let mut new = upload(number);
        (new.job_id, new.thumbnail) = (format!("batch-{number}"), None);
        let job = Box::new(job("batch", u32::try_from(number).unwrap()));
        let finish = JobWrite::Finish { job, upload: Box::new(new), thumbnail_due };
        history.write_jobs(&[finish]).unwrap().pop().flatten().unwrap().id
    };
    let (drawn, hopeless, other) = (record(0, true), record(1, true), record(2, false));
    let due = || history.thumbnails_due(10).unwrap().iter().map(|upload| upload.id).collect::<Vec<_>>();
    assert_eq!(due(), [hopeless, drawn], "{other} is not due");
    history.settle_thumbnail(drawn, Some("thumbnail")).unwrap();
    history.settle_thumbnail(hopeless, None).unwrap();
    assert!(due().is_empty());
    let thumbnails = history.get(&[drawn, hopeless]).unwrap();
    assert_eq!(thumbnails[0].thumbnail.as_deref(), Some("thumbnail"));
    assert_eq!(thumbnails[1].thumbnail, None);
}
