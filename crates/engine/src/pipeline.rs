//! The crossing of one picture: acquire → dedupe → prepare → name → send → record.
//!
//! Dedupe comes before prepare: a picture that was sent before costs a hash and one query.

use crate::conflict::Sent;
use crate::deletion::with_store;
use crate::engine::{Engine, run_blocking};
use crate::images::{StopOnDrop, notes, prepare_options, shown_score, with_overrides};
use bytes::Bytes;
use picferry_core::digest::{Digests, sha256_hex};
use picferry_core::event::Notice;
use picferry_core::images::ImageOptions;
use picferry_core::job::{JobState, Stage};
use picferry_core::profile::Profile;
use picferry_core::provider::{Body, Learned, Provider, Receipt};
use picferry_core::upload::Upload;
use picferry_core::{Error, ErrorCode, Result};
use picferry_history::{JobRow, NewUpload, StoredSource};
use picferry_imaging::{Cancel, Prepared};
use std::sync::Arc;
use tokio::task::JoinHandle;

/// Larger bodies are sent from disk, so that many of them do not fill the memory.
pub(crate) const LARGEST_IN_MEMORY: usize = 32 * 1024 * 1024;

/// How a crossing ended well.
pub enum Crossing {
    /// Stored and recorded, the job's row too.
    Recorded,
    /// The job has its link; nothing of ours is on the host.
    Stored,
    /// The key is taken, and the profile says “Ask”.
    Asking,
}

/// A picture that is ready to be sent.
pub(crate) struct Cargo {
    pub prepared: Prepared,
    pub digests: Digests,
    pub body: Body,
}

/// Takes one job across.
pub async fn ferry(engine: &Arc<Engine>, id: &str) -> Result<Crossing> {
    let row = engine.job_row(id)?;
    let profile = engine.profile(&row.snapshot.profile_id)?;
    engine.stage(id, Stage::Acquire);
    let (source, source_sha256) = engine.acquire(&row.source, row.snapshot.origin).await?;
    engine.jobs.update(id, |entry| {
        entry.row.snapshot.bytes_in = source.len() as u64;
        entry.row.source_sha256 = Some(source_sha256.clone());
    });
    // Two of the same picture in one batch: the second waits, then finds the first.
    let _same = engine.providers.lock(&format!("{}\n{source_sha256}", profile.id)).await;
    let provider = engine.provider(&profile).await?;
    let treated = with_overrides(&profile, &row.overrides);
    engine.stage(id, Stage::Dedupe);
    let place = place_of(&treated);
    if !row.put_started
        && let Some(known) = engine.find_same(&profile, &source_sha256, &place).await?
        && is_still_there(provider.as_ref(), &known).await
    {
        return engine.reuse(id, &known, provider.as_ref()).await;
    }
    engine.stage(id, Stage::Prepare);
    let cargo = engine.prepare(id, &treated, source, source_sha256).await?;
    engine.stage(id, Stage::Name);
    let key = match &row.snapshot.key {
        Some(key) => key.clone(),
        None => engine.name(&row, &profile, &cargo)?,
    };
    engine.stage(id, Stage::Send);
    let thumbnail = engine.start_thumbnail(id, &cargo).await;
    let sent = engine.send(id, &profile, &provider, &cargo, key).await?;
    match sent {
        Sent::Ours(receipt) => {
            let stored = with_store(receipt_with_place(receipt, place), provider.as_ref());
            engine.record(id, &profile, provider.as_ref(), &cargo, stored, thumbnail).await
        }
        Sent::TheirsInstead { key } => {
            engine.jobs.update(id, |entry| {
                entry.row.snapshot.url = Some(provider.public_url(&key));
                entry.row.snapshot.key = Some(key);
                entry.row.snapshot.reused = true;
            });
            Ok(Crossing::Stored)
        }
        Sent::Ask { key } => {
            engine.jobs.update(id, |entry| entry.row.snapshot.key = Some(key));
            Ok(Crossing::Asking)
        }
    }
}

/// Whether the host still has what the history says. A host that cannot tell is believed: a link
/// that was right is better than the same picture twice.
async fn is_still_there(provider: &dyn Provider, known: &Upload) -> bool {
    match provider.head(&known.key).await {
        Ok(Some(info)) => info.length == known.bytes_out,
        Ok(None) => false,
        Err(_) => true,
    }
}

/// Whether nothing was made of the bytes: they are where they were. Comparing them would take as long
/// as reading them.
fn is_untouched(prepared: &Bytes, source: &Bytes) -> bool {
    prepared.as_ptr() == source.as_ptr() && prepared.len() == source.len()
}

