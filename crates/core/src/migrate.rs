//! Markdown files whose pictures move: to a host, or back into a folder.

use crate::error::Error;
use crate::job::Origin;
use serde::{Deserialize, Serialize};

/// What is to move, and where to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct MigrationRequest {
    /// A Markdown file, or a folder of them; absolute.
    pub path: String,
    /// The profile's id or name; the default profile when absent.
    pub profile_id: Option<String>,
    /// Also pictures that are somewhere on the web already.
    pub include_remote: bool,
    /// Also fields of the front matter that name pictures.
    pub front_matter: bool,
    /// Also files that lie outside of the folder.
    pub allow_outside: bool,
    /// The other way: pictures of the web are saved in this folder; absolute.
    pub to_folder: Option<String>,
    /// Which door.
    pub origin: Origin,
}

/// Files and their pictures: what would be done, or what was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Migration {
    /// Names a run, for its backups; `None` for a dry run.
    pub id: Option<String>,
    /// What was asked for.
    pub path: String,
    /// The profile the pictures go to; empty when they go to a folder.
    pub profile_name: String,
    /// The folder they go to.
    pub to_folder: Option<String>,
    /// Files with pictures, and files that could not be read, in the order of their paths.
    pub files: Vec<MigrationFile>,
    /// An earlier run that was cut off is carried on.
    pub resumed: bool,
    /// The person stopped it; a later run goes on from there.
    pub cancelled: bool,
}

/// One Markdown file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct MigrationFile {
    /// Relative to what was asked for, with `/`; the name for a single file.
    pub path: String,
    /// What became of it.
    pub state: MigrationFileState,
    /// Places that were changed.
    pub changed: u32,
    /// Where it was copied to before it was changed.
    pub backup: Option<String>,
    /// Why it could not be read or written.
    pub error: Option<Error>,
    /// Every place that names a picture, in the order of the text.
    pub pictures: Vec<MigrationPicture>,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum MigrationFileState {
    /// There is nothing to change.
    Unchanged,
    /// It would be changed, or was not reached.
    Planned,
    /// It has other addresses.
    Rewritten,
    /// It was left as it is; see the error.
    Failed,
}

/// One place that names a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct MigrationPicture {
    /// The line it stands in, from 1.
    pub line: u32,
    /// `inline`, `definition`, `html_image`, `html_source_set`, `wiki_embed`, `link_around` or
    /// `front_matter`.
    pub kind: String,
    /// The address as it is written; data inside the text is cut short.
    pub written: String,
    /// What becomes of it.
    pub state: MigrationPictureState,
    /// The file or the address that it means, where that is known.
    pub source: Option<String>,
    /// The new address.
    pub address: Option<String>,
    /// Why it stayed.
    pub error: Option<Error>,
}

/// What becomes of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum MigrationPictureState {
    /// It is there and would move.
    Found,
    /// It has its new address.
    Moved,
    /// It could not be sent or fetched.
    Failed,
    /// No file of that name is there.
    Missing,
    /// The file lies outside of the folder.
    Outside,
    /// It is at its place already.
    InPlace,
    /// It is on the web, and those were not asked for; or in a file, when the web was asked for.
    Left,
    /// Its data is in the text itself.
    Embedded,
    /// Only another program knows what is meant.
    Foreign,
}

impl MigrationPictureState {
    /// The `snake_case` name, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Moved => "moved",
            Self::Failed => "failed",
            Self::Missing => "missing",
            Self::Outside => "outside",
            Self::InPlace => "in_place",
            Self::Left => "left",
            Self::Embedded => "embedded",
            Self::Foreign => "foreign",
        }
    }
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct MigrationProgress {
    /// The run.
    pub id: String,
    /// What it does.
    pub stage: MigrationStage,
    /// Distinct pictures that ended, well or not.
    pub pictures_done: u32,
    /// Distinct pictures that move.
    pub pictures: u32,
    /// Files written.
    pub files_done: u32,
    /// Files to write.
    pub files: u32,
}

/// How the migration of a window stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct MigrationState {
    /// One is under way.
    pub is_running: bool,
    /// How far it is, once it moves pictures.
    pub progress: Option<MigrationProgress>,
    /// What was asked for, by it or by the last one.
    pub request: Option<MigrationRequest>,
    /// What the last one did.
    pub result: Option<Migration>,
    /// Why the last one did nothing.
    pub error: Option<Error>,
    /// Runs that were cut off, the newest first.
    pub unfinished: Vec<UnfinishedMigration>,
}

/// A run that was cut off; the same request carries it on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct UnfinishedMigration {
    /// The run.
    pub id: String,
    /// What was asked for.
    pub request: MigrationRequest,
}

/// What a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum MigrationStage {
    /// Reads the files.
    Reading,
    /// Sends or fetches pictures.
    Moving,
    /// Writes the files.
    Writing,
    /// Ended.
    Done,
}

/// What taking a run back did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct MigrationUndo {
    /// The run.
    pub id: String,
    /// The files, in the order of their paths.
    pub files: Vec<MigrationUndoFile>,
}

/// One file that was to be put back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct MigrationUndoFile {
    /// Its path.
    pub path: String,
    /// Whether it is as it was before.
    pub restored: bool,
    /// Why it is not.
    pub error: Option<Error>,
}
