//! The card in the corner of the screen: how an upload came out that nobody watched, or whether to upload
//! what was copied. It never takes the focus, and goes by itself.

use crate::place::{self, Corner};
use crate::shell::Shell;
use crate::windows;
use crate::words::Language;
use picferry_core::crossing::Arrival;
use picferry_core::event::Event;
use picferry_core::offer::Offer;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tauri::{AppHandle, Manager as _, WebviewWindow, Window, WindowEvent};

/// The label of the card.
pub const WINDOW: &str = "card";

/// Its size, in pixels of the design.
const SIZE: (f64, f64) = (320.0, 96.0);

/// So long it is there when nobody points at it.
const LIFE: Duration = Duration::from_secs(6);

/// A question may be read and thought about.
const LIFE_OF_QUESTION: Duration = Duration::from_secs(12);

/// The card between its making and its end.
#[derive(Default)]
pub struct CardLife {
    making: tokio::sync::Mutex<()>,
    /// Grows with everything that gives the card time, so that an older timer knows it is late.
    turn: AtomicU64,
    /// Somebody points at it, or it waits for an answer: it stays.
    held: AtomicBool,
    /// The offer that it asks about.
    asks: Mutex<Option<String>>,
}

impl CardLife {
    fn ask_about(&self, offer: Option<String>) -> Option<String> {
        std::mem::replace(&mut *self.asks(), offer)
    }

    fn asks(&self) -> MutexGuard<'_, Option<String>> {
        self.asks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it asks, but about none of these.
    fn asks_none_of(&self, offers: &[Offer]) -> bool {
        self.asks().as_ref().is_some_and(|id| offers.iter().all(|offer| offer.id != *id))
    }

    fn time(&self) -> Duration {
        if self.asks().is_some() { LIFE_OF_QUESTION } else { LIFE }
    }
}

/// Says how an upload came out; a card that is there already says it instead.
pub fn show(app: &AppHandle, arrival: Arrival) {
    // Bad news stays until somebody pointed at it.
    let stays = arrival.failed > 0;
    tell(app, Event::Arrived { arrival }, stays, None);
}

/// Asks whether to upload. When it goes without an answer, the answer is no.
pub fn ask(app: &AppHandle, offer: Offer) {
    let id = offer.id.clone();
    tell(app, Event::Asked { offer }, false, Some(id));
}

fn tell(app: &AppHandle, news: Event, stays: bool, asks: Option<String>) {
    // Off the main thread: Windows deadlocks when a window is made inside an event handler.
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        let _one_at_a_time = shell.card.making.lock().await;
        shell.card.held.store(stays, Ordering::SeqCst);
        let before = shell.card.ask_about(asks.clone());
        if before != asks {
            refuse(&shell, before);
        }
        shell.subscriptions.tell(WINDOW, news);
        if app.get_webview_window(WINDOW).is_some() {
            live_on(&app);
        } else if let Err(error) = create(&app) {
            tracing::error!("the card could not be made: {error}");
        }
    });
}

fn create(app: &AppHandle) -> tauri::Result<()> {
    let window = windows::small(app, WINDOW, "card.html", SIZE)
        .title(Language::of(app).card_title())
        .focused(false)
        .focusable(false)
        .build()?;
    windows::colour_as_raised(app, &window);
    place::put(&window, None, SIZE, Corner::OF_NEWS);
    windows::show_small_late(app, WINDOW);
    Ok(())
}

/// Its page is drawn: it comes up, and its time begins.
pub fn painted(app: &AppHandle, window: &WebviewWindow) {
    if let Err(error) = window.show() {
        tracing::warn!("the card could not be shown: {error}");
    }
    // Some window managers choose a place of their own for what comes up.
    place::put(window, None, SIZE, Corner::OF_NEWS);
    live_on(app);
}

/// It stays for now.
pub fn hold(app: &AppHandle) {
    let card = &app.state::<Shell>().card;
    card.held.store(true, Ordering::SeqCst);
    card.turn.fetch_add(1, Ordering::SeqCst);
}

/// Its time begins again.
pub fn let_go(app: &AppHandle) {
    app.state::<Shell>().card.held.store(false, Ordering::SeqCst);
    live_on(app);
}

fn live_on(app: &AppHandle) {
    let card = &app.state::<Shell>().card;
    let turn = card.turn.fetch_add(1, Ordering::SeqCst) + 1;
    if card.held.load(Ordering::SeqCst) {
        return;
    }
    let (app, time) = (app.clone(), card.time());
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(time).await;
        if app.state::<Shell>().card.turn.load(Ordering::SeqCst) == turn {
            close(&app);
        }
    });
}

/// Takes it away, with its page and its memory.
pub fn close(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        let _one_at_a_time = shell.card.making.lock().await;
        refuse(&shell, shell.card.ask_about(None));
        windows::take_away(&app, WINDOW).await;
    });
}

/// The answer to a question that nobody answered.
fn refuse(shell: &Shell, unanswered: Option<String>) {
    if let (Some(id), Some(context)) = (unanswered, shell.context_now()) {
        // It may have been answered on the card, or in the window.
        drop(context.engine.take_offer(&id));
    }
}

/// Offers came or went: takes the card away when its question is not among them any more.
pub fn look_at_offers(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        let _one_at_a_time = shell.card.making.lock().await;
        let Some(context) = shell.context_now() else { return };
        if shell.card.asks_none_of(&context.engine.offers()) {
            shell.card.ask_about(None);
            windows::take_away(&app, WINDOW).await;
        }
    });
}

/// What happens to it.
pub fn on_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event {
        api.prevent_close();
        close(window.app_handle());
    }
}
