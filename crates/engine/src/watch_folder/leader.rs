//! Which process watches, and a lookout for each folder.

use super::lookout::Lookout;
use crate::engine::Engine;
use crate::paths::Paths;
use picferry_core::settings::Settings;
use picferry_core::watched::WatchedFolder;
use std::collections::BTreeMap;
use std::fs::File;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long a lookout may take to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// A lookout at work.
struct Post {
    folder: WatchedFolder,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// Starts to watch, or waits until the process that does so ends.
pub(crate) fn start(engine: &Arc<Engine>) {
    let lead = Lead {
        engine: Arc::downgrade(engine),
        changed: engine.watching.changed.clone(),
        wait: engine.watching.timing.lead,
        shutdown: engine.shutdown.clone(),
        lock: None,
        posts: BTreeMap::new(),
    };
    engine.tasks.spawn(lead.run());
}

struct Lead {
    engine: Weak<Engine>,
    changed: Arc<Notify>,
    wait: Duration,
    shutdown: CancellationToken,
    /// Held while this process watches; the system frees it when the process dies, however it does.
    lock: Option<File>,
    posts: BTreeMap<String, Post>,
}

impl Lead {
    async fn run(mut self) {
        loop {
            let Some(engine) = self.engine.upgrade() else { break };
            let wanted = wanted(&engine.settings());
            self.arrange(&engine, wanted).await;
            let waits_for_another = self.lock.is_none() && !wanted_nothing(&engine.settings());
            drop(engine);
            tokio::select! {
                () = self.shutdown.cancelled() => break,
                () = self.changed.notified() => {}
                () = tokio::time::sleep(self.wait), if waits_for_another => {}
            }
        }
        for id in self.posts.keys().cloned().collect::<Vec<_>>() {
            self.dismiss(&id).await;
        }
    }

    /// Has a lookout for each folder that is to be watched, and for no other.
    async fn arrange(&mut self, engine: &Arc<Engine>, wanted: Vec<WatchedFolder>) {
        let superfluous: Vec<String> = self
            .posts
            .values()
            .filter(|post| !wanted.contains(&post.folder))
            .map(|post| post.folder.id.clone())
            .collect();
        for id in &superfluous {
            self.dismiss(id).await;
            engine.watching.look_away(id);
            engine.dismiss_notice(&super::state::topic(id));
        }
        if wanted.is_empty() {
            self.lock = None;
        } else if self.lock.is_none() {
            self.lock = take_lead(&engine.paths);
            if self.lock.is_some() {
                tracing::info!("this process watches folders");
                settle(engine).await;
            }
        }
        let is_here = self.lock.is_some();
        engine.watching.set_here(is_here);
        let mut is_new = !superfluous.is_empty();
        for folder in wanted.into_iter().filter(|_| is_here) {
            if !self.posts.contains_key(&folder.id) {
                self.post(engine, folder);
                is_new = true;
            }
        }
        if is_new {
            engine.tell_watched().await;
        }
    }

    fn post(&mut self, engine: &Arc<Engine>, folder: WatchedFolder) {
        let stop = self.shutdown.child_token();
        let lookout = Lookout::new(engine, folder.clone(), stop.clone());
        // Not one of the tasks that closing waits for: a share that does not answer holds up whoever
        // looks at it for as long as it likes.
        let task = tokio::spawn(lookout.keep());
        self.posts.insert(folder.id.clone(), Post { folder, stop, task });
    }

    /// Two lookouts for one folder would send its pictures twice: the old one ends first.
    async fn dismiss(&mut self, id: &str) {
        let Some(post) = self.posts.remove(id) else { return };
        post.stop.cancel();
        if tokio::time::timeout(PATIENCE, post.task).await.is_err() {
            // It sends nothing any more, whenever its disk answers.
            tracing::warn!(folder = post.folder.path, "a watched folder does not answer");
        }
    }
}

/// Jobs may have ended while nobody watched.
async fn settle(engine: &Arc<Engine>) {
    if let Err(error) = engine.with_history(picferry_history::History::settle_watched_jobs).await {
        tracing::warn!(%error, "what became of watched files could not be read");
    }
}

fn wanted(settings: &Settings) -> Vec<WatchedFolder> {
    if settings.watch.paused {
        return Vec::new();
    }
    settings.watch.folders.iter().filter(|folder| folder.enabled).cloned().collect()
}

fn wanted_nothing(settings: &Settings) -> bool {
    wanted(settings).is_empty()
}

/// Becomes the one process of this home that watches; nothing while another one is.
fn take_lead(paths: &Paths) -> Option<File> {
    // Beside the processes' own locks, under a name that none of them has.
    let path = paths.instances_dir().join("watching");
    let file = match File::create(&path) {
        Ok(file) => file,
        Err(error) => {
            tracing::warn!(%error, "watched folders are left alone");
            return None;
        }
    };
    file.try_lock().is_ok().then_some(file)
}
