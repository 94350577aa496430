//! The file: one connection that writes, a few that read.

use crate::{failure, migrations};
use picferry_core::Result;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, ffi};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

/// How long a process waits for another one's transaction.
const PATIENCE: Duration = Duration::from_secs(5);

/// Idle reading connections that are kept; more are opened when more threads read at once.
const READERS_KEPT: usize = 3;

/// The log file shrinks to this after a large import.
const LOG_BYTES: i64 = 16 * 1024 * 1024;

/// So many pages of 4,096 bytes may be in the log before a commit carries them over, for which it waits
/// until the disk has them: the whole log, so that a batch of some hundred pictures waits once and not at
/// every tenth.
const LOG_PAGES: i64 = LOG_BYTES / 4096;

/// The history of uploads and the queue of jobs. Every call blocks until it is on the disk or read.
pub struct History {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl fmt::Debug for History {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("History").field("path", &self.path).finish_non_exhaustive()
    }
}

impl History {
    /// Opens the file, makes it if there is none, and brings it to the newest form.
    ///
    /// # Errors
    /// `database_newer`, `database_damaged`, `read_only` or `disk_full`; the file stays as it was.
    pub fn open(path: &Path) -> Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| failure::of_io(path, &error))?;
        }
        let mut writer = open_writer(path)?;
        migrations::run(&mut writer, path)?;
        look_over(&writer).map_err(|error| failure::storage(path, &error))?;
        Ok(Self { path: path.to_owned(), writer: Mutex::new(writer), readers: Mutex::default() })
    }

    /// Where it is kept.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A number that changes when another process (or another [`History`]) wrote. What was written
    /// through this one does not change it.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn data_version(&self) -> Result<i64> {
        lock(&self.writer)
            .pragma_query_value(None, "data_version", |row| row.get(0))
            .map_err(|error| failure::storage(&self.path, &error))
    }

    /// Reads the whole file and looks for damage. Takes a second or so for 100,000 pictures: for
    /// the doctor, not for the start.
    ///
    /// # Errors
    /// `database_damaged` with what was found.
    pub fn check(&self) -> Result<()> {
        let findings: Vec<String> = self.read(|connection| {
            connection.prepare("PRAGMA quick_check(20)")?.query_map([], |row| row.get(0))?.collect()
        })?;
        if findings.iter().all(|finding| finding == "ok") {
            return Ok(());
        }
        Err(findings.iter().fold(failure::damaged(&self.path), |error, finding| error.detail(finding)))
    }

    /// Reads from one moment of the file: writes by others during the work are not seen.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        self.read_raw(work).map_err(|error| failure::storage(&self.path, &error))
    }

    fn read_raw<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let idle = lock(&self.readers).pop();
        let connection = idle.map_or_else(|| open_reader(&self.path), Ok)?;
        let moment = connection.unchecked_transaction()?;
        let found = work(&moment)?;
        moment.finish()?;
        let mut readers = lock(&self.readers);
        if readers.len() < READERS_KEPT {
            readers.push(connection);
        }
        Ok(found)
    }

    /// Looks something up as it is now: through the connection that writes while nobody writes, because it
    /// has in memory what it wrote, and others read that anew after each write.
    pub(crate) fn look_up<T>(&self, work: impl Fn(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        let writer = match self.writer.try_lock() {
            Ok(writer) => writer,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return self.read(work),
        };
        work(&writer).map_err(|error| failure::storage(&self.path, &error))
    }

    /// Writes in one transaction that holds the file from its first statement on: all or nothing.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        self.write_raw(work).map_err(|error| failure::storage(&self.path, &error))
    }

    fn write_raw<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let mut writer = lock(&self.writer);
        let transaction = writer.transaction()?;
        let outcome = work(&transaction)?;
        transaction.commit()?;
        Ok(outcome)
    }
}

/// A panic of another thread rolled its transaction back: the connection is as good as before.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Opens the writing connection. Two processes that make the file at the same moment can get in
/// each other's way where SQLite does not wait by itself, so this waits for it.
fn open_writer(path: &Path) -> Result<Connection> {
    let started = Instant::now();
    loop {
        match try_open_writer(path) {
            Ok(connection) => return Ok(connection),
            Err(error) if is_busy(&error) && started.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(error) => return Err(failure::opening(path, &error)),
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
    matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked))
}

