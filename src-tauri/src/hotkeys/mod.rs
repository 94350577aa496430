//! The keys that work everywhere: the system's own keys on X11, Windows and macOS, the desktop portal
//! on Wayland, and where there is none, a command to bind by hand.

#[cfg(target_os = "linux")]
mod portal;

use crate::shell::Shell;
use crate::{mini, quick_upload};
use picferry_core::event::{Event, Notice};
use picferry_core::job::Origin;
use picferry_core::{Error, ErrorCode, Result};
use picferry_rpc::Context;
use picferry_rpc::types::{HotkeyName, HotkeyState};
use std::sync::{Mutex, PoisonError};
use tauri::{AppHandle, Manager as _};
use tauri_plugin_global_shortcut::{GlobalShortcutExt as _, Shortcut, ShortcutState};

/// The keys that work everywhere.
#[derive(Default)]
pub struct Hotkeys {
    upload_clipboard: Hotkey,
    drop_window: Hotkey,
}

/// One key: what is wanted and what the system made of it.
#[derive(Default)]
struct Hotkey {
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

/// The topic of the notice about a key that does nothing.
fn topic(name: HotkeyName) -> &'static str {
    match name {
        HotkeyName::UploadClipboard => "hotkey",
        HotkeyName::DropWindow => "hotkey_drop_window",
    }
}

impl Hotkeys {
    fn key(&self, name: HotkeyName) -> &Hotkey {
        match name {
            HotkeyName::UploadClipboard => &self.upload_clipboard,
            HotkeyName::DropWindow => &self.drop_window,
        }
    }

    /// How a key stands.
    pub fn state(&self, name: HotkeyName) -> HotkeyState {
        self.key(name).state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes other keys, or none for the empty text.
    ///
    /// # Errors
    /// `invalid_field` for keys that are none, `hotkey_taken`; the old ones stay then.
    pub async fn change(&self, app: &AppHandle, name: HotkeyName, accelerator: &str) -> Result<HotkeyState> {
        let mut held = self.key(name).held.lock().await;
        let before = self.state(name);
        if held.wanted == accelerator && (before.registered || accelerator.is_empty()) {
            return Ok(before);
        }
        let state = take(app, name, &mut held, accelerator).await?;
        accelerator.clone_into(&mut held.wanted);
        self.set_state(name, state.clone());
        if let Some(context) = app.state::<Shell>().context_now() {
            context.engine.dismiss_notice(topic(name));
        }
        Ok(state)
    }

    /// Makes the keys what the settings say. A key that cannot be had is said, once.
    pub async fn follow_settings(&self, app: &AppHandle, context: &Context) {
        for name in HotkeyName::ALL {
            let wanted = name.of(&context.engine.settings().hotkeys).to_owned();
            if self.key(name).held.lock().await.wanted == wanted {
                continue;
            }
            if let Err(error) = self.change(app, name, &wanted).await {
                self.give_up(app, name, &wanted, &error).await;
                context.engine.add_notice(Notice { topic: topic(name).to_owned(), error: *error });
            }
            // The window reads the state of the keys together with the settings.
            context.engine.emit(Event::SettingsChanged);
        }
    }

    /// Holds no key, and remembers why.
    async fn give_up(&self, app: &AppHandle, name: HotkeyName, wanted: &str, error: &Error) {
        tracing::warn!(keys = wanted, code = %error.code.name(), "the global key could not be taken");
        let mut held = self.key(name).held.lock().await;
        release(app, &mut held).await;
        wanted.clone_into(&mut held.wanted);
        let state = HotkeyState {
            accelerator: wanted.to_owned(),
            registered: false,
            error: Some(error.clone()),
            manual_command: None,
        };
        self.set_state(name, state);
    }

    fn set_state(&self, name: HotkeyName, state: HotkeyState) {
        *self.key(name).state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

/// Takes the keys and lets go of the ones before; on failure the ones before stay.
async fn take(app: &AppHandle, name: HotkeyName, held: &mut Held, accelerator: &str) -> Result<HotkeyState> {
    if accelerator.is_empty() {
        release(app, held).await;
        return Ok(HotkeyState::default());
    }
    let shortcut: Shortcut = accelerator.parse().map_err(|error| not_keys(name, accelerator, &error))?;
    #[cfg(target_os = "linux")]
    if crate::environment::is_wayland() {
        return Ok(bind(app, name, held, accelerator).await);
    }
    if held.grabbed != Some(shortcut) {
        grab(app, name, shortcut, accelerator).await?;
        release(app, held).await;
        held.grabbed = Some(shortcut);
    }
    Ok(HotkeyState { accelerator: accelerator.to_owned(), registered: true, ..HotkeyState::default() })
}

/// Asks the desktop portal; without one the person gets a command to bind by hand.
#[cfg(target_os = "linux")]
async fn bind(app: &AppHandle, name: HotkeyName, held: &mut Held, accelerator: &str) -> HotkeyState {
    release(app, held).await;
    match portal::bind(app, name, accelerator).await {
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
                manual_command: Some(crate::environment::command_for(name)),
            }
        }
    }
}

/// Grabs the keys. The plugin waits for the main thread, so this must not run there or on a worker.
async fn grab(app: &AppHandle, name: HotkeyName, shortcut: Shortcut, accelerator: &str) -> Result<()> {
    let app = app.clone();
    tokio::task::spawn_blocking(move || {
        app.global_shortcut().on_shortcut(shortcut, move |app, _, event| {
            if event.state == ShortcutState::Pressed {
                pressed(app, name);
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

fn pressed(app: &AppHandle, name: HotkeyName) {
    match name {
        HotkeyName::UploadClipboard => {
            let app = app.clone();
            tauri::async_runtime::spawn(async move { quick_upload::clipboard(&app, Origin::Hotkey).await });
        }
        HotkeyName::DropWindow => mini::toggle(app),
    }
}

fn taken(accelerator: &str) -> Box<Error> {
    Error::new(ErrorCode::HotkeyTaken, format!("Another program holds {accelerator}."))
        .hint("Choose other keys in Settings, or switch the hotkey off.")
        .param("accelerator", accelerator)
}

fn not_keys(name: HotkeyName, accelerator: &str, why: &dyn std::fmt::Display) -> Box<Error> {
    Error::new(ErrorCode::InvalidField, format!("{accelerator} is not a combination of keys."))
        .field(match name {
            HotkeyName::UploadClipboard => "upload_clipboard",
            HotkeyName::DropWindow => "drop_window",
        })
        .hint("Use one key with Ctrl, Alt, Shift or Super, such as Ctrl+Alt+U.")
        .detail(why)
}
