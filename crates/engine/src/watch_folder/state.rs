//! How the watched folders stand, for whoever shows them.

use super::{WatchTiming, scan};
use crate::engine::Engine;
use picferry_core::event::{Event, Notice};
use picferry_core::watched::{WatchStatus, WatchedFolder, WatchedFolderState, WatchedFolders};
use picferry_core::{Error, Result};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Watching, as far as this process does it.
pub struct Watching {
    pub(super) timing: WatchTiming,
    /// The settings are other ones.
    pub(super) changed: Arc<Notify>,
    /// The job of a watched file ended: there may be room for more, or a file to take away.
    pub(super) ended: Arc<Notify>,
    is_here: AtomicBool,
    seen: Mutex<BTreeMap<String, Seen>>,
}

/// What a lookout sees of its folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Seen {
    pub is_gone: bool,
    pub polled: bool,
    pub waiting: u32,
    pub error: Option<Error>,
}

impl Watching {
    /// Nothing is watched yet.
    pub fn new(timing: WatchTiming) -> Self {
        Self {
            timing,
            changed: Arc::default(),
            ended: Arc::default(),
            is_here: AtomicBool::new(false),
            seen: Mutex::default(),
        }
    }

    /// Lets whoever watches read the settings again.
    pub fn settings_changed(&self) {
        self.changed.notify_one();
    }

    pub(super) fn set_here(&self, is_here: bool) {
        self.is_here.store(is_here, Ordering::Release);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what a lookout sees; whether that is anything new.
    pub(super) fn see(&self, id: &str, seen: &Seen) -> bool {
        let before = self.lock().insert(id.to_owned(), seen.clone());
        before.as_ref() != Some(seen)
    }

    /// A folder has no lookout any more.
    pub(super) fn look_away(&self, id: &str) {
        self.lock().remove(id);
    }
}

/// The notice about a folder.
pub(super) fn topic(id: &str) -> String {
    format!("watch_{id}")
}

impl Engine {
    /// All watched folders as they stand.
    ///
    /// # Errors
    /// A database error.
    pub async fn watched_folders(&self) -> Result<WatchedFolders> {
        let settings = self.settings();
        let (paused, folders) = (settings.watch.paused, settings.watch.folders.clone());
        let seen = self.watching.lock().clone();
        let folders = self
            .with_history(move |history| {
                let state = |folder: WatchedFolder| {
                    let counts = history.watched_counts(&folder.id)?;
                    let seen = seen.get(&folder.id).cloned().unwrap_or_else(|| Seen {
                        is_gone: scan::identity(Path::new(&folder.path)).is_none(),
                        ..Seen::default()
                    });
                    Ok(WatchedFolderState {
                        status: status(&folder, paused, &seen),
                        polled: seen.polled,
                        waiting: seen.waiting,
                        sending: counts.sent,
                        stored: counts.stored,
                        failed: counts.failed,
                        before: counts.before,
                        error: seen.error,
                        folder,
                    })
                };
                folders.into_iter().map(state).collect::<Result<Vec<_>>>()
            })
            .await?;
        Ok(WatchedFolders { is_here: self.watching.is_here.load(Ordering::Acquire), paused, folders })
    }

    /// Tells how the watched folders stand.
    pub(super) async fn tell_watched(&self) {
        match self.watched_folders().await {
            Ok(watched) => self.emit(Event::WatchedFoldersChanged { watched }),
            Err(error) => tracing::warn!(%error, "how the watched folders stand could not be read"),
        }
    }

    /// A folder is not where it was: the person is told until it is back.
    pub(super) async fn tell_folder_gone(&self, folder: &WatchedFolder, error: Error) {
        let seen = Seen { is_gone: true, error: Some(error.clone()), ..Seen::default() };
        if self.watching.see(&folder.id, &seen) {
            tracing::warn!(folder = folder.path, "a watched folder is gone");
            self.add_notice(Notice { topic: topic(&folder.id), error });
            self.tell_watched().await;
        }
    }
}

fn status(folder: &WatchedFolder, paused: bool, seen: &Seen) -> WatchStatus {
    if !folder.enabled {
        WatchStatus::Off
    } else if seen.is_gone {
        WatchStatus::Gone
    } else if paused {
        WatchStatus::Paused
    } else {
        WatchStatus::Watching
    }
}
