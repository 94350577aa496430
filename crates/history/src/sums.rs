//! The table of sums: how many pictures each profile has in the gallery, and how large.
//!
//! Every start shows the total, and adding up 100,000 rows takes longer than a person should wait
//! for a number. Triggers keep the sums, so that no way of changing an upload can forget them.

use crate::columns::json;
use picferry_core::upload::{HistoryFilter, Totals};
use rusqlite::{Connection, Result, Row, params};

/// One row for each profile and format that ever had a picture. Removed pictures do not count.
pub(crate) const SCHEMA: &str = "
CREATE TABLE upload_sums (
    profile_id TEXT NOT NULL,
    format     TEXT NOT NULL,
    pictures   INTEGER NOT NULL,
    bytes_in   INTEGER NOT NULL,
    bytes_out  INTEGER NOT NULL,
    PRIMARY KEY (profile_id, format)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER uploads_added AFTER INSERT ON uploads WHEN new.removed_at IS NULL BEGIN
    INSERT INTO upload_sums VALUES (new.profile_id, new.format, 1, new.bytes_in, new.bytes_out)
    ON CONFLICT DO UPDATE SET pictures = pictures + 1,
        bytes_in = bytes_in + new.bytes_in, bytes_out = bytes_out + new.bytes_out;
END;
CREATE TRIGGER uploads_deleted AFTER DELETE ON uploads WHEN old.removed_at IS NULL BEGIN
    UPDATE upload_sums SET pictures = pictures - 1,
        bytes_in = bytes_in - old.bytes_in, bytes_out = bytes_out - old.bytes_out
    WHERE profile_id = old.profile_id AND format = old.format;
END;
CREATE TRIGGER uploads_removed_or_restored AFTER UPDATE OF removed_at ON uploads
WHEN (old.removed_at IS NULL) <> (new.removed_at IS NULL) BEGIN
    UPDATE upload_sums SET pictures = pictures + iif(new.removed_at IS NULL, 1, -1),
        bytes_in = bytes_in + iif(new.removed_at IS NULL, 1, -1) * new.bytes_in,
        bytes_out = bytes_out + iif(new.removed_at IS NULL, 1, -1) * new.bytes_out
    WHERE profile_id = new.profile_id AND format = new.format;
END;
";

/// Whether the sums are kept for what this filter asks: no words, times or sizes.
pub(crate) fn know(filter: &HistoryFilter) -> bool {
    let HistoryFilter { text, profile_ids: _, formats: _, since, until, min_bytes, max_bytes } = filter;
    text.trim().is_empty() && since.is_none() && until.is_none() && min_bytes.is_none() && max_bytes.is_none()
}

/// The sums of these profiles and formats; of all where none is named.
pub(crate) fn of(connection: &Connection, filter: &HistoryFilter) -> Result<Totals> {
    let formats: Vec<&str> = filter.formats.iter().map(|format| format.name()).collect();
    connection
        .prepare_cached(
            "SELECT total(pictures), total(bytes_in), total(bytes_out) FROM upload_sums
             WHERE (?1 = '[]' OR profile_id IN (SELECT value FROM json_each(?1)))
               AND (?2 = '[]' OR format IN (SELECT value FROM json_each(?2)))",
        )?
        .query_row(params![json(&filter.profile_ids)?, json(&formats)?], totals)
}

/// Reads a count and two sums.
pub(crate) fn totals(row: &Row<'_>) -> Result<Totals> {
    Ok(Totals { count: whole(row.get(0)?), bytes_in: whole(row.get(1)?), bytes_out: whole(row.get(2)?) })
}

/// SQLite's `total` adds up in floating point: exact to nine petabytes, and it cannot overflow.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a sum of sizes, far below the limit"
)]
fn whole(sum: f64) -> u64 {
    sum as u64
}
