//! The table of watched files: what was seen in each folder, so that nothing is sent twice.
//!
//! A file is known by its place in the folder, its size and when it was written. A row is never
//! deleted because its file is gone: a disk that was taken out would be sent anew when it is back.

mod jobs;

use crate::History;
use crate::columns::{Cells, size, word};
use picferry_core::Result;
use picferry_core::job::JobState;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

/// The fourth form: folders that are watched. `place` is relative to the folder, with `/`.
pub(crate) const SCHEMA: &str = "
CREATE TABLE watched_folders (
    id     TEXT PRIMARY KEY NOT NULL,
    since  INTEGER NOT NULL,
    device INTEGER NOT NULL,
    stored INTEGER NOT NULL
) STRICT;
CREATE TABLE watched_files (
    folder   TEXT NOT NULL REFERENCES watched_folders (id) ON DELETE CASCADE,
    place    TEXT NOT NULL,
    bytes    INTEGER NOT NULL,
    written  INTEGER NOT NULL,
    sha256   TEXT,
    outcome  TEXT NOT NULL,
    job_id   TEXT,
    goes     INTEGER NOT NULL,
    PRIMARY KEY (folder, place)
) STRICT, WITHOUT ROWID;
-- A file under another name, and what to do once a job ended.
CREATE INDEX watched_by_stamp ON watched_files (folder, bytes, written);
CREATE INDEX watched_by_content ON watched_files (folder, sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX watched_by_job ON watched_files (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX watched_by_outcome ON watched_files (folder, outcome);
";

const COLUMNS: &str = "place, bytes, written, sha256, outcome, job_id, goes";

/// By what a file is known again without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Its size.
    pub bytes: u64,
    /// When it was written: nanoseconds since 1970, cut to 64 bits.
    pub written: i64,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WatchedOutcome {
    /// It was there when the folder was added, and is left alone.
    Before,
    /// It is no picture.
    NoPicture,
    /// Its job is in the queue.
    Sent,
    /// Its picture is stored.
    Stored,
    /// Its job failed or was ended by the person.
    Failed,
}

/// A file that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedFile {
    /// Where it is in the folder, with `/`.
    pub place: String,
    /// Its size and time then.
    pub stamp: Stamp,
    /// Lowercase hexadecimal SHA-256 of its content, where it was read.
    pub sha256: Option<String>,
    /// What became of it.
    pub outcome: WatchedOutcome,
    /// The job that sends or sent it.
    pub job_id: Option<String>,
    /// It is to leave the folder once it is stored.
    pub goes: bool,
}

/// How many files of a folder came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WatchedCounts {
    /// Were there before.
    pub before: u32,
    /// Are in the queue.
    pub sent: u32,
    /// Could not be stored.
    pub failed: u32,
    /// Were stored, ever.
    pub stored: u32,
}

