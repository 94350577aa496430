//! What the parts of the shell share: the engine as soon as it is open, and where things stand.

use crate::card::CardLife;
use crate::copied::CopiedWatch;
use crate::desktop_host::Desktop;
use crate::events::Subscriptions;
use crate::follow::{self, News};
use crate::handed_over::HandedOver;
use crate::hotkeys::Hotkeys;
use crate::mini::{self, MiniLife};
use crate::windows::WindowLife;
use picferry_core::crossing::Crossing;
use picferry_core::{Error, ErrorCode, Result};
use picferry_engine::{Engine, EngineOptions, Paths, Role};
use picferry_rpc::Context;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tauri::{AppHandle, Manager as _};
use tokio::sync::{mpsc, watch};

/// The shell of one process. Tauri keeps it; everything reaches it through the app handle.
pub struct Shell {
    /// Where things are kept; `None` when not even that is known.
    pub paths: Option<Paths>,
    /// The global key.
    pub hotkeys: Hotkeys,
    /// Looks for pictures that other programs copy.
    pub copied: CopiedWatch,
    /// The main window between its making and its end.
    pub window: WindowLife,
    /// The drop window.
    pub mini: MiniLife,
    /// The card in the corner of the screen.
    pub card: CardLife,
    /// Whether a tray shows Picferry right now.
    pub tray_shown: watch::Sender<bool>,
    /// What an earlier process was handed over and could not store any more; read before this one
    /// is handed anything.
    left_behind: Mutex<Vec<HandedOver>>,
    /// How the pictures under way stand.
    pub crossing: watch::Sender<Crossing>,
    /// Whoever sums that up listens here.
    news: Mutex<Option<mpsc::UnboundedSender<News>>>,
    /// Who listens to the engine's events.
    pub subscriptions: Subscriptions,
    engine: watch::Sender<Option<Result<Context>>>,
    opening: tokio::sync::Mutex<()>,
    quitting: AtomicBool,
}

impl Shell {
    /// A shell whose engine is not open yet.
    pub fn new(paths: Option<Paths>) -> Self {
        let left_behind = paths.as_ref().map(HandedOver::left_behind).unwrap_or_default();
        let memory = paths.as_ref().map(mini::Memory::read).unwrap_or_default();
        Self {
            paths,
            left_behind: Mutex::new(left_behind),
            hotkeys: Hotkeys::default(),
            copied: CopiedWatch::default(),
            window: WindowLife::default(),
            mini: MiniLife::new(memory),
            card: CardLife::default(),
            tray_shown: watch::Sender::new(false),
            crossing: watch::Sender::new(Crossing::default()),
            news: Mutex::default(),
            engine: watch::Sender::new(None),
            opening: tokio::sync::Mutex::default(),
            subscriptions: Subscriptions::default(),
            quitting: AtomicBool::new(false),
        }
    }

    /// The engine with its desktop; waits until it is open.
    ///
    /// # Errors
    /// Why the engine could not be opened.
    pub async fn context(&self) -> Result<Context> {
        let mut engine = self.engine.subscribe();
        let opened = engine.wait_for(Option::is_some).await.map_err(|_| not_open())?;
        opened.clone().unwrap_or_else(|| Err(not_open()))
    }

    /// The engine with its desktop, however late it opens; `None` when the program ends before.
    pub async fn context_at_last(&self) -> Option<Context> {
        let mut engine = self.engine.subscribe();
        let opened = engine.wait_for(|engine| matches!(engine, Some(Ok(_)))).await.ok()?;
        opened.clone().and_then(Result::ok)
    }

    /// The engine with its desktop, if it is open already.
    pub fn context_now(&self) -> Option<Context> {
        self.engine.borrow().clone().and_then(Result::ok)
    }

    /// Everything that is told from now on, for the one who sums the crossing up.
    pub fn hear(&self) -> mpsc::UnboundedReceiver<News> {
        let (sender, receiver) = mpsc::unbounded_channel();
        *self.news.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        receiver
    }

    /// Tells whoever sums the crossing up; nobody before an engine is open.
    pub fn tell(&self, news: News) {
        if let Some(sender) = &*self.news.lock().unwrap_or_else(PoisonError::into_inner) {
            // The follower ends with its engine.
            drop(sender.send(news));
        }
    }

    /// Whether the engine was tried and could not be opened.
    pub fn has_failed(&self) -> bool {
        matches!(&*self.engine.borrow(), Some(Err(_)))
    }

    /// What an earlier process left behind, once.
    pub fn take_left_behind(&self) -> Vec<HandedOver> {
        std::mem::take(&mut *self.left_behind.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether the program is on its way out.
    pub fn is_quitting(&self) -> bool {
        self.quitting.load(Ordering::SeqCst)
    }

    /// Marks the way out; `false` when somebody did already.
    pub fn begin_quitting(&self) -> bool {
        !self.quitting.swap(true, Ordering::SeqCst)
    }
}

/// Opens the engine, tells everybody who waits for it, and starts what follows it.
///
/// # Errors
/// Why it could not be opened; the window shows the same.
pub async fn open_engine(app: &AppHandle) -> Result<Context> {
    let shell = app.state::<Shell>();
    let _one_at_a_time = shell.opening.lock().await;
    if let Some(context) = shell.context_now() {
        return Ok(context);
    }
    // Whoever asks during a second try waits for its end.
    shell.engine.send_replace(None);
    let opened = match EngineOptions::from_environment(Role::App) {
        Ok(options) => Box::pin(Engine::open(options)).await,
        Err(error) => Err(error),
    };
    let context = opened.map(|engine| Context { engine, host: Arc::new(Desktop::new(app.clone())) });
    match &context {
        Ok(context) => follow::start(app, context),
        Err(error) => {
            tracing::error!(code = %error.code.name(), "the engine could not be opened: {error}");
        }
    }
    shell.engine.send_replace(Some(context.clone()));
    context
}

fn not_open() -> Box<Error> {
    Error::new(ErrorCode::Internal, "Picferry is closing.")
}
