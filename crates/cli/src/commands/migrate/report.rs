//! What a migration did, in a table for people and in JSON for scripts.

use crate::arguments::MigrateArguments;
use crate::commands::write_error;
use crate::exit::Exit;
use crate::{format, output};
use picferry_core::Error;
use picferry_core::migrate::{
    Migration, MigrationFile, MigrationFileState, MigrationPicture, MigrationPictureState as State,
    MigrationUndo,
};
use serde::Serialize;

/// Everything, for scripts. Unknown values are `null`, never left out.
#[derive(Serialize)]
struct Report<'a> {
    dry_run: bool,
    profile: Option<&'a str>,
    to_local: Option<&'a str>,
    resumed: bool,
    cancelled: bool,
    files: Vec<FileEntry<'a>>,
}

#[derive(Serialize)]
struct FileEntry<'a> {
    path: &'a str,
    state: MigrationFileState,
    changed: u32,
    backup: Option<&'a str>,
    #[serde(serialize_with = "write_error")]
    error: Option<&'a Error>,
    pictures: Vec<PictureEntry<'a>>,
}

#[derive(Serialize)]
struct PictureEntry<'a> {
    line: u32,
    kind: &'a str,
    written: &'a str,
    state: State,
    source: Option<&'a str>,
    address: Option<&'a str>,
    #[serde(serialize_with = "write_error")]
    error: Option<&'a Error>,
}

/// Shows all of it. What stayed where it should not have makes the exit code 1.
pub fn show(migration: &Migration, arguments: &MigrateArguments) -> Exit {
    if arguments.json {
        output::json(&report(migration, arguments.dry_run));
    } else {
        let rows: Vec<Vec<String>> =
            migration.files.iter().flat_map(|file| file.pictures.iter().map(|one| row(file, one))).collect();
        format::table(&rows).iter().for_each(|line| output::line(line));
    }
    migration.files.iter().for_each(tell_failures);
    if !arguments.json {
        output::remark(&sentence(migration, arguments.dry_run));
    }
    let is_fine = |file: &MigrationFile| {
        file.error.is_none() && file.pictures.iter().all(|picture| !is_trouble(picture.state))
    };
    if migration.files.iter().all(is_fine) { Exit::Success } else { Exit::Failed }
}

fn report(migration: &Migration, dry_run: bool) -> Report<'_> {
    Report {
        dry_run,
        profile: Some(migration.profile_name.as_str()).filter(|name| !name.is_empty()),
        to_local: migration.to_folder.as_deref(),
        resumed: migration.resumed,
        cancelled: migration.cancelled,
        files: migration.files.iter().map(file_entry).collect(),
    }
}

fn file_entry(file: &MigrationFile) -> FileEntry<'_> {
    FileEntry {
        path: &file.path,
        state: file.state,
        changed: file.changed,
        backup: file.backup.as_deref(),
        error: file.error.as_ref(),
        pictures: file.pictures.iter().map(picture_entry).collect(),
    }
}

fn picture_entry(picture: &MigrationPicture) -> PictureEntry<'_> {
    PictureEntry {
        line: picture.line,
        kind: &picture.kind,
        written: &picture.written,
        state: picture.state,
        source: picture.source.as_deref(),
        address: picture.address.as_deref(),
        error: picture.error.as_ref(),
    }
}

fn is_trouble(state: State) -> bool {
    matches!(state, State::Failed | State::Missing | State::Outside)
}

fn row(file: &MigrationFile, picture: &MigrationPicture) -> Vec<String> {
    vec![
        output::visible(&format!("{}:{}", file.path, picture.line)),
        word(picture.state).to_owned(),
        output::visible(&picture.written),
        output::visible(picture.address.as_deref().unwrap_or_default()),
    ]
}

/// The state in a word or two.
fn word(state: State) -> &'static str {
    match state {
        State::Found => "found",
        State::Moved => "moved",
        State::Failed => "failed",
        State::Missing => "missing",
        State::Outside => "outside",
        State::InPlace => "in place",
        State::Left => "left",
        State::Embedded => "in the text",
        State::Foreign => "unknown",
    }
}

fn tell_failures(file: &MigrationFile) {
    if let Some(error) = &file.error {
        output::error(Some(&file.path), error);
    }
    for picture in &file.pictures {
        let place = format!("{}:{}", file.path, picture.line);
        if let Some(error) = &picture.error {
            output::error(Some(&place), error);
        }
    }
}

/// All of it in a few words.
fn sentence(migration: &Migration, dry_run: bool) -> String {
    let count = |state: State| {
        let pictures = migration.files.iter().flat_map(|file| &file.pictures);
        pictures.filter(|picture| picture.state == state).count()
    };
    let in_state = |state| migration.files.iter().filter(|file| file.state == state).count();
    let mut parts = if dry_run {
        let files = in_state(MigrationFileState::Planned);
        vec![format!("{} in {} would move", number(count(State::Found), "picture"), number(files, "file"))]
    } else {
        let files = in_state(MigrationFileState::Rewritten);
        vec![format!("{} in {} moved", number(count(State::Moved), "picture"), number(files, "file"))]
    };
    for (state, words) in [
        (State::Failed, "failed"),
        (State::Missing, "missing"),
        (State::Outside, "outside of the folder (--allow-outside takes those too)"),
    ] {
        if count(state) > 0 {
            parts.push(format!("{} {words}", count(state)));
        }
    }
    if !dry_run && count(State::Found) > 0 {
        parts.push(format!("{} not reached: run the same command again", count(State::Found)));
    }
    let ending = if dry_run { " Nothing was changed." } else { "" };
    format!("{}.{ending}", parts.join(", "))
}

fn number(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// A file that was to be put back, for scripts.
#[derive(Serialize)]
struct UndoEntry<'a> {
    path: &'a str,
    restored: bool,
    #[serde(serialize_with = "write_error")]
    error: Option<&'a Error>,
}

/// Shows which files are as they were before.
pub fn show_undo(undo: &MigrationUndo, json: bool) -> Exit {
    if json {
        let entries: Vec<UndoEntry<'_>> = undo
            .files
            .iter()
            .map(|file| UndoEntry { path: &file.path, restored: file.restored, error: file.error.as_ref() })
            .collect();
        output::json(&entries);
    }
    for file in &undo.files {
        match &file.error {
            Some(error) => output::error(None, error),
            None if json => {}
            None => output::line(&format!("{} restored", output::visible(&file.path))),
        }
    }
    if undo.files.iter().all(|file| file.restored) { Exit::Success } else { Exit::Failed }
}
