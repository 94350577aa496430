//! Follows the engine: what changes there shows in the tray, in the small windows, in notifications
//! and in the hotkey.

use crate::arrival;
use crate::card;
use crate::copied;
use crate::crossing::{DONE_LIFE, Meter};
use crate::mini;
use crate::notify;
use crate::shell::Shell;
use crate::tray::{Recent, Thumbnails, Tray, TrayModel, TrayState};
use crate::words::Language;
use async_trait::async_trait;
use picferry_core::crossing::CrossingPhase;
use picferry_core::event::Event;
use picferry_core::job::Source;
use picferry_core::upload::HistoryFilter;
use picferry_rpc::{Context, Delivered};
use picferry_server::editors::{Clipboard, keep_open};
use std::sync::Arc;
use std::time::Duration;
use tauri::{AppHandle, Manager as _};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

/// The tray and the small windows are told of changes at most that often.
const REST: Duration = Duration::from_millis(400);

/// How many links the tray offers.
const RECENT_LINKS: u32 = 5;

/// A picture is drawn small while it is on its way, and may be ready a moment after it arrived.
const THUMBNAIL_REST: Duration = Duration::from_millis(150);
const LOOKS_FOR_THUMBNAIL: usize = 4;

/// What only the shell knows of the crossing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The links of a batch are on the clipboard.
    Copied {
        /// The batch.
        batch: String,
        /// The format of the links.
        format: String,
    },
    /// Somebody looked at how the last batch ended.
    Seen,
    /// Something else is different: the tray is drawn again.
    Look,
}

/// What of the tray's content may be out of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Stale {
    jobs: bool,
    history: bool,
    settings: bool,
}

impl Stale {
    const ALL: Self = Self { jobs: true, history: true, settings: true };
}

/// Starts everything that follows an engine just opened.
pub fn start(app: &AppHandle, context: &Context) {
    follow_hotkey(app, context);
    copied::follow_settings(app, context);
    let news = app.state::<Shell>().hear();
    let (for_news, with) = (app.clone(), context.clone());
    let tell = move |delivered| tell_of_batch(&for_news, &with, delivered);
    tauri::async_runtime::spawn(picferry_rpc::deliver(context.clone(), tell));
    tauri::async_runtime::spawn(run(app.clone(), context.clone(), news));
    tauri::async_runtime::spawn(tell_of_tray(app.clone(), context.clone()));
    let clipboard = Arc::new(OwnClipboard(context.clone()));
    // Ends with the program: what was accepted by then is in the queue.
    let for_ever = CancellationToken::new();
    tauri::async_runtime::spawn(keep_open(context.engine.clone(), Some(clipboard), for_ever));
}

/// The clipboard as editors ask for it.
struct OwnClipboard(Context);

#[async_trait]
impl Clipboard for OwnClipboard {
    async fn read(&self) -> picferry_core::Result<Vec<Source>> {
        self.0.host.read_clipboard().await
    }
}

/// A batch ended and its links were handed over: whoever did not watch is told.
fn tell_of_batch(app: &AppHandle, context: &Context, delivered: Delivered) {
    if let Some(copied) = &delivered.copied {
        let (batch, format) = (delivered.batch.clone(), copied.format.clone());
        app.state::<Shell>().tell(News::Copied { batch, format });
    }
    let (app, context) = (app.clone(), context.clone());
    tauri::async_runtime::spawn(async move {
        for _ in 0..LOOKS_FOR_THUMBNAIL {
            let arrival = arrival::of(&context.engine.jobs_of_batch(&delivered.batch), &delivered);
            match arrival {
                None => return,
                Some(arrival) if arrival.thumbnail.is_some() || arrival.arrived == 0 => {
                    return notify::arrived(&app, arrival);
                }
                Some(_) => tokio::time::sleep(THUMBNAIL_REST).await,
            }
        }
        if let Some(arrival) = arrival::of(&context.engine.jobs_of_batch(&delivered.batch), &delivered) {
            notify::arrived(&app, arrival);
        }
    });
}

/// The window reads whether there is a tray together with the settings.
async fn tell_of_tray(app: AppHandle, context: Context) {
    let mut shown = app.state::<Shell>().tray_shown.subscribe();
    while shown.changed().await.is_ok() {
        context.engine.emit(Event::SettingsChanged);
    }
}

/// What the follower knows, and what it shows of it.
struct Follower {
    app: AppHandle,
    context: Context,
    model: TrayModel,
    thumbnails: Thumbnails,
    meter: Meter,
    stale: Stale,
}

