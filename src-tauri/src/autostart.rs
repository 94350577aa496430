//! Whether Picferry starts with the session: without a window, so that the tray, the key and the server
//! for editors are there.

use picferry_core::{Error, ErrorCode, Result};
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Wry};
use tauri_plugin_autostart::ManagerExt as _;

/// What keeps the system's entry.
pub fn plugin() -> TauriPlugin<Wry> {
    tauri_plugin_autostart::Builder::new().app_name("Picferry").arg("--hidden").build()
}

/// Whether the entry is there. `None` when the system does not say.
pub fn is_on(app: &AppHandle) -> Option<bool> {
    app.autolaunch().is_enabled().ok()
}

/// Makes the entry, or removes it.
///
/// # Errors
/// What the system refused.
pub fn set(app: &AppHandle, on: bool) -> Result<()> {
    let entry = app.autolaunch();
    if on { entry.enable() } else { entry.disable() }.map_err(|error| {
        Error::new(ErrorCode::ReadOnly, "The entry that starts Picferry with the session cannot be changed.")
            .hint("Add or remove it in the settings of the desktop.")
            .detail(error)
    })
}
