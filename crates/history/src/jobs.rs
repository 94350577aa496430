//! The table of jobs: the queue, as it survives the end of the program.

use crate::History;
use crate::columns::{Cells, json, placeholders, size, word};
use picferry_core::Result;
use picferry_core::job::{ConflictAnswer, JobSnapshot};
use picferry_core::provider::Receipt;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// `owner` is the process that works on the job; another one may take it over when that is gone.
/// A job stays on the list when its upload is deleted.
pub(crate) const SCHEMA: &str = "
CREATE TABLE jobs (
    id               TEXT PRIMARY KEY NOT NULL,
    batch            TEXT NOT NULL,
    position         INTEGER NOT NULL,
    name             TEXT NOT NULL,
    input            TEXT NOT NULL,
    origin           TEXT NOT NULL,
    profile_id       TEXT NOT NULL,
    profile_name     TEXT NOT NULL,
    state            TEXT NOT NULL,
    stage            TEXT,
    sent             INTEGER NOT NULL,
    total            INTEGER NOT NULL,
    bytes_in         INTEGER NOT NULL,
    bytes_out        INTEGER NOT NULL,
    format           TEXT,
    object_key       TEXT,
    url              TEXT,
    thumbnail        TEXT,
    sha256           TEXT,
    reused           INTEGER NOT NULL,
    error            TEXT,
    attempt          INTEGER NOT NULL,
    retry_at         INTEGER,
    upload_id        INTEGER REFERENCES uploads (id) ON DELETE SET NULL,
    created_at       INTEGER NOT NULL,
    source           TEXT NOT NULL,
    owner            TEXT,
    conflict         TEXT,
    receipt          TEXT,
    source_sha256    TEXT,
    folder           TEXT NOT NULL,
    prepared         TEXT,
    put_started      INTEGER NOT NULL,
    paused_by_person INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_by_batch ON jobs (batch, position);
CREATE INDEX jobs_by_upload ON jobs (upload_id) WHERE upload_id IS NOT NULL;
CREATE INDEX jobs_by_thumbnail ON jobs (thumbnail) WHERE thumbnail IS NOT NULL;
";

/// The second form: what was done to the picture is told beside its transfer.
pub(crate) const NOTES: &str = "
ALTER TABLE jobs ADD COLUMN notes TEXT; ALTER TABLE jobs ADD COLUMN score INTEGER;
ALTER TABLE jobs ADD COLUMN overrides TEXT;
";

/// In the order in which [`from_row`] takes them and [`values`] gives them.
const COLUMNS: &str = "id, batch, position, name, input, origin, profile_id, profile_name, state, stage, sent, total, \
    bytes_in, bytes_out, format, object_key, url, thumbnail, sha256, reused, error, attempt, retry_at, \
    upload_id, created_at, source, owner, conflict, receipt, source_sha256, folder, prepared, \
    put_started, paused_by_person, notes, score, overrides";

/// States in which nothing more happens by itself; [`JobState::is_terminal`] in SQL.
const ENDED: &str = "('done', 'failed', 'cancelled')";

static INSERT: LazyLock<String> =
    LazyLock::new(|| format!("INSERT INTO jobs ({COLUMNS}) VALUES ({})", placeholders(COLUMNS)));

/// What never changes is left alone: then its indices are not touched.
static UPDATE: LazyLock<String> = LazyLock::new(|| {
    let columns = COLUMNS.replacen("id, batch, position, ", "", 1);
    let values = placeholders(COLUMNS).replacen("?1, ?2, ?3, ", "", 1);
    format!("UPDATE jobs SET ({columns}) = ({values}) WHERE id = ?1")
});

static BY_ID: LazyLock<String> = LazyLock::new(|| format!("SELECT {COLUMNS} FROM jobs WHERE id = ?1"));

static OF_BATCH: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM jobs WHERE batch = ?1 ORDER BY position"));

/// The newest batch first, inside a batch in the order of its inputs.
static LISTED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM jobs
         ORDER BY max(created_at) OVER (PARTITION BY batch) DESC, batch DESC, position"
    )
});

/// Unfinished, and nobody's or of an owner who is not among the living.
const ABANDONED: &str = "state NOT IN ('done', 'failed', 'cancelled')
    AND (owner IS NULL OR (owner <> ?1 AND owner NOT IN (SELECT value FROM json_each(?2))))";

static ADOPT: LazyLock<String> =
    LazyLock::new(|| format!("UPDATE jobs SET owner = ?1 WHERE {ABANDONED} RETURNING {COLUMNS}"));

