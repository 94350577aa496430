//! Watched folders.

use picferry_core::watched::WatchedFolder;
use serde::Deserialize;

/// `watch_add`: watch one more folder.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct WatchAdd {
    /// The folder; it is asked for when absent.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub path: Option<String>,
}

/// `watch_change`: other rules for a folder.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct WatchChange {
    /// The folder as it is to be.
    pub folder: WatchedFolder,
}

/// Names a watched folder.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct WatchId {
    /// Its id.
    pub id: String,
}

/// `watch_pause`.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
pub struct WatchPause {
    /// Stop, or go on.
    pub paused: bool,
}
