//! Who may begin, and who counts as busy.

use super::*;
use picferry_history::StoredSource;

/// A job that waits for its turn.
pub(crate) fn queued(id: &str) -> JobRow {
    let snapshot = serde_json::json!({
        "id": id, "batch": "batch", "position": 0, "name": "cat.png", "input": "cat.png", "origin": "window",
        "profile_id": "local", "profile_name": "This computer", "state": "queued", "stage": null, "sent": 0,
        "total": 0, "bytes_in": 0, "bytes_out": 0, "format": null, "key": null, "url": null,
        "thumbnail": null, "sha256": null, "notes": [], "score": null, "reused": false, "error": null,
        "attempt": 0, "retry_at": null, "upload_id": null, "created_at": 0,
    });
    JobRow::new(serde_json::from_value(snapshot).unwrap(), StoredSource::Path { path: "/cat.png".into() })
}

/// So many of them; their ids are their numbers.
fn waiting(count: usize) -> JobList {
    let jobs = JobList::default();
    for number in 0..count {
        jobs.insert(JobEntry::own(queued(&format!("{number:03}"))));
    }
    jobs
}

/// Begins what may begin, two at a time, and answers with the ids.
fn begin(jobs: &JobList) -> Vec<String> {
    jobs.take_ready(|_| 2).into_iter().map(|(id, _)| id).collect()
}

fn is_stored(jobs: &JobList, id: &str) {
    jobs.update(id, |entry| entry.committing = true);
}

fn is_recorded(jobs: &JobList, id: &str) {
    jobs.update(id, |entry| entry.row.snapshot.state = JobState::Done);
}

#[test]
fn a_picture_that_is_on_its_host_leaves_its_place_to_the_next() {
    let jobs = waiting(3);
    assert_eq!(begin(&jobs), ["000", "001"]);
    assert_eq!(begin(&jobs), [""; 0]);
    is_stored(&jobs, "000");
    assert_eq!(begin(&jobs), ["002"]);
    for id in ["001", "002"] {
        is_stored(&jobs, id);
        is_recorded(&jobs, id);
    }
    assert!(jobs.is_busy(), "the first is not recorded");
    is_recorded(&jobs, "000");
    assert!(!jobs.is_busy());
}

#[test]
fn where_recording_is_slower_than_sending_the_next_ones_wait() {
    let jobs = waiting(MOST_RECORDED + 1);
    for _ in 0..MOST_RECORDED {
        jobs.take_ready(|_| 1).iter().for_each(|(id, _)| is_stored(&jobs, id));
    }
    assert_eq!(begin(&jobs), [""; 0]);
    is_recorded(&jobs, "000");
    assert_eq!(begin(&jobs).len(), 1);
}

#[test]
fn a_job_is_one_of_many_by_its_batch_or_by_those_that_wait() {
    let jobs = waiting(3);
    assert!(jobs.is_one_of_more_than("000", 2));
    assert!(!jobs.is_one_of_more_than("000", 3));
    assert!(jobs.is_one_of_more_than("no such job", 2), "others wait");
    jobs.take_ready(|_| 3);
    assert!(jobs.is_one_of_more_than("000", 2), "whatever became of its batch");
}
