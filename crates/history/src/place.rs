//! The place of an upload in the gallery's order, as one number.
//!
//! The gallery is ordered by time, then by id. The search index answers in the order of its row
//! numbers, so these numbers must follow the same order: then the newest hundred of 50,000 finds
//! are read without reading and sorting the others. Ids alone do not do, because a clock can be
//! set back and an import brings old pictures late. Places leave gaps, and where a gap is full the
//! later pictures move up.

use crate::{search_index, uploads};
use picferry_core::upload::Cursor;
use rusqlite::{Connection, OptionalExtension, Result, params};

/// The distance between two pictures that come one after the other.
const GAP: i64 = 16;

/// How far later pictures move when a gap is full.
const ROOM: i64 = 1 << 20;

pub(crate) const FIRST_SINCE: &str = "SELECT place FROM uploads INDEXED BY uploads_by_time
    WHERE created_at >= ?1 ORDER BY created_at, place LIMIT 1";

pub(crate) const LAST_BEFORE: &str = "SELECT place FROM uploads INDEXED BY uploads_by_time
    WHERE created_at < ?1 ORDER BY created_at DESC, place DESC LIMIT 1";

pub(crate) const LAST_BEFORE_AT_THAT_TIME: &str = "SELECT place FROM uploads INDEXED BY uploads_by_time
    WHERE created_at = ?1 AND id < ?2 ORDER BY place DESC LIMIT 1";

/// A place for a new picture of that time: after all that are as old or older.
pub(crate) fn allocate(connection: &Connection, created_at: i64) -> Result<i64> {
    let before = last_before(connection, created_at.saturating_add(1))?;
    let after = first_since(connection, created_at.saturating_add(1))?;
    match (before, after) {
        (None, None) => Ok(0),
        (Some(before), None) => Ok(before + GAP),
        (None, Some(after)) => Ok(after - GAP),
        (Some(before), Some(after)) if after - before > 1 => Ok(before + ((after - before) / 2).min(GAP)),
        (Some(before), Some(after)) => {
            move_up(connection, after)?;
            Ok(before + GAP)
        }
    }
}

/// The first place of a picture of that time or later.
pub(crate) fn first_since(connection: &Connection, time: i64) -> Result<Option<i64>> {
    connection.prepare_cached(FIRST_SINCE)?.query_row([time], |row| row.get(0)).optional()
}

/// The last place of a picture before that time.
pub(crate) fn last_before(connection: &Connection, time: i64) -> Result<Option<i64>> {
    connection.prepare_cached(LAST_BEFORE)?.query_row([time], |row| row.get(0)).optional()
}

/// The last place that comes before a cursor in time: where the next page begins.
pub(crate) fn below(connection: &Connection, cursor: Cursor) -> Result<Option<i64>> {
    let same_time: Option<i64> = connection
        .prepare_cached(LAST_BEFORE_AT_THAT_TIME)?
        .query_row(params![cursor.created_at, cursor.id], |row| row.get(0))
        .optional()?;
    match same_time {
        Some(place) => Ok(Some(place)),
        None => last_before(connection, cursor.created_at),
    }
}

/// Moves every picture from that place on. Costs as much as indexing them again; rare, and few
/// pictures unless old ones are brought in from elsewhere.
fn move_up(connection: &Connection, from: i64) -> Result<()> {
    let listed: Vec<(i64, i64)> = connection
        .prepare_cached("SELECT id, place FROM uploads WHERE place >= ?1 AND removed_at IS NULL")?
        .query_map([from], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_>>()?;
    for (id, place) in &listed {
        search_index::forget(connection, *place, *id)?;
    }
    connection.execute("UPDATE uploads SET place = place + ?2 WHERE place >= ?1", [from, ROOM])?;
    for (id, place) in &listed {
        if let Some(upload) = uploads::by_id(connection, *id)? {
            search_index::remember(connection, place + ROOM, &upload)?;
        }
    }
    Ok(())
}