/// What makes two uploads of a profile the same place and the same treatment: a changed bucket
/// or a changed rule for pictures must send the picture again.
fn place_of(profile: &Profile) -> String {
    let treatment = picferry_core::images::IMAGE_FIELDS.iter().map(|field| field.key);
    let parts: Vec<&str> = ["endpoint", "bucket"]
        .into_iter()
        .chain(treatment)
        .map(|key| profile.fields.get(key).map_or("", String::as_str))
        .collect();
    sha256_hex(parts.join("\n").as_bytes())[..16].to_owned()
}

fn receipt_with_place(mut receipt: Receipt, place: String) -> Receipt {
    receipt.extra.insert("place".into(), place);
    receipt
}

fn new_upload(
    row: &JobRow,
    profile: &Profile,
    cargo: &Cargo,
    url: String,
    receipt: Receipt,
    created_at: i64,
) -> NewUpload {
    let info = cargo.prepared.info;
    let snapshot = &row.snapshot;
    NewUpload {
        job_id: snapshot.id.clone(),
        created_at,
        profile_id: profile.id.clone(),
        profile_name: profile.name.clone(),
        host: profile.host.clone(),
        key: receipt.key.clone(),
        url,
        name: snapshot.name.clone(),
        format: info.format,
        width: info.width,
        height: info.height,
        animated: info.animated,
        bytes_in: snapshot.bytes_in,
        bytes_out: snapshot.bytes_out,
        score: snapshot.score,
        sha256: cargo.digests.sha256.clone(),
        source_sha256: row.source_sha256.clone().unwrap_or_default(),
        alt: String::new(),
        note: String::new(),
        thumbnail: snapshot.thumbnail.clone(),
        origin: snapshot.origin,
        source_path: match &row.source {
            StoredSource::Path { path } => Some(path.clone()),
            StoredSource::Url { .. } | StoredSource::Spool { .. } => None,
        },
        receipt,
    }
}

impl Engine {
    pub(crate) fn job_row(&self, id: &str) -> Result<JobRow> {
        self.jobs
            .read(id, |entry| entry.row.clone())
            .ok_or_else(|| Error::new(ErrorCode::NotFound, "The picture is no longer in the list."))
    }

    /// Sets the stage of a running job and tells.
    pub(crate) fn stage(&self, id: &str, stage: Stage) {
        self.jobs.update(id, |entry| entry.row.snapshot.stage = Some(stage));
        self.tell_job(id);
    }

    async fn find_same(&self, profile: &Profile, sha256: &str, place: &str) -> Result<Option<Upload>> {
        let (profile_id, sha256, place) = (profile.id.clone(), sha256.to_owned(), place.to_owned());
        let known = self.with_history(move |history| history.find_same(&profile_id, &sha256)).await?;
        Ok(known.filter(|upload| upload.receipt.extra.get("place") == Some(&place)))
    }

    /// The same picture is there already: hands back its link, sends nothing.
    async fn reuse(&self, id: &str, known: &Upload, provider: &dyn Provider) -> Result<Crossing> {
        let row = self.jobs.update(id, |entry| {
            let snapshot = &mut entry.row.snapshot;
            snapshot.state = JobState::Done;
            snapshot.stage = None;
            snapshot.reused = true;
            snapshot.key = Some(known.key.clone());
            // The profile's own domain may have changed since.
            snapshot.url = Some(provider.public_url(&known.key));
            snapshot.bytes_out = known.bytes_out;
            snapshot.sha256 = Some(known.sha256.clone());
            snapshot.format = Some(known.format);
            snapshot.score = known.score;
            snapshot.thumbnail.clone_from(&known.thumbnail);
            snapshot.upload_id = Some(known.id);
            entry.stop = None;
            entry.row.clone()
        });
        if let Some(row) = row {
            let saved = row.clone();
            self.with_history(move |history| history.update_job(&saved)).await?;
            self.remove_spooled(&row);
        }
        Ok(Crossing::Recorded)
    }

