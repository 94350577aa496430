//! What a host is to the engine: a definition as data, and a few verbs.

use crate::error::{Error, Result};
use crate::field::{FieldSpec, Words};
use crate::profile::Profile;
use crate::secret::Secret;
use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Called with bytes sent and bytes in all. A retry starts again at 0.
pub type ProgressFn = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// A host as data: everything the form, the command line and the reference page need.
#[derive(Debug, Clone, Copy, Serialize, ts_rs::TS)]
pub struct ProviderDefinition {
    /// Stable id: `s3`.
    pub id: &'static str,
    /// The name, as its owner writes it.
    pub name: Words,
    /// One sentence: what it is good for.
    pub about: Words,
    /// Where accounts and keys are made; empty for none.
    pub homepage: &'static str,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Its own fields; [`crate::profile::COMMON_FIELDS`] follow them.
    pub fields: &'static [FieldSpec],
    /// Ready-made settings for its flavours.
    pub presets: &'static [Preset],
}

/// What a host can do; some of it is only learned per profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Capabilities {
    pub delete: bool,
    pub overwrite: bool,
    pub conditional_put: bool,
    pub head: bool,
}

/// A flavour of a host: a name, values that fill the form, and fields that it does not need.
#[derive(Debug, Clone, Copy, Serialize, ts_rs::TS)]
pub struct Preset {
    /// Stable id: `r2`.
    pub id: &'static str,
    /// The name, as its owner writes it.
    pub name: Words,
    /// One sentence: what it is good for, what to know.
    pub about: Words,
    /// Two letters for its mark.
    pub mark: &'static str,
    /// The hue of its mark, in degrees.
    pub hue: u16,
    /// Where its keys are made.
    pub homepage: &'static str,
    /// Values that differ from the defaults of the fields.
    pub values: &'static [(&'static str, &'static str)],
    /// Placeholders that differ: `("endpoint", "https://ACCOUNT.r2.cloudflarestorage.com")`.
    pub placeholders: &'static [(&'static str, &'static str)],
    /// Help that differs: `("region", …)`.
    pub helps: &'static [(&'static str, Words)],
    /// Fields it has no use for.
    pub hidden: &'static [&'static str],
}

/// What is sent.
#[derive(Debug, Clone)]
pub enum Body {
    /// In memory.
    Bytes(Bytes),
    /// A spooled file with its length and the SHA-256 of its content (lowercase hexadecimal).
    #[expect(missing_docs, reason = "the names say it")]
    File { path: PathBuf, length: u64, sha256: String },
}

impl Body {
    /// Its length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { length, .. } => *length,
        }
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One object to store.
#[derive(Debug, Clone)]
pub struct PutObject {
    /// A safe key from [`crate::key`].
    pub key: String,
    /// The content.
    pub body: Body,
    /// By magic number: `image/png`.
    pub content_type: String,
    /// `None` leaves the choice to the provider's own field.
    pub cache_control: Option<String>,
    /// Refuse with `key_exists` when the key is taken. A provider that cannot promise this
    /// atomically asks the store (HEAD) first; one that can do neither answers `unsupported`.
    pub no_overwrite: bool,
    /// Lowercase hexadecimal SHA-256 of the content: the signed payload hash.
    pub sha256: String,
}

/// What the host said of a stored object; kept as JSON with the history row, used to delete it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The key it is stored under.
    pub key: String,
    /// Its public address, encoded, without the profile's suffix… see [`Provider::public_url`].
    pub url: String,
    /// ETag without quotes, if the host gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// Whatever else the host needs to find it again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, String>,
}

/// What a HEAD says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectInfo {
    /// Bytes.
    pub length: u64,
    /// Without quotes; the MD5 of the content on most stores for single-part objects.
    pub etag: Option<String>,
    /// The stored media type.
    pub content_type: Option<String>,
}

impl ObjectInfo {
    /// Whether this is surely the same content: the length and the MD5 in the ETag agree.
    #[must_use]
    pub fn is_same_content(&self, length: u64, md5: &str) -> bool {
        self.length == length && self.etag.as_deref().is_some_and(|etag| etag.eq_ignore_ascii_case(md5))
    }
}

/// One step of a profile test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct TestStep {
    /// Which one.
    pub step: TestStepName,
    /// How it ended.
    pub outcome: TestOutcome,
    /// Milliseconds it took.
    #[ts(type = "number")]
    pub millis: u64,
    /// Why it failed or what to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub error: Option<Error>,
}

/// The steps of a test, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum TestStepName {
    Connect,
    Write,
    Read,
    NoOverwrite,
    PublicRead,
    Delete,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum TestOutcome {
    Passed,
    /// Works, but the person should know something.
    Warning,
    Failed,
    /// Not tried because an earlier step failed, or not something this host can do.
    Skipped,
}

/// The whole test.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
pub struct TestReport {
    /// Whether uploads will work.
    pub ok: bool,
    /// All steps, in order.
    pub steps: Vec<TestStep>,
    /// Field values that the host's answers proved right (`region`, `path_style`): offer to save them.
    pub corrections: BTreeMap<String, String>,
    /// Facts for [`Profile::learned`].
    pub learned: BTreeMap<String, String>,
}

/// Something a value was changed into when it was read, shown to the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Repair {
    /// The field.
    pub field: String,
    /// What it is now.
    pub value: String,
    /// What was done: `trimmed`, `scheme_added`, `bucket_removed_from_endpoint`, `bucket_found`,
    /// `region_found`, `console_url`, `path_removed`.
    pub what: String,
}

/// Everything a provider needs to be built from a profile.
#[derive(Debug, Clone)]
pub struct ProviderConfig {
    /// The profile.
    pub profile: Profile,
    /// Its secrets, by field key.
    pub secrets: BTreeMap<String, Secret>,
    /// `system`, `none`, or a proxy URL: the application's setting, which a profile's own overrides.
    pub proxy: String,
}

/// A host that is ready to use. Dropping a future cancels it: the connection closes and a
/// multipart upload under way is aborted.
#[async_trait]
pub trait Provider: Send + Sync {
    /// Sends one object.
    ///
    /// # Errors
    /// The host's refusal in our codes; `retryable` only where trying again may help.
    async fn put(&self, object: PutObject, progress: ProgressFn) -> Result<Receipt>;

    /// Asks the store's API (never the public URL) for an object; `None` when there is none.
    ///
    /// # Errors
    /// `unsupported` where the host cannot tell.
    async fn head(&self, key: &str) -> Result<Option<ObjectInfo>>;

    /// Deletes objects; one result each, in order. What is already gone counts as deleted.
    async fn delete(&self, receipts: &[Receipt]) -> Vec<Result<()>>;

    /// Names the store and bucket that keys belong to, for people: `s3.example.com/pictures`. Providers
    /// with the same name share their objects.
    fn store(&self) -> String;

    /// The address readers use for a key: own domain and suffix applied, encoded once.
    fn public_url(&self, key: &str) -> String;

    /// Puts, reads back and deletes a probe object; learns what the host can do.
    /// `probe` is a unique suffix for the probe's name.
    async fn test(&self, probe: &str) -> TestReport;

    /// What was found out since it was built, for [`Profile::learned`] and for corrections.
    fn learned(&self) -> Learned {
        Learned::default()
    }
}

/// Facts a provider found out while working.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Learned {
    /// For [`Profile::learned`].
    pub facts: BTreeMap<String, String>,
    /// Field values that the host's answers proved right: offered to the person.
    pub corrections: BTreeMap<String, String>,
}
