//! Migrations of Markdown files.

use serde::Deserialize;

/// `migrate_undo`.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct MigratePath {
    /// The file or folder whose last migration is taken back.
    pub path: String,
}

/// `migrate_leave`.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct MigrateId {
    /// The run.
    pub id: String,
}
