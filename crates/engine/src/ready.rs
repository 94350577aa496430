//! The steps of one picture on this computer: acquire → dedupe → prepare → name.
//!
//! One thread takes all of them in one go for as long as there is nothing to wait for: handing a small
//! picture from thread to thread for each costs as much as the step. What has to wait (for the same picture
//! of another job, for room to prepare, for the host's answer) is done step by step.

use crate::acquire::read_file;
use crate::engine::{Engine, run_blocking};
use crate::images::{StopOnDrop, notes, prepare_options, shown_score, with_overrides};
use crate::pipeline::{Cargo, LARGEST_IN_MEMORY};
use bytes::Bytes;
use picferry_core::Result;
use picferry_core::digest::{Digests, sha256_hex};
use picferry_core::images::ImageOptions;
use picferry_core::job::{Origin, Stage};
use picferry_core::profile::Profile;
use picferry_core::provider::Body;
use picferry_core::upload::Upload;
use picferry_history::{JobRow, StoredSource};
use picferry_imaging::{Cancel, Prepared};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;

/// A job with what its steps rest on.
pub(crate) struct Plan {
    /// The job as it was when it began to run.
    pub row: JobRow,
    /// Where it goes.
    pub profile: Arc<Profile>,
    /// What makes two uploads of a profile the same place and the same treatment: a changed bucket
    /// or a changed rule for pictures must send the picture again.
    pub place: String,
    treated: Arc<Profile>,
}

/// How far a picture came.
pub(crate) struct Readied {
    /// The bytes as they were read.
    pub source: Source,
    /// Held until the job ends: two of the same picture in one batch, and the second finds the first.
    pub same: Option<OwnedMutexGuard<()>>,
    /// The answer of the history, once it was asked.
    pub known: Option<Option<Upload>>,
    /// The picture with its key, once it has them.
    pub named: Option<(Cargo, String)>,
}

/// What was read.
#[derive(Clone)]
pub(crate) struct Source {
    bytes: Bytes,
    /// Lowercase hexadecimal.
    pub sha256: String,
}

impl Source {
    fn of(bytes: Bytes) -> Self {
        Self { sha256: sha256_hex(&bytes), bytes }
    }
}

impl Plan {
    pub(crate) fn of(row: JobRow, profile: Profile) -> Self {
        let profile = Arc::new(profile);
        let treated = if row.overrides.is_empty() {
            profile.clone()
        } else {
            Arc::new(with_overrides(&profile, &row.overrides))
        };
        Self { place: place_of(&treated), row, profile, treated }
    }

    pub(crate) fn id(&self) -> &str {
        &self.row.snapshot.id
    }

    /// The lock that jobs of the same picture share.
    pub(crate) fn same_lock(&self, source: &Source) -> String {
        format!("{}\n{}", self.profile.id, source.sha256)
    }
}

fn place_of(profile: &Profile) -> String {
    let treatment = picferry_core::images::IMAGE_FIELDS.iter().map(|field| field.key);
    let parts: Vec<&str> = ["endpoint", "bucket"]
        .into_iter()
        .chain(treatment)
        .map(|key| profile.fields.get(key).map_or("", String::as_str))
        .collect();
    sha256_hex(parts.join("\n").as_bytes())[..16].to_owned()
}

/// Whether nothing was made of the bytes: they are where they were. Comparing them would take as long
/// as reading them.
fn is_untouched(prepared: &Bytes, source: &Bytes) -> bool {
    prepared.as_ptr() == source.as_ptr() && prepared.len() == source.len()
}

impl Engine {
    /// Reads the source, and goes on as far as it can without waiting.
    pub(crate) async fn begin(self: &Arc<Self>, plan: &Arc<Plan>) -> Result<Readied> {
        self.stage(plan.id(), Stage::Acquire);
        let limit = self.settings().upload.max_file_bytes;
        let (path, shown, limit) = match &plan.row.source {
            StoredSource::Path { path } => (path.clone(), path.clone(), limit),
            // It was let in when it was copied.
            StoredSource::Spool { path, name } => (path.clone(), name.clone(), u64::MAX),
            StoredSource::Url { url } => {
                let bytes = self.fetch(url, plan.row.snapshot.origin).await?;
                return self
                    .on_thread(plan, |engine, plan, cancel| engine.go_on(plan, Source::of(bytes), cancel))
                    .await;
            }
        };
        self.on_thread(plan, move |engine, plan, cancel| {
            let bytes = read_file(Path::new(&path), &shown, limit)?;
            engine.go_on(plan, Source::of(bytes), cancel)
        })
        .await
    }

    /// The picture of a job that could not go on by itself, with its key.
    pub(crate) async fn finish(
        self: &Arc<Self>,
        plan: &Arc<Plan>,
        source: Source,
    ) -> Result<(Cargo, String)> {
        let _slot = self.picture_memory.slot().await;
        self.on_thread(plan, move |engine, plan, cancel| engine.prepare(plan, source, cancel)).await
    }

