//! The engine: opened once in each process, shared by everything in it.

use crate::compress::Desk;
use crate::event_hub::{EventHub, Events};
use crate::incoming::IncomingFolder;
use crate::instance::Instance;
use crate::job_list::JobList;
use crate::job_writer::JobWriter;
use crate::local_store::LocalStoreControl;
use crate::migrate::MigrationDesk;
use crate::offers::Offers;
use crate::options::{EngineOptions, Role, random_hex};
use crate::paths::Paths;
use crate::picture_memory::PictureMemory;
use crate::provider_pool::ProviderPool;
use crate::retry::RetryPolicy;
use crate::secrets::MemorySecrets;
use crate::settings_file::SettingsFile;
use crate::spool::Spool;
use crate::thumbnails::Painter;
use crate::watch_folder::Watching;
use crate::{indexing, logging, picture_memory, scheduler, secrets, watch, watch_folder};
use picferry_core::event::{Event, EventSink as _, Notice};
use picferry_core::secret::{SecretStore, SecretStoreKind};
use picferry_core::settings::Settings;
use picferry_core::{Clock, Error, ErrorCode, Random, Result};
use picferry_history::History;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Everything between an entry point and a host.
pub struct Engine {
    pub(crate) paths: Paths,
    pub(crate) role: Role,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) retry: RetryPolicy,
    pub(crate) history: Arc<History>,
    pub(crate) settings_file: SettingsFile,
    pub(crate) settings: RwLock<Arc<Settings>>,
    pub(crate) secrets: RwLock<Arc<dyn SecretStore>>,
    /// For the built-in store's key on a computer without a keychain.
    pub(crate) session_secrets: MemorySecrets,
    pub(crate) hub: EventHub,
    notices: Mutex<Vec<Notice>>,
    pub(crate) jobs: JobList,
    pub(crate) job_writer: JobWriter,
    /// A job may have become ready.
    pub(crate) wake: Notify,
    /// A job ended.
    pub(crate) ended: Notify,
    /// No job runs or is ready to.
    pub(crate) calm: Notify,
    /// Pictures may be missing in the search index, and there is time for it.
    pub(crate) index_due: Arc<Notify>,
    pub(crate) instance: Instance,
    pub(crate) spool: Spool,
    /// Pictures that arrive piece by piece.
    pub(crate) incoming: IncomingFolder,
    /// Pictures decoded at the same time are bounded by this.
    pub(crate) picture_memory: PictureMemory,
    pub(crate) painter: Painter,
    /// Pictures that are tried before they are sent.
    pub(crate) compress: Desk,
    pub(crate) providers: ProviderPool,
    pub(crate) local_store: LocalStoreControl,
    pub(crate) offers: Offers,
    /// The migration that a window shows.
    pub(crate) migration: MigrationDesk,
    /// Folders whose new pictures are uploaded by themselves.
    pub(crate) watching: Watching,
    pub(crate) shutdown: CancellationToken,
    pub(crate) tasks: TaskTracker,
}

impl Engine {
    /// Opens a home: reads the settings, opens the history, takes over what a dead process left,
    /// and starts to work.
    ///
    /// # Errors
    /// `read_only`, `disk_full`, `settings_newer`, `database_newer`, `database_damaged`: each names
    /// the file and says what to do. Nothing is changed then.
    pub async fn open(options: EngineOptions) -> Result<Arc<Self>> {
        let opened = run_blocking(move || Self::open_blocking(options)).await?;
        let engine = Arc::new(opened);
        engine.prepare_first_run().await?;
        scheduler::start(&engine);
        engine.list_failures().await?;
        engine.take_over_orphans().await?;
        if engine.role != Role::Cli {
            picture_memory::start(&engine);
            indexing::start(&engine);
            watch::start(&engine);
            engine.draw_due_thumbnails();
            if let Err(error) = engine.start_local_store().await {
                engine.add_notice(Notice { topic: "local_store".into(), error: *error });
            }
            engine.tidy().await;
            watch_folder::start(&engine);
        }
        tracing::info!(role = ?engine.role, "opened");
        Ok(engine)
    }

    fn open_blocking(options: EngineOptions) -> Result<Self> {
        options.paths.create()?;
        logging::start(&options.paths.log_dir());
        let settings_file = SettingsFile::new(options.paths.settings_file());
        let loaded = settings_file.load()?;
        let history = Arc::new(History::open(&options.paths.database_file())?);
        let id = random_hex(options.random.as_ref(), 8);
        let instance = Instance::claim(&options.paths.instances_dir(), id)?;
        let secrets = options.secrets.unwrap_or_else(|| secrets::choose(&options.paths));
        let picture_memory = PictureMemory::new(prepare_at_once(&loaded.settings));
        Ok(Self {
            spool: Spool::new(options.paths.spool_dir()),
            incoming: IncomingFolder::default(),
            paths: options.paths,
            role: options.role,
            clock: options.clock,
            random: options.random,
            retry: options.retry,
            job_writer: JobWriter::new(history.clone()),
            history,
            settings_file,
            settings: RwLock::new(Arc::new(loaded.settings)),
            secrets: RwLock::new(secrets),
            session_secrets: MemorySecrets::default(),
            hub: EventHub::new(),
            notices: Mutex::new(loaded.notice.into_iter().collect()),
            jobs: JobList::default(),
            wake: Notify::new(),
            ended: Notify::new(),
            calm: Notify::new(),
            index_due: Arc::default(),
            instance,
            painter: Painter::new(picture_memory.used()),
            picture_memory,
            compress: Desk::default(),
            providers: ProviderPool::default(),
            local_store: LocalStoreControl::default(),
            offers: Offers::default(),
            migration: MigrationDesk::default(),
            watching: Watching::new(options.watching),
            shutdown: CancellationToken::new(),
            tasks: TaskTracker::new(),
        })
    }

