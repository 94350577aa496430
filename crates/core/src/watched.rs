//! Watched folders: new pictures in them are uploaded by themselves.

use crate::error::Error;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest time that a file can be asked to rest before it is sent, in seconds.
pub const LONGEST_WAIT_SECONDS: u32 = 3600;

/// Which folders are watched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct WatchSettings {
    /// None of them is, for now. What comes meanwhile is sent afterwards.
    pub paused: bool,
    /// All of them, in the person's order.
    pub folders: Vec<WatchedFolder>,
}

/// One folder and its rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct WatchedFolder {
    /// Stable and opaque: what was seen in the folder is kept under it, wherever the folder moves.
    pub id: String,
    /// Where it is; absolute.
    pub path: String,
    /// Whether it is watched.
    pub enabled: bool,
    /// The profile its pictures go to; the default profile when absent.
    #[ts(optional = nullable)]
    pub profile_id: Option<String>,
    /// Only files that one of these patterns fits, with commas between them; empty for all.
    pub only: String,
    /// No file that one of these patterns fits.
    pub leave_out: String,
    /// Also what lies in folders inside it; `{folder}` in names is where.
    pub subfolders: bool,
    /// How long a file must not have changed before it is sent, in seconds.
    pub wait_seconds: u32,
    /// What becomes of a file once its picture is stored.
    pub afterwards: AfterUpload,
    /// The folder it is moved to, for [`AfterUpload::Move`]; absolute.
    pub move_to: String,
    /// How new files are noticed.
    pub noticing: Noticing,
    /// How often it was asked to be looked through anew: the process that watches notices.
    pub revision: u32,
    /// Keys that newer versions wrote; kept as they are.
    #[serde(flatten)]
    #[ts(skip)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

impl Default for WatchedFolder {
    fn default() -> Self {
        Self {
            id: String::new(),
            path: String::new(),
            enabled: true,
            profile_id: None,
            only: String::new(),
            leave_out: String::new(),
            subfolders: true,
            wait_seconds: 2,
            afterwards: AfterUpload::Keep,
            move_to: String::new(),
            noticing: Noticing::Automatic,
            revision: 0,
            unknown: BTreeMap::new(),
        }
    }
}

/// What becomes of a file once its picture is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum AfterUpload {
    /// It stays.
    #[default]
    Keep,
    /// It goes to another folder.
    Move,
    /// It goes to the trash of the system.
    Trash,
}

/// How new files are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Noticing {
    /// The system tells, and folders of a network are looked through.
    #[default]
    Automatic,
    /// The folder is looked through every few seconds, wherever it is.
    Polling,
}

/// All watched folders as they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct WatchedFolders {
    /// This process watches; if not, another one of the same home does, or none.
    pub is_here: bool,
    /// None of them is watched, for now.
    pub paused: bool,
    /// In the person's order.
    pub folders: Vec<WatchedFolderState>,
}

/// One folder as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct WatchedFolderState {
    /// The folder and its rules.
    pub folder: WatchedFolder,
    /// Whether it is watched.
    pub status: WatchStatus,
    /// It is looked through every few seconds: the system tells nothing of it.
    pub polled: bool,
    /// Files that are not complete yet, or wait for their turn.
    pub waiting: u32,
    /// Pictures on their way.
    pub sending: u32,
    /// Pictures that were stored since the folder is watched.
    pub stored: u32,
    /// Pictures that could not be stored, and lie in the folder still.
    pub failed: u32,
    /// Files that were there when the folder was added, and were left alone.
    pub before: u32,
    /// Why something does not work: the folder is gone, or a file cannot be moved.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Error>,
}

/// Whether a folder is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum WatchStatus {
    /// It is.
    Watching,
    /// All are paused.
    Paused,
    /// It is switched off.
    Off,
    /// It is not there; it is looked for until it is back.
    Gone,
}
