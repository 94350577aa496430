//! Keeps the server as the settings want it: open or not, at that address.

use super::{Clipboard, EditorOptions, EditorServer};
use picferry_core::event::{Event, Notice};
use picferry_core::settings::ServerSettings;
use picferry_engine::{Engine, Events};
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

/// What the notice about the server is called.
const TOPIC: &str = "server";

/// Opens the server when the settings say so, moves it when they change, and tells the person when
/// it cannot be opened. Ends with the engine, or when `stop` is cancelled.
pub async fn keep_open(engine: Arc<Engine>, clipboard: Option<Arc<dyn Clipboard>>, stop: CancellationToken) {
    let mut events = engine.subscribe();
    while !stop.is_cancelled() {
        let wanted = place(&engine);
        if !wanted.enabled {
            engine.dismiss_notice(TOPIC);
            wait(&engine, &mut events, &wanted, &stop).await;
            continue;
        }
        let options = EditorOptions { clipboard: clipboard.clone(), ..EditorOptions::default() };
        match EditorServer::open(Arc::clone(&engine), options).await {
            Ok(server) => {
                engine.dismiss_notice(TOPIC);
                tracing::info!(address = %server.address(), "open for editors");
                server.run(wait(&engine, &mut events, &wanted, &stop)).await;
            }
            Err(error) => {
                tracing::warn!(%error, "not open for editors");
                engine.add_notice(Notice { topic: TOPIC.into(), error: *error });
                wait(&engine, &mut events, &wanted, &stop).await;
            }
        }
    }
}

/// What of the settings needs the server to be opened anew.
fn place(engine: &Engine) -> ServerSettings {
    let settings = engine.settings();
    let server = &settings.server;
    ServerSettings {
        enabled: server.enabled,
        address: server.address.clone(),
        port: server.port,
        has_token: server.has_token,
        ..ServerSettings::default()
    }
}

/// Waits until the place is another one, or everything ends.
async fn wait(engine: &Engine, events: &mut Events, wanted: &ServerSettings, stop: &CancellationToken) {
    loop {
        let event = tokio::select! {
            () = stop.cancelled() => return,
            event = events.recv() => event,
        };
        match event {
            Ok(Event::SettingsChanged) | Err(RecvError::Lagged(_)) if place(engine) != *wanted => return,
            Err(RecvError::Closed) => return stop.cancel(),
            _ => {}
        }
    }
}
