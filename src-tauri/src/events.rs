//! What the window is told: it asks for the next events and waits for the answer.
//!
//! Asked for instead of pushed: a suspended page asks for nothing and piles nothing up, a burst is
//! one answer, and this process needs no JavaScript engine of its own to hand events over.

use crate::shell::Shell;
use picferry_core::event::Event;
use picferry_engine::Engine;
use std::sync::{Arc, Mutex, PoisonError};
use tauri::{AppHandle, Manager as _};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

/// As many events go into one answer.
const AT_ONCE: usize = 256;

/// The one subscription of the one window; a later one ends the one before.
#[derive(Default)]
pub struct Subscriptions {
    current: Mutex<Option<Current>>,
}

struct Current {
    id: u32,
    subscription: Arc<Subscription>,
    /// Dropped with the subscription: whoever waits for its events hears of it.
    _end: watch::Sender<()>,
}

struct Subscription {
    /// `None` until an engine is open.
    events: tokio::sync::Mutex<Option<(Arc<Engine>, Receiver<Event>)>>,
    end: watch::Receiver<()>,
}

impl Subscriptions {
    fn begin(&self, events: Option<(Arc<Engine>, Receiver<Event>)>) -> u32 {
        let (sender, end) = watch::channel(());
        let subscription = Arc::new(Subscription { events: tokio::sync::Mutex::new(events), end });
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let id = current.as_ref().map_or(1, |before| before.id.wrapping_add(1));
        *current = Some(Current { id, subscription, _end: sender });
        id
    }

    /// The window is gone, or the program ends.
    pub fn end(&self) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn find(&self, id: u32) -> Option<Arc<Subscription>> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().filter(|current| current.id == id).map(|current| current.subscription.clone())
    }
}

/// Begins to keep events for the window. Answers once nothing can be missed, or once the engine
/// could not be opened: events begin when a later try succeeds.
#[tauri::command]
pub async fn subscribe(app: AppHandle) -> u32 {
    let shell = app.state::<Shell>();
    let events = shell.context().await.ok().map(|context| {
        let events = context.engine.subscribe();
        (context.engine, events)
    });
    shell.subscriptions.begin(events)
}

/// The next events, at least one, in their order; none when this subscription is over.
#[tauri::command]
pub async fn next_events(app: AppHandle, subscription: u32) -> Vec<Event> {
    let shell = app.state::<Shell>();
    let Some(subscription) = shell.subscriptions.find(subscription) else { return Vec::new() };
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
    match events.as_mut() {
        Some((engine, receiver)) => received(engine, receiver).await,
        None => Vec::new(),
    }
}

/// Waits for one event and takes what else is there.
async fn received(engine: &Engine, receiver: &mut Receiver<Event>) -> Vec<Event> {
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
    async fn a_later_window_ends_the_subscription_of_the_one_before() {
        let subscriptions = Subscriptions::default();
        let first = subscriptions.begin(None);
        let waiting = subscriptions.find(first).unwrap();
        let second = subscriptions.begin(None);
        assert_ne!(first, second);
        assert!(waiting.end.clone().changed().await.is_err(), "whoever waits is told of the end");
        assert!(subscriptions.find(first).is_none());
        assert!(subscriptions.find(second).is_some());
        subscriptions.end();
        assert!(subscriptions.find(second).is_none());
    }
}
