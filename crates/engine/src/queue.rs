//! Taking pictures in, and what a person can do with them on the way.

use crate::engine::{Engine, run_blocking};
use crate::job_list::{Intent, JobEntry};
use crate::options::random_hex;
use crate::source_name::{file_name, url_file_name};
use picferry_core::event::Event;
use picferry_core::images::{IMAGE_FIELDS, ImageOptions};
use picferry_core::job::{ConflictAnswer, JobSnapshot, JobState, Source, UploadRequest};
use picferry_core::profile::Profile;
use picferry_core::{Error, ErrorCode, Result};
use picferry_history::{History, JobRow, StoredSource};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What became of an upload request: every picture is in the queue, on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Accepted {
    /// Names the batch.
    pub batch: String,
    /// One job for each source, in input order.
    pub jobs: Vec<JobSnapshot>,
}

/// Only what is about pictures may differ for one request: everything else is the place they go to.
fn check_overrides(profile: &Profile, overrides: &BTreeMap<String, String>) -> Result<()> {
    if overrides.is_empty() {
        return Ok(());
    }
    if let Some(key) = overrides.keys().find(|key| !IMAGE_FIELDS.iter().any(|spec| spec.key == *key)) {
        return Err(
            Error::new(ErrorCode::InvalidField, format!("{key} is no field about pictures.")).field(key)
        );
    }
    let fields = profile.fields.clone().into_iter().chain(overrides.clone()).collect();
    ImageOptions::of_fields(&fields).map(drop)
}

impl Engine {
    /// Takes pictures in. When this returns, each is in the queue on disk, with its bytes if its
    /// source can vanish; the rest happens by itself.
    ///
    /// # Errors
    /// `profile_not_found`, `invalid_field` for an override, or a disk error: then no picture was taken in. What is wrong with one
    /// picture is told by its job.
    pub async fn upload(self: &Arc<Self>, request: UploadRequest) -> Result<Accepted> {
        self.accept(request, true).await
    }

    /// The same for whoever tells the end of a batch in words of their own: no link is copied, and
    /// nobody is notified.
    ///
    /// # Errors
    /// As for [`Engine::upload`].
    pub(crate) async fn upload_quietly(self: &Arc<Self>, request: UploadRequest) -> Result<Accepted> {
        self.accept(request, false).await
    }

    async fn accept(self: &Arc<Self>, request: UploadRequest, is_told: bool) -> Result<Accepted> {
        let settings = self.settings();
        let profile = self.profile(request.profile_id.as_deref().unwrap_or(&settings.default_profile))?;
        check_overrides(&profile, &request.overrides)?;
        let batch = self.new_batch_id();
        let rows = self.spool_sources(&batch, &profile, request).await?;
        let jobs = self.take_in(rows, is_told, History::insert_jobs).await?;
        Ok(Accepted { batch, jobs })
    }

    /// Keeps new jobs on disk, and begins with them; what was copied for them goes when that fails.
    pub(crate) async fn take_in(
        &self,
        rows: Vec<JobRow>,
        is_told: bool,
        keep: impl FnOnce(&History, &[JobRow]) -> Result<()> + Send + 'static,
    ) -> Result<Vec<JobSnapshot>> {
        let stored = rows.clone();
        if let Err(error) = self.with_history(move |history| keep(history, &stored)).await {
            rows.iter().for_each(|row| self.remove_spooled(row));
            return Err(error);
        }
        let jobs: Vec<JobSnapshot> = rows.iter().map(|row| row.snapshot.clone()).collect();
        for row in rows {
            self.jobs.insert(JobEntry { announced: !is_told, ..JobEntry::own(row) });
        }
        for job in &jobs {
            self.hub.job_changed(job.clone());
        }
        self.wake.notify_one();
        Ok(jobs)
    }

    /// Ids sort by time; the random part keeps processes apart.
    pub(crate) fn new_batch_id(&self) -> String {
        format!("{:012x}-{}", self.now_millis(), random_hex(self.random.as_ref(), 6))
    }

    async fn spool_sources(
        self: &Arc<Self>,
        batch: &str,
        profile: &Profile,
        request: UploadRequest,
    ) -> Result<Vec<JobRow>> {
        let engine = self.clone();
        let batch = batch.to_owned();
        let profile = profile.clone();
        run_blocking(move || {
            let mut rows: Vec<JobRow> = Vec::with_capacity(request.sources.len());
            for (position, source) in (0_u32..).zip(request.sources) {
                match engine.new_row(&batch, position, &profile, source) {
                    Ok(mut row) => {
                        row.snapshot.origin = request.origin;
                        row.overrides.clone_from(&request.overrides);
                        rows.push(row);
                    }
                    Err(error) => {
                        rows.iter().for_each(|row| engine.remove_spooled(row));
                        return Err(error);
                    }
                }
            }
            Ok(rows)
        })
        .await
    }

