//! Global keys on Wayland, through the desktop portal: the person confirms them once.

use super::pressed;
use crate::words::Language;
use ashpd::desktop::Session;
use ashpd::desktop::global_shortcuts::{BindShortcutsOptions, GlobalShortcuts, NewShortcut};
use futures::StreamExt as _;
use picferry_rpc::types::HotkeyName;
use tauri::AppHandle;
use tauri::async_runtime::JoinHandle;

/// The id under which the desktop remembers a key.
fn id_of(name: HotkeyName) -> &'static str {
    match name {
        HotkeyName::UploadClipboard => "upload-clipboard",
        HotkeyName::DropWindow => "drop-window",
    }
}

/// A key that the portal gave.
pub struct PortalKey {
    /// The keys in the desktop's own words; may be empty.
    pub trigger: String,
    session: Session<GlobalShortcuts>,
    listener: JoinHandle<()>,
}

impl PortalKey {
    /// Gives the key back.
    pub async fn close(self) {
        self.listener.abort();
        if let Err(error) = self.session.close().await {
            tracing::debug!("the portal's session could not be closed: {error}");
        }
    }
}

/// Asks for the keys. The desktop may ask the person, so this may take its time.
///
/// # Errors
/// There is no portal, it has no global keys, or the person refused.
pub async fn bind(app: &AppHandle, name: HotkeyName, accelerator: &str) -> Result<PortalKey, ashpd::Error> {
    register_app(app).await;
    let id = id_of(name);
    let portal = GlobalShortcuts::new().await?;
    // Listening begins before binding: the first press must not be missed.
    let mut activated = Box::pin(portal.receive_activated().await?);
    let session = portal.create_session(ashpd::desktop::CreateSessionOptions::default()).await?;
    let trigger = trigger(accelerator);
    let description = Language::of(app).hotkey_description(name);
    let shortcut = NewShortcut::new(id, description).preferred_trigger(trigger.as_str());
    let bound = portal
        .bind_shortcuts(&session, &[shortcut], None, BindShortcutsOptions::default())
        .await?
        .response()?;
    let trigger = bound
        .shortcuts()
        .iter()
        .find(|shortcut| shortcut.id() == id)
        .map(|shortcut| shortcut.trigger_description().to_owned())
        .ok_or(ashpd::Error::NoResponse)?;
    let app = app.clone();
    let listener = tauri::async_runtime::spawn(async move {
        while let Some(event) = activated.next().await {
            if event.shortcut_id() == id {
                pressed(&app, name);
            }
        }
    });
    Ok(PortalKey { trigger, session, listener })
}

/// Tells the portal who asks; older portals find out themselves or do without.
async fn register_app(app: &AppHandle) {
    if let Ok(id) = ashpd::AppID::try_from(app.config().identifier.as_str())
        && let Err(error) = ashpd::register_host_app(id).await
    {
        tracing::debug!("the portal did not take the app's id: {error}");
    }
}

/// `Ctrl+Alt+U` as the shortcuts specification writes it: `CTRL+ALT+u`.
fn trigger(accelerator: &str) -> String {
    let parts: Vec<String> = accelerator
        .split('+')
        .map(|part| match part.trim().to_ascii_lowercase().as_str() {
            "ctrl" | "control" | "cmdorctrl" | "commandorcontrol" => "CTRL".to_owned(),
            "alt" | "option" => "ALT".to_owned(),
            "shift" => "SHIFT".to_owned(),
            "super" | "cmd" | "command" => "LOGO".to_owned(),
            key if key.len() == 1 => key.to_owned(),
            _ => part.trim().to_owned(),
        })
        .collect();
    parts.join("+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_as_the_portal_reads_them() {
        assert_eq!(trigger("Ctrl+Alt+U"), "CTRL+ALT+u");
        assert_eq!(trigger("Super+Shift+F5"), "LOGO+SHIFT+F5");
    }
}
