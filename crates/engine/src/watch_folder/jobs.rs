//! The jobs of watched folders: into the queue together with what is known of the file, and their end.

use super::scan::path_of;
use crate::engine::{Engine, run_blocking};
use crate::job_list::JobEntry;
use picferry_core::Result;
use picferry_core::job::{JobSnapshot, JobState, Origin, Source};
use picferry_core::profile::Profile;
use picferry_core::watched::{AfterUpload, WatchedFolder};
use picferry_history::{JobRow, Stamp, WatchedFile, WatchedOutcome};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Pictures of watched folders that are in the queue at the same time. The others wait in their
/// folders, which hold them better than memory.
const MOST_UNDER_WAY: usize = 500;

/// Stored pictures of watched folders that stay on the list of transfers; all are in the gallery.
const LISTED: usize = 100;

/// A picture whose turn has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ready {
    pub place: String,
    pub stamp: Stamp,
    pub sha256: String,
}

impl Engine {
    /// How many more pictures of watched folders the queue takes now. None until half of the room is
    /// free again: batches of one would be told of one by one.
    pub(super) fn room_for_watched(&self) -> usize {
        let is_open =
            |entry: &JobEntry| is_watched(&entry.row.snapshot) && !entry.row.snapshot.state.is_terminal();
        let under_way = self.jobs.select(None, is_open).len();
        if under_way > MOST_UNDER_WAY / 2 { 0 } else { MOST_UNDER_WAY - under_way }
    }

    /// Takes pictures of a folder into the queue.
    ///
    /// # Errors
    /// `profile_not_found`, or a disk error: then none was taken, and all are still new.
    pub(super) async fn send_watched(
        self: &Arc<Self>,
        folder: &WatchedFolder,
        ready: Vec<Ready>,
    ) -> Result<()> {
        let settings = self.settings();
        let profile = self.profile(folder.profile_id.as_deref().unwrap_or(&settings.default_profile))?;
        let (engine, root) = (self.clone(), PathBuf::from(&folder.path));
        let (ready, rows) = run_blocking(move || {
            let batch = engine.new_batch_id();
            let rows: Result<Vec<JobRow>> = (0_u32..)
                .zip(&ready)
                .map(|(position, one)| engine.watched_row(&batch, position, &profile, &root, one))
                .collect();
            rows.map(|rows| (ready, rows))
        })
        .await?;
        let files: Vec<WatchedFile> = ready
            .into_iter()
            .zip(&rows)
            .map(|(one, row)| WatchedFile {
                place: one.place,
                stamp: one.stamp,
                sha256: Some(one.sha256),
                outcome: WatchedOutcome::Sent,
                job_id: Some(row.snapshot.id.clone()),
                goes: folder.afterwards != AfterUpload::Keep,
            })
            .collect();
        let id = folder.id.clone();
        self.take_in(rows, true, move |history, rows| history.insert_watched_jobs(rows, &id, &files))
            .await
            .map(drop)
    }

    fn watched_row(
        &self,
        batch: &str,
        position: u32,
        profile: &Profile,
        root: &Path,
        ready: &Ready,
    ) -> Result<JobRow> {
        let path = path_of(root, &ready.place);
        let source = Source::Path { path: path.to_string_lossy().into_owned() };
        let mut row = self.new_row(batch, position, profile, source)?;
        row.snapshot.origin = Origin::WatchedFolder;
        row.folder = ready.place.rsplit_once('/').map_or("", |(folders, _)| folders).to_owned();
        Ok(row)
    }

    /// The job of a watched file ended: what became of the file is kept before anybody is told.
    pub(crate) async fn note_watched_end(&self, job: &JobSnapshot) {
        let Some(outcome) = WatchedOutcome::of_state(job.state).filter(|_| is_watched(job)) else { return };
        let id = job.id.clone();
        if let Err(error) = self.with_history(move |history| history.end_watched_job(&id, outcome)).await {
            // It is found again when watching begins the next time.
            tracing::warn!(%error, "the end of a watched file's job could not be noted");
        }
        self.watching.ended.notify_waiters();
    }

    /// Takes old pictures of watched folders off the list of transfers, some at a time: it would grow
    /// for as long as the program runs.
    pub(crate) async fn thin_out_watched(&self, job: &JobSnapshot) {
        if !is_watched(job) || job.state != JobState::Done {
            return;
        }
        let mut done = self.jobs.select(None, |entry| {
            let snapshot = &entry.row.snapshot;
            is_watched(snapshot) && snapshot.state == JobState::Done && entry.announced
        });
        if done.len() > 2 * LISTED {
            // Ids sort by time.
            done.truncate(done.len() - LISTED);
            if let Err(error) = self.clear_jobs(Some(done)).await {
                tracing::warn!(%error, "old transfers could not be taken off the list");
            }
        }
    }
}

fn is_watched(job: &JobSnapshot) -> bool {
    job.origin == Origin::WatchedFolder
}
