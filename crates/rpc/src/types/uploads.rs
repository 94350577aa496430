//! Pictures on their way: the doors they come in by, and the list of jobs.

use picferry_core::job::{ConflictAnswer, Origin};
use serde::Deserialize;

/// `upload_paths`: files of this computer.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct UploadPaths {
    /// Absolute paths, in the order of the results.
    pub paths: Vec<String>,
    /// The default profile when left out.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub profile_id: Option<String>,
    /// Which door.
    pub origin: Origin,
}

/// `upload_urls`: pictures to fetch first.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct UploadUrls {
    /// `http` or `https`, in the order of the results.
    pub urls: Vec<String>,
    /// The default profile when left out.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub profile_id: Option<String>,
}

/// `upload_clipboard`: what the clipboard holds.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct UploadClipboard {
    /// The default profile when left out.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub profile_id: Option<String>,
    /// Which door.
    pub origin: Origin,
}

/// `upload_choose` and `upload_sample`: only where to.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct UploadTo {
    /// The default profile when left out.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub profile_id: Option<String>,
}

/// `upload_bytes`: data that only the webview has.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct UploadBytes {
    /// In the order of the results.
    pub files: Vec<PastedFile>,
    /// The default profile when left out.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub profile_id: Option<String>,
    /// Which door; `paste` when left out.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub origin: Option<Origin>,
}

/// One file of [`UploadBytes`].
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct PastedFile {
    /// A file name; its folders are ignored.
    pub name: String,
    /// The content in standard base64.
    pub base64: String,
}

/// Some jobs, or all of them.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct JobIds {
    /// All when left out.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub ids: Option<Vec<String>>,
}

/// `offer_answer`: the person's word about an upload that others asked for.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct OfferAnswer {
    /// The offer.
    pub id: String,
    /// Upload it; otherwise it is forgotten.
    pub accept: bool,
    /// Another profile than the one that was asked for.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub profile_id: Option<String>,
}

/// `job_answer`: what to do about a key that is taken.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct JobAnswer {
    /// The job that asks.
    pub id: String,
    /// The answer.
    pub answer: ConflictAnswer,
    /// The same for every job of the batch that asks.
    pub for_all: bool,
}
