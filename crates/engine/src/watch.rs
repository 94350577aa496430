//! Watching for the work of others: the command line beside the window, an editor on the settings.

use crate::engine::Engine;
use crate::job_list::JobEntry;
use notify::{RecursiveMode, Watcher as _};
use picferry_core::Result;
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::mpsc;

/// Changes that come together are looked at together.
const GATHER: Duration = Duration::from_millis(150);

/// How often orphans of another process are looked for while it has open jobs.
const ORPHAN_INTERVAL: Duration = Duration::from_secs(10);

/// Starts watching; without a watcher (too many on this system) the window only shows its own work.
pub fn start(engine: &Arc<Engine>) {
    let (sender, receiver) = mpsc::unbounded_channel::<PathBuf>();
    let handler = move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        if event.kind.is_access() {
            return;
        }
        for path in event.paths {
            drop(sender.send(path));
        }
    };
    let watcher = notify::recommended_watcher(handler).and_then(|mut watcher| {
        watcher.watch(engine.paths.config_dir(), RecursiveMode::NonRecursive)?;
        if engine.paths.data_dir() != engine.paths.config_dir() {
            watcher.watch(engine.paths.data_dir(), RecursiveMode::NonRecursive)?;
        }
        Ok(watcher)
    });
    match watcher {
        Ok(watcher) => {
            let weak = Arc::downgrade(engine);
            let shutdown = engine.shutdown.clone();
            engine.tasks.spawn(async move {
                tokio::select! {
                    () = shutdown.cancelled() => {}
                    () = follow(weak, receiver) => {}
                }
                drop(watcher);
            });
        }
        Err(error) => tracing::warn!(%error, "changes by other processes are not seen"),
    }
}

async fn follow(weak: Weak<Engine>, mut changes: mpsc::UnboundedReceiver<PathBuf>) {
    let mut version = None;
    let mut others_work = true;
    loop {
        let first = if others_work {
            match tokio::time::timeout(ORPHAN_INTERVAL, changes.recv()).await {
                Ok(Some(path)) => Some(path),
                Ok(None) => return,
                Err(_) => None,
            }
        } else {
            let Some(path) = changes.recv().await else { return };
            Some(path)
        };
        tokio::time::sleep(GATHER).await;
        let mut paths: Vec<PathBuf> = first.into_iter().collect();
        while let Ok(path) = changes.try_recv() {
            paths.push(path);
        }
        let Some(engine) = weak.upgrade() else { return };
        if paths.iter().any(|path| *path == engine.paths.settings_file()) {
            engine.reload_settings().await;
        }
        let current = engine.with_history(picferry_history::History::data_version).await.ok();
        if current != version || paths.is_empty() {
            version = current;
            engine.database_changed_elsewhere();
            engine.draw_due_thumbnails();
            engine.index_due.notify_one();
            others_work = engine.show_work_of_others().await.unwrap_or(false);
        }
    }
}

impl Engine {
    async fn reload_settings(&self) {
        let file = self.settings_file.clone();
        match crate::engine::run_blocking(move || file.load()).await {
            Ok(loaded) => {
                self.adopt_settings(loaded.settings);
                if let Some(notice) = loaded.notice {
                    self.add_notice(notice);
                }
            }
            Err(error) => self.add_notice(picferry_core::event::Notice {
                topic: "settings_restored".into(),
                error: *error,
            }),
        }
    }

    /// Puts the jobs of other processes on the list as they are now, and takes over those of the
    /// dead. Tells whether any of them is still open.
    async fn show_work_of_others(self: &Arc<Self>) -> Result<bool> {
        self.take_over_orphans().await?;
        let rows = self.with_history(picferry_history::History::jobs_listed).await?;
        let mine = self.instance.id().to_owned();
        let known = self.jobs.foreign_ids();
        let mut open = false;
        for row in rows.into_iter().filter(|row| row.owner.as_ref().is_some_and(|owner| *owner != mine)) {
            let id = row.snapshot.id.clone();
            let is_open = !row.snapshot.state.is_terminal();
            open |= is_open;
            let is_known = known.contains(&id);
            let changed = self.jobs.read(&id, |entry| entry.row.snapshot != row.snapshot).unwrap_or(is_open);
            if (is_known || is_open) && changed {
                self.jobs.insert(JobEntry::foreign(row));
                self.tell_job(&id);
            }
        }
        Ok(open)
    }
}
