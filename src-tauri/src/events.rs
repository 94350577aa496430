//! What the windows are told: each asks for the next events and waits for the answer.
//!
//! Asked for instead of pushed: a suspended page asks for nothing and piles nothing up, a burst is
//! one answer, and this process needs no JavaScript engine of its own to hand events over. Besides
//! what the engine tells everybody, a window has news of its own: files above it, a screen to show.

use crate::shell::Shell;
use picferry_core::event::Event;
use picferry_engine::{Engine, Events};
use std::collections::HashMap;
use std::mem::discriminant;
use std::sync::{Arc, Mutex, PoisonError};
use tauri::{AppHandle, Manager as _, WebviewWindow};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, watch};

/// As many events go into one answer.
const AT_ONCE: usize = 256;

/// Who listens: one subscription of each window; a later one ends the one before.
#[derive(Default)]
pub struct Subscriptions {
    windows: Mutex<HashMap<String, Listener>>,
}

/// One window.
#[derive(Default)]
struct Listener {
    /// Waits here until the window asks, also before it can.
    own: Arc<OwnNews>,
    last_id: u32,
    current: Option<Current>,
}

struct Current {
    id: u32,
    subscription: Arc<Subscription>,
    /// Dropped with the subscription: whoever waits for its events hears of it.
    _end: watch::Sender<()>,
}

struct Subscription {
    /// `None` until an engine is open.
    events: tokio::sync::Mutex<Option<(Arc<Engine>, Events)>>,
    own: Arc<OwnNews>,
    end: watch::Receiver<()>,
}

/// What one window alone is told.
#[derive(Default)]
struct OwnNews {
    waiting: Mutex<Vec<Event>>,
    woken: Notify,
}

impl OwnNews {
    /// Snapshots replace the ones before them, so that nothing piles up.
    fn add(&self, event: Event) {
        let is_snapshot = matches!(
            event,
            Event::DragHover { .. }
                | Event::CrossingChanged { .. }
                | Event::Arrived { .. }
                | Event::Asked { .. }
                | Event::Navigate { .. }
        );
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if is_snapshot {
            waiting.retain(|other| discriminant(other) != discriminant(&event));
        }
        waiting.push(event);
        self.woken.notify_one();
    }

    fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Subscriptions {
    fn begin(&self, window: &str, events: Option<(Arc<Engine>, Events)>) -> u32 {
        let (sender, end) = watch::channel(());
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let listener = windows.entry(window.to_owned()).or_default();
        let own = Arc::clone(&listener.own);
        let subscription = Arc::new(Subscription { events: tokio::sync::Mutex::new(events), own, end });
        listener.last_id = listener.last_id.wrapping_add(1);
        let id = listener.last_id;
        listener.current = Some(Current { id, subscription, _end: sender });
        id
    }

    /// Tells one window something, now or as soon as it listens.
    pub fn tell(&self, window: &str, event: Event) {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        windows.entry(window.to_owned()).or_default().own.add(event);
    }

    /// The window is gone.
    pub fn end_of(&self, window: &str) {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner).remove(window);
    }

    /// The program ends.
    pub fn end(&self) {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn find(&self, window: &str, id: u32) -> Option<Arc<Subscription>> {
        let windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let current = windows.get(window)?.current.as_ref();
        current.filter(|current| current.id == id).map(|current| current.subscription.clone())
    }
}

/// Begins to keep events for the window. Answers once nothing can be missed, or once the engine
/// could not be opened: events begin when a later try succeeds.
#[tauri::command]
pub async fn subscribe(app: AppHandle, window: WebviewWindow) -> u32 {
    let shell = app.state::<Shell>();
    let events = shell.context().await.ok().map(|context| {
        let events = context.engine.subscribe();
        (context.engine, events)
    });
    shell.subscriptions.begin(window.label(), events)
}

/// The next events, at least one, in their order; none when this subscription is over.
#[tauri::command]
pub async fn next_events(app: AppHandle, window: WebviewWindow, subscription: u32) -> Vec<Event> {
    let shell = app.state::<Shell>();
    let Some(subscription) = shell.subscriptions.find(window.label(), subscription) else {
        return Vec::new();
    };
    let mut end = subscription.end.clone();
    tokio::select! {
        events = next(&shell, &subscription) => events,
        // Nothing is ever sent: this returns when the sender is dropped.
        _ = end.changed() => Vec::new(),
    }
}

async fn next(shell: &Shell, subscription: &Subscription) -> Vec<Event> {
    let mut events = subscription.events.lock().await;
    if events.is_none() {
        let Some(context) = shell.context_at_last().await else { return Vec::new() };
        let receiver = context.engine.subscribe();
        *events = Some((context.engine, receiver));
    }
    let Some((engine, receiver)) = events.as_mut() else { return Vec::new() };
    loop {
        let mut events = tokio::select! {
            () = subscription.own.woken.notified() => Vec::new(),
            events = received(engine, receiver) => {
                if events.is_empty() {
                    return events;
                }
                events
            }
        };
        events.extend(subscription.own.take());
        if !events.is_empty() {
            return events;
        }
    }
}

/// Waits for one event and takes what else is there; none when the engine is closed.
async fn received(engine: &Engine, receiver: &mut Events) -> Vec<Event> {
    let mut events = Vec::new();
    match receiver.recv().await {
        Ok(event) => events.push(event),
        Err(RecvError::Lagged(missed)) => {
            tracing::warn!(missed, "the window fell behind and is told everything again");
            events.extend(everything(engine));
        }
        Err(RecvError::Closed) => return events,
    }
    while events.len() < AT_ONCE
        && let Ok(event) = receiver.try_recv()
    {
        events.push(event);
    }
    events
}

/// The state as events, for a window that missed some.
fn everything(engine: &Engine) -> Vec<Event> {
    let mut events: Vec<Event> = engine.jobs().into_iter().map(|job| Event::JobChanged { job }).collect();
    events.extend([Event::SettingsChanged, Event::HistoryChanged]);
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_later_subscription_of_a_window_ends_the_one_before_and_no_other() {
        let subscriptions = Subscriptions::default();
        let other = subscriptions.begin("mini", None);
        let first = subscriptions.begin("main", None);
        let waiting = subscriptions.find("main", first).unwrap();
        let second = subscriptions.begin("main", None);
        assert_ne!(first, second);
        assert!(waiting.end.clone().changed().await.is_err(), "whoever waits is told of the end");
        assert!(subscriptions.find("main", first).is_none());
        assert!(subscriptions.find("main", second).is_some());
        subscriptions.end_of("main");
        assert!(subscriptions.find("main", second).is_none());
        assert!(subscriptions.find("mini", other).is_some());
        subscriptions.end();
        assert!(subscriptions.find("mini", other).is_none());
    }

    #[test]
    fn a_window_that_is_still_being_made_hears_its_own_news_later_and_only_the_last_snapshot() {
        let subscriptions = Subscriptions::default();
        let hover = |count| Event::DragHover { x: 1, y: 2, count };
        subscriptions.tell("mini", hover(1));
        subscriptions.tell("mini", Event::DragLeft);
        subscriptions.tell("mini", hover(2));
        let id = subscriptions.begin("mini", None);
        let subscription = subscriptions.find("mini", id).unwrap();
        assert_eq!(subscription.own.take(), [Event::DragLeft, hover(2)]);
        assert!(subscription.own.take().is_empty());
    }
}
