//! Thumbnails that a command left: it ends with its links, and whoever stays draws them from the files that
//! it sent.

use crate::acquire::read_file;
use crate::engine::{Engine, run_blocking};
use crate::options::Role;
use bytes::Bytes;
use picferry_core::Result;
use picferry_core::digest::sha256_hex;
use picferry_core::upload::Upload;
use picferry_history::{JobRow, StoredSource};
use std::path::Path;
use std::sync::Arc;

/// So many rows are read at once.
const SOME: u32 = 16;

impl Engine {
    /// Whether the app draws the thumbnail of that job later: it can where the picture is still a file
    /// then.
    pub(crate) fn leaves_thumbnail(&self, job: &JobRow) -> bool {
        self.role == Role::Cli && matches!(job.source, StoredSource::Path { .. })
    }

    /// Draws in the background what is due, one picture after the other.
    pub(crate) fn draw_due_thumbnails(self: &Arc<Self>) {
        let engine = self.clone();
        let shutdown = self.shutdown.clone();
        self.tasks.spawn(async move {
            let drawn = tokio::select! {
                () = shutdown.cancelled() => Ok(()),
                drawn = engine.draw_due() => drawn,
            };
            if let Err(error) = drawn {
                tracing::warn!(%error, "thumbnails that were left could not be drawn");
            }
        });
    }

    async fn draw_due(&self) -> Result<()> {
        // Whoever comes meanwhile looks once more afterwards.
        let _alone = self.providers.lock("thumbnails due").await;
        loop {
            let due = self.with_history(|history| history.thumbnails_due(SOME)).await?;
            if due.is_empty() {
                return Ok(());
            }
            for upload in due {
                let name = self.draw_from_source(&upload).await;
                let id = upload.id;
                self.with_history(move |history| history.settle_thumbnail(id, name.as_deref())).await?;
            }
            self.history_changed();
        }
    }

    /// The name of the thumbnail; `None` when the file is gone, another one by now, or cannot be drawn.
    async fn draw_from_source(&self, upload: &Upload) -> Option<String> {
        let (path, sha256) = (upload.source_path.clone()?, upload.source_sha256.clone());
        let read = move || {
            let bytes = read_file(Path::new(&path), &path, u64::MAX)?;
            Ok((sha256_hex(&bytes) == sha256).then_some(bytes))
        };
        let bytes: Bytes = run_blocking(read).await.ok()??;
        let name = upload.sha256.clone();
        self.draw(bytes, &name).await.ok()?.then_some(name)
    }
}
