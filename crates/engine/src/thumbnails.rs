//! Thumbnails: drawn from local bytes after the links of a fast batch or while a slow one is on its way,
//! by a thread that all other work of the computer goes before.

use crate::engine::Engine;
use crate::pipeline::Cargo;
use crate::worker::Worker;
use bytes::Bytes;
use picferry_core::{Error, ErrorCode, Result};
use picferry_imaging::Limits;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use thread_priority::{ThreadPriority, set_current_thread_priority};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::JoinHandle;

/// Pictures that wait to be drawn hold this many kilobytes at most; the next ones wait before they are
/// sent, so that a fast host does not fill the memory.
const WAITING: u32 = 64 * 1024;

/// For that long the links of a large batch go first: on a few cores drawing would slow down what feeds a
/// fast host. Pictures on a longer way are drawn meanwhile.
const HEAD_START: Duration = Duration::from_secs(1);

/// So many pictures are no large batch.
const FEW: usize = 8;

/// Draws one thumbnail after the other.
pub(crate) struct Painter {
    room: Arc<Semaphore>,
    used: Arc<Notify>,
    worker: Worker<Order>,
}

/// A picture to draw, and who waits for it.
struct Order {
    bytes: Bytes,
    path: PathBuf,
    drawn: oneshot::Sender<Result<bool>>,
    _room: Room,
}

/// A place in the queue.
type Room = Option<OwnedSemaphorePermit>;

impl Painter {
    /// `used` hears of every picture that was drawn.
    pub(crate) fn new(used: Arc<Notify>) -> Self {
        Self { room: Arc::new(Semaphore::new(WAITING as usize)), used, worker: Worker::new("thumbnails") }
    }

    /// Waits until there is room for so many bytes. More than the whole queue wait until they are alone.
    async fn room(&self, length: usize) -> Room {
        let kilobytes = u32::try_from(length / 1024).unwrap_or(WAITING).clamp(1, WAITING);
        self.room.clone().acquire_many_owned(kilobytes).await.ok()
    }

    /// Takes a picture into the queue. The answer is `false` for what cannot be drawn.
    fn order(&self, bytes: Bytes, path: PathBuf, room: Room) -> oneshot::Receiver<Result<bool>> {
        let (drawn, answer) = oneshot::channel();
        let used = self.used.clone();
        self.worker.order(Order { bytes, path, drawn, _room: room }, move |queue| paint(queue, &used));
        answer
    }

    /// The same, and waits until it is drawn.
    async fn draw(&self, bytes: Bytes, path: PathBuf, room: Room) -> Result<bool> {
        let gone = || Error::new(ErrorCode::Internal, "The thumbnail was not drawn.");
        self.order(bytes, path, room).await.unwrap_or_else(|_| Err(gone()))
    }
}

/// Draws until nobody can order any more.
fn paint(queue: &mpsc::Receiver<Order>, used: &Notify) {
    if let Err(error) = set_current_thread_priority(ThreadPriority::Min) {
        tracing::debug!("thumbnails are drawn with the priority of all others: {error:?}");
    }
    for order in queue {
        // Nobody waits any more when the process ends.
        drop(order.drawn.send(draw(&order.bytes, &order.path)));
        drop(order.bytes);
        used.notify_one();
    }
}

/// Draws and keeps a thumbnail, unless it is kept already; `false` for what cannot be drawn.
fn draw(bytes: &[u8], path: &Path) -> Result<bool> {
    if path.exists() {
        return Ok(true);
    }
    let Some(thumbnail) = picferry_imaging::thumbnail(bytes, &Limits::default())? else {
        return Ok(false);
    };
    let kept = path
        .parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| crate::spool::write_whole(path, &thumbnail.bytes));
    kept.map(|()| true).map_err(|error| Error::from_io("The thumbnail cannot be kept", &error))
}

impl Engine {
    /// Waits until every thumbnail that was ordered is drawn.
    pub async fn wait_for_thumbnails(&self) {
        // All room is free then. The semaphore is never closed.
        drop(self.painter.room.acquire_many(WAITING).await);
    }