impl History {
    /// Begins with a folder: everything that is there now is left alone. Does nothing for a folder
    /// that was begun with; tells whether it was not.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn begin_watching(&self, folder: &str, since: i64, before: &[(String, Stamp)]) -> Result<bool> {
        self.write(|connection| {
            let made = connection.execute(
                "INSERT INTO watched_folders VALUES (?1, ?2, 0, 0) ON CONFLICT DO NOTHING",
                params![folder, since],
            )?;
            if made == 0 {
                return Ok(false);
            }
            for (place, stamp) in before {
                put(connection, folder, &WatchedFile::left_alone(place.clone(), *stamp))?;
            }
            Ok(true)
        })
    }

    /// Whether a folder was begun with.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn is_watching_begun(&self, folder: &str) -> Result<bool> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM watched_folders WHERE id = ?1)")?
                .query_row([folder], |row| row.get(0))
        })
    }

    /// Forgets a folder and all that was seen in it.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn forget_watching(&self, folder: &str) -> Result<()> {
        self.write(|connection| {
            connection.execute("DELETE FROM watched_folders WHERE id = ?1", [folder]).map(drop)
        })
    }

    /// The disk that a folder was on when there was last something in it; 0 for never.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn watched_device(&self, folder: &str) -> Result<u64> {
        self.read(|connection| {
            let device: Option<i64> = connection
                .prepare_cached("SELECT device FROM watched_folders WHERE id = ?1")?
                .query_row([folder], |row| row.get(0))
                .optional()?;
            Ok(device.unwrap_or_default().cast_unsigned())
        })
    }

    /// Notes the disk that a folder is on.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn set_watched_device(&self, folder: &str, device: u64) -> Result<()> {
        self.write(|connection| {
            connection
                .execute(
                    "UPDATE watched_folders SET device = ?2 WHERE id = ?1",
                    params![folder, device.cast_signed()],
                )
                .map(drop)
        })
    }

    /// What is known of these places; `None` for a place where nothing was seen.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn watched_files(&self, folder: &str, places: &[String]) -> Result<Vec<Option<WatchedFile>>> {
        self.read(|connection| places.iter().map(|place| at(connection, folder, place)).collect())
    }

    /// Whether anything that was seen in a folder should still lie in it.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn has_watched_files(&self, folder: &str) -> Result<bool> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM watched_files WHERE folder = ?1)")?
                .query_row([folder], |row| row.get(0))
        })
    }

    /// Files seen with that size and time: what lies elsewhere now may be one of them.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn watched_with_stamp(&self, folder: &str, stamp: Stamp) -> Result<Vec<WatchedFile>> {
        let query = format!(
            "SELECT {COLUMNS} FROM watched_files WHERE folder = ?1 AND bytes = ?2 AND written = ?3 LIMIT 20"
        );
        self.read(|connection| {
            connection
                .prepare_cached(&query)?
                .query_map(params![folder, size(stamp.bytes), stamp.written], from_row)?
                .collect()
        })
    }

    /// Files of that content: what lies elsewhere now may be one of them.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn watched_with_content(&self, folder: &str, sha256: &str) -> Result<Vec<WatchedFile>> {
        let query = format!("SELECT {COLUMNS} FROM watched_files WHERE folder = ?1 AND sha256 = ?2 LIMIT 20");
        self.read(|connection| {
            connection.prepare_cached(&query)?.query_map([folder, sha256], from_row)?.collect()
        })
    }

    /// Notes what became of files; replaces what was known of their places.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn note_watched(&self, folder: &str, files: &[WatchedFile]) -> Result<()> {
        self.write(|connection| files.iter().try_for_each(|file| put(connection, folder, file)))
    }

    /// A file has another name now.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn rename_watched(&self, folder: &str, from: &str, to: &str) -> Result<()> {
        self.write(|connection| {
            connection
                .execute(
                    "UPDATE OR REPLACE watched_files SET place = ?3 WHERE folder = ?1 AND place = ?2",
                    params![folder, from, to],
                )
                .map(drop)
        })
    }

    /// Forgets files: they have left the folder, or are to be looked at anew.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn forget_watched(&self, folder: &str, places: &[String]) -> Result<()> {
        self.write(|connection| {
            let mut forget =
                connection.prepare_cached("DELETE FROM watched_files WHERE folder = ?1 AND place = ?2")?;
            places.iter().try_for_each(|place| forget.execute([folder, place.as_str()]).map(drop))
        })
    }

    /// Forgets all files of a folder that came to this, and answers how many they were.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn forget_watched_outcome(&self, folder: &str, outcome: WatchedOutcome) -> Result<u32> {
        self.write(|connection| {
            let forgotten = connection.execute(
                "DELETE FROM watched_files WHERE folder = ?1 AND outcome = ?2",
                params![folder, word(&outcome)?],
            )?;
            Ok(u32::try_from(forgotten).unwrap_or(u32::MAX))
        })
    }

    /// How many files of a folder came to what.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn watched_counts(&self, folder: &str) -> Result<WatchedCounts> {
        self.read(|connection| {
            let count = |outcome: &str| -> rusqlite::Result<u32> {
                connection
                    .prepare_cached("SELECT count(*) FROM watched_files WHERE folder = ?1 AND outcome = ?2")?
                    .query_row([folder, outcome], |row| row.get(0))
            };
            let stored: Option<u32> = connection
                .prepare_cached("SELECT stored FROM watched_folders WHERE id = ?1")?
                .query_row([folder], |row| row.get(0))
                .optional()?;
            Ok(WatchedCounts {
                before: count("before")?,
                sent: count("sent")?,
                failed: count("failed")?,
                stored: stored.unwrap_or_default(),
            })
        })
    }
}

impl WatchedFile {
    /// One that is not sent: it was there before.
    #[must_use]
    pub fn left_alone(place: String, stamp: Stamp) -> Self {
        Self { place, stamp, sha256: None, outcome: WatchedOutcome::Before, job_id: None, goes: false }
    }
}

impl WatchedOutcome {
    /// What the end of a job means for its file; nothing while the job has not ended.
    #[must_use]
    pub fn of_state(state: JobState) -> Option<Self> {
        state.is_terminal().then(|| Self::of_job(state == JobState::Done))
    }

    fn of_job(is_stored: bool) -> Self {
        if is_stored { Self::Stored } else { Self::Failed }
    }
}

fn put(connection: &Connection, folder: &str, file: &WatchedFile) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO watched_files VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
        .execute(params![
            folder,
            file.place,
            size(file.stamp.bytes),
            file.stamp.written,
            file.sha256,
            word(&file.outcome)?,
            file.job_id,
            file.goes,
        ])
        .map(drop)
}

fn at(connection: &Connection, folder: &str, place: &str) -> rusqlite::Result<Option<WatchedFile>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM watched_files WHERE folder = ?1 AND place = ?2"))?
        .query_row([folder, place], from_row)
        .optional()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<WatchedFile> {
    let mut cells = Cells::of(row);
    Ok(WatchedFile {
        place: cells.take()?,
        stamp: Stamp { bytes: cells.size()?, written: cells.take()? },
        sha256: cells.take()?,
        outcome: cells.word()?,
        job_id: cells.take()?,
        goes: cells.take()?,
    })
}
