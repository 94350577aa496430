//! The file itself: damaged, newer, older, not writable, full.

mod common;

use common::{fresh, job, upload, walk};
use picferry_core::ErrorCode;
use picferry_core::upload::HistoryFilter;
use picferry_history::History;
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A closed history with a few hundred pictures, in one file.
fn closed() -> (TempDir, PathBuf) {
    let (folder, history) = fresh();
    history.add_uploads(&(0..300).map(upload).collect::<Vec<_>>()).expect("uploads are recorded");
    history.insert_jobs(&[job("batch", 0)]).expect("a job is accepted");
    let path = history.path().to_owned();
    drop(history);
    assert!(!folder.path().join("history.db-wal").exists(), "the last one to close leaves one file");
    (folder, path)
}

/// The number of the page at the root of a table, from 1.
fn root_page(path: &Path, table: &str) -> usize {
    let root: u32 = Connection::open(path)
        .and_then(|connection| {
            connection
                .query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?1", [table], |row| row.get(0))
        })
        .expect("a table");
    usize::try_from(root).expect("a small number")
}

fn refusal(path: &Path) -> ErrorCode {
    History::open(path).expect_err("it is refused").code
}

#[test]
fn a_file_that_is_no_database_is_called_damaged_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let content = "not a database, whatever it is called. ".repeat(200);
    fs::write(&path, &content).unwrap();
    let error = History::open(&path).unwrap_err();
    assert_eq!(error.code, ErrorCode::DatabaseDamaged);
    assert!(error.message.contains("history.db") && error.hint.is_some(), "{error:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), content);
}

#[test]
fn a_file_cut_short_is_called_damaged() {
    let (_folder, path) = closed();
    let content = fs::read(&path).unwrap();
    fs::write(&path, &content[..content.len() / 2]).unwrap();
    assert_eq!(refusal(&path), ErrorCode::DatabaseDamaged);
}

#[test]
fn a_damaged_queue_is_found_at_the_start() {
    let (_folder, path) = closed();
    let root = root_page(&path, "jobs");
    let mut content = fs::read(&path).unwrap();
    content[(root - 1) * 4096..root * 4096].fill(0xA5);
    fs::write(&path, content).unwrap();
    assert_eq!(refusal(&path), ErrorCode::DatabaseDamaged);
}

#[test]
fn damage_among_old_pictures_is_found_when_they_are_read_and_by_the_doctor() {
    let (_folder, path) = closed();
    let root = root_page(&path, "uploads");
    let mut content = fs::read(&path).unwrap();
    // The last pointer but one of the root leads nowhere: neither the newest nor the oldest rows.
    let page = &mut content[(root - 1) * 4096..root * 4096];
    assert_eq!(page[0], 5, "an inner page of a table");
    let cell = usize::from(u16::from_be_bytes([page[14], page[15]]));
    page[cell..cell + 4].copy_from_slice(&0xffff_u32.to_be_bytes());
    fs::write(&path, content).unwrap();
    let history = History::open(&path).unwrap();
    assert_eq!(history.check().unwrap_err().code, ErrorCode::DatabaseDamaged);
    let error = history.page(&HistoryFilter::default(), None, 1000).unwrap_err();
    assert_eq!(error.code, ErrorCode::DatabaseDamaged);
}

#[test]
fn a_newer_database_is_refused_and_not_changed() {
    let (_folder, path) = closed();
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 999).unwrap();
    let error = History::open(&path).unwrap_err();
    assert_eq!(error.code, ErrorCode::DatabaseNewer);
    let version: i64 =
        Connection::open(&path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 999);
}

#[test]
fn a_value_of_a_newer_version_is_not_taken_for_damage() {
    let (_folder, path) = closed();
    Connection::open(&path).unwrap().execute("UPDATE uploads SET format = 'holo' WHERE id = 7", []).unwrap();
    let history = History::open(&path).unwrap();
    assert_eq!(history.get(&[7]).unwrap_err().code, ErrorCode::DatabaseNewer);
    assert_eq!(history.get(&[8]).unwrap().len(), 1);
}

#[test]
fn a_folder_in_place_of_the_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(refusal(folder.path()), ErrorCode::NotAFile);
}

/// A folder that not even root can write to; permissions would not stop root.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_called_read_only() {
    assert_eq!(refusal(Path::new("/sys/history.db")), ErrorCode::ReadOnly);
    assert_eq!(refusal(Path::new("/sys/picferry/history.db")), ErrorCode::ReadOnly);
}

/// For everybody but root, whom the permissions do not stop: root gets the file opened.
#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_written_is_called_read_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_folder, path) = closed();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let is_root = fs::OpenOptions::new().write(true).open(&path).is_ok();
    match History::open(&path) {
        Ok(_) => assert!(is_root),
        Err(error) => assert_eq!((error.code, is_root), (ErrorCode::ReadOnly, false)),
    }
}

/// The tables as version 1 wrote them. Never made anew: later versions must go on reading it.
#[test]
fn a_database_of_version_1_is_brought_to_the_newest_form_with_all_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    fs::write(&path, include_bytes!("data/version_1.db")).unwrap();
    let history = History::open(&path).unwrap();
    history.check().unwrap();
    let expected = [upload(2), upload(1)];
    let rows = walk(&history, &HistoryFilter::default(), 1);
    assert_eq!(rows.len(), 2);
    for (row, new) in rows.iter().zip(expected) {
        assert_eq!(row, &new.with_id(row.id));
    }
    assert_eq!(walk(&history, &common::words("picture-2"), 9), rows[..1]);
    let jobs = history.jobs_listed().unwrap();
    assert_eq!((jobs.len(), &jobs[0]), (1, &job("batch", 0)));
    assert_eq!(forms(&path), forms(fresh().1.path()), "it has the tables of a new history");
}

/// Every table and index, as SQLite describes it.
fn forms(path: &Path) -> Vec<(String, Option<String>)> {
    let connection = Connection::open(path).expect("a database");
    let mut statement = connection
        .prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")
        .expect("a description of the tables");
    let forms = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
    forms.collect::<rusqlite::Result<_>>().expect("rows")
}
