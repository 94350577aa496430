//! Upkeep of the search index: it follows the rows, several at once.
//!
//! Putting one picture into the index costs as much as recording it, most of it for opening and closing
//! the index. So a new picture is recorded without, and whoever is quiet next, or searches next, puts in
//! all that are missing. Ids only grow, so one number tells how far the index reaches.

use crate::uploads::{self, COLUMNS};
use crate::{History, search};
use picferry_core::Result;
use picferry_core::upload::Upload;
use rusqlite::{Connection, params};
use std::sync::LazyLock;

/// One row for each listed upload that the index reaches, under its place; the grams alone are kept, not
/// the text.
pub(crate) const SCHEMA: &str = "
CREATE VIRTUAL TABLE upload_grams USING fts5(
    grams, content = '', contentless_delete = 1, tokenize = 'ascii'
);
";

/// The sixth form: the last id that the index reaches. Before, it reached all of them.
pub(crate) const PROGRESS: &str = "
CREATE TABLE search_progress (indexed_to INTEGER NOT NULL) STRICT;
INSERT INTO search_progress SELECT coalesce(max(id), 0) FROM uploads;
";

/// So many rows go in at a time: nobody who writes waits longer for that than a picture takes.
const SOME: u32 = 256;

const IS_BEHIND: &str =
    "SELECT EXISTS (SELECT 1 FROM uploads WHERE id > (SELECT indexed_to FROM search_progress))";

static MISSING: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS}, place, removed_at IS NULL FROM uploads
         WHERE id > (SELECT indexed_to FROM search_progress) ORDER BY id LIMIT ?1"
    )
});

impl History {
    /// Puts some of what is missing into the search index. Answers whether more may be missing.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn index_some(&self) -> Result<bool> {
        if !self.read(is_behind)? {
            return Ok(false);
        }
        self.write(|connection| catch_up(connection, SOME))
    }

    /// Puts all that is missing into the search index, for a search: one that leaves pictures out would
    /// say that they are not there.
    pub(crate) fn index_all(&self) -> Result<()> {
        while self.index_some()? {}
        Ok(())
    }
}

/// Whether the index does not reach all rows.
fn is_behind(connection: &Connection) -> rusqlite::Result<bool> {
    connection.prepare_cached(IS_BEHIND)?.query_row([], |row| row.get(0))
}

/// Puts the next rows into the index, and answers whether more may be missing.
pub(crate) fn catch_up(connection: &Connection, most: u32) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached(&MISSING)?;
    let mut rows = statement.query([most])?;
    let (mut taken, mut last) = (0, None);
    while let Some(row) = rows.next()? {
        let upload = uploads::from_row(row)?;
        let (place, is_listed): (i64, bool) = (row.get("place")?, row.get("removed_at IS NULL")?);
        if is_listed {
            insert(connection, place, &upload)?;
        }
        (taken, last) = (taken + 1, Some(upload.id));
    }
    if let Some(last) = last {
        connection.prepare_cached("UPDATE search_progress SET indexed_to = ?1")?.execute([last])?;
    }
    Ok(taken == most)
}

/// Puts a listed upload into the index again, if the index reaches it.
pub(crate) fn remember(connection: &Connection, place: i64, upload: &Upload) -> rusqlite::Result<()> {
    if reaches(connection, upload.id)? { insert(connection, place, upload) } else { Ok(()) }
}

/// Takes an upload out of the index, if the index reaches it.
pub(crate) fn forget(connection: &Connection, place: i64, id: i64) -> rusqlite::Result<()> {
    if reaches(connection, id)? {
        connection.prepare_cached("DELETE FROM upload_grams WHERE rowid = ?1")?.execute([place])?;
    }
    Ok(())
}

fn reaches(connection: &Connection, id: i64) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT indexed_to >= ?1 FROM search_progress")?
        .query_row([id], |row| row.get(0))
}

fn insert(connection: &Connection, place: i64, upload: &Upload) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO upload_grams (rowid, grams) VALUES (?1, ?2)")?
        .execute(params![place, search::grams(upload)])
        .map(drop)
}
