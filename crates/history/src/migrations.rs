//! The forms the tables have had, oldest first. A form that was published is never edited.

use crate::{failure, jobs, search_index, sums, thumbnails_due, uploads, watched};
use picferry_core::{Error, ErrorCode, Result};
use rusqlite::Connection;
use rusqlite_migration::{Error as Failure, M, MigrationDefinitionError, Migrations};
use std::path::Path;
use std::sync::LazyLock;

/// All forms; the version in the file is how many of them it has been through.
static MIGRATIONS: LazyLock<Migrations<'static>> = LazyLock::new(|| {
    Migrations::new(vec![
        M::up(&VERSION_1)
            .comment("The first form: pictures that were stored, how to find them, and the queue."),
        M::up(&VERSION_2).comment("What was done to a picture, and how much it still looks like its source."),
        M::up(uploads::KEYS).comment("Which uploads show the same object."),
        M::up(watched::SCHEMA).comment("What was seen in watched folders."),
        M::up(thumbnails_due::SCHEMA).comment("Thumbnails that are left to the app."),
        M::up(search_index::PROGRESS).comment("How far the search index reaches."),
    ])
});

static VERSION_1: LazyLock<String> =
    LazyLock::new(|| [uploads::SCHEMA, sums::SCHEMA, search_index::SCHEMA, jobs::SCHEMA].concat());

static VERSION_2: LazyLock<String> = LazyLock::new(|| [uploads::SCORE, jobs::NOTES].concat());

/// Brings the file to the newest form: all that is missing in one transaction, or nothing.
///
/// # Errors
/// `database_newer` for a file of a later version, otherwise what SQLite refused.
pub(crate) fn run(connection: &mut Connection, path: &Path) -> Result<()> {
    let Err(first) = MIGRATIONS.to_latest(connection) else { return Ok(()) };
    // Two processes may start at once: the slower one waits for the other's transaction with an
    // old version in mind, and fails. Then everything is done already, and this finds it so.
    if is_newer(&first) || MIGRATIONS.to_latest(connection).is_err() {
        return Err(explained(path, first));
    }
    Ok(())
}

fn is_newer(failure: &Failure) -> bool {
    matches!(failure, Failure::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead))
}

fn explained(path: &Path, failure: Failure) -> Box<Error> {
    match failure {
        failure if is_newer(&failure) => failure::newer(path),
        Failure::RusqliteError { err, .. } => failure::storage(path, &err),
        Failure::InvalidUserVersion => failure::damaged(path),
        other => Error::new(ErrorCode::Internal, "The history could not be brought to the newest form.")
            .detail(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_follow_from_one_another() {
        MIGRATIONS.validate().unwrap();
    }
}
