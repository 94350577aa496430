//! The search index follows the history when nothing else is to be done.
//!
//! A search puts in what is missing by itself; this is so that it seldom has to.

use crate::engine::Engine;
use picferry_history::History;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Starts the task that brings the index up to date, now and whenever it is due. It holds the engine
/// weakly: an engine nobody uses ends.
pub fn start(engine: &Arc<Engine>) {
    let (weak, due) = (Arc::downgrade(engine), engine.index_due.clone());
    let shutdown = engine.shutdown.clone();
    due.notify_one();
    engine.tasks.spawn(async move {
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = due.notified() => {}
            }
            let Some(engine) = weak.upgrade() else { return };
            engine.bring_index_up_to_date(&shutdown).await;
        }
    });
}

impl Engine {
    /// A few rows at a time: whoever writes comes in between.
    async fn bring_index_up_to_date(&self, shutdown: &CancellationToken) {
        while !shutdown.is_cancelled() {
            match self.with_history(History::index_some).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(%error, "the search index could not be brought up to date");
                    return;
                }
            }
        }
    }
}
