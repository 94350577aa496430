//! The crossing of one picture: acquire → dedupe → prepare → name → send → record.
//!
//! Dedupe comes before prepare: a picture that was sent before costs a hash and one query. The first four
//! steps are in [`crate::ready`].

use crate::conflict::Sent;
use crate::deletion::with_store;
use crate::engine::Engine;
use crate::ready::Plan;
use picferry_core::digest::Digests;
use picferry_core::event::Notice;
use picferry_core::job::{JobState, Stage};
use picferry_core::picture::PictureInfo;
use picferry_core::profile::Profile;
use picferry_core::provider::{Body, Learned, ObjectInfo, Provider, Receipt};
use picferry_core::upload::Upload;
use picferry_core::{Error, ErrorCode, Result};
use picferry_history::{JobRow, NewUpload, StoredSource};
use picferry_imaging::Prepared;
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

/// What is recorded of a picture that is on its host.
struct Shipped {
    info: PictureInfo,
    sha256: String,
}

impl Shipped {
    fn of(cargo: &Cargo) -> Self {
        Self { info: cargo.prepared.info, sha256: cargo.digests.sha256().to_owned() }
    }
}

/// Takes one job across.
pub async fn ferry(engine: &Arc<Engine>, id: &str) -> Result<Crossing> {
    let row = engine.job_row(id)?;
    let profile = engine.profile(&row.snapshot.profile_id)?;
    let plan = Arc::new(Plan::of(row, profile));
    let readied = engine.begin(&plan).await?;
    let _same = match readied.same {
        Some(same) => same,
        None => engine.providers.lock(&plan.same_lock(&readied.source)).await,
    };
    let provider = engine.provider(&plan.profile).await?;
    let known = match readied.known {
        Some(known) => known,
        None => engine.look_for_same(&plan, &readied.source).await?,
    };
    if let Some(known) = known
        && is_still_there(provider.as_ref(), &known).await
    {
        return engine.reuse(id, &known, provider.as_ref()).await;
    }
    let (cargo, key) = match readied.named {
        Some(named) => {
            drop(readied.source);
            named
        }
        None => engine.finish(&plan, readied.source).await?,
    };
    engine.stage(id, Stage::Send);
    let thumbnail = if engine.leaves_thumbnail(&plan.row) {
        None
    } else {
        Some(engine.start_thumbnail(id, &cargo).await)
    };
    let sent = engine.send(&plan, &provider, &cargo, key).await?;
    match sent {
        Sent::Ours(receipt) => {
            let stored = with_store(receipt_with_place(receipt, &plan.place), provider.as_ref());
            // The next picture is read already: this one's bytes are not needed any more.
            let shipped = Shipped::of(&cargo);
            drop(cargo);
            engine.record(id, &plan.profile, provider.as_ref(), &shipped, stored, thumbnail).await
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
        Ok(Some(info)) => info.length == known.bytes_out && is_same_version(&info, known),
        Ok(None) => false,
        Err(_) => true,
    }
}

/// Whether nothing says that another picture of the same length took its place.
fn is_same_version(info: &ObjectInfo, known: &Upload) -> bool {
    match (&info.etag, &known.receipt.etag) {
        (Some(now), Some(then)) => now.eq_ignore_ascii_case(then),
        _ => true,
    }
}

fn receipt_with_place(mut receipt: Receipt, place: &str) -> Receipt {
    receipt.extra.insert("place".into(), place.to_owned());
    receipt
}

fn new_upload(
    row: &JobRow,
    profile: &Profile,
    shipped: &Shipped,
    url: String,
    receipt: Receipt,
    created_at: i64,
) -> NewUpload {
    let info = shipped.info;
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
        sha256: shipped.sha256.clone(),
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
            self.job_writer.update_all([row.clone()]).await?;
            self.remove_spooled(&row);
        }
        Ok(Crossing::Recorded)
    }

    /// Step 6: one transaction makes the history row and ends the job. From here on the job
    /// cannot be stopped: the object is on the host, and the history must say so. A thumbnail
    /// that is not drawn yet follows; the link does not wait for it.
    async fn record(
        self: &Arc<Self>,
        id: &str,
        profile: &Profile,
        provider: &dyn Provider,
        shipped: &Shipped,
        receipt: Receipt,
        thumbnail: Option<JoinHandle<Option<String>>>,
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
        let new = new_upload(&row, profile, shipped, url, receipt, self.now_millis());
        let drawn_before = new.thumbnail.is_some();
        let has_time = self.jobs.ready() > 0;
        let upload = self.job_writer.finish(row.clone(), new, thumbnail.is_none(), has_time).await?;
        self.jobs.update(id, |entry| {
            entry.stop = None;
            entry.row.snapshot.state = JobState::Done;
            entry.row.snapshot.stage = None;
            entry.row.snapshot.sent = entry.row.snapshot.total;
            entry.row.snapshot.upload_id = Some(upload.id);
        });
        self.remove_spooled(&row);
        self.history_changed();
        if let Some(thumbnail) = thumbnail.filter(|_| !drawn_before) {
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
