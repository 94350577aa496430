//! Listens to what the system tells of a folder. Only so much of it is kept: when more comes at
//! once, or something was missed, the folder is looked through instead.

use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc;

/// Paths that are kept until somebody looks.
const KEPT: usize = 1024;

/// What was heard of a folder.
pub struct Ears {
    /// Hears as long as it lives.
    _watcher: RecommendedWatcher,
    heard: mpsc::Receiver<PathBuf>,
    missed: Arc<AtomicBool>,
}

impl Ears {
    /// Listens to a folder, and to those inside it if so wanted.
    ///
    /// # Errors
    /// The system's: it may have no more watches to give, or none for this kind of disk.
    pub fn open(folder: &Path, subfolders: bool) -> notify::Result<Self> {
        let (sender, heard) = mpsc::channel(KEPT);
        let missed = Arc::new(AtomicBool::new(false));
        let miss = missed.clone();
        let handler = move |event: notify::Result<notify::Event>| {
            let Ok(event) = event else {
                miss.store(true, Ordering::Release);
                // Somebody has to wake up and see it.
                drop(sender.try_send(PathBuf::new()));
                return;
            };
            let is_only_read = event.kind.is_access() && !is_written(event.kind);
            if is_only_read || event.kind.is_remove() {
                return;
            }
            if event.need_rescan() {
                miss.store(true, Ordering::Release);
            }
            let paths = if event.paths.is_empty() { vec![PathBuf::new()] } else { event.paths };
            if paths.into_iter().any(|path| sender.try_send(path).is_err()) {
                miss.store(true, Ordering::Release);
            }
        };
        let mut watcher = RecommendedWatcher::new(handler, Config::default().with_follow_symlinks(false))?;
        let mode = if subfolders { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
        watcher.watch(folder, mode)?;
        Ok(Self { _watcher: watcher, heard, missed })
    }

    /// Waits for the next thing that is heard; nothing when the system tells no more.
    pub async fn next(&mut self) -> Option<PathBuf> {
        self.heard.recv().await
    }

    /// What else was heard until now, without waiting.
    pub fn rest(&mut self) -> Vec<PathBuf> {
        std::iter::from_fn(|| self.heard.try_recv().ok()).collect()
    }

    /// Whether something was missed since the last time this was asked.
    pub fn has_missed(&self) -> bool {
        self.missed.swap(false, Ordering::AcqRel)
    }
}

fn is_written(kind: notify::EventKind) -> bool {
    use notify::event::{AccessKind, AccessMode, EventKind};
    kind == EventKind::Access(AccessKind::Close(AccessMode::Write))
}