    /// Draws one thumbnail and keeps it; `false` for what cannot be drawn.
    pub(crate) async fn draw(&self, bytes: Bytes, name: &str) -> Result<bool> {
        let room = self.painter.room(bytes.len()).await;
        self.painter.draw(bytes, self.thumbnail_path(name), room).await
    }

    /// Orders the thumbnail of a picture, kept by the hash of what is sent. `None` for a picture that
    /// cannot be drawn.
    pub(crate) async fn start_thumbnail(
        self: &Arc<Self>,
        id: &str,
        cargo: &Cargo,
    ) -> JoinHandle<Option<String>> {
        let name = cargo.digests.sha256().to_owned();
        let bytes = cargo.prepared.bytes.clone();
        let room = self.painter.room(bytes.len()).await;
        let engine = self.clone();
        let id = id.to_owned();
        self.tasks.spawn(async move {
            // Told once, not at the end of every job: a large batch has many that wait here.
            let calm = engine.calm.notified();
            tokio::pin!(calm);
            calm.as_mut().enable();
            if engine.jobs.is_busy() && engine.jobs.is_one_of_more_than(&id, FEW) {
                drop(tokio::time::timeout(HEAD_START, calm).await);
            }
            match engine.painter.draw(bytes, engine.thumbnail_path(&name), room).await {
                Ok(true) => {
                    engine.jobs.update(&id, |entry| entry.row.snapshot.thumbnail = Some(name.clone()));
                    engine.tell_job(&id);
                    Some(name)
                }
                Ok(false) => None,
                Err(error) => {
                    tracing::warn!(%error, id, "no thumbnail");
                    None
                }
            }
        })
    }

    /// Notes the thumbnail of a row that was recorded before it was drawn.
    pub(crate) async fn add_thumbnail(
        self: Arc<Self>,
        upload_id: i64,
        thumbnail: JoinHandle<Option<String>>,
    ) {
        let Ok(Some(name)) = thumbnail.await else { return };
        match self.with_history(move |history| history.set_thumbnail(upload_id, &name)).await {
            Ok(()) => self.history_changed(),
            Err(error) => tracing::warn!(%error, "a thumbnail could not be kept"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Bytes {
        // The smallest bitmap: one pixel.
        let mut bytes = b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0".to_vec();
        bytes.resize(0x3a, 0);
        bytes.into()
    }

    #[tokio::test]
    async fn what_is_ordered_is_drawn_in_order_and_a_bad_picture_stops_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let painter = Painter::new(Arc::default());
        let bad = painter.order(Bytes::from_static(b"no picture"), folder.path().join("bad"), None);
        let good = painter.order(picture(), folder.path().join("a/good"), None);
        let again = painter.order(Bytes::new(), folder.path().join("a/good"), None);
        assert!(bad.await.unwrap().is_err());
        assert!(good.await.unwrap().unwrap());
        assert!(again.await.unwrap().unwrap(), "one that is kept already is not drawn again");
        assert!(folder.path().join("a/good").exists());
    }

    #[tokio::test]
    async fn pictures_that_wait_never_hold_more_than_the_room_there_is() {
        let painter = Painter::new(Arc::default());
        let huge = painter.room(usize::MAX).await;
        assert!(painter.room.clone().try_acquire_owned().is_err(), "one huge picture fills the queue");
        drop(huge);
        assert!(painter.room(10).await.is_some());
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn thumbnails_give_way_to_everything_else() {
        let folder = tempfile::tempdir().unwrap();
        let painter = Painter::new(Arc::default());
        painter.order(picture(), folder.path().join("a"), None).await.unwrap().unwrap();
        let niceness = std::fs::read_dir("/proc/self/task")
            .unwrap()
            .flatten()
            .filter_map(|task| std::fs::read_to_string(task.path().join("stat")).ok())
            .filter(|stat| stat.contains("(thumbnails)"))
            .map(|stat| {
                let after_name = stat.rsplit(") ").next().unwrap();
                // proc(5): the 19th field; the third follows the name.
                after_name.split(' ').nth(16).unwrap().to_owned()
            });
        assert!(niceness.into_iter().any(|nice| nice == "19"));
    }
}
