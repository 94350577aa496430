//! The table of uploads: one row for each picture that was stored.

use crate::columns::{Cells, json, placeholders, size, word};
use crate::new_upload::NewUpload;
use crate::{History, place, search_index};
use picferry_core::upload::Upload;
use picferry_core::{Error, ErrorCode, Result};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::sync::LazyLock;

/// `id` is never used twice, because windows and scripts keep it. `place` is the row's number in
/// the order of the gallery. A row with `removed_at` is out of the gallery and can come back.
pub(crate) const SCHEMA: &str = "
CREATE TABLE uploads (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id        TEXT NOT NULL UNIQUE,
    created_at    INTEGER NOT NULL,
    profile_id    TEXT NOT NULL,
    profile_name  TEXT NOT NULL,
    host          TEXT NOT NULL,
    object_key    TEXT NOT NULL,
    url           TEXT NOT NULL,
    name          TEXT NOT NULL,
    format        TEXT NOT NULL,
    width         INTEGER,
    height        INTEGER,
    animated      INTEGER NOT NULL,
    bytes_in      INTEGER NOT NULL,
    bytes_out     INTEGER NOT NULL,
    sha256        TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    alt           TEXT NOT NULL,
    note          TEXT NOT NULL,
    thumbnail     TEXT,
    origin        TEXT NOT NULL,
    source_path   TEXT,
    receipt       TEXT NOT NULL,
    place         INTEGER NOT NULL,
    removed_at    INTEGER
) STRICT;
-- Pages, sums and counts read this alone until they need a whole row.
CREATE INDEX uploads_listed ON uploads (place, bytes_out, bytes_in, created_at) WHERE removed_at IS NULL;
-- From a time to a place.
CREATE INDEX uploads_by_time ON uploads (created_at, place);
-- The same bytes again: before preparing, and after.
CREATE INDEX uploads_by_source ON uploads (source_sha256) WHERE removed_at IS NULL;
CREATE INDEX uploads_by_content ON uploads (sha256) WHERE removed_at IS NULL;
-- Whether a thumbnail is still needed.
CREATE INDEX uploads_by_thumbnail ON uploads (thumbnail) WHERE thumbnail IS NOT NULL;
CREATE INDEX uploads_removed ON uploads (removed_at) WHERE removed_at IS NOT NULL;
";

/// The second form: how much a picture looks like its source.
pub(crate) const SCORE: &str = "ALTER TABLE uploads ADD COLUMN score INTEGER;";

/// The third form: which uploads show the same object.
pub(crate) const KEYS: &str = "CREATE INDEX uploads_by_key ON uploads (object_key) WHERE removed_at IS NULL;";

/// In the order in which [`from_row`] takes them and [`values`] gives them.
pub(crate) const COLUMNS: &str = "id, job_id, created_at, profile_id, profile_name, host, object_key, url, name, format, width, \
    height, animated, bytes_in, bytes_out, sha256, source_sha256, alt, note, thumbnail, origin, \
    source_path, receipt, score";

static INSERT: LazyLock<String> = LazyLock::new(|| {
    // The id comes from the database.
    let columns = COLUMNS.trim_start_matches("id, ");
    format!("INSERT INTO uploads ({columns}, place) VALUES ({})", placeholders(COLUMNS))
});

static BY_ID: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM uploads WHERE id = ?1 AND removed_at IS NULL"));

static BY_KEY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM uploads INDEXED BY uploads_by_key WHERE object_key = ?1 AND removed_at IS NULL"
    )
});

static BY_JOB: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM uploads WHERE job_id = ?1"));

/// Rare enough to read the whole table: an editor deletes a picture by its link.
static BY_URL: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {COLUMNS} FROM uploads WHERE url = ?1 AND removed_at IS NULL ORDER BY place DESC LIMIT 1")
});

