//! What SQLite's refusals mean to a person.

use picferry_core::{Error, ErrorCode};
use rusqlite::{ErrorCode as Sqlite, ffi};
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;

/// Refusals of a disk that took no more, told apart from those of one that cannot be read.
const WRITE_FAILURES: [i32; 6] = [
    ffi::SQLITE_IOERR_WRITE,
    ffi::SQLITE_IOERR_FSYNC,
    ffi::SQLITE_IOERR_DIR_FSYNC,
    ffi::SQLITE_IOERR_TRUNCATE,
    ffi::SQLITE_IOERR_SHMSIZE,
    ffi::SQLITE_IOERR_SHMMAP,
];

/// The error of a query on an open history.
pub(crate) fn storage(path: &Path, error: &rusqlite::Error) -> Box<Error> {
    let built = match error.sqlite_error() {
        Some(refusal) => of_sqlite(path, *refusal),
        None => of_a_value(error),
    };
    built.param("file", path.display()).detail(error)
}

fn of_sqlite(path: &Path, refusal: ffi::Error) -> Box<Error> {
    let file = path.display();
    match refusal.code {
        Sqlite::DatabaseCorrupt | Sqlite::NotADatabase => damaged(path),
        Sqlite::ReadOnly | Sqlite::PermissionDenied => read_only(path),
        Sqlite::DiskFull => full(),
        Sqlite::SystemIoFailure if WRITE_FAILURES.contains(&refusal.extended_code) => full(),
        Sqlite::SystemIoFailure => {
            Error::new(ErrorCode::FileUnreadable, format!("The disk refused to read the history: {file}."))
                .hint("Check the disk. Uploaded pictures stay on their hosts.")
        }
        Sqlite::DatabaseBusy | Sqlite::DatabaseLocked | Sqlite::FileLockingProtocolFailed => {
            Error::new(ErrorCode::DatabaseBusy, format!("Another program holds the history: {file}."))
                .hint("Close programs that have the file open, and try again.")
                .temporary()
        }
        _ => Error::new(ErrorCode::Internal, "The history could not be read or written."),
    }
}

/// A cell that is no value of ours: the enumerations grow with newer versions.
fn of_a_value(error: &rusqlite::Error) -> Box<Error> {
    match error {
        rusqlite::Error::FromSqlConversionFailure(..) => {
            Error::new(ErrorCode::DatabaseNewer, "The history holds a value that this version does not know.")
                .hint("Install the newest version of Picferry.")
        }
        _ => Error::new(ErrorCode::Internal, "The history could not be read or written."),
    }
}

/// The error of opening the file: SQLite only says that it could not, the system says why.
pub(crate) fn opening(path: &Path, error: &rusqlite::Error) -> Box<Error> {
    if error.sqlite_error_code() != Some(Sqlite::CannotOpen) {
        return storage(path, error);
    }
    match OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path) {
        // The file itself opens: it is the log beside it that cannot be made.
        Ok(_) => read_only(path).detail(error),
        Err(why) => of_io(path, &why),
    }
}

/// The system's refusal to make or open the file or its folder.
pub(crate) fn of_io(path: &Path, error: &std::io::Error) -> Box<Error> {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => read_only(path).detail(error),
        _ => Error::from_io(&format!("The history {}", path.display()), error),
    }
}

/// The file was written by a version with a later form of the tables.
pub(crate) fn newer(path: &Path) -> Box<Error> {
    Error::new(
        ErrorCode::DatabaseNewer,
        format!("The history was written by a newer version of Picferry: {}.", path.display()),
    )
    .hint("Install the newest version of Picferry. Nothing was changed.")
    .param("file", path.display())
}

/// The content of the file is not what SQLite wrote.
pub(crate) fn damaged(path: &Path) -> Box<Error> {
    Error::new(ErrorCode::DatabaseDamaged, format!("The history file is damaged: {}.", path.display()))
        .hint("Move the file away and start again: a new one is made. Uploaded pictures stay on their hosts.")
}

fn read_only(path: &Path) -> Box<Error> {
    Error::new(
        ErrorCode::ReadOnly,
        format!("The history cannot be written: {} is read-only.", path.display()),
    )
    .hint("Make the folder writable, or set PICFERRY_HOME to one that is.")
    .param("file", path.display())
}

fn full() -> Box<Error> {
    Error::new(ErrorCode::DiskFull, "The disk is full: the history could not be written.")
        .hint("Free some space and try again. Nothing was lost.")
}