/// Follows until the engine closes.
async fn run(app: AppHandle, context: Context, mut news: mpsc::UnboundedReceiver<News>) {
    let mut events = context.engine.subscribe();
    let model = TrayModel { usable: true, ..TrayModel::default() };
    let (thumbnails, meter) = (Thumbnails::default(), Meter::default());
    let mut follower = Follower { app, context, model, thumbnails, meter, stale: Stale::ALL };
    let mut due = Instant::now();
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Ok(event) => follower.note(&event),
                Err(RecvError::Lagged(_)) => follower.stale = Stale::ALL,
                Err(RecvError::Closed) => return,
            },
            Some(news) = news.recv() => follower.note_news(&news),
            () = sleep_until(due), if follower.stale != Stale::default() => {
                due = Instant::now() + REST;
                follower.refresh().await;
            }
        }
    }
}

impl Follower {
    fn note(&mut self, event: &Event) {
        match event {
            Event::JobChanged { .. } | Event::JobsCleared { .. } => self.stale.jobs = true,
            Event::HistoryChanged => self.stale.history = true,
            Event::SettingsChanged => {
                self.stale.settings = true;
                follow_hotkey(&self.app, &self.context);
                copied::follow_settings(&self.app, &self.context);
            }
            Event::OffersChanged { .. } => card::look_at_offers(&self.app),
            Event::BatchFinished { batch, .. } => {
                self.meter.ended(batch, std::time::Instant::now());
                self.stale.jobs = true;
            }
            _ => {}
        }
    }

    fn note_news(&mut self, news: &News) {
        match news {
            News::Copied { batch, format } => self.meter.copied(batch, format),
            News::Seen => self.meter.seen(),
            News::Look => {}
        }
        self.stale.jobs = true;
    }

    async fn refresh(&mut self) {
        let stale = std::mem::take(&mut self.stale);
        if stale.settings {
            self.read_settings();
        }
        if stale.jobs {
            self.read_jobs();
        }
        if stale.history {
            self.read_history().await;
        }
        self.model.drop_window = mini::is_open(&self.app);
        self.app.state::<Tray>().update(&self.model);
    }

    fn read_settings(&mut self) {
        let settings = self.context.engine.settings();
        let language = Language::chosen(&settings.language);
        let profiles = settings.profiles.iter();
        self.model.language = language;
        self.model.profiles = profiles
            .map(|profile| (profile.id.clone(), language.profile_name(&profile.id, &profile.name)))
            .collect();
        self.model.default_profile.clone_from(&settings.default_profile);
        self.model.formats = picferry_rpc::link_formats(&settings.links);
        self.model.format.clone_from(&settings.links.format);
        self.model.watches_folders = (!settings.watch.folders.is_empty()).then_some(!settings.watch.paused);
    }

    fn read_jobs(&mut self) {
        let jobs = self.context.engine.jobs();
        let crossing = self.meter.read(&jobs, std::time::Instant::now());
        self.model.state = TrayState::of(&crossing);
        if crossing.phase == CrossingPhase::Done {
            self.look_again_later();
        }
        let shell = self.app.state::<Shell>();
        if *shell.crossing.borrow() == crossing {
            return;
        }
        if mini::is_open(&self.app) {
            shell.subscriptions.tell(mini::WINDOW, Event::CrossingChanged { crossing: crossing.clone() });
        }
        shell.crossing.send_replace(crossing);
    }

    /// Good news grows old though nothing happens.
    fn look_again_later(&self) {
        let app = self.app.clone();
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(DONE_LIFE).await;
            app.state::<Shell>().tell(News::Look);
        });
    }

    async fn read_history(&mut self) {
        let engine = &self.context.engine;
        match engine.history_page(HistoryFilter::default(), None, RECENT_LINKS).await {
            Ok(page) => {
                let icons = self.thumbnails.of(engine, &page.rows).await;
                let recents = page.rows.into_iter().zip(icons);
                self.model.recents =
                    recents.map(|(row, icon)| Recent { id: row.id, name: row.name, icon }).collect();
            }
            Err(error) => tracing::warn!("the tray's links could not be read: {error}"),
        }
    }
}

/// Makes the global key what the settings say, apart: the desktop may ask the person first.
fn follow_hotkey(app: &AppHandle, context: &Context) {
    let (app, context) = (app.clone(), context.clone());
    tauri::async_runtime::spawn(async move {
        app.state::<Shell>().hotkeys.follow_settings(&app, &context).await;
    });
}
