//! Uploads: the history of what was sent.

use crate::job::Origin;
use crate::picture::PictureFormat;
use crate::provider::Receipt;
use serde::{Deserialize, Serialize};

/// One stored picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Upload {
    /// Row id; grows with time.
    #[ts(type = "number")]
    pub id: i64,
    /// The job that made it; unique, so that a job is recorded once.
    pub job_id: String,
    /// When it was stored, Unix milliseconds.
    #[ts(type = "number")]
    pub created_at: i64,
    /// The profile it went to.
    pub profile_id: String,
    /// That profile's name at the time; kept when the profile is deleted.
    pub profile_name: String,
    /// The provider: `s3`.
    pub host: String,
    /// The object key.
    pub key: String,
    /// The reader's address, encoded.
    pub url: String,
    /// The file name as the person knows it.
    pub name: String,
    /// What was sent.
    pub format: PictureFormat,
    /// Pixels across, orientation applied.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// More than one frame.
    pub animated: bool,
    /// Size of the source.
    #[ts(type = "number")]
    pub bytes_in: u64,
    /// Size of what was sent.
    #[ts(type = "number")]
    pub bytes_out: u64,
    /// How much it looks like its source, 0 to 100, where that was measured.
    pub score: Option<u8>,
    /// Lowercase hexadecimal SHA-256 of what was sent.
    pub sha256: String,
    /// Lowercase hexadecimal SHA-256 of the source: dedupe looks here first.
    pub source_sha256: String,
    /// Alt text.
    pub alt: String,
    /// The person's note.
    pub note: String,
    /// The thumbnail's name for `thumb://`; `None` where none could be made.
    pub thumbnail: Option<String>,
    /// Which door it came in by.
    pub origin: Origin,
    /// Where the source was, for “Reveal”; `None` for bytes.
    pub source_path: Option<String>,
    /// What the host needs to find it again.
    #[ts(skip)]
    pub receipt: Receipt,
}

/// What the gallery asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct HistoryFilter {
    /// Words to find in name, key, URL, note and alt text; all of them must be there.
    pub text: String,
    /// Only these profiles; all when empty.
    pub profile_ids: Vec<String>,
    /// Only these formats; all when empty.
    pub formats: Vec<PictureFormat>,
    /// Only from this time on, Unix milliseconds.
    #[ts(type = "number | null")]
    pub since: Option<i64>,
    /// Only before this time, Unix milliseconds.
    #[ts(type = "number | null")]
    pub until: Option<i64>,
    /// Only at least this many bytes sent.
    #[ts(type = "number | null")]
    pub min_bytes: Option<u64>,
    /// Only at most this many bytes sent.
    #[ts(type = "number | null")]
    pub max_bytes: Option<u64>,
}

/// A place between two rows: keyset paging, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Cursor {
    /// Of the last row seen.
    #[ts(type = "number")]
    pub created_at: i64,
    /// Of the last row seen.
    #[ts(type = "number")]
    pub id: i64,
}

/// One page of the history, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct HistoryPage {
    /// The rows.
    pub rows: Vec<Upload>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
}

/// How many pictures a day has: the gallery lays out its length and its scrubber from this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct DayCount {
    /// `2026-11-22` in the person's time zone.
    pub day: String,
    /// Pictures of that day.
    pub count: u32,
    /// Where that day begins when paging: a cursor that yields its first row.
    pub start: Cursor,
}

/// Sums over a part of the history.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Totals {
    /// Pictures.
    #[ts(type = "number")]
    pub count: u64,
    /// Bytes of the sources.
    #[ts(type = "number")]
    pub bytes_in: u64,
    /// Bytes that were sent.
    #[ts(type = "number")]
    pub bytes_out: u64,
}