    /// Step 2: the profile's treatment, on a thread that may block; few pictures at a time.
    async fn prepare(
        &self,
        id: &str,
        profile: &Profile,
        source: Bytes,
        source_sha256: String,
    ) -> Result<Cargo> {
        let images = ImageOptions::of_profile(profile)?;
        let name = self.job_row(id)?.snapshot.name;
        let cancel = Cancel::new();
        // A job that is stopped drops this future; its picture then stops at the next step.
        let _stop = StopOnDrop(cancel.clone());
        let slot = self.prepare_slots.acquire().await;
        let (prepared, digests) = run_blocking(move || {
            let options = prepare_options(images, &name)?;
            let prepared = picferry_imaging::prepare(source.clone(), &options, &cancel)?;
            let digests = if is_untouched(&prepared.bytes, &source) {
                Digests::with_sha256(&prepared.bytes, source_sha256)
            } else {
                Digests::of(&prepared.bytes)
            };
            Ok((prepared, digests))
        })
        .await?;
        drop(slot);
        let length = prepared.bytes.len();
        self.jobs.update(id, |entry| {
            let snapshot = &mut entry.row.snapshot;
            snapshot.format = Some(prepared.info.format);
            snapshot.notes = notes(&prepared.changed);
            snapshot.score = prepared.score.map(shown_score);
            snapshot.bytes_out = length as u64;
            snapshot.total = length as u64;
            snapshot.sha256 = Some(digests.sha256.clone());
        });
        let body = if length <= LARGEST_IN_MEMORY {
            Body::Bytes(prepared.bytes.clone())
        } else {
            self.spool_body(id, &prepared.bytes, &digests.sha256).await?
        };
        Ok(Cargo { prepared, digests, body })
    }

    async fn spool_body(&self, id: &str, bytes: &Bytes, sha256: &str) -> Result<Body> {
        let (spool, name, bytes) = (self.spool.clone(), format!("{id}.out"), bytes.clone());
        let length = bytes.len() as u64;
        let path = run_blocking(move || spool.write(&name, &bytes)).await?;
        self.jobs.update(id, |entry| entry.row.prepared = Some(path.display().to_string()));
        Ok(Body::File { path, length, sha256: sha256.to_owned() })
    }

    /// Step 6: one transaction makes the history row and ends the job. From here on the job
    /// cannot be stopped: the object is on the host, and the history must say so. A thumbnail
    /// that is not drawn yet follows; the link does not wait for it.
    async fn record(
        self: &Arc<Self>,
        id: &str,
        profile: &Profile,
        provider: &dyn Provider,
        cargo: &Cargo,
        receipt: Receipt,
        thumbnail: JoinHandle<Option<String>>,
    ) -> Result<Crossing> {
        self.stage(id, Stage::Record);
        let url = provider.public_url(&receipt.key);
        let row = self.jobs.update(id, |entry| {
            entry.row.receipt = Some(receipt.clone());
            entry.row.snapshot.key = Some(receipt.key.clone());
            entry.row.snapshot.url = Some(url.clone());
            entry.row.clone()
        });
        let Some(row) = row else { return Ok(Crossing::Recorded) };
        let new = new_upload(&row, profile, cargo, url, receipt, self.now_millis());
        let drawn_before = new.thumbnail.is_some();
        let saved = row.clone();
        let upload = self.with_history(move |history| history.finish_job_with_upload(&saved, &new)).await?;
        self.jobs.update(id, |entry| {
            entry.stop = None;
            entry.row.snapshot.state = JobState::Done;
            entry.row.snapshot.stage = None;
            entry.row.snapshot.sent = entry.row.snapshot.total;
            entry.row.snapshot.upload_id = Some(upload.id);
        });
        self.remove_spooled(&row);
        self.history_changed();
        if !drawn_before {
            self.tasks.spawn(self.clone().add_thumbnail(upload.id, thumbnail));
        }
        self.keep_learned(profile, provider).await;
        Ok(Crossing::Recorded)
    }

    /// Keeps what the host's answers taught about the profile, and offers what they put right.
    async fn keep_learned(&self, profile: &Profile, provider: &dyn Provider) {
        let Learned { facts, corrections } = provider.learned();
        for (field, value) in corrections {
            self.offer_correction(profile, &field, &value);
        }
        if facts.iter().all(|(key, value)| profile.learned.get(key) == Some(value)) {
            return;
        }
        let id = profile.id.clone();
        let kept = self
            .change_settings(move |settings| {
                if let Some(profile) = settings.profiles.iter_mut().find(|profile| profile.id == id) {
                    profile.learned.extend(facts);
                }
                Ok(())
            })
            .await;
        if let Err(error) = kept {
            tracing::warn!(%error, "what was learned about the host could not be kept");
        }
    }

    /// The upload worked with another value than the profile's: each upload pays for that with a
    /// refused request until the person saves it.
    fn offer_correction(&self, profile: &Profile, field: &str, value: &str) {
        if profile.fields.get(field).map(String::as_str) == Some(value) {
            return;
        }
        let code = if field == "region" { ErrorCode::WrongRegion } else { ErrorCode::WrongAddressing };
        let error = Error::new(code, format!("“{}” works with {field} “{value}”.", profile.name))
            .hint("Open the host, press Test, and save what it offers.")
            .field(field)
            .param("profile", &profile.name)
            .param("profile_id", &profile.id)
            .param(field, value);
        self.add_notice(Notice { topic: format!("correction_{}", profile.id), error: *error });
    }
}
