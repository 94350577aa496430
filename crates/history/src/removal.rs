//! Out of the gallery, back into it, and gone for good.

use crate::{History, search_index, uploads};
use picferry_core::Result;
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeSet;

impl History {
    /// Takes uploads out of the gallery, so that [`History::restore`] can bring them back. Answers
    /// with the ids that were there.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn mark_removed(&self, ids: &[i64], removed_at: i64) -> Result<Vec<i64>> {
        self.write(|connection| {
            let mut removed = Vec::new();
            for id in ids {
                let place: Option<i64> = connection
                    .prepare_cached(
                        "UPDATE uploads SET removed_at = ?2 WHERE id = ?1 AND removed_at IS NULL RETURNING place",
                    )?
                    .query_row([*id, removed_at], |row| row.get(0))
                    .optional()?;
                if let Some(place) = place {
                    search_index::forget(connection, place, *id)?;
                    removed.push(*id);
                }
            }
            Ok(removed)
        })
    }

    /// Brings removed uploads back to where they were. Answers with the ids that came back.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn restore(&self, ids: &[i64]) -> Result<Vec<i64>> {
        self.write(|connection| {
            let mut restored = Vec::new();
            for id in ids {
                let place: Option<i64> = connection
                    .prepare_cached(
                        "UPDATE uploads SET removed_at = NULL
                         WHERE id = ?1 AND removed_at IS NOT NULL RETURNING place",
                    )?
                    .query_row([*id], |row| row.get(0))
                    .optional()?;
                if let (Some(place), Some(upload)) = (place, uploads::by_id(connection, *id)?) {
                    search_index::remember(connection, place, &upload)?;
                    restored.push(*id);
                }
            }
            Ok(restored)
        })
    }

    /// Deletes for good what was removed before that time (Unix milliseconds). Answers with the
    /// thumbnails that nothing refers to any more: their files can go.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn purge_removed(&self, before: i64) -> Result<Vec<String>> {
        self.write(|connection| {
            let ids: Vec<i64> = connection
                .prepare_cached("SELECT id FROM uploads WHERE removed_at < ?1")?
                .query_map([before], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            delete(connection, &ids)
        })
    }

    /// Deletes rows for good, listed or removed. Answers with the thumbnails that nothing refers
    /// to any more: their files can go.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn delete_rows(&self, ids: &[i64]) -> Result<Vec<String>> {
        self.write(|connection| delete(connection, ids))
    }
}

fn delete(connection: &Connection, ids: &[i64]) -> rusqlite::Result<Vec<String>> {
    let mut thumbnails = BTreeSet::new();
    for id in ids {
        let gone: Option<(i64, bool, Option<String>)> = connection
            .prepare_cached(
                "DELETE FROM uploads WHERE id = ?1 RETURNING place, removed_at IS NULL, thumbnail",
            )?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((place, listed, thumbnail)) = gone else { continue };
        if listed {
            search_index::forget(connection, place, *id)?;
        }
        thumbnails.extend(thumbnail);
    }
    let mut unused = Vec::new();
    for thumbnail in thumbnails {
        let used: bool = connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM uploads WHERE thumbnail = ?1)
                     OR EXISTS (SELECT 1 FROM jobs WHERE thumbnail = ?1 AND upload_id IS NULL AND state <> 'done')",
            )?
            .query_row([&thumbnail], |row| row.get(0))?;
        if !used {
            unused.push(thumbnail);
        }
    }
    Ok(unused)
}
