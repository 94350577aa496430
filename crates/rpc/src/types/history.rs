//! The history: pages, notes, deletion.

use picferry_core::upload::{Cursor, HistoryFilter};
use picferry_engine::DeleteMode;
use serde::Deserialize;

/// `history_page`.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct HistoryPageRequest {
    /// Which pictures.
    pub filter: HistoryFilter,
    /// Where the page begins; `null` for the newest.
    #[serde(default)]
    pub after: Option<Cursor>,
    /// Rows at most.
    pub limit: u32,
}

/// A command about all pictures that a filter lets through.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct HistoryFilterRequest {
    /// Which pictures.
    pub filter: HistoryFilter,
}

/// A command about one picture.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
pub struct UploadId {
    /// Its row.
    #[ts(type = "number")]
    pub id: i64,
}

/// A command about some pictures.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct UploadIds {
    /// Their rows, in the order that the answer follows.
    #[ts(type = "Array<number>")]
    pub ids: Vec<i64>,
}

/// `history_set_alt`.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct UploadAlt {
    /// The row.
    #[ts(type = "number")]
    pub id: i64,
    /// The new alt text.
    pub alt: String,
}

/// `history_set_note`.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct UploadNote {
    /// The row.
    #[ts(type = "number")]
    pub id: i64,
    /// The new note.
    pub note: String,
}

/// `history_delete`.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct HistoryDelete {
    /// The rows.
    #[ts(type = "Array<number>")]
    pub ids: Vec<i64>,
    /// From the host too, or only from here.
    pub mode: DeleteMode,
}

/// `history_reupload`.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct HistoryReupload {
    /// The rows.
    #[ts(type = "Array<number>")]
    pub ids: Vec<i64>,
    /// The profile each went to before when left out.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub profile_id: Option<String>,
}
