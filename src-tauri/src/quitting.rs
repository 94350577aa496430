//! The way out: the queue stays on disk and goes on at the next start.

use crate::shell::Shell;
use std::time::Duration;
use tauri::{AppHandle, Manager as _};

/// Closing waits for what is under way to stop, but not for ever.
const CLOSED_AT_THE_LATEST: Duration = Duration::from_secs(5);

/// Ends the program: the windows go at once, the engine is closed, then the process ends.
pub fn quit(app: &AppHandle) {
    if !app.state::<Shell>().begin_quitting() {
        return;
    }
    for window in app.webview_windows().values() {
        // The process ends soon; a window that stays a moment longer does no harm.
        drop(window.hide());
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        close_engine(&app).await;
        app.exit(0);
    });
}

/// Closes the engine when the system ended the program past [`quit`].
pub fn on_exit(app: &AppHandle) {
    if app.state::<Shell>().begin_quitting() {
        tauri::async_runtime::block_on(close_engine(app));
    }
}

async fn close_engine(app: &AppHandle) {
    let shell = app.state::<Shell>();
    shell.subscriptions.end();
    if let Some(context) = shell.context_now()
        && tokio::time::timeout(CLOSED_AT_THE_LATEST, context.engine.close()).await.is_err()
    {
        tracing::warn!("the engine was not closed in time; the queue on disk is whole all the same");
    }
}

/// Ends the program in good order when the session or a person ends it with a signal.
#[cfg(unix)]
pub fn on_signals(app: &AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let (Ok(mut terminate), Ok(mut interrupt), Ok(mut hang_up)) =
            (signal(SignalKind::terminate()), signal(SignalKind::interrupt()), signal(SignalKind::hangup()))
        else {
            tracing::warn!("signals cannot be received");
            return;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hang_up.recv() => {}
        }
        quit(&app);
    });
}

/// Windows ends programs with messages to their windows, which Tauri handles.
#[cfg(not(unix))]
pub fn on_signals(_: &AppHandle) {}
