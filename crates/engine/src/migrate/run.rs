//! One run from the first file read to the last one written.

use super::journal::{Entry, Journal, Record, Started, records};
use super::plan::{Document, PictureSource, Planner, Way};
use super::progress::Progress;
use super::write::{self, Destination, Outcomes};
use super::{download, fingerprint, lock_name, path_text, upload};
use crate::engine::{Engine, run_blocking};
use crate::options::random_hex;
use crate::own_files;
use picferry_core::migrate::{Migration, MigrationFile, MigrationRequest, MigrationStage};
use picferry_core::{Error, ErrorCode, Result};
use std::collections::BTreeSet;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::sync::CancellationToken;

/// Pictures handed to the queue at a time: what a kill can leave unnoted in the journal.
const AT_ONCE: usize = 64;

/// A run under way.
pub struct Run {
    /// Does the work.
    pub engine: Arc<Engine>,
    /// Reads the files.
    pub planner: Arc<Planner>,
    /// What was asked for.
    pub request: MigrationRequest,
    /// The person wants no more.
    pub cancel: CancellationToken,
}

/// The journal, shared with the threads that write.
type SharedJournal = Arc<Mutex<Journal>>;

impl Run {
    /// A run that has not begun.
    pub fn new(
        engine: Arc<Engine>,
        planner: Arc<Planner>,
        request: MigrationRequest,
        cancel: CancellationToken,
    ) -> Self {
        Self { engine, planner, request, cancel }
    }

    /// Does all of it.
    pub async fn migrate(self) -> Result<Migration> {
        let _lock = self.lock().await?;
        let documents = self.read().await?;
        let sources: BTreeSet<PictureSource> =
            documents.iter().flat_map(|document| &document.sources).flatten().cloned().collect();
        if sources.is_empty() {
            let files = documents.into_iter().map(|document| document.file).collect();
            return Ok(self.told(None, files, false));
        }
        let (journal, record) = self.open_journal().await?;
        let id = journal.id.clone();
        let journal = Arc::new(Mutex::new(journal));
        let progress = Progress::new(&id);
        progress.enter(&self.engine.hub, |progress| {
            progress.stage = MigrationStage::Moving;
            progress.pictures = count(sources.len());
        });
        let outcomes = Arc::new(self.move_all(sources, record.as_ref(), &journal, &progress).await?);
        let files = self.write_all(documents, &outcomes, &journal, &progress).await?;
        if !self.cancel.is_cancelled() {
            note(&journal, vec![Entry::Ended]).await?;
        }
        progress.enter(&self.engine.hub, |progress| progress.stage = MigrationStage::Done);
        Ok(self.told(Some(id), files, record.is_some()))
    }

    /// Two runs over the same files would undo each other's work.
    async fn lock(&self) -> Result<File> {
        let folder = self.engine.paths.migrations_dir();
        let name = lock_name(&self.planner.scope.asked);
        run_blocking(move || {
            own_files::private_folder(&folder)?;
            own_files::lock_beside(&folder.join(name))
        })
        .await
    }

    async fn read(&self) -> Result<Vec<Document>> {
        let (planner, cancel) = (self.planner.clone(), self.cancel.clone());
        run_blocking(move || planner.documents(&|| cancel.is_cancelled())).await
    }

    /// The journal of a run that was cut off on the way to the same place, or a new one.
    async fn open_journal(&self) -> Result<(Journal, Option<Record>)> {
        let runs = self.engine.paths.migrations_dir();
        let id = format!("{:012x}-{}", self.engine.now_millis(), random_hex(self.engine.random.as_ref(), 4));
        let started = Started::new(path_text(&self.planner.scope.asked)?, fingerprint(&self.planner.way));
        let request = self.request.clone();
        run_blocking(move || {
            let cut_off = records(&runs).into_iter().find(|record| record.started == started);
            match cut_off.filter(|record| !record.ended) {
                Some(record) => Ok((Journal::carry_on(&record)?, Some(record))),
                None => {
                    let mut journal = Journal::begin(&runs, id, started)?;
                    journal.add(&Entry::Asked(request))?;
                    Ok((journal, None))
                }
            }
        })
        .await
    }

