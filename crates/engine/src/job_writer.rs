//! Changes of jobs on their way into the history: one thread writes them in their order, and what comes
//! while it writes goes into its next transaction together.
//!
//! Ends of jobs that nobody waits for alone are held back for a moment, so that one transaction takes more
//! of them. An end is the last change of its job: those of other jobs may pass it.

use crate::worker::Worker;
use picferry_core::upload::Upload;
use picferry_core::{Error, ErrorCode, Result};
use picferry_history::{History, JobRow, JobWrite, NewUpload};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// No transaction takes more of them: the next page of the gallery waits for none that long.
const MOST_AT_ONCE: usize = 64;

/// No more ends than these wait.
const MOST_HELD: usize = MOST_AT_ONCE / 2;

/// So long an end waits for others at most.
const GATHER: Duration = Duration::from_millis(20);

/// Writes changes of jobs, those of each job in the order in which they were given.
pub(crate) struct JobWriter {
    history: Arc<History>,
    worker: Worker<Order>,
}

/// A change, and who waits for it.
struct Order {
    write: JobWrite,
    pace: Pace,
    written: oneshot::Sender<Written>,
}

/// How soon a change is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// With the next transaction.
    Now,
    /// The same, and all that were held go with it: whoever waits for it waits for them, too.
    Last,
    /// A moment later, if more of them come.
    HasTime,
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
            rows.into_iter().map(|row| self.order(JobWrite::Update(Box::new(row)), Pace::Now)).collect();
        let mut outcome = Ok(());
        for answer in answers {
            outcome = outcome.and(written(answer).await.map(drop));
        }
        outcome
    }

    /// Records what a job stored, and ends the job as done. Where it `has_time`, others may be recorded
    /// with it a moment later.
    ///
    /// # Errors
    /// What SQLite refused.
    pub(crate) async fn finish(
        &self,
        row: JobRow,
        upload: NewUpload,
        thumbnail_due: bool,
        has_time: bool,
    ) -> Result<Upload> {
        let (job, upload) = (Box::new(row), Box::new(upload));
        let pace = if has_time { Pace::HasTime } else { Pace::Last };
        let answer = self.order(JobWrite::Finish { job, upload, thumbnail_due }, pace);
        written(answer).await?.ok_or_else(lost)
    }

    fn order(&self, write: JobWrite, pace: Pace) -> Answer {
        let (written, answer) = oneshot::channel();
        let history = self.history.clone();
        self.worker.order(Order { write, pace, written }, move |queue| serve(&history, queue));
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
    let mut held = Held::default();
    loop {
        let first = match held.next(queue) {
            Ok(order) => Some(order),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return write_all(history, held.release()),
        };
        let orders = first.into_iter().chain(queue.try_iter()).take(MOST_AT_ONCE).collect();
        write_all(history, held.sort_out(orders));
    }
}

/// Ends of jobs that wait for others.
#[derive(Default)]
struct Held {
    orders: Vec<Order>,
    since: Option<Instant>,
}

impl Held {
    /// The next order, for as long as those that are held may wait.
    fn next(&self, queue: &mpsc::Receiver<Order>) -> std::result::Result<Order, RecvTimeoutError> {
        match self.since {
            Some(since) => queue.recv_timeout(GATHER.saturating_sub(since.elapsed())),
            None => queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    /// What is to be written now; the rest is held.
    fn sort_out(&mut self, orders: Vec<Order>) -> Vec<Order> {
        let (with_time, mut now): (Vec<Order>, Vec<Order>) =
            orders.into_iter().partition(|order| order.pace == Pace::HasTime);
        self.orders.extend(with_time);
        if self.orders.is_empty() {
            return now;
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        let is_last = now.iter().any(|order| order.pace == Pace::Last);
        if is_last || self.orders.len() >= MOST_HELD || since.elapsed() >= GATHER {
            now.splice(0..0, self.release());
        }
        now
    }

    fn release(&mut self) -> Vec<Order> {
        self.since = None;
        std::mem::take(&mut self.orders)
    }
}

/// Writes these together, and tells whoever waits for them.
fn write_all(history: &History, orders: Vec<Order>) {
    if orders.is_empty() {
        return;
    }
    let (writes, waiting): (Vec<JobWrite>, Vec<_>) =
        orders.into_iter().map(|order| (order.write, order.written)).unzip();
    for (written, waiting) in try_all(history, &writes).into_iter().zip(waiting) {
        // Nobody waits any more when the job was stopped.
        drop(waiting.send(written));
    }
}

/// All in one transaction; one by one when that is refused, so that each has its own outcome. Where another
/// process holds the file, each would wait as long as all together.
fn try_all(history: &History, writes: &[JobWrite]) -> Vec<Written> {
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
    use crate::job_list::tests::queued;

    fn row(id: &str, sent: u64) -> JobRow {
        let mut row = queued(id);
        row.snapshot.sent = sent;
        row
    }

    /// An order that nobody waits for.
    fn order(id: &str, pace: Pace) -> Order {
        Order { write: JobWrite::Update(Box::new(row(id, 0))), pace, written: oneshot::channel().0 }
    }

    fn ids(orders: &[Order]) -> String {
        let id = |order: &Order| match &order.write {
            JobWrite::Update(job) | JobWrite::Finish { job, .. } => job.snapshot.id.clone(),
        };
        orders.iter().map(id).collect()
    }

    #[test]
    fn ends_that_have_time_let_others_pass_until_one_comes_that_has_none() {
        let mut held = Held::default();
        assert_eq!(ids(&held.sort_out(vec![order("a", Pace::HasTime), order("b", Pace::Now)])), "b");
        assert_eq!(ids(&held.sort_out(vec![order("c", Pace::Now), order("d", Pace::HasTime)])), "c");
        assert_eq!(ids(&held.sort_out(vec![order("e", Pace::Last), order("f", Pace::Now)])), "adef");
        assert_eq!(ids(&held.sort_out(vec![order("g", Pace::Last)])), "g");
    }

    #[test]
    fn ends_are_held_for_a_moment_and_never_too_many() {
        let mut held = Held::default();
        assert_eq!(ids(&held.sort_out(vec![order("a", Pace::HasTime)])), "");
        held.since = Instant::now().checked_sub(GATHER);
        assert_eq!(ids(&held.sort_out(vec![])), "a", "their moment is over");
        let many = |_| order("b", Pace::HasTime);
        assert_eq!(held.sort_out((1..MOST_HELD).map(many).collect()).len(), 0);
        assert_eq!(held.sort_out(vec![order("c", Pace::HasTime)]).len(), MOST_HELD);
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