    pub(crate) fn new_row(
        &self,
        batch: &str,
        position: u32,
        profile: &Profile,
        source: Source,
    ) -> Result<JobRow> {
        let id = format!("{batch}-{position:06x}");
        let (name, input, stored) = match source {
            Source::Path { path } => {
                let name = file_name(&path);
                let stored = match self.spool_if_fleeting(&id, Path::new(&path)) {
                    Some(copy) => {
                        StoredSource::Spool { path: copy.display().to_string(), name: name.clone() }
                    }
                    None => StoredSource::Path { path: path.clone() },
                };
                (name, path, stored)
            }
            Source::Url { url } => (url_file_name(&url), url.clone(), StoredSource::Url { url }),
            Source::Bytes { name, bytes } => {
                let path = self.spool.write(&format!("{id}.in"), &bytes)?;
                let stored = StoredSource::Spool { path: path.display().to_string(), name: name.clone() };
                (name.clone(), name, stored)
            }
            Source::Received { name, path } => {
                let path = self.adopt_received(&id, &path)?.display().to_string();
                (name.clone(), name.clone(), StoredSource::Spool { path, name })
            }
        };
        Ok(JobRow {
            snapshot: JobSnapshot {
                id,
                batch: batch.to_owned(),
                position,
                name,
                input,
                origin: picferry_core::job::Origin::default(),
                profile_id: profile.id.clone(),
                profile_name: profile.name.clone(),
                state: JobState::Queued,
                stage: None,
                sent: 0,
                total: 0,
                bytes_in: 0,
                bytes_out: 0,
                format: None,
                key: None,
                url: None,
                thumbnail: None,
                sha256: None,
                notes: Vec::new(),
                score: None,
                reused: false,
                error: None,
                attempt: 0,
                retry_at: None,
                upload_id: None,
                created_at: self.now_millis(),
            },
            source: stored,
            owner: Some(self.instance.id().to_owned()),
            conflict: None,
            receipt: None,
            source_sha256: None,
            folder: String::new(),
            prepared: None,
            put_started: false,
            paused_by_person: false,
            overrides: BTreeMap::new(),
        })
    }

