//! How a batch came out that nobody watched, summed up for the card or the notification.

use picferry_core::crossing::Arrival;
use picferry_core::job::{JobSnapshot, JobState, Origin};
use picferry_rpc::Delivered;

/// What there is to tell of a batch; nothing of one that was cancelled or that an editor sent, which tells
/// whoever asked itself.
pub fn of(jobs: &[JobSnapshot], delivered: &Delivered) -> Option<Arrival> {
    // A batch ends once more when failed jobs of it are tried again; only the new ones count then.
    let is_new = |job: &&JobSnapshot| job.upload_id.is_none_or(|id| delivered.uploaded.contains(&id));
    let arrived: Vec<&JobSnapshot> =
        jobs.iter().filter(|job| job.state == JobState::Done).filter(is_new).collect();
    let is_for_an_editor = jobs.iter().any(|job| job.origin == Origin::Server);
    if is_for_an_editor || (arrived.is_empty() && delivered.failed == 0) {
        return None;
    }
    let failed = jobs.iter().find(|job| job.state == JobState::Failed).filter(|_| delivered.failed > 0);
    let first = arrived.first().copied().or(failed)?;
    // What was there before is no work of this batch: taking it back would delete what others link to.
    let made = arrived.iter().filter(|job| !job.reused).filter_map(|job| job.upload_id).collect();
    Some(Arrival {
        jobs: arrived.iter().map(|job| job.id.clone()).collect(),
        name: first.name.clone(),
        arrived: u32::try_from(arrived.len()).unwrap_or(u32::MAX),
        failed: delivered.failed,
        thumbnail: first.thumbnail.clone(),
        copied: delivered.copied.as_ref().map(|copied| copied.format.clone()),
        made,
        error: failed.and_then(|job| job.error.clone()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crossing::tests::job;
    use picferry_core::{Error, ErrorCode};
    use picferry_rpc::types::Copied;

    fn delivered(uploaded: &[i64], failed: u32) -> Delivered {
        let copied = Some(Copied { count: 1, format: "markdown".into() });
        Delivered { batch: "a".into(), uploaded: uploaded.to_vec(), failed, copied }
    }

    fn arrived(position: u32, row: i64) -> JobSnapshot {
        let thumbnail = Some(format!("thumbnail-{row}"));
        JobSnapshot { upload_id: Some(row), thumbnail, ..job("a", position, JobState::Done) }
    }

    fn failed(position: u32) -> JobSnapshot {
        let error = Some(*Error::new(ErrorCode::QuotaExceeded, "The bucket is full."));
        JobSnapshot { error, ..job("a", position, JobState::Failed) }
    }

    #[test]
    fn the_first_picture_stands_for_its_batch() {
        let arrival = of(&[arrived(0, 7), arrived(1, 8)], &delivered(&[7, 8], 0)).unwrap();
        assert_eq!((arrival.name.as_str(), arrival.arrived, arrival.failed), ("0.png", 2, 0));
        assert_eq!(arrival.thumbnail.as_deref(), Some("thumbnail-7"));
        assert_eq!(arrival.copied.as_deref(), Some("markdown"));
        assert_eq!(arrival.made, [7, 8]);
        assert_eq!(arrival.jobs, ["a-0", "a-1"]);
    }

    #[test]
    fn only_what_was_sent_just_now_can_be_taken_back() {
        let there_before = JobSnapshot { reused: true, ..arrived(0, 3) };
        let arrival = of(&[there_before, arrived(1, 8)], &delivered(&[3, 8], 0)).unwrap();
        assert_eq!((arrival.arrived, arrival.made.as_slice()), (2, [8].as_slice()));
    }

    #[test]
    fn a_failure_says_why_and_a_second_try_tells_only_its_own() {
        let arrival = of(&[arrived(0, 7), failed(1)], &delivered(&[7], 1)).unwrap();
        assert_eq!((arrival.arrived, arrival.failed), (1, 1));
        assert_eq!(arrival.error.unwrap().code, ErrorCode::QuotaExceeded);
        let again = of(&[arrived(0, 7), arrived(1, 9)], &delivered(&[9], 0)).unwrap();
        assert_eq!((again.arrived, again.name.as_str()), (1, "1.png"));
    }

    #[test]
    fn what_was_cancelled_or_came_from_an_editor_is_not_told() {
        assert_eq!(of(&[job("a", 0, JobState::Cancelled)], &delivered(&[], 0)), None);
        let from_editor = JobSnapshot { origin: Origin::Server, ..arrived(0, 7) };
        assert_eq!(of(&[from_editor], &delivered(&[7], 0)), None);
    }
}