impl History {
    /// Records uploads that no job of the queue made, in one transaction: imports. One that is
    /// recorded already is left as it is. Oldest first is fastest. Answers with all rows, in order.
    ///
    /// # Errors
    /// What SQLite refused; nothing is recorded then.
    pub fn add_uploads(&self, uploads: &[NewUpload]) -> Result<Vec<Upload>> {
        self.write(|connection| {
            let recorded =
                uploads.iter().map(|upload| record(connection, upload)).collect::<rusqlite::Result<_>>()?;
            // Not left to the next search: there may be many thousands.
            search_index::catch_up(connection, u32::MAX)?;
            Ok(recorded)
        })
    }

    /// The newest listed upload to that profile of these bytes: as the source was, or as it was
    /// sent (lowercase hexadecimal SHA-256 of either).
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn find_same(&self, profile_id: &str, sha256: &str) -> Result<Option<Upload>> {
        self.look_up(|connection| {
            let id: Option<i64> = connection
                .prepare_cached(FIND_SAME)?
                .query_row(params![sha256, profile_id], |row| row.get(0))
                .optional()?;
            id.map_or(Ok(None), |id| by_id(connection, id))
        })
    }

    /// The listed uploads of these ids, in the order asked; what is not there is left out.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn get(&self, ids: &[i64]) -> Result<Vec<Upload>> {
        self.read(|connection| ids.iter().filter_map(|id| by_id(connection, *id).transpose()).collect())
    }

    /// The listed uploads under any of these keys, on whichever host.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn with_keys(&self, keys: impl IntoIterator<Item = String>) -> Result<Vec<Upload>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&BY_KEY)?;
            let mut found = Vec::new();
            for key in keys {
                for upload in statement.query_map([key], from_row)? {
                    found.push(upload?);
                }
            }
            Ok(found)
        })
    }

    /// The listed upload that a job made.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn upload_of_job(&self, job_id: &str) -> Result<Option<Upload>> {
        self.read(|connection| {
            let found = connection.prepare_cached(&BY_JOB)?.query_row([job_id], from_row).optional()?;
            // One that was removed from here can come back, but is nobody's business until then.
            found.map_or(Ok(None), |upload| by_id(connection, upload.id))
        })
    }

    /// The newest listed upload with that link.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn upload_at(&self, url: &str) -> Result<Option<Upload>> {
        self.read(|connection| connection.prepare_cached(&BY_URL)?.query_row([url], from_row).optional())
    }

    /// Changes the alt text.
    ///
    /// # Errors
    /// `not_found`, or what SQLite refused.
    pub fn set_alt(&self, id: i64, alt: &str) -> Result<Upload> {
        self.change(id, |upload| alt.clone_into(&mut upload.alt))
    }

    /// Names the thumbnail of an upload, drawn after it was recorded. One that is gone meanwhile
    /// is left gone.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn set_thumbnail(&self, id: i64, thumbnail: &str) -> Result<()> {
        self.write(|connection| set_thumbnail(connection, id, thumbnail))
    }

    /// Changes the note.
    ///
    /// # Errors
    /// `not_found`, or what SQLite refused.
    pub fn set_note(&self, id: i64, note: &str) -> Result<Upload> {
        self.change(id, |upload| note.clone_into(&mut upload.note))
    }

    fn change(&self, id: i64, change: impl FnOnce(&mut Upload)) -> Result<Upload> {
        let changed = self.write(|connection| {
            let Some(mut upload) = by_id(connection, id)? else { return Ok(None) };
            change(&mut upload);
            let place: i64 = connection
                .prepare_cached("UPDATE uploads SET alt = ?2, note = ?3 WHERE id = ?1 RETURNING place")?
                .query_row(params![id, upload.alt, upload.note], |row| row.get(0))?;
            search_index::forget(connection, place, id)?;
            search_index::remember(connection, place, &upload)?;
            Ok(Some(upload))
        })?;
        changed.ok_or_else(|| {
            Error::new(ErrorCode::NotFound, format!("The history has no picture number {id}."))
                .param("id", id)
        })
    }
}