    /// Stops taking work and leaves the queue on disk for the next process.
    pub async fn close(&self) {
        self.shutdown.cancel();
        self.interrupt_all_for_shutdown();
        self.compress_close();
        self.tasks.close();
        self.tasks.wait().await;
        let me = self.instance.id().to_owned();
        let released = match self.clear_ended().await {
            Ok(()) => self.with_history(move |history| history.release_owner(&me)).await,
            Err(error) => Err(error),
        };
        if let Err(error) = released {
            tracing::warn!(%error, "the queue could not be released");
        }
        self.local_store.stop().await;
        tracing::info!("closed");
    }

    /// Where things are kept.
    #[must_use]
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// All events from now on.
    #[must_use]
    pub fn subscribe(&self) -> Events {
        self.hub.subscribe()
    }

    /// Sends an event of a front end: a drag, a screen to show.
    pub fn emit(&self, event: Event) {
        self.hub.send(event);
    }

    /// What the person should know right now, one for each topic.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells the person something; replaces what was told about the same topic.
    pub fn add_notice(&self, notice: Notice) {
        {
            let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
            notices.retain(|other| other.topic != notice.topic);
            notices.push(notice.clone());
        }
        self.emit(Event::Notice { notice });
    }

    /// Takes a notice away.
    pub fn dismiss_notice(&self, topic: &str) {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).retain(|notice| notice.topic != topic);
    }

    /// The settings as they are now.
    #[must_use]
    pub fn settings(&self) -> Arc<Settings> {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the settings on disk and in memory.
    ///
    /// # Errors
    /// What the change says, or why the file cannot be written; nothing is changed then.
    pub async fn change_settings(
        &self,
        change: impl FnOnce(&mut Settings) -> Result<()> + Send + 'static,
    ) -> Result<Arc<Settings>> {
        let file = self.settings_file.clone();
        let settings = run_blocking(move || file.change(change)).await?;
        Ok(self.adopt_settings(settings))
    }

    /// Makes settings the current ones, and tells.
    pub(crate) fn adopt_settings(&self, settings: Settings) -> Arc<Settings> {
        let settings = Arc::new(settings);
        let changed = {
            let mut current = self.settings.write().unwrap_or_else(PoisonError::into_inner);
            let changed = **current != *settings;
            *current = settings.clone();
            changed
        };
        if changed {
            self.providers.forget_changed(&settings);
            self.emit(Event::SettingsChanged);
            self.wake.notify_one();
            self.watching.settings_changed();
        }
        settings
    }

    /// Which kind of store keeps the secrets.
    #[must_use]
    pub fn secret_store_kind(&self) -> SecretStoreKind {
        self.secret_store().kind()
    }

    pub(crate) fn secret_store(&self) -> Arc<dyn SecretStore> {
        self.secrets.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps secrets in a file with mode 0600 from now on: the person's explicit choice on a
    /// computer without a keychain.
    ///
    /// # Errors
    /// A disk error; the keychain stays in use then.
    pub async fn use_secret_file(&self) -> Result<()> {
        let store = Arc::new(secrets::FileSecrets::new(self.paths.secrets_file()));
        let chosen = store.clone();
        let local_key = self.session_secrets.get(&local_store_account())?;
        run_blocking(move || match local_key {
            Some(key) => store.set(&local_store_account(), &key),
            // Writing and deleting makes the file, whose being there is the choice.
            None => store.set("choice", &picferry_core::secret::Secret::default()),
        })
        .await?;
        *self.secrets.write().unwrap_or_else(PoisonError::into_inner) = chosen;
        self.providers.forget_all();
        self.dismiss_notice("keychain");
        self.emit(Event::SettingsChanged);
        Ok(())
    }

    /// Runs a query on a thread that may block.
    pub(crate) async fn with_history<T: Send + 'static>(
        &self,
        query: impl FnOnce(&History) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let history = self.history.clone();
        run_blocking(move || query(&history)).await
    }

    /// Now, in Unix milliseconds.
    pub(crate) fn now_millis(&self) -> i64 {
        picferry_core::clock::unix_millis(&self.clock.now())
    }

    /// The list of rows changed: whoever shows them reads again.
    pub(crate) fn history_changed(&self) {
        self.emit(Event::HistoryChanged);
    }
}

/// The keychain account of the built-in store's key.
pub(crate) fn local_store_account() -> String {
    format!("{}/secret_access_key", picferry_core::profile::LOCAL_PROFILE_ID)
}

fn prepare_at_once(settings: &Settings) -> usize {
    match settings.upload.prepare_at_once {
        0 => std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
        number => number.min(64) as usize,
    }
}

/// Runs work that blocks on a thread made for that; a panic there becomes an error here.
pub(crate) async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Error::new(
            ErrorCode::Internal,
            "Picferry made a mistake while working on this. The picture and the settings are untouched.",
        )
        .hint("Try again; if it happens again, copy the details into a report.")
        .detail(error)),
    }
}
