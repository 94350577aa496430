//! Takes a run back: every file that is as the run left it becomes what it was.

use super::journal::{Entry, Record, WrittenFile, note, records};
use super::replace::{Replaced, replace};
use picferry_core::digest::sha256_hex;
use picferry_core::migrate::{MigrationUndo, MigrationUndoFile};
use picferry_core::{Error, ErrorCode, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// Puts back what the newest run under that path changed.
///
/// # Errors
/// `not_found` when there is none.
pub fn undo(runs: &Path, path: &Path) -> Result<MigrationUndo> {
    // The file itself may be gone; then its name has to do.
    let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let is_below = |file: &WrittenFile| Path::new(&file.path).starts_with(&real);
    let record = records(runs).into_iter().find(|record| record.written.iter().any(is_below));
    let Some(record) = record else {
        return Err(Error::new(
            ErrorCode::NotFound,
            format!("No migration changed anything in {}.", path.display()),
        )
        .hint("Name the file or folder that was migrated.")
        .param("file", path.display()));
    };
    // A run that was carried on may have written a file more than once: the last one first.
    let mut by_path: BTreeMap<&str, Vec<&WrittenFile>> = BTreeMap::new();
    for file in record.written.iter().filter(|file| is_below(file)) {
        by_path.entry(&file.path).or_default().insert(0, file);
    }
    let mut files = Vec::new();
    for (path, steps) in by_path {
        let restored = restore(&record, Path::new(path), &steps);
        if restored.is_ok() {
            note(&record, &Entry::Restored { path: path.to_owned() })?;
        }
        files.push(MigrationUndoFile {
            path: path.to_owned(),
            restored: restored.is_ok(),
            error: restored.err().map(|error| *error),
        });
    }
    Ok(MigrationUndo { id: record.id, files })
}

/// Goes back through what was written to a file, the last first, as long as each fits what the next
/// began with: what a person changed in between is not undone.
fn restore(record: &Record, path: &Path, steps: &[&WrittenFile]) -> Result<()> {
    let failed =
        |error: std::io::Error| Error::from_io(&format!("{} cannot be read", path.display()), &error);
    let current = std::fs::read(path).map_err(failed)?;
    let hash = sha256_hex(&current);
    let mut expected = hash.as_str();
    let mut oldest = None;
    for step in steps {
        if step.after == expected {
            expected = &step.before;
            oldest = Some(*step);
        } else if oldest.is_some() {
            break;
        }
    }
    let Some(step) = oldest else {
        // Announced and never written, or put back by hand.
        let is_as_before = steps.iter().any(|step| step.before == hash);
        return if is_as_before { Ok(()) } else { Err(changed_since(record, path, steps)) };
    };
    let backup = record.folder.join(&step.backup);
    let content = std::fs::read(&backup)
        .map_err(|error| Error::from_io(&format!("The copy {} cannot be read", backup.display()), &error))?;
    match replace(path, &current, &content)? {
        Replaced::Yes => Ok(()),
        Replaced::ChangedMeanwhile => Err(changed_since(record, path, steps)),
    }
}

fn changed_since(record: &Record, path: &Path, steps: &[&WrittenFile]) -> Box<Error> {
    let backup = steps.last().map(|step| record.folder.join(&step.backup)).unwrap_or_default();
    Error::new(
        ErrorCode::Unsupported,
        format!("{} was changed since, so it was left as it is.", path.display()),
    )
    .hint(format!("What it was before is in {}.", backup.display()))
    .param("file", path.display())
}
