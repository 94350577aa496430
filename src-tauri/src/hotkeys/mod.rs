//! The key that uploads the clipboard from anywhere: the system's own keys on X11, Windows and
//! macOS, the desktop portal on Wayland, and where there is none, a command to bind by hand.

#[cfg(target_os = "linux")]
mod portal;

use crate::quick_upload;
use crate::shell::Shell;
use picferry_core::event::{Event, Notice};
use picferry_core::job::Origin;
use picferry_core::{Error, ErrorCode, Result};
use picferry_rpc::Context;
use picferry_rpc::types::HotkeyState;
use std::sync::{Mutex, PoisonError};
use tauri::{AppHandle, Manager as _};
use tauri_plugin_global_shortcut::{GlobalShortcutExt as _, Shortcut, ShortcutState};

/// The topic of the notice about a key that does nothing.
const TOPIC: &str = "hotkey";

/// The global key: what is wanted and what the system made of it.
#[derive(Default)]
pub struct Hotkeys {
    state: Mutex<HotkeyState>,
    /// What is held right now; one change at a time.
    held: tokio::sync::Mutex<Held>,
}

/// What is held of the system.
#[derive(Default)]
struct Held {
    /// The keys as the settings write them.
    wanted: String,
    grabbed: Option<Shortcut>,
    #[cfg(target_os = "linux")]
    portal: Option<portal::PortalKey>,
}

impl Hotkeys {
    /// How the key stands.
    pub fn state(&self) -> HotkeyState {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes other keys, or none for the empty text.
    ///
    /// # Errors
    /// `invalid_field` for keys that are none, `hotkey_taken`; the old ones stay then.
    pub async fn change(&self, app: &AppHandle, accelerator: &str) -> Result<HotkeyState> {
        let mut held = self.held.lock().await;
        let before = self.state();
        if held.wanted == accelerator && (before.registered || accelerator.is_empty()) {
            return Ok(before);
        }
        let state = take(app, &mut held, accelerator).await?;
        accelerator.clone_into(&mut held.wanted);
        self.set_state(state.clone());
        if let Some(context) = app.state::<Shell>().context_now() {
            context.engine.dismiss_notice(TOPIC);
        }
        Ok(state)
    }

    /// Makes the key what the settings say. A key that cannot be had is said, once.
    pub async fn follow_settings(&self, app: &AppHandle, context: &Context) {
        let wanted = context.engine.settings().hotkeys.upload_clipboard.clone();
        if self.held.lock().await.wanted == wanted {
            return;
        }
        if let Err(error) = self.change(app, &wanted).await {
            self.give_up(app, &wanted, &error).await;
            context.engine.add_notice(Notice { topic: TOPIC.to_owned(), error: *error });
        }
        // The window reads the state of the key together with the settings.
        context.engine.emit(Event::SettingsChanged);
    }

    /// Holds no key, and remembers why.
    async fn give_up(&self, app: &AppHandle, wanted: &str, error: &Error) {
        tracing::warn!(keys = wanted, code = %error.code.name(), "the global key could not be taken");
        let mut held = self.held.lock().await;
        release(app, &mut held).await;
        wanted.clone_into(&mut held.wanted);
        self.set_state(HotkeyState {
            accelerator: wanted.to_owned(),
            registered: false,
            error: Some(error.clone()),
            manual_command: None,
        });
    }

    fn set_state(&self, state: HotkeyState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

/// Takes the keys and lets go of the ones before; on failure the ones before stay.
async fn take(app: &AppHandle, held: &mut Held, accelerator: &str) -> Result<HotkeyState> {
    if accelerator.is_empty() {
        release(app, held).await;
        return Ok(HotkeyState::default());
    }
    let shortcut: Shortcut = accelerator.parse().map_err(|error| not_keys(accelerator, &error))?;
    #[cfg(target_os = "linux")]
    if crate::environment::is_wayland() {
        return Ok(bind(app, held, accelerator).await);
    }
    if held.grabbed != Some(shortcut) {
        grab(app, shortcut, accelerator).await?;
        release(app, held).await;
        held.grabbed = Some(shortcut);
    }
    Ok(HotkeyState { accelerator: accelerator.to_owned(), registered: true, ..HotkeyState::default() })
}

/// Asks the desktop portal; without one the person gets a command to bind by hand.
#[cfg(target_os = "linux")]
async fn bind(app: &AppHandle, held: &mut Held, accelerator: &str) -> HotkeyState {
    release(app, held).await;
    match portal::bind(app, accelerator).await {
        Ok(key) => {
            let accelerator = if key.trigger.is_empty() { accelerator } else { &key.trigger }.to_owned();
            held.portal = Some(key);
            HotkeyState { accelerator, registered: true, ..HotkeyState::default() }
        }
        Err(error) => {
            tracing::info!("this Wayland desktop gives no global keys: {error}");
            HotkeyState {
                accelerator: accelerator.to_owned(),
                registered: false,
                error: None,
                manual_command: Some(crate::environment::upload_clipboard_command()),
            }
        }
    }
}

/// Grabs the keys. The plugin waits for the main thread, so this must not run there or on a worker.
async fn grab(app: &AppHandle, shortcut: Shortcut, accelerator: &str) -> Result<()> {
    let app = app.clone();
    tokio::task::spawn_blocking(move || {
        app.global_shortcut().on_shortcut(shortcut, |app, _, event| {
            if event.state == ShortcutState::Pressed {
                pressed(app);
            }
        })
    })
    .await
    .map_err(|error| taken(accelerator).detail(error))?
    .map_err(|error| taken(accelerator).detail(error))
}

async fn release(app: &AppHandle, held: &mut Held) {
    #[cfg(target_os = "linux")]
    if let Some(key) = held.portal.take() {
        key.close().await;
    }
    let Some(shortcut) = held.grabbed.take() else { return };
    let app = app.clone();
    let released = tokio::task::spawn_blocking(move || app.global_shortcut().unregister(shortcut)).await;
    if !matches!(released, Ok(Ok(()))) {
        tracing::warn!("the global key could not be given back");
    }
}

fn pressed(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move { quick_upload::clipboard(&app, Origin::Hotkey).await });
}

fn taken(accelerator: &str) -> Box<Error> {
    Error::new(ErrorCode::HotkeyTaken, format!("Another program holds {accelerator}."))
        .hint("Choose other keys in Settings, or switch the hotkey off.")
        .param("accelerator", accelerator)
}

fn not_keys(accelerator: &str, why: &dyn std::fmt::Display) -> Box<Error> {
    Error::new(ErrorCode::InvalidField, format!("{accelerator} is not a combination of keys."))
        .field("upload_clipboard")
        .hint("Use one key with Ctrl, Alt, Shift or Super, such as Ctrl+Alt+U.")
        .detail(why)
}
