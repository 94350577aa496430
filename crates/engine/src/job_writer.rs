//! Changes of jobs on their way into the history: one thread writes them in their order, and what comes
//! while it writes goes into its next transaction together.

use crate::worker::Worker;
use picferry_core::upload::Upload;
use picferry_core::{Error, ErrorCode, Result};
use picferry_history::{History, JobRow, JobWrite, NewUpload};
use std::sync::{Arc, mpsc};
use tokio::sync::oneshot;

/// No transaction takes more of them: the next page of the gallery waits for none that long.
const MOST_AT_ONCE: usize = 64;

/// Writes changes of jobs, in the order in which they were given.
pub(crate) struct JobWriter {
    history: Arc<History>,
    worker: Worker<Order>,
}

/// A change, and who waits for it.
struct Order {
    write: JobWrite,
    written: oneshot::Sender<Written>,
}

/// The upload of a change that ends with one.
type Written = Result<Option<Upload>>;

type Answer = oneshot::Receiver<Written>;

impl JobWriter {
    /// The writer of that history. Its thread begins with the first change.
    pub(crate) fn new(history: Arc<History>) -> Self {
        Self { history, worker: Worker::new("history") }
    }

    /// Writes jobs as they stand. What nobody waits for any more is written all the same, before all that
    /// comes after it.
    ///
    /// # Errors
    /// The first that SQLite refused; the others do not suffer from it.
    pub(crate) async fn update_all(&self, rows: impl IntoIterator<Item = JobRow>) -> Result<()> {
        let answers: Vec<_> =
            rows.into_iter().map(|row| self.order(JobWrite::Update(Box::new(row)))).collect();
        let mut outcome = Ok(());
        for answer in answers {
            outcome = outcome.and(written(answer).await.map(drop));
        }
        outcome
    }

    /// Records what a job stored, and ends the job as done.
    ///
    /// # Errors
    /// What SQLite refused.
    pub(crate) async fn finish(&self, row: JobRow, upload: NewUpload, thumbnail_due: bool) -> Result<Upload> {
        let (job, upload) = (Box::new(row), Box::new(upload));
        let answer = self.order(JobWrite::Finish { job, upload, thumbnail_due });
        written(answer).await?.ok_or_else(lost)
    }

    fn order(&self, write: JobWrite) -> Answer {
        let (written, answer) = oneshot::channel();
        let history = self.history.clone();
        self.worker.order(Order { write, written }, move |queue| serve(&history, queue));
        answer
    }
}

async fn written(answer: Answer) -> Written {
    answer.await.unwrap_or_else(|_| Err(lost()))
}

fn lost() -> Box<Error> {
    Error::new(ErrorCode::Internal, "Picferry made a mistake while it wrote the queue.")
        .hint("Try again; if it happens again, copy the details into a report.")
}

/// Writes until nobody can order any more.
fn serve(history: &History, queue: &mpsc::Receiver<Order>) {
    while let Ok(first) = queue.recv() {
        let orders: Vec<Order> = std::iter::once(first).chain(queue.try_iter()).take(MOST_AT_ONCE).collect();
        let (writes, waiting): (Vec<JobWrite>, Vec<_>) =
            orders.into_iter().map(|order| (order.write, order.written)).unzip();
        for (written, waiting) in write_all(history, &writes).into_iter().zip(waiting) {
            // Nobody waits any more when the job was stopped.
            drop(waiting.send(written));
        }
    }
}

/// All in one transaction; one by one when that is refused, so that each has its own outcome. Where another
/// process holds the file, each would wait as long as all together.
fn write_all(history: &History, writes: &[JobWrite]) -> Vec<Written> {
    match history.write_jobs(writes) {
        Ok(uploads) => uploads.into_iter().map(Ok).collect(),
        Err(error) if writes.len() == 1 || error.retryable => {
            writes.iter().map(|_| Err(error.clone())).collect()
        }
        Err(_) => writes
            .iter()
            .map(|write| history.write_jobs(std::slice::from_ref(write)).map(|mut one| one.pop().flatten()))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use picferry_history::StoredSource;

    fn row(id: &str, sent: u64) -> JobRow {
        let snapshot = serde_json::json!({
            "id": id, "batch": "batch", "position": 0, "name": "cat.png", "input": "cat.png", "origin": "window",
            "profile_id": "local", "profile_name": "This computer", "state": "running", "stage": null,
            "sent": sent, "total": 0, "bytes_in": 0, "bytes_out": 0, "format": null, "key": null, "url": null,
            "thumbnail": null, "sha256": null, "notes": [], "score": null, "reused": false, "error": null,
            "attempt": 1, "retry_at": null, "upload_id": null, "created_at": 0,
        });
        let source = StoredSource::Path { path: "/cat.png".into() };
        JobRow::new(serde_json::from_value(snapshot).unwrap(), source)
    }

    #[tokio::test]
    async fn changes_are_written_in_their_order_and_a_refused_one_stops_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let history = Arc::new(History::open(&folder.path().join("history.db")).unwrap());
        history.insert_jobs(&[row("a", 0), row("b", 0)]).unwrap();
        let writer = JobWriter::new(history.clone());
        let mut impossible = row("b", 9);
        impossible.snapshot.upload_id = Some(404);
        let (first, refused, last) = tokio::join!(
            writer.update_all((1..100).map(|sent| row("a", sent))),
            writer.update_all([impossible, row("b", 7)]),
            writer.update_all([row("a", 100)]),
        );
        first.unwrap();
        refused.unwrap_err();
        last.unwrap();
        assert_eq!(history.job("a").unwrap().unwrap().snapshot.sent, 100);
        assert_eq!(history.job("b").unwrap().unwrap().snapshot.sent, 7);
    }
}
