//! The jobs of watched files: taken in together with what is known of the file, and noted at their end.

use super::{COLUMNS, WatchedFile, WatchedOutcome, from_row, put};
use crate::History;
use crate::columns::word;
use crate::jobs::{JobRow, insert};
use picferry_core::Result;
use rusqlite::{Connection, OptionalExtension as _, params};

impl History {
    /// Takes the jobs of new files into the queue and notes the files: both or neither, so that
    /// whatever happens next, each is sent once.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn insert_watched_jobs(&self, jobs: &[JobRow], folder: &str, files: &[WatchedFile]) -> Result<()> {
        self.write(|connection| {
            jobs.iter().try_for_each(|job| insert(connection, job))?;
            files.iter().try_for_each(|file| put(connection, folder, file))
        })
    }

    /// Notes how the job of a watched file ended.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn end_watched_job(&self, job_id: &str, outcome: WatchedOutcome) -> Result<()> {
        self.write(|connection| end(connection, job_id, outcome))
    }

    /// Notes the end of jobs that ended while nobody could note it: a process was killed.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn settle_watched_jobs(&self) -> Result<()> {
        self.write(|connection| {
            let ended: Vec<(String, bool)> = connection
                .prepare(
                    "SELECT file.job_id, job.state IS 'done' OR upload.id IS NOT NULL
                     FROM watched_files AS file
                     LEFT JOIN jobs AS job ON job.id = file.job_id
                     LEFT JOIN uploads AS upload ON upload.job_id = file.job_id
                     WHERE file.outcome = 'sent'
                     AND (job.id IS NULL OR job.state IN ('done', 'failed', 'cancelled'))",
                )?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            ended.iter().try_for_each(|(job_id, is_stored)| {
                end(connection, job_id, WatchedOutcome::of_job(*is_stored))
            })
        })
    }

    /// Failed jobs are tried again: those on the list as they are, the others by finding their files
    /// anew.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn reopen_watched_jobs(&self, listed: &[String], gone: &[String]) -> Result<()> {
        self.write(|connection| {
            let mut reopen =
                connection.prepare_cached("UPDATE watched_files SET outcome = 'sent' WHERE job_id = ?1")?;
            listed.iter().try_for_each(|id| reopen.execute([id]).map(drop))?;
            let mut forget = connection.prepare_cached("DELETE FROM watched_files WHERE job_id = ?1")?;
            gone.iter().try_for_each(|id| forget.execute([id]).map(drop))
        })
    }

    /// The stored files of a folder that are to leave it, at most so many.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn watched_to_go(&self, folder: &str, most: u32) -> Result<Vec<WatchedFile>> {
        let query = format!(
            "SELECT {COLUMNS} FROM watched_files
             WHERE folder = ?1 AND outcome = 'stored' AND goes LIMIT ?2"
        );
        self.read(|connection| {
            connection.prepare_cached(&query)?.query_map(params![folder, most], from_row)?.collect()
        })
    }

    /// The jobs of a folder's files that failed.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn failed_watched_jobs(&self, folder: &str) -> Result<Vec<String>> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT job_id FROM watched_files
                     WHERE folder = ?1 AND outcome = 'failed' AND job_id IS NOT NULL",
                )?
                .query_map([folder], |row| row.get(0))?
                .collect()
        })
    }
}

/// A job that failed and is tried again may still end well; each counts once.
fn end(connection: &Connection, job_id: &str, outcome: WatchedOutcome) -> rusqlite::Result<()> {
    let folder: Option<String> = connection
        .prepare_cached(
            "UPDATE watched_files SET outcome = ?2 WHERE job_id = ?1 AND outcome <> 'stored' RETURNING folder",
        )?
        .query_row(params![job_id, word(&outcome)?], |row| row.get(0))
        .optional()?;
    if let (Some(folder), WatchedOutcome::Stored) = (folder, outcome) {
        connection
            .prepare_cached("UPDATE watched_folders SET stored = stored + 1 WHERE id = ?1")?
            .execute([folder])?;
    }
    Ok(())
}