/// Each arm looks into its own index; the newest of the few found wins.
const FIND_SAME: &str = "
SELECT id FROM (
    SELECT id, place FROM uploads INDEXED BY uploads_by_source
    WHERE source_sha256 = ?1 AND profile_id = ?2 AND removed_at IS NULL
    UNION ALL
    SELECT id, place FROM uploads INDEXED BY uploads_by_content
    WHERE sha256 = ?1 AND profile_id = ?2 AND removed_at IS NULL
) ORDER BY place DESC LIMIT 1";

pub(crate) fn set_thumbnail(connection: &Connection, id: i64, thumbnail: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE uploads SET thumbnail = ?2 WHERE id = ?1")?
        .execute(params![id, thumbnail])
        .map(drop)
}

/// The listed upload of that id.
pub(crate) fn by_id(connection: &Connection, id: i64) -> rusqlite::Result<Option<Upload>> {
    connection.prepare_cached(&BY_ID)?.query_row([id], from_row).optional()
}

/// The listed upload of the same picture that is the same object in the same store.
pub(crate) fn same_object(connection: &Connection, upload: &NewUpload) -> rusqlite::Result<Option<Upload>> {
    let mut statement = connection.prepare_cached(&BY_KEY)?;
    let is_same = |known: &Upload| {
        known.profile_id == upload.profile_id
            && known.sha256 == upload.sha256
            && known.source_sha256 == upload.source_sha256
            && known.receipt.extra == upload.receipt.extra
    };
    for known in statement.query_map([&upload.key], from_row)? {
        let known = known?;
        if is_same(&known) {
            return Ok(Some(known));
        }
    }
    Ok(None)
}

/// Makes the row, or finds the one that the job made before. The search index follows.
pub(crate) fn record(connection: &Connection, upload: &NewUpload) -> rusqlite::Result<Upload> {
    let known = connection.prepare_cached(&BY_JOB)?.query_row([&upload.job_id], from_row).optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    let place = place::allocate(connection, upload.created_at)?;
    let mut cells = values(upload)?;
    cells.push(Value::Integer(place));
    let id = connection.prepare_cached(&INSERT)?.insert(rusqlite::params_from_iter(cells))?;
    Ok(upload.clone().with_id(id))
}

/// Reads the columns of [`COLUMNS`].
pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Upload> {
    let mut cells = Cells::of(row);
    Ok(Upload {
        id: cells.take()?,
        job_id: cells.take()?,
        created_at: cells.take()?,
        profile_id: cells.take()?,
        profile_name: cells.take()?,
        host: cells.take()?,
        key: cells.take()?,
        url: cells.take()?,
        name: cells.take()?,
        format: cells.word()?,
        width: cells.take()?,
        height: cells.take()?,
        animated: cells.take()?,
        bytes_in: cells.size()?,
        bytes_out: cells.size()?,
        sha256: cells.take()?,
        source_sha256: cells.take()?,
        alt: cells.take()?,
        note: cells.take()?,
        thumbnail: cells.take()?,
        origin: cells.word()?,
        source_path: cells.take()?,
        receipt: cells.json()?,
        score: cells.take()?,
    })
}

/// All columns but the id.
fn values(upload: &NewUpload) -> rusqlite::Result<Vec<Value>> {
    Ok(vec![
        upload.job_id.clone().into(),
        upload.created_at.into(),
        upload.profile_id.clone().into(),
        upload.profile_name.clone().into(),
        upload.host.clone().into(),
        upload.key.clone().into(),
        upload.url.clone().into(),
        upload.name.clone().into(),
        word(&upload.format)?,
        upload.width.map(i64::from).into(),
        upload.height.map(i64::from).into(),
        upload.animated.into(),
        size(upload.bytes_in),
        size(upload.bytes_out),
        upload.sha256.clone().into(),
        upload.source_sha256.clone().into(),
        upload.alt.clone().into(),
        upload.note.clone().into(),
        upload.thumbnail.clone().into(),
        word(&upload.origin)?,
        upload.source_path.clone().into(),
        json(&upload.receipt)?,
        upload.score.into(),
    ])
}
