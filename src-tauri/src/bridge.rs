//! The command of the windows, which carries all others.

use crate::desktop_host::Desktop;
use crate::shell::{Shell, open_engine};
use picferry_core::{Error, ErrorCode, Result};
use picferry_rpc::types::WindowRequest;
use picferry_rpc::{DesktopHost as _, dispatch};
use serde_json::Value;
use tauri::{AppHandle, Manager as _, WebviewWindow};

/// Does one command of the table in `crates/rpc`.
#[tauri::command]
pub async fn rpc(
    app: AppHandle,
    window: WebviewWindow,
    command: String,
    payload: Option<Value>,
) -> Result<Value, Error> {
    let payload = payload.unwrap_or_default();
    // The window's own buttons work before the engine is open, and when it cannot be opened.
    if command == "window" {
        return act_on(&window, payload).map_err(|error| *error);
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

fn act_on(window: &WebviewWindow, payload: Value) -> Result<Value> {
    let request: WindowRequest = serde_json::from_value(payload).map_err(|error| {
        Error::new(ErrorCode::Internal, "The window asked for nothing known.").detail(error)
    })?;
    Desktop::new(window.app_handle().clone()).window_of(window.label(), request.action)?;
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