    async fn move_all(
        &self,
        sources: BTreeSet<PictureSource>,
        record: Option<&Record>,
        journal: &SharedJournal,
        progress: &Progress,
    ) -> Result<Outcomes> {
        let mut outcomes = Outcomes::new();
        let mut left = Vec::new();
        for source in sources {
            match record.and_then(|record| self.moved_before(record, &source)) {
                Some(destination) => drop(outcomes.insert(source, Ok(destination))),
                None => left.push(source),
            }
        }
        progress.count(&self.engine.hub, |progress| progress.pictures_done = count(outcomes.len()));
        for some in left.chunks(AT_ONCE) {
            if self.cancel.is_cancelled() {
                break;
            }
            let ended = match &self.planner.way {
                Way::ToHost { profile, .. } => upload::upload(self, profile, some, progress).await?,
                Way::ToFolder(folder) => download::download(self, folder, some, progress).await?,
            };
            let moved =
                ended.iter().filter_map(|(source, outcome)| moved_entry(source, outcome.as_ref().ok()?));
            note(journal, moved.collect()).await?;
            outcomes.extend(ended);
        }
        Ok(outcomes)
    }

    /// Files are asked of the host again, which costs little; fetching from the web again does not.
    fn moved_before(&self, record: &Record, source: &PictureSource) -> Option<Destination> {
        let PictureSource::Address(address) = source else { return None };
        let moved = record.moved.get(address)?;
        match &self.planner.way {
            Way::ToHost { .. } => Some(Destination::Address(moved.clone())),
            Way::ToFolder(_) => {
                Some(PathBuf::from(moved)).filter(|file| file.is_file()).map(Destination::File)
            }
        }
    }

    async fn write_all(
        &self,
        documents: Vec<Document>,
        outcomes: &Arc<Outcomes>,
        journal: &SharedJournal,
        progress: &Progress,
    ) -> Result<Vec<MigrationFile>> {
        let is_to_write = |document: &Document| {
            let mut sources = document.sources.iter().flatten();
            sources.any(|source| matches!(outcomes.get(source), Some(Ok(_))))
        };
        progress.enter(&self.engine.hub, |progress| {
            progress.stage = MigrationStage::Writing;
            progress.files = count(documents.iter().filter(|document| is_to_write(document)).count());
        });
        let mut files = Vec::with_capacity(documents.len());
        for mut document in documents {
            if self.cancel.is_cancelled() || !is_to_write(&document) {
                write::tell(&mut document, outcomes, false);
                files.push(document.file);
                continue;
            }
            let (planner, outcomes, journal) = (self.planner.clone(), outcomes.clone(), journal.clone());
            let written = run_blocking(move || {
                let mut journal = journal.lock().unwrap_or_else(PoisonError::into_inner);
                write::write(&planner, document.path, &outcomes, &mut journal)
            });
            files.push(written.await?.file);
            progress.count(&self.engine.hub, |progress| progress.files_done += 1);
        }
        Ok(files)
    }

    fn told(&self, id: Option<String>, files: Vec<MigrationFile>, resumed: bool) -> Migration {
        Migration {
            id,
            path: self.request.path.clone(),
            profile_name: self.planner.way.profile_name(),
            to_folder: self.request.to_folder.clone(),
            files,
            resumed,
            cancelled: self.cancel.is_cancelled(),
        }
    }
}

/// What the journal keeps: pictures of the web. Those of files are known by their content anyway.
fn moved_entry(source: &PictureSource, destination: &Destination) -> Option<Entry> {
    let PictureSource::Address(source) = source else { return None };
    let address = match destination {
        Destination::Address(address) => address.clone(),
        Destination::File(file) => file.to_str()?.to_owned(),
    };
    Some(Entry::Moved { source: source.clone(), address })
}

async fn note(journal: &SharedJournal, entries: Vec<Entry>) -> Result<()> {
    let journal = journal.clone();
    run_blocking(move || {
        let mut journal = journal.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().try_for_each(|entry| journal.add(entry))
    })
    .await
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The error of what was stopped before it ended.
pub fn stopped() -> Box<Error> {
    Error::new(ErrorCode::Cancelled, "This was stopped before it was done.")
}