fn try_open_writer(path: &Path) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_transaction_behavior(TransactionBehavior::Immediate);
    if connection.is_readonly("main")? {
        // SQLite falls back to reading without a word.
        return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_READONLY), None));
    }
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    // With the write-ahead log this keeps every committed job through a crash or kill of the
    // program without waiting for the disk; after a power cut the last moments may be missing,
    // never more.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.query_row(&format!("PRAGMA journal_size_limit = {LOG_BYTES}"), [], |_| Ok(()))?;
    connection.query_row(&format!("PRAGMA wal_autocheckpoint = {LOG_PAGES}"), [], |_| Ok(()))?;
    Ok(connection)
}

fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// A look at what every start needs: the queue as a whole, the newest picture, the search index.
/// The rest of a large file is checked when it is read, or by [`History::check`].
fn look_over(connection: &Connection) -> rusqlite::Result<()> {
    let finding: String = connection.query_row("PRAGMA quick_check(jobs)", [], |row| row.get(0))?;
    if finding != "ok" {
        return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_CORRUPT), Some(finding)));
    }
    for look in [
        "SELECT * FROM uploads ORDER BY id DESC LIMIT 1",
        "SELECT place FROM uploads WHERE removed_at IS NULL ORDER BY place DESC LIMIT 1",
        "SELECT rowid FROM upload_grams ORDER BY rowid DESC LIMIT 1",
    ] {
        connection.prepare(look)?.query([])?.next()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use picferry_core::ErrorCode;

    fn fresh() -> (tempfile::TempDir, History) {
        let folder = tempfile::tempdir().unwrap();
        let history = History::open(&folder.path().join("history.db")).unwrap();
        (folder, history)
    }

    fn count_notes(history: &History) -> i64 {
        history
            .read(|connection| connection.query_row("SELECT count(*) FROM notes", [], |row| row.get(0)))
            .unwrap()
    }

    #[test]
    fn a_full_disk_is_named_and_what_was_there_stays() {
        let (_folder, history) = fresh();
        history.write(|connection| connection.execute_batch("CREATE TABLE notes (note TEXT)")).unwrap();
        // SQLite refuses at this limit exactly as when the disk has no more.
        let limit = |pages: i64| {
            let pragma = format!("PRAGMA max_page_count = {pages}");
            lock(&history.writer).query_row(&pragma, [], |row| row.get::<_, i64>(0)).unwrap()
        };
        let now = limit(1);
        let fill = || {
            history.write(|connection| {
                connection.execute("INSERT INTO notes VALUES ('small')", [])?;
                connection.execute("INSERT INTO notes VALUES (?1)", ["large".repeat(100_000)])
            })
        };
        let error = fill().unwrap_err();
        assert_eq!(error.code, ErrorCode::DiskFull, "at {now} pages");
        assert_eq!(count_notes(&history), 0, "nothing of the transaction is left");
        limit(1_000_000);
        fill().unwrap();
        assert_eq!(count_notes(&history), 2);
        history.check().unwrap();
    }

    #[test]
    fn a_file_that_turned_read_only_is_named() {
        let (_folder, history) = fresh();
        lock(&history.writer).pragma_update(None, "query_only", true).unwrap();
        let error = history.write(|connection| connection.execute("DELETE FROM jobs", [])).unwrap_err();
        assert_eq!(error.code, ErrorCode::ReadOnly);
        assert!(error.hint.is_some());
    }

    #[test]
    fn a_file_that_another_program_holds_may_be_free_later() {
        let (_folder, history) = fresh();
        let other = Connection::open(history.path()).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        lock(&history.writer).busy_timeout(Duration::ZERO).unwrap();
        let clear = || history.write(|connection| connection.execute("DELETE FROM jobs", []));
        assert!(clear().unwrap_err().retryable);
        assert_eq!(history.jobs_listed().unwrap(), [], "reading does not wait");
        other.execute_batch("COMMIT").unwrap();
        clear().unwrap();
    }

    #[test]
    fn a_failed_change_leaves_the_next_one_free() {
        let (_folder, history) = fresh();
        history.write(|connection| connection.execute("no such statement", [])).unwrap_err();
        history.write(|connection| connection.execute("DELETE FROM jobs", [])).unwrap();
    }
}