/// A job with what only the engine needs to go on with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// What is shown of it.
    pub snapshot: JobSnapshot,
    /// Where its bytes are.
    pub source: StoredSource,
    /// The process that works on it.
    pub owner: Option<String>,
    /// What the person answered to a taken key.
    pub conflict: Option<ConflictAnswer>,
    /// What the host said, once it has the picture.
    pub receipt: Option<Receipt>,
    /// Lowercase hexadecimal SHA-256 of the source, once read.
    pub source_sha256: Option<String>,
    /// The value of `{folder}` in its key.
    pub folder: String,
    /// The spooled file that is sent, once prepared.
    pub prepared: Option<String>,
    /// A request to store it may have reached the host.
    pub put_started: bool,
    /// Paused by the person, not by the end of the program.
    pub paused_by_person: bool,
    /// Values of fields about pictures that stand above the profile's.
    pub overrides: BTreeMap<String, String>,
}

/// Where the bytes of a job are, now and after a restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum StoredSource {
    /// A file of the person.
    Path { path: String },
    /// An address to fetch.
    Url { url: String },
    /// A file of our own, made from bytes that exist nowhere else.
    Spool { path: String, name: String },
}

impl JobRow {
    /// A job as it is accepted, owned by nobody.
    #[must_use]
    pub fn new(snapshot: JobSnapshot, source: StoredSource) -> Self {
        Self {
            snapshot,
            source,
            owner: None,
            conflict: None,
            receipt: None,
            source_sha256: None,
            folder: String::new(),
            prepared: None,
            put_started: false,
            paused_by_person: false,
            overrides: BTreeMap::new(),
        }
    }
}

impl History {
    /// Takes jobs into the queue: all of them or none.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn insert_jobs(&self, jobs: &[JobRow]) -> Result<()> {
        self.write(|connection| jobs.iter().try_for_each(|job| insert(connection, job)))
    }

    /// Writes a job as it stands now. Answers whether it is still on the list.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn update_job(&self, job: &JobRow) -> Result<bool> {
        self.write(|connection| update(connection, job))
    }

    /// The job of that id.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn job(&self, id: &str) -> Result<Option<JobRow>> {
        self.read(|connection| connection.prepare_cached(&BY_ID)?.query_row([id], from_row).optional())
    }

    /// All jobs that were not cleared: the newest batch first, inside a batch by position.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn jobs_listed(&self) -> Result<Vec<JobRow>> {
        self.read(|connection| connection.prepare_cached(&LISTED)?.query_map([], from_row)?.collect())
    }

    /// The jobs of a batch, in the order of its inputs.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn jobs_of_batch(&self, batch: &str) -> Result<Vec<JobRow>> {
        self.read(|connection| connection.prepare_cached(&OF_BATCH)?.query_map([batch], from_row)?.collect())
    }

    /// Takes over the unfinished jobs whose owner is none of these and not `me`, oldest first.
    /// However many processes ask at once, each job goes to exactly one.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn adopt_jobs(&self, live_owners: &[String], me: &str) -> Result<Vec<JobRow>> {
        let live_owners = serde_json::to_string(live_owners).unwrap_or_default();
        // Asked every now and then, mostly for nothing: that must not hold up those who write.
        let any = format!("SELECT EXISTS (SELECT 1 FROM jobs WHERE {ABANDONED})");
        let is_any: bool = self.read(|connection| {
            connection.prepare_cached(&any)?.query_row(params![me, live_owners], |row| row.get(0))
        })?;
        if !is_any {
            return Ok(Vec::new());
        }
        let mut adopted: Vec<JobRow> = self.write(|connection| {
            connection.prepare_cached(&ADOPT)?.query_map(params![me, live_owners], from_row)?.collect()
        })?;
        adopted.sort_by(|one, other| {
            let order =
                |job: &JobRow| (job.snapshot.created_at, job.snapshot.batch.clone(), job.snapshot.position);
            order(one).cmp(&order(other))
        });
        Ok(adopted)
    }

    /// Gives up all jobs of that owner, so that the next process takes them over.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn release_owner(&self, owner: &str) -> Result<()> {
        // Mostly there is none left: that must not wait for whoever writes.
        let owned = "SELECT EXISTS (SELECT 1 FROM jobs WHERE owner = ?1)";
        if !self.read(|connection| connection.prepare_cached(owned)?.query_row([owner], |row| row.get(0)))? {
            return Ok(());
        }
        self.write(|connection| {
            connection.execute("UPDATE jobs SET owner = NULL WHERE owner = ?1", [owner]).map(|_| ())
        })
    }

    /// Takes ended jobs off the list; others stay. Answers with the ids that went.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn clear_jobs(&self, ids: &[String]) -> Result<Vec<String>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let clear = format!("DELETE FROM jobs WHERE id = ?1 AND state IN {ENDED}");
        self.write(|connection| {
            let mut cleared = Vec::new();
            for id in ids {
                if connection.prepare_cached(&clear)?.execute([id])? > 0 {
                    cleared.push(id.clone());
                }
            }
            Ok(cleared)
        })
    }
}

