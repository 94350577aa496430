//! How the pictures under way stand, as one snapshot: for the tray and for the small windows.

use crate::error::Error;
use serde::{Deserialize, Serialize};

/// Where the crossing as a whole stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum CrossingPhase {
    /// Nothing is under way.
    #[default]
    Ready,
    /// Pictures are on their way.
    Uploading,
    /// The person stopped them.
    Paused,
    /// The network is gone; they go on by themselves.
    Offline,
    /// All of the last batch arrived, a moment ago.
    Done,
    /// Some of the last batch did not, or ask something, and nobody looked yet.
    Failed,
}

/// The pictures under way; when none is, those of the batch that ended last.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
pub struct Crossing {
    /// Where it stands.
    pub phase: CrossingPhase,
    /// The jobs it is about, in input order.
    pub jobs: Vec<String>,
    /// How many of them arrived.
    pub done: u32,
    /// How many of them failed, or ask something.
    pub failed: u32,
    /// How many are at their end, whichever it was.
    pub ended: u32,
    /// How far all of them are, 0 to 100.
    pub percent: u8,
    /// Bytes a second; 0 while it is not known.
    #[ts(type = "number")]
    pub bytes_per_second: u64,
    /// Whole seconds until the end, as far as can be told.
    pub seconds_left: Option<u32>,
    /// Bytes of the sources of those that arrived.
    #[ts(type = "number")]
    pub bytes_in: u64,
    /// Bytes that were stored for them.
    #[ts(type = "number")]
    pub bytes_out: u64,
    /// Thumbnails of two of them at most, for `thumb://`.
    pub thumbnails: Vec<String>,
    /// In which format their links were put on the clipboard.
    pub copied: Option<String>,
    /// Why the first that failed did.
    pub error: Option<Error>,
    /// How many pictures on the list failed or ask something, whenever that was.
    pub need_you: u32,
}

/// How a batch came out that nobody watched: the words of the card in the corner of the screen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
pub struct Arrival {
    /// The jobs that arrived, in input order.
    pub jobs: Vec<String>,
    /// Their names' first.
    pub name: String,
    /// How many arrived.
    pub arrived: u32,
    /// How many did not.
    pub failed: u32,
    /// The thumbnail of the first, for `thumb://`.
    pub thumbnail: Option<String>,
    /// In which format their links were put on the clipboard.
    pub copied: Option<String>,
    /// The rows that were made by it: what “Undo” deletes. A picture that was there before is not
    /// among them.
    #[ts(type = "number[]")]
    pub made: Vec<i64>,
    /// Why the first that failed did, or why nothing was sent at all.
    pub error: Option<Error>,
}
