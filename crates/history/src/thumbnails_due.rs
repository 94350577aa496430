//! Thumbnails that are still to be drawn: a command that ends with its links leaves them to the app.

use crate::History;
use crate::uploads::{self, COLUMNS};
use picferry_core::Result;
use picferry_core::upload::Upload;
use rusqlite::Connection;
use std::sync::LazyLock;

/// The fifth form.
pub(crate) const SCHEMA: &str = "
CREATE TABLE thumbnails_due (
    upload_id INTEGER PRIMARY KEY NOT NULL REFERENCES uploads (id) ON DELETE CASCADE
) STRICT;
";

/// The newest first: they are seen first.
static DUE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM uploads WHERE id IN (SELECT upload_id FROM thumbnails_due)
         AND removed_at IS NULL ORDER BY id DESC LIMIT ?1"
    )
});

impl History {
    /// Some of the listed uploads whose thumbnail is still to be drawn, newest first.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn thumbnails_due(&self, limit: u32) -> Result<Vec<Upload>> {
        self.read(|connection| {
            connection.prepare_cached(&DUE)?.query_map([limit], uploads::from_row)?.collect()
        })
    }

    /// Names the thumbnail that was drawn; without a name none can be. It is not due any more.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn settle_thumbnail(&self, id: i64, thumbnail: Option<&str>) -> Result<()> {
        self.write(|connection| {
            if let Some(thumbnail) = thumbnail {
                uploads::set_thumbnail(connection, id, thumbnail)?;
            }
            let settle = "DELETE FROM thumbnails_due WHERE upload_id = ?1";
            connection.prepare_cached(settle)?.execute([id]).map(drop)
        })
    }
}

pub(crate) fn owe(connection: &Connection, id: i64) -> rusqlite::Result<()> {
    let owe = "INSERT OR IGNORE INTO thumbnails_due (upload_id) VALUES (?1)";
    connection.prepare_cached(owe)?.execute([id]).map(drop)
}
