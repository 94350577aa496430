//! Step 5: sending, and what to do when the key is taken.

use crate::engine::{Engine, run_blocking};
use crate::event_hub::Throttle;
use crate::pipeline::Cargo;
use crate::ready::Plan;
use picferry_core::job::ConflictAnswer;
use picferry_core::key::{KeyTemplate, numbered_key};
use picferry_core::profile::{COMMON_FIELDS, OnConflict, Profile};
use picferry_core::provider::{ObjectInfo, ProgressFn, Provider, PutObject, Receipt};
use picferry_core::{Error, ErrorCode, Result};
use std::collections::BTreeMap;
use std::sync::Arc;

/// After this many taken names something else is wrong.
const MOST_NUMBERS: u32 = 1000;

/// A name made from the content never means another picture: caches may keep it for a year.
const CACHE_FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Another picture may take this name later.
const CACHE_SHORTLY: &str = "public, max-age=300";

/// How sending ended well.
pub enum Sent {
    /// Our content is under the receipt's key.
    Ours(Receipt),
    /// The link of what was there is used instead.
    TheirsInstead {
        /// Its key.
        key: String,
    },
    /// The person decides.
    Ask {
        /// The key that is taken.
        key: String,
    },
}

impl Engine {
    /// Sends the cargo under the key, or under a numbered one. Before each attempt the key is on
    /// disk: after a crash the same key is tried again and the object found there.
    pub(crate) async fn send(
        self: &Arc<Self>,
        plan: &Plan,
        provider: &Arc<dyn Provider>,
        cargo: &Cargo,
        first_key: String,
    ) -> Result<Sent> {
        let (id, row, profile) = (plan.id(), &plan.row, &plan.profile);
        let _key_lock = self.providers.lock(&format!("{}\nkey\n{first_key}", profile.id)).await;
        if row.put_started
            && let Ok(Some(info)) = provider.head(&first_key).await
            && is_same(&info, cargo).await
        {
            // A process that died had sent it already.
            self.commit(id);
            return Ok(Sent::Ours(receipt_of(provider.as_ref(), first_key, &info)));
        }
        let policy = policy_of(profile, row.conflict);
        let mut no_overwrite = policy != OnConflict::Overwrite;
        let mut key = first_key.clone();
        let mut number = 0;
        let progress = self.progress_of(id);
        loop {
            self.remember_key(id, &key).await?;
            let object = put_object(profile, cargo, &key, no_overwrite)?;
            // Held until it is known how that went.
            let _turn = self.providers.turn(profile).await;
            let error = match provider.put(object, progress.clone()).await {
                Ok(receipt) => {
                    self.commit(id);
                    return Ok(Sent::Ours(receipt));
                }
                Err(error) => error,
            };
            match error.code {
                // The host can neither refuse to overwrite nor tell what is there.
                ErrorCode::Unsupported if no_overwrite => no_overwrite = false,
                ErrorCode::KeyExists => {
                    if let Some(info) = look_at(provider.as_ref(), &key).await?
                        && is_same(&info, cargo).await
                    {
                        self.commit(id);
                        return Ok(Sent::Ours(receipt_of(provider.as_ref(), key, &info)));
                    }
                    match policy {
                        OnConflict::UseExisting => return Ok(Sent::TheirsInstead { key }),
                        OnConflict::Ask => return Ok(Sent::Ask { key: first_key }),
                        OnConflict::Overwrite => return Err(error),
                        OnConflict::Rename if number >= MOST_NUMBERS => return Err(error),
                        OnConflict::Rename => {
                            number += 1;
                            key = numbered_key(&first_key, number);
                        }
                    }
                }
                _ => return Err(error),
            }
        }
    }

    /// From here on the job cannot be stopped, and the next one may begin.
    fn commit(&self, id: &str) {
        self.jobs.update(id, |entry| entry.committing = true);
        self.wake.notify_one();
    }

    async fn remember_key(&self, id: &str, key: &str) -> Result<()> {
        let row = self.jobs.update(id, |entry| {
            entry.row.snapshot.key = Some(key.to_owned());
            entry.row.put_started = true;
            entry.row.clone()
        });
        if let Some(row) = row {
            self.job_writer.update_all([row]).await?;
        }
        Ok(())
    }

    fn progress_of(self: &Arc<Self>, id: &str) -> ProgressFn {
        let engine = Arc::downgrade(self);
        let id = id.to_owned();
        let throttle = Throttle::default();
        Arc::new(move |sent, total| {
            let Some(engine) = engine.upgrade() else { return };
            engine.jobs.update(&id, |entry| {
                entry.row.snapshot.sent = sent;
                entry.row.snapshot.total = total;
            });
            if throttle.may_tell() {
                engine.tell_job(&id);
            }
        })
    }
}

fn policy_of(profile: &Profile, answer: Option<ConflictAnswer>) -> OnConflict {
    match answer {
        Some(ConflictAnswer::Rename) => OnConflict::Rename,
        Some(ConflictAnswer::Overwrite) => OnConflict::Overwrite,
        Some(ConflictAnswer::UseExisting) => OnConflict::UseExisting,
        Some(ConflictAnswer::Cancel) | None => {
            OnConflict::from_name(profile.value("on_conflict", COMMON_FIELDS))
        }
    }
}

fn put_object(profile: &Profile, cargo: &Cargo, key: &str, no_overwrite: bool) -> Result<PutObject> {
    let own_rule = profile.fields.get("cache_control").is_some_and(|value| !value.is_empty());
    let template = KeyTemplate::parse(profile.value("key_template", COMMON_FIELDS))?;
    let rule = if template.is_content_addressed() { CACHE_FOR_EVER } else { CACHE_SHORTLY };
    Ok(PutObject {
        key: key.to_owned(),
        body: cargo.body.clone(),
        content_type: cargo.prepared.info.format.media_type().to_owned(),
        cache_control: (!own_rule).then(|| rule.to_owned()),
        no_overwrite,
        sha256: cargo.digests.sha256().to_owned(),
    })
}

/// What is under a taken key; `None` where the host never tells. One that cannot tell right now is asked
/// again by the next attempt: no answer is not another picture.
async fn look_at(provider: &dyn Provider, key: &str) -> Result<Option<ObjectInfo>> {
    match provider.head(key).await {
        Err(error) if error.retryable => Err(error),
        answer => Ok(answer.ok().flatten()),
    }
}

/// Whether the host has surely this content already.
async fn is_same(info: &ObjectInfo, cargo: &Cargo) -> bool {
    let (info, length, digests) = (info.clone(), cargo.body.len(), cargo.digests.clone());
    run_blocking(move || Ok(info.length == length && info.is_same_content(length, digests.md5())))
        .await
        .unwrap_or(false)
}

fn receipt_of(provider: &dyn Provider, key: String, info: &ObjectInfo) -> Receipt {
    Receipt { url: provider.public_url(&key), key, etag: info.etag.clone(), extra: BTreeMap::new() }
}

/// The error for a profile that cannot be found any more.
pub(crate) fn profile_not_found(name: &str) -> Box<Error> {
    Error::new(ErrorCode::ProfileNotFound, format!("There is no profile “{name}”."))
        .hint("Choose another one, or add it again under Hosts.")
        .param("profile", name)
}
