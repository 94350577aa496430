//! The history as the gallery and the command line use it: pages, undo, re-upload.

use crate::deletion::not_in_history;
use crate::engine::{Engine, run_blocking};
use crate::queue::Accepted;
use picferry_core::event::Event;
use picferry_core::job::{Origin, Source, UploadRequest};
use picferry_core::upload::{Cursor, DayCount, HistoryFilter, HistoryPage, Totals, Upload};
use picferry_core::{Error, ErrorCode, Result};
use std::path::PathBuf;
use std::sync::Arc;

/// Rows removed “from here only” can be brought back for this long.
const UNDO_MILLIS: i64 = 24 * 60 * 60 * 1000;

impl Engine {
    /// One page, newest first.
    ///
    /// # Errors
    /// A database error.
    pub async fn history_page(
        &self,
        filter: HistoryFilter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<HistoryPage> {
        self.with_history(move |history| history.page(&filter, after, limit)).await
    }

    /// How many pictures each day has, in the person's time zone, newest first.
    ///
    /// # Errors
    /// A database error.
    pub async fn history_days(&self, filter: HistoryFilter) -> Result<Vec<DayCount>> {
        let zone = self.clock.now().time_zone().clone();
        self.with_history(move |history| history.days(&filter, &zone)).await
    }

    /// How many pictures and bytes.
    ///
    /// # Errors
    /// A database error.
    pub async fn history_totals(&self, filter: HistoryFilter) -> Result<Totals> {
        self.with_history(move |history| history.totals(&filter)).await
    }

    /// How many pictures of the history a profile holds.
    ///
    /// # Errors
    /// A database error.
    pub async fn profile_usage(&self, id: &str) -> Result<Totals> {
        let id = id.to_owned();
        self.with_history(move |history| history.profile_totals(&id)).await
    }

    /// Rows in the order asked; what is not there is left out.
    ///
    /// # Errors
    /// A database error.
    pub async fn history_get(&self, ids: Vec<i64>) -> Result<Vec<Upload>> {
        self.with_history(move |history| history.get(&ids)).await
    }

    /// One row.
    ///
    /// # Errors
    /// `not_found`; a database error.
    pub async fn history_one(&self, id: i64) -> Result<Upload> {
        self.history_get(vec![id]).await?.pop().ok_or_else(|| not_in_history(id))
    }

    /// Sets a picture's alt text.
    ///
    /// # Errors
    /// `not_found`; a database error.
    pub async fn set_alt(&self, id: i64, alt: String) -> Result<Upload> {
        let upload = self.with_history(move |history| history.set_alt(id, &alt)).await?;
        self.history_changed();
        Ok(upload)
    }

    /// Sets a picture's note.
    ///
    /// # Errors
    /// `not_found`; a database error.
    pub async fn set_note(&self, id: i64, note: String) -> Result<Upload> {
        let upload = self.with_history(move |history| history.set_note(id, &note)).await?;
        self.history_changed();
        Ok(upload)
    }

    /// Brings back rows that were removed “from here only”.
    ///
    /// # Errors
    /// A database error.
    pub async fn restore(&self, ids: Vec<i64>) -> Result<()> {
        self.with_history(move |history| history.restore(&ids)).await.map(drop)?;
        self.history_changed();
        Ok(())
    }

    /// Sends pictures again, from their source file or, when that is gone, from their link.
    ///
    /// # Errors
    /// As [`Engine::upload`].
    pub async fn reupload(self: &Arc<Self>, ids: Vec<i64>, profile_id: Option<String>) -> Result<Accepted> {
        let sources = self.sources_of(ids).await?;
        let origin = Origin::Window;
        self.upload(UploadRequest { sources, profile_id, origin, ..UploadRequest::default() }).await
    }

    /// Where the pictures of rows come from: their source file or, when that is gone, their link.
    ///
    /// # Errors
    /// A database error.
    pub async fn sources_of(&self, ids: Vec<i64>) -> Result<Vec<Source>> {
        let uploads = self.history_get(ids).await?;
        let source = |upload: Upload| match upload.source_path {
            Some(path) if std::path::Path::new(&path).is_file() => Source::Path { path },
            _ => Source::Url { url: upload.url },
        };
        Ok(uploads.into_iter().map(source).collect())
    }

    /// A thumbnail's WebP bytes.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn thumbnail(&self, name: &str) -> Result<Vec<u8>> {
        let is_hash = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let missing = || Error::new(ErrorCode::NotFound, "There is no such thumbnail.");
        if !is_hash {
            return Err(missing());
        }
        let path = self.thumbnail_path(name);
        run_blocking(move || std::fs::read(path).map_err(|_| missing())).await
    }

    pub(crate) fn thumbnail_path(&self, name: &str) -> PathBuf {
        let shelf = name.get(..2).unwrap_or("00");
        self.paths.thumbnails_dir().join(shelf).join(format!("{name}.webp"))
    }

    /// A picture of ours to try the crossing with.
    pub async fn sample_picture(&self) -> UploadRequest {
        UploadRequest {
            sources: vec![Source::Bytes {
                name: "harbour.jpg".into(),
                bytes: bytes::Bytes::from_static(picferry_imaging::sample_picture()),
            }],
            ..UploadRequest::default()
        }
    }

    /// Housekeeping at the start of a long-lived process; nothing of it is urgent.
    pub(crate) async fn tidy(self: &Arc<Self>) {
        let before = self.now_millis() - UNDO_MILLIS;
        match self.with_history(move |history| history.purge_removed(before)).await {
            Ok(unused) => self.remove_thumbnails(&unused),
            Err(error) => tracing::warn!(%error, "old rows could not be purged"),
        }
        if let Ok(rows) = self.with_history(picferry_history::History::jobs_listed).await {
            let needed: Vec<String> = rows.iter().map(|row| row.snapshot.id.clone()).collect();
            let living = self.instance.living(&self.paths.instances_dir());
            let before = self.instance.began();
            self.spool.sweep_folders(before, |folder| living.iter().any(|id| folder.contains(id.as_str())));
            // A copy is there before its job is: another process may be about to write the job.
            if living.len() == 1 {
                self.spool.sweep(before, |file| needed.iter().any(|id| file.starts_with(id.as_str())));
            }
        }
    }

    pub(crate) fn remove_thumbnails(&self, names: &[String]) {
        for name in names {
            drop(std::fs::remove_file(self.thumbnail_path(name)));
        }
    }

    /// Something outside changed the database.
    pub(crate) fn database_changed_elsewhere(&self) {
        self.emit(Event::HistoryChanged);
    }
}
