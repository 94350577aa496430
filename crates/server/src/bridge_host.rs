//! The desktop as a browser sees it: there is none, and the bridge says so.

use async_trait::async_trait;
use picferry_core::job::Source;
use picferry_core::{Error, ErrorCode, Result};
use picferry_engine::Engine;
use picferry_rpc::types::{DesktopState, HotkeyName, HotkeyState, WindowAction};
use picferry_rpc::{DesktopHost, FolderPurpose};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Refuses what only the desktop app can do.
pub struct BridgeHost {
    engine: Arc<Engine>,
}

impl BridgeHost {
    pub fn new(engine: Arc<Engine>) -> Self {
        Self { engine }
    }
}

fn unsupported(what: &str) -> Box<Error> {
    Error::new(ErrorCode::Unsupported, format!("The browser cannot {what} for Picferry."))
        .hint("Use the desktop app for this.")
}

#[async_trait]
impl DesktopHost for BridgeHost {
    async fn read_clipboard(&self) -> Result<Vec<Source>> {
        Err(unsupported("read the clipboard"))
    }

    async fn write_clipboard_text(&self, _text: String) -> Result<()> {
        Err(unsupported("write to the clipboard"))
    }

    async fn choose_files(&self) -> Result<Vec<PathBuf>> {
        Err(unsupported("show the file dialog"))
    }

    async fn choose_folder(&self, _purpose: FolderPurpose) -> Result<Option<PathBuf>> {
        Err(unsupported("show the folder dialog"))
    }

    async fn capture_screen(&self) -> Result<Option<Source>> {
        Err(unsupported("photograph the screen"))
    }

    async fn set_autostart(&self, _on: bool) -> Result<()> {
        Err(unsupported("start with the session"))
    }

    async fn choose_note(&self) -> Result<Option<PathBuf>> {
        Err(unsupported("show the file dialog"))
    }

    async fn open_address(&self, _address: &str) -> Result<()> {
        Err(unsupported("open another page"))
    }

    async fn reveal(&self, _file: &Path) -> Result<()> {
        Err(unsupported("open the file manager"))
    }

    async fn open_folder(&self, _folder: &Path) -> Result<()> {
        Err(unsupported("open the file manager"))
    }

    async fn window(&self, action: WindowAction) -> Result<()> {
        match action {
            // Only a report; there is no hidden window to show.
            WindowAction::Painted => Ok(()),
            _ => Err(unsupported("move the window")),
        }
    }

    fn hotkey(&self, name: HotkeyName) -> HotkeyState {
        let accelerator = name.of(&self.engine.settings().hotkeys).to_owned();
        let error = (!accelerator.is_empty()).then(|| *unsupported("take keys"));
        HotkeyState { accelerator, registered: false, error, manual_command: None }
    }

    async fn set_hotkey(&self, _name: HotkeyName, _accelerator: &str) -> Result<HotkeyState> {
        Err(unsupported("take keys"))
    }

    fn state(&self) -> DesktopState {
        DesktopState {
            hotkey: self.hotkey(HotkeyName::UploadClipboard),
            drop_window_hotkey: self.hotkey(HotkeyName::DropWindow),
            is_bridge: true,
            ..DesktopState::default()
        }
    }
}