    /// Copies a file of a temporary folder: whoever made it may remove it at any moment.
    fn spool_if_fleeting(&self, id: &str, path: &Path) -> Option<PathBuf> {
        if !path.starts_with(std::env::temp_dir()) {
            return None;
        }
        let limit = self.settings().upload.max_file_bytes;
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_file() && metadata.len() <= limit => {}
            // Its job tells what is wrong with it.
            _ => return None,
        }
        let bytes = std::fs::read(path).ok()?;
        // A disk too full for the copy is no reason to send nothing: the file itself is there still.
        self.spool.write(&format!("{id}.in"), &bytes).ok()
    }

    pub(crate) fn remove_spooled(&self, row: &JobRow) {
        if let StoredSource::Spool { path, .. } = &row.source {
            self.spool.remove(Path::new(path));
        }
        if let Some(prepared) = &row.prepared {
            self.spool.remove(Path::new(prepared));
        }
    }

    /// All jobs on the list: the newest batch first, inside a batch in input order.
    #[must_use]
    pub fn jobs(&self) -> Vec<JobSnapshot> {
        self.jobs.snapshots()
    }

    /// Stops jobs until [`Engine::resume`]; `None` means all. A picture already stored is recorded.
    ///
    /// # Errors
    /// When the queue cannot be written.
    pub async fn pause(self: &Arc<Self>, ids: Option<Vec<String>>) -> Result<()> {
        let stoppable = |entry: &JobEntry| {
            matches!(entry.row.snapshot.state, JobState::Queued | JobState::Running | JobState::Waiting)
        };
        self.stop_jobs(ids, stoppable, Intent::Pause, JobState::Paused).await
    }

    /// Lets paused jobs go on, and waiting ones at once; `None` means all.
    ///
    /// # Errors
    /// When the queue cannot be written.
    pub async fn resume(self: &Arc<Self>, ids: Option<Vec<String>>) -> Result<()> {
        let ids = self.jobs.select(ids.as_deref(), |entry| {
            matches!(entry.row.snapshot.state, JobState::Paused | JobState::Waiting)
        });
        self.requeue(&ids, false).await
    }

    /// Ends jobs; `None` means all that have not ended. A picture already stored is recorded.
    ///
    /// # Errors
    /// When the queue cannot be written.
    pub async fn cancel(self: &Arc<Self>, ids: Option<Vec<String>>) -> Result<()> {
        let open = |entry: &JobEntry| !entry.row.snapshot.state.is_terminal();
        self.stop_jobs(ids, open, Intent::Cancel, JobState::Cancelled).await
    }

    /// Starts failed and cancelled jobs again, with the profile they had; `None` means all failed.
    ///
    /// # Errors
    /// When the queue cannot be written.
    pub async fn retry(self: &Arc<Self>, ids: Option<Vec<String>>) -> Result<()> {
        let named = ids.is_some();
        let ids = self.jobs.select(ids.as_deref(), |entry| match entry.row.snapshot.state {
            JobState::Failed | JobState::Waiting => true,
            JobState::Cancelled => named,
            _ => false,
        });
        self.requeue(&ids, true).await
    }

    /// Takes ended jobs off the list; `None` means all that ended. History rows stay.
    ///
    /// # Errors
    /// When the queue cannot be written.
    pub async fn clear_jobs(&self, ids: Option<Vec<String>>) -> Result<()> {
        let ids = self.jobs.select(ids.as_deref(), |entry| entry.row.snapshot.state.is_terminal());
        let asked = ids.clone();
        let cleared = self.with_history(move |history| history.clear_jobs(&asked)).await?;
        for id in &cleared {
            self.jobs.read(id, |entry| self.remove_spooled(&entry.row));
        }
        self.jobs.remove(&cleared);
        self.emit(Event::JobsCleared { ids: cleared });
        Ok(())
    }

    /// Answers a job that asks what to do about a taken key; `for_all` answers all that ask.
    ///
    /// # Errors
    /// When the queue cannot be written.
    pub async fn answer_conflict(
        self: &Arc<Self>,
        id: &str,
        answer: ConflictAnswer,
        for_all: bool,
    ) -> Result<()> {
        let asking = |entry: &JobEntry| entry.row.snapshot.state == JobState::Asking;
        let one = [id.to_owned()];
        let ids = self.jobs.select((!for_all).then_some(one.as_slice()), asking);
        if answer == ConflictAnswer::Cancel {
            return self.cancel(Some(ids)).await;
        }
        for id in &ids {
            self.jobs.update(id, |entry| entry.row.conflict = Some(answer));
        }
        self.requeue(&ids, false).await
    }

    /// Stops running jobs through their tokens, and changes the state of the others at once.
    async fn stop_jobs(
        self: &Arc<Self>,
        ids: Option<Vec<String>>,
        test: impl Fn(&JobEntry) -> bool,
        intent: Intent,
        state: JobState,
    ) -> Result<()> {
        let mut changed = Vec::new();
        for id in self.jobs.select(ids.as_deref(), test) {
            let row = self.jobs.update(&id, |entry| {
                if entry.row.snapshot.state != JobState::Running {
                    entry.row.snapshot.state = state;
                    entry.row.snapshot.retry_at = None;
                    entry.row.paused_by_person = intent == Intent::Pause;
                    return Some(entry.row.clone());
                }
                if !entry.committing {
                    entry.intent = intent;
                    if let Some(stop) = &entry.stop {
                        stop.cancel();
                    }
                }
                None
            });
            changed.extend(row.flatten());
        }
        self.save_and_tell(changed).await
    }

    async fn requeue(self: &Arc<Self>, ids: &[String], from_start: bool) -> Result<()> {
        let mut changed = Vec::new();
        for id in ids {
            let row = self.jobs.update(id, |entry| {
                let snapshot = &mut entry.row.snapshot;
                snapshot.state = JobState::Queued;
                snapshot.stage = None;
                snapshot.error = None;
                snapshot.retry_at = None;
                snapshot.sent = 0;
                if from_start {
                    snapshot.attempt = 0;
                }
                entry.announced = false;
                entry.row.paused_by_person = false;
                entry.row.owner = Some(self.instance.id().to_owned());
                entry.row.clone()
            });
            changed.extend(row);
        }
        self.save_and_tell(changed).await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Writes rows whose state changed, and tells whoever shows them.
    async fn save_and_tell(&self, rows: Vec<JobRow>) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        self.job_writer.update_all(rows.iter().cloned()).await?;
        for row in rows {
            self.note_watched_end(&row.snapshot).await;
            let batch = row.snapshot.batch.clone();
            let ended = row.snapshot.state.is_terminal();
            self.hub.job_changed(row.snapshot);
            if ended {
                self.job_ended(&batch);
            }
        }
        Ok(())
    }
}