    /// The answer of the history for a job that had to wait first.
    pub(crate) async fn look_for_same(
        self: &Arc<Self>,
        plan: &Arc<Plan>,
        source: &Source,
    ) -> Result<Option<Upload>> {
        let sha256 = source.sha256.clone();
        self.on_thread(plan, move |engine, plan, _| engine.find_same(plan, &sha256)).await
    }

    /// Work on a thread that may block. A job that is stopped drops this future: the work then ends at
    /// its next step.
    async fn on_thread<T: Send + 'static>(
        self: &Arc<Self>,
        plan: &Arc<Plan>,
        work: impl FnOnce(&Self, &Plan, &Cancel) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let cancel = Cancel::new();
        let _stop = StopOnDrop(cancel.clone());
        let (engine, plan) = (self.clone(), plan.clone());
        run_blocking(move || work(&engine, &plan, &cancel)).await
    }

    fn go_on(&self, plan: &Plan, source: Source, cancel: &Cancel) -> Result<Readied> {
        if plan.row.snapshot.origin == Origin::Server {
            self.check_editor_bytes(&plan.row.snapshot.name, &source.bytes)?;
        }
        self.jobs.update(plan.id(), |entry| {
            entry.row.snapshot.bytes_in = source.bytes.len() as u64;
            entry.row.source_sha256 = Some(source.sha256.clone());
        });
        let mut readied = Readied { source, same: None, known: None, named: None };
        readied.same = self.providers.try_lock(&plan.same_lock(&readied.source));
        if readied.same.is_none() {
            return Ok(readied);
        }
        let known = self.find_same(plan, &readied.source.sha256)?;
        let is_new = known.is_none();
        readied.known = Some(known);
        if is_new && let Some(_slot) = self.picture_memory.slot_now() {
            readied.named = Some(self.prepare(plan, readied.source.clone(), cancel)?);
        }
        Ok(readied)
    }

    /// Dedupe: the same picture to the same place, treated the same. A job that may have sent its picture
    /// already looks at the host instead.
    fn find_same(&self, plan: &Plan, sha256: &str) -> Result<Option<Upload>> {
        self.stage(plan.id(), Stage::Dedupe);
        if plan.row.put_started {
            return Ok(None);
        }
        let known = self.history.find_same(&plan.profile.id, sha256)?;
        Ok(known.filter(|upload| upload.receipt.extra.get("place") == Some(&plan.place)))
    }

    /// The profile's treatment, and the key of what came of it.
    fn prepare(&self, plan: &Plan, source: Source, cancel: &Cancel) -> Result<(Cargo, String)> {
        self.stage(plan.id(), Stage::Prepare);
        let images = ImageOptions::of_profile(&plan.treated)?;
        let options = prepare_options(images, &plan.row.snapshot.name)?;
        let prepared = picferry_imaging::prepare(source.bytes.clone(), &options, cancel)?;
        let source_sha256 = source.sha256.clone();
        let digests = if is_untouched(&prepared.bytes, &source.bytes) {
            Digests::with_sha256(prepared.bytes.clone(), source.sha256)
        } else {
            Digests::of(prepared.bytes.clone())
        };
        let length = prepared.bytes.len();
        self.jobs.update(plan.id(), |entry| {
            let snapshot = &mut entry.row.snapshot;
            snapshot.format = Some(prepared.info.format);
            snapshot.notes = notes(&prepared.changed);
            snapshot.score = prepared.score.map(shown_score);
            snapshot.bytes_out = length as u64;
            snapshot.total = length as u64;
            snapshot.sha256 = Some(digests.sha256().to_owned());
        });
        let cargo = Cargo { body: self.body(plan.id(), &prepared, &digests)?, prepared, digests };
        self.stage(plan.id(), Stage::Name);
        // A key that was tried belongs to the bytes that were read then.
        let is_other = plan.row.source_sha256.as_ref().is_some_and(|before| *before != source_sha256);
        let key = match &plan.row.snapshot.key {
            Some(key) if !is_other => key.clone(),
            _ => self.name(&plan.row, &plan.profile, &cargo)?,
        };
        Ok((cargo, key))
    }

    fn body(&self, id: &str, prepared: &Prepared, digests: &Digests) -> Result<Body> {
        let length = prepared.bytes.len();
        if length <= LARGEST_IN_MEMORY {
            return Ok(Body::Bytes(prepared.bytes.clone()));
        }
        let path = self.spool.write(&format!("{id}.out"), &prepared.bytes)?;
        self.jobs.update(id, |entry| entry.row.prepared = Some(path.display().to_string()));
        Ok(Body::File { path, length: length as u64, sha256: digests.sha256().to_owned() })
    }
}
