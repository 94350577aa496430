//! The migration that a window shows: it runs here, so that it goes on when the window is gone.

use super::journal::{Entry, note, records};
use super::run::Run;
use crate::engine::{Engine, run_blocking};
use crate::event_hub::Events;
use picferry_core::event::{Event, EventSink as _};
use picferry_core::migrate::{
    Migration, MigrationProgress, MigrationRequest, MigrationState, UnfinishedMigration,
};
use picferry_core::{Error, ErrorCode, Result};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// What is under way, and what came of the last one.
#[derive(Default)]
pub struct MigrationDesk(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    cancel: Option<CancellationToken>,
    progress: Option<MigrationProgress>,
    request: Option<MigrationRequest>,
    ended: Option<Result<Migration>>,
}

impl MigrationDesk {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, request: &MigrationRequest, cancel: &CancellationToken) -> Result<()> {
        let mut inner = self.lock();
        if inner.cancel.is_some() {
            return Err(Error::new(ErrorCode::Unsupported, "A migration is under way already.")
                .hint("Wait until it has ended, or stop it first.")
                .param("reason", "migration_busy"));
        }
        *inner = Inner { cancel: Some(cancel.clone()), request: Some(request.clone()), ..Inner::default() };
        Ok(())
    }

    fn end(&self, ended: Result<Migration>) {
        let mut inner = self.lock();
        inner.cancel = None;
        inner.progress = None;
        inner.ended = Some(ended);
    }
}

impl Engine {
    /// How the migration of this process stands, and which runs were cut off.
    pub async fn migration_state(&self) -> MigrationState {
        let runs = self.paths.migrations_dir();
        let unfinished = run_blocking(move || Ok(unfinished(&runs))).await.unwrap_or_default();
        let inner = self.migration.lock();
        let under_way = inner.progress.as_ref().map(|progress| progress.id.clone());
        let (result, error) = match &inner.ended {
            Some(Ok(migration)) => (Some(migration.clone()), None),
            Some(Err(error)) => (None, Some(*error.clone())),
            None => (None, None),
        };
        let is_running = inner.cancel.is_some();
        MigrationState {
            is_running,
            progress: inner.progress.clone(),
            request: inner.request.clone(),
            result,
            error,
            // The journal of the one under way may be there before its first progress is heard.
            unfinished: if is_running && under_way.is_none() { Vec::new() } else { unfinished }
                .into_iter()
                .filter(|run| Some(&run.id) != under_way.as_ref())
                .collect(),
        }
    }

    /// Begins a migration that goes on by itself; its end is told by an event.
    ///
    /// # Errors
    /// The path or the profile is not there, or another one is under way here.
    pub async fn start_migration(self: &Arc<Self>, request: MigrationRequest) -> Result<()> {
        let planner = Arc::new(self.planner(&request).await?);
        let cancel = self.shutdown.child_token();
        self.migration.begin(&request, &cancel)?;
        let events = self.subscribe();
        let run = Run::new(self.clone(), planner, request, cancel);
        self.tasks.spawn(follow(self.clone(), run, events));
        Ok(())
    }

    /// Stops the migration after what is under way; the same request goes on from there.
    pub fn stop_migration(&self) {
        if let Some(cancel) = &self.migration.lock().cancel {
            cancel.cancel();
        }
    }

    /// Forgets what came of the last migration. Its files and its journal stay.
    pub fn close_migration(&self) {
        let mut inner = self.migration.lock();
        if inner.cancel.is_none() {
            *inner = Inner::default();
        }
    }

    /// Leaves a run that was cut off as it is: it is not offered again.
    ///
    /// # Errors
    /// A disk error.
    pub async fn leave_migration(&self, id: &str) -> Result<()> {
        let (runs, id) = (self.paths.migrations_dir(), id.to_owned());
        run_blocking(move || {
            let record = records(&runs).into_iter().find(|record| record.id == id);
            record.map_or(Ok(()), |record| note(&record, &Entry::Ended))
        })
        .await
    }
}

/// Runs it to its end, and keeps what is told on the way for a window that opens later.
async fn follow(engine: Arc<Engine>, run: Run, mut events: Events) {
    let migrating = run.migrate();
    tokio::pin!(migrating);
    let ended = loop {
        tokio::select! {
            ended = &mut migrating => break ended,
            event = events.recv() => {
                if let Ok(Event::MigrationChanged { migration }) = event {
                    engine.migration.lock().progress = Some(migration);
                }
            }
        }
    };
    if let Err(error) = &ended {
        tracing::warn!(report = error.report(), "a migration ended early");
    }
    engine.migration.end(ended);
    engine.hub.send(Event::MigrationEnded);
}

/// Runs that were cut off and whose files are still there, newest first.
fn unfinished(runs: &Path) -> Vec<UnfinishedMigration> {
    records(runs)
        .into_iter()
        .filter(|record| !record.ended)
        .filter_map(|record| {
            let request = record.request?;
            Path::new(&request.path).exists().then_some(UnfinishedMigration { id: record.id, request })
        })
        .collect()
}
