//! Jobs: pictures on their way. One picture is one job; a batch keeps the order of its inputs.

use crate::error::Error;
use crate::images::PictureNote;
use crate::picture::PictureFormat;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a picture comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Source {
    /// A file of this computer; read when its turn comes.
    Path { path: String },
    /// An address to fetch.
    Url { url: String },
    /// Bytes that exist nowhere else; spooled to disk before the job is accepted.
    Bytes {
        name: String,
        #[serde(with = "bytes_serde")]
        #[ts(type = "string")]
        bytes: bytes::Bytes,
    },
    /// Bytes that the engine received on disk already; only the engine makes these.
    #[serde(skip)]
    #[ts(skip)]
    Received { name: String, path: std::path::PathBuf },
}

/// Bytes as base16 text: they are only ever serialised in tests and over the development bridge.
mod bytes_serde {
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(bytes: &bytes::Bytes, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bytes::Bytes, D::Error> {
        let text = String::deserialize(deserializer)?;
        hex::decode(text).map(bytes::Bytes::from).map_err(serde::de::Error::custom)
    }
}

/// Which door a picture came in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Origin {
    #[default]
    Window,
    Drop,
    Paste,
    Hotkey,
    Tray,
    Cli,
    Server,
    WatchedFolder,
    OpenWith,
    Link,
    Screenshot,
    /// A picture that another program copied, after the person was asked.
    Copied,
}

/// A request to ferry pictures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct UploadRequest {
    /// The pictures, in the order of the results.
    pub sources: Vec<Source>,
    /// The profile's id; the default profile when absent.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub profile_id: Option<String>,
    /// Which door.
    #[serde(default)]
    pub origin: Origin,
    /// Values of fields about pictures that stand above the profile's, for these pictures alone.
    #[serde(default)]
    pub overrides: BTreeMap<String, String>,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for its turn.
    Queued,
    /// Under way; see its stage.
    Running,
    /// Failed for a passing reason; goes on at `retry_at`.
    Waiting,
    /// Stopped by the person; goes on when told.
    Paused,
    /// The key is taken and the profile says “Ask”.
    Asking,
    /// Stored and recorded.
    Done,
    /// Ended with an error; Retry starts it again with the same profile.
    Failed,
    /// Ended by the person.
    Cancelled,
}

impl JobState {
    /// Whether nothing more happens by itself.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    /// The `snake_case` name, as in JSON and in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Paused => "paused",
            Self::Asking => "asking",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of that [`JobState::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Queued,
            Self::Running,
            Self::Waiting,
            Self::Paused,
            Self::Asking,
            Self::Done,
            Self::Failed,
            Self::Cancelled,
        ]
        .into_iter()
        .find(|state| state.name() == name)
    }
}

/// What a running job is doing: the steps of the crossing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Stage {
    Acquire,
    Prepare,
    Name,
    Dedupe,
    Send,
    Record,
}

/// What the person answers to a taken key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ConflictAnswer {
    Rename,
    Overwrite,
    UseExisting,
    Cancel,
}

/// Everything the UI shows of a job: a snapshot, never a delta.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct JobSnapshot {
    /// Opaque, sortable by time.
    pub id: String,
    /// The batch it came in with.
    pub batch: String,
    /// Its place among the inputs of the batch, from 0.
    pub position: u32,
    /// The file name as the person knows it.
    pub name: String,
    /// The path or URL it came from; the name for bytes.
    pub input: String,
    /// Which door.
    pub origin: Origin,
    /// The profile it goes to, for good.
    pub profile_id: String,
    /// That profile's name when the job was made.
    pub profile_name: String,
    /// Where it stands.
    pub state: JobState,
    /// What it is doing while running.
    pub stage: Option<Stage>,
    /// Bytes handed to the network.
    #[ts(type = "number")]
    pub sent: u64,
    /// Bytes to send; 0 until known.
    #[ts(type = "number")]
    pub total: u64,
    /// Size of the source; 0 until known.
    #[ts(type = "number")]
    pub bytes_in: u64,
    /// Size of what is sent; 0 until known.
    #[ts(type = "number")]
    pub bytes_out: u64,
    /// The real format, once read.
    pub format: Option<PictureFormat>,
    /// What was done to it, or why not, in order; empty until it is prepared.
    #[serde(default)]
    pub notes: Vec<PictureNote>,
    /// How much it looks like its source, 0 to 100, where that was measured.
    #[serde(default)]
    pub score: Option<u8>,
    /// The object key, once named.
    pub key: Option<String>,
    /// The reader's address, once stored.
    pub url: Option<String>,
    /// The thumbnail's name for `thumb://`, once made.
    pub thumbnail: Option<String>,
    /// Lowercase hexadecimal SHA-256 of what is sent, once known.
    pub sha256: Option<String>,
    /// The same bytes were there already: nothing was sent.
    pub reused: bool,
    /// Why it failed or waits.
    pub error: Option<Error>,
    /// Attempts made so far.
    pub attempt: u32,
    /// When a waiting job goes on, Unix milliseconds.
    #[ts(type = "number | null")]
    pub retry_at: Option<i64>,
    /// The history row, once recorded.
    #[ts(type = "number | null")]
    pub upload_id: Option<i64>,
    /// When it was accepted, Unix milliseconds.
    #[ts(type = "number")]
    pub created_at: i64,
}
