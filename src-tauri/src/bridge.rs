//! The two commands of the window: ask something, and be told what changes.

use crate::desktop_host::Desktop;
use crate::shell::{Shell, open_engine};
use picferry_core::event::Event;
use picferry_core::{Error, ErrorCode, Result};
use picferry_engine::Engine;
use picferry_rpc::types::WindowRequest;
use picferry_rpc::{DesktopHost as _, dispatch};
use serde_json::Value;
use std::sync::Arc;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager as _};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// Does one command of the table in `crates/rpc`.
#[tauri::command]
pub async fn rpc(app: AppHandle, command: String, payload: Option<Value>) -> Result<Value, Error> {
    let payload = payload.unwrap_or_default();
    // The window's own buttons work before the engine is open, and when it cannot be opened.
    if command == "window" {
        return window(&app, payload).await.map_err(|error| *error);
    }
    // The page about a failed start asks for the state again: that is its “Try again”.
    if command == "app_state" && app.state::<Shell>().has_failed() {
        drop(Box::pin(open_engine(&app)).await);
    }
    let done = match app.state::<Shell>().context().await {
        Ok(context) => Box::pin(dispatch(&context, &command, payload)).await,
        Err(error) => without_engine(&app, &command, payload, error).await,
    };
    done.map_err(|error| *error)
}

async fn window(app: &AppHandle, payload: Value) -> Result<Value> {
    let request: WindowRequest = serde_json::from_value(payload).map_err(|error| {
        Error::new(ErrorCode::Internal, "The window asked for nothing known.").detail(error)
    })?;
    Desktop::new(app.clone()).window(request.action).await?;
    Ok(Value::Null)
}

/// What the page about a failed start needs: its details, copied. Everything else is that failure.
async fn without_engine(
    app: &AppHandle,
    command: &str,
    payload: Value,
    failure: Box<Error>,
) -> Result<Value> {
    match (command, payload.get("text").and_then(Value::as_str)) {
        ("text_copy", Some(text)) => {
            Desktop::new(app.clone()).write_clipboard_text(text.to_owned()).await?;
            Ok(Value::Null)
        }
        ("error_report", _) => Ok(Value::String(format!(
            "Picferry {}, {}\n{}",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            failure.report()
        ))),
        _ => Err(failure),
    }
}

/// Sends the engine's events to the window until it is gone. Answers once nothing can be missed,
/// or once the engine could not be opened: events begin when a later try succeeds.
#[tauri::command]
pub async fn subscribe(app: AppHandle, channel: Channel<Event>) {
    let shell = app.state::<Shell>();
    let task = match shell.context().await {
        Ok(context) => {
            let events = context.engine.subscribe();
            tauri::async_runtime::spawn(forward(context.engine, events, channel))
        }
        Err(_) => {
            let app = app.clone();
            tauri::async_runtime::spawn(async move {
                if let Some(context) = app.state::<Shell>().context_at_last().await {
                    let events = context.engine.subscribe();
                    forward(context.engine, events, channel).await;
                }
            })
        }
    };
    shell.replace_subscription(Some(task));
}

async fn forward(engine: Arc<Engine>, mut events: Receiver<Event>, channel: Channel<Event>) {
    loop {
        let sent = match events.recv().await {
            Ok(event) => channel.send(event),
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "the window fell behind and is told everything again");
                everything(&engine).into_iter().try_for_each(|event| channel.send(event))
            }
            Err(RecvError::Closed) => return,
        };
        if sent.is_err() {
            return;
        }
    }
}

/// The state as events, for a window that missed some.
fn everything(engine: &Engine) -> Vec<Event> {
    let mut events: Vec<Event> = engine.jobs().into_iter().map(|job| Event::JobChanged { job }).collect();
    events.extend([Event::SettingsChanged, Event::HistoryChanged]);
    events
}