pub(crate) fn insert(connection: &Connection, job: &JobRow) -> rusqlite::Result<()> {
    connection.prepare_cached(&INSERT)?.execute(params_from_iter(values(job)?)).map(drop)
}

pub(crate) fn update(connection: &Connection, job: &JobRow) -> rusqlite::Result<bool> {
    let changed = connection.prepare_cached(&UPDATE)?.execute(params_from_iter(values(job)?))?;
    Ok(changed > 0)
}

/// Reads the columns of [`COLUMNS`].
fn from_row(row: &Row<'_>) -> rusqlite::Result<JobRow> {
    let mut cells = Cells::of(row);
    let mut job = JobRow {
        snapshot: snapshot(&mut cells)?,
        source: cells.json()?,
        owner: cells.take()?,
        conflict: cells.optional_word()?,
        receipt: cells.optional_json()?,
        source_sha256: cells.take()?,
        folder: cells.take()?,
        prepared: cells.take()?,
        put_started: cells.take()?,
        paused_by_person: cells.take()?,
        overrides: BTreeMap::new(),
    };
    job.snapshot.notes = cells.optional_json()?.unwrap_or_default();
    job.snapshot.score = cells.take()?;
    job.overrides = cells.optional_json()?.unwrap_or_default();
    Ok(job)
}

fn snapshot(cells: &mut Cells<'_>) -> rusqlite::Result<JobSnapshot> {
    Ok(JobSnapshot {
        id: cells.take()?,
        batch: cells.take()?,
        position: cells.take()?,
        name: cells.take()?,
        input: cells.take()?,
        origin: cells.word()?,
        profile_id: cells.take()?,
        profile_name: cells.take()?,
        state: cells.word()?,
        stage: cells.optional_word()?,
        sent: cells.size()?,
        total: cells.size()?,
        bytes_in: cells.size()?,
        bytes_out: cells.size()?,
        format: cells.optional_word()?,
        notes: Vec::new(),
        score: None,
        key: cells.take()?,
        url: cells.take()?,
        thumbnail: cells.take()?,
        sha256: cells.take()?,
        reused: cells.take()?,
        error: cells.optional_json()?,
        attempt: cells.take()?,
        retry_at: cells.take()?,
        upload_id: cells.take()?,
        created_at: cells.take()?,
    })
}

/// The cells of [`COLUMNS`].
fn values(job: &JobRow) -> rusqlite::Result<Vec<Value>> {
    let shown = &job.snapshot;
    Ok(vec![
        shown.id.clone().into(),
        shown.batch.clone().into(),
        shown.position.into(),
        shown.name.clone().into(),
        shown.input.clone().into(),
        word(&shown.origin)?,
        shown.profile_id.clone().into(),
        shown.profile_name.clone().into(),
        word(&shown.state)?,
        word(&shown.stage)?,
        size(shown.sent),
        size(shown.total),
        size(shown.bytes_in),
        size(shown.bytes_out),
        word(&shown.format)?,
        shown.key.clone().into(),
        shown.url.clone().into(),
        shown.thumbnail.clone().into(),
        shown.sha256.clone().into(),
        shown.reused.into(),
        json(&shown.error)?,
        shown.attempt.into(),
        shown.retry_at.into(),
        shown.upload_id.into(),
        shown.created_at.into(),
        json(&job.source)?,
        job.owner.clone().into(),
        word(&job.conflict)?,
        json(&job.receipt)?,
        job.source_sha256.clone().into(),
        job.folder.clone().into(),
        job.prepared.clone().into(),
        job.put_started.into(),
        job.paused_by_person.into(),
        json(&shown.notes)?,
        shown.score.into(),
        json(&job.overrides)?,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use picferry_core::job::JobState;

    #[test]
    fn the_database_and_the_domain_agree_on_what_has_ended() {
        use JobState::{Asking, Cancelled, Done, Failed, Paused, Queued, Running, Waiting};
        for state in [Queued, Running, Waiting, Paused, Asking, Done, Failed, Cancelled] {
            let word = format!("'{}'", state.name());
            assert_eq!(ENDED.contains(&word), state.is_terminal(), "{state:?}");
            assert_eq!(ABANDONED.contains(&word), state.is_terminal(), "{state:?}");
            assert_eq!(super::word(&state).unwrap(), Value::Text(state.name().to_owned()));
        }
    }
}
