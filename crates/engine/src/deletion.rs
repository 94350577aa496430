//! Deletion, here and on the hosts: what was meant goes, nothing else, and each picture has its answer.

use crate::engine::Engine;
use picferry_core::profile::Profile;
use picferry_core::provider::{Provider, Receipt};
use picferry_core::upload::Upload;
use picferry_core::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Under this name a receipt says which store and bucket the object went to.
const STORE: &str = "store";

/// Where a picture is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum DeleteMode {
    /// The object on the host, and the row.
    HostAndHere,
    /// The row alone; the link keeps working. Can be undone.
    HereOnly,
}

/// What became of one picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct DeleteResult {
    /// The row.
    #[ts(type = "number")]
    pub id: i64,
    /// Whether it is gone.
    pub ok: bool,
    /// Why it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub error: Option<Error>,
}

impl Engine {
    /// Deletes pictures; one result for each id, in order. Other rows of an object that is deleted go
    /// with it: they would point to nothing.
    ///
    /// # Errors
    /// A database error. What a host says is in the results.
    pub async fn delete(self: &Arc<Self>, ids: Vec<i64>, mode: DeleteMode) -> Result<Vec<DeleteResult>> {
        let results = match mode {
            DeleteMode::HereOnly => self.remove_rows(ids).await?,
            DeleteMode::HostAndHere => self.delete_on_hosts(ids).await?,
        };
        self.history_changed();
        Ok(results)
    }

    /// The other rows that show the very objects of these rows, uploaded by another profile of the same
    /// bucket or under a name that was overwritten.
    ///
    /// # Errors
    /// A database error.
    pub async fn twins(&self, ids: Vec<i64>) -> Result<Vec<Upload>> {
        // A selection may be the whole gallery: each of its rows is found again by its key.
        let uploads = self.history_get(ids).await?;
        let meant: HashSet<i64> = uploads.iter().map(|upload| upload.id).collect();
        let objects: HashSet<(String, String)> = uploads.iter().filter_map(object_of).collect();
        let keys: BTreeSet<String> = uploads.into_iter().map(|upload| upload.key).collect();
        let named = self.with_history(move |history| history.with_keys(keys)).await?;
        let is_twin = |upload: &Upload| {
            !meant.contains(&upload.id) && object_of(upload).is_some_and(|object| objects.contains(&object))
        };
        Ok(named.into_iter().filter(is_twin).collect())
    }

    async fn remove_rows(&self, ids: Vec<i64>) -> Result<Vec<DeleteResult>> {
        let known = self.history_get(ids.clone()).await?;
        let found: BTreeSet<i64> = known.iter().map(|upload| upload.id).collect();
        let now = self.now_millis();
        let removed: Vec<i64> = found.iter().copied().collect();
        self.with_history(move |history| history.mark_removed(&removed, now)).await?;
        let outcome = |id| if found.contains(&id) { Ok(()) } else { Err(not_in_history(id)) };
        Ok(ids.into_iter().map(|id| result(id, outcome(id))).collect())
    }

    async fn delete_on_hosts(self: &Arc<Self>, ids: Vec<i64>) -> Result<Vec<DeleteResult>> {
        // The same picture may be named twice; its host hears of it once.
        let wanted: BTreeSet<i64> = ids.iter().copied().collect();
        let uploads = self.history_get(wanted.into_iter().collect()).await?;
        let mut by_profile: BTreeMap<String, Vec<Upload>> = BTreeMap::new();
        for upload in uploads {
            by_profile.entry(upload.profile_id.clone()).or_default().push(upload);
        }
        let mut outcomes: HashMap<i64, Result<()>> = HashMap::new();
        for (profile_id, uploads) in by_profile {
            outcomes.extend(self.delete_of_profile(&profile_id, &uploads).await);
        }
        let mut gone: Vec<i64> =
            outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).map(|(id, _)| *id).collect();
        gone.extend(self.twins(gone.clone()).await?.iter().map(|twin| twin.id));
        let unused = self.with_history(move |history| history.delete_rows(&gone)).await?;
        self.remove_thumbnails(&unused);
        Ok(ids
            .into_iter()
            .map(|id| {
                let outcome = outcomes.get(&id).cloned().unwrap_or_else(|| Err(not_in_history(id)));
                result(id, outcome)
            })
            .collect())
    }

    async fn delete_of_profile(
        self: &Arc<Self>,
        profile_id: &str,
        uploads: &[Upload],
    ) -> Vec<(i64, Result<()>)> {
        let (profile, provider) = match self.ready_provider(profile_id).await {
            Ok(ready) => ready,
            Err(error) => {
                let name = uploads.first().map_or(profile_id, |upload| &upload.profile_name);
                let error = if error.code == ErrorCode::ProfileNotFound {
                    error
                        .hint("Its profile was removed. Delete it at the host, or remove it here only.")
                        .param("profile", name)
                } else {
                    error
                };
                return uploads.iter().map(|upload| (upload.id, Err(error.clone()))).collect();
            }
        };
        let mut outcomes = Vec::with_capacity(uploads.len());
        let mut ids = Vec::with_capacity(uploads.len());
        let mut receipts = Vec::with_capacity(uploads.len());
        for upload in uploads {
            match must_be_there(&profile, provider.as_ref(), upload).await {
                Ok(()) => {
                    ids.push(upload.id);
                    receipts.push(upload.receipt.clone());
                }
                Err(error) => outcomes.push((upload.id, Err(error))),
            }
        }
        if !receipts.is_empty() {
            outcomes.extend(ids.into_iter().zip(provider.delete(&receipts).await));
        }
        outcomes
    }

    async fn ready_provider(self: &Arc<Self>, profile_id: &str) -> Result<(Profile, Arc<dyn Provider>)> {
        let profile = self.profile(profile_id)?;
        let provider = self.provider(&profile).await?;
        Ok((profile, provider))
    }
}

/// Notes in a receipt which store the object went to: the profile may point elsewhere later.
pub(crate) fn with_store(mut receipt: Receipt, provider: &dyn Provider) -> Receipt {
    receipt.extra.insert(STORE.into(), provider.store());
    receipt
}

/// The store and the key of an upload's object.
fn object_of(upload: &Upload) -> Option<(String, String)> {
    upload.receipt.extra.get(STORE).map(|store| (store.clone(), upload.key.clone()))
}

/// A profile that was pointed to another bucket would delete nothing there and call it done, or delete
/// something else of the same name. The same bucket under another address has the object.
async fn must_be_there(profile: &Profile, provider: &dyn Provider, upload: &Upload) -> Result<()> {
    let Some(was) = upload.receipt.extra.get(STORE) else { return Ok(()) };
    let is = provider.store();
    if *was == is {
        return Ok(());
    }
    let etag = &upload.receipt.etag;
    if let Some(found) = provider.head(&upload.key).await?
        && found.length == upload.bytes_out
        && (found.etag.is_none() || etag.is_none() || found.etag == *etag)
    {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::ObjectNotFound,
        format!("It went to {was}, but “{}” points to {is} now.", profile.name),
    )
    .hint("Point the host back to delete it there, or remove it here only.")
    .param("reason", "elsewhere")
    .param("profile", &profile.name)
    .param("was", was))
}

fn result(id: i64, outcome: Result<()>) -> DeleteResult {
    DeleteResult { id, ok: outcome.is_ok(), error: outcome.err().map(|error| *error) }
}

pub(crate) fn not_in_history(id: i64) -> Box<Error> {
    Error::new(ErrorCode::NotFound, format!("There is no picture {id} in the history."))
        .hint("`picferry history list` shows the pictures and their numbers.")
        .param("id", id)
}
