//! What the commands need of the desktop around them, and of nothing more.

use crate::types::{DesktopState, HotkeyName, HotkeyState, WindowAction};
use async_trait::async_trait;
use picferry_core::Result;
use picferry_core::job::Source;
use picferry_engine::Engine;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What every command is given.
#[derive(Clone)]
pub struct Context {
    /// The engine.
    pub engine: Arc<Engine>,
    /// The desktop, or what stands for it.
    pub host: Arc<dyn DesktopHost>,
}

/// What a folder is asked for: the dialog says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderPurpose {
    /// Copies are saved in it.
    SaveCopies,
    /// It is watched.
    Watch,
    /// Files that are done with are moved to it.
    MoveTo,
    /// The pictures of its Markdown files move.
    Notes,
    /// The pictures of Markdown files come into it.
    SavePictures,
}

/// The desktop: clipboard, dialogs, other programs, the window. It grows only when a command needs it.
///
/// What a desktop cannot do it refuses with `unsupported`.
#[async_trait]
pub trait DesktopHost: Send + Sync {
    /// The pictures on the clipboard: the file list first, then original bytes, then a bitmap.
    ///
    /// # Errors
    /// `clipboard_empty` when there is none, `clipboard_timeout` when its owner does not answer.
    async fn read_clipboard(&self) -> Result<Vec<Source>>;

    /// Puts text on the clipboard.
    ///
    /// # Errors
    /// `clipboard_timeout` or `unsupported`.
    async fn write_clipboard_text(&self, text: String) -> Result<()>;

    /// Asks for files with the system's dialog; none when it was dismissed.
    ///
    /// # Errors
    /// `unsupported` without a dialog.
    async fn choose_files(&self) -> Result<Vec<PathBuf>>;

    /// Asks for a folder; none when the dialog was dismissed.
    ///
    /// # Errors
    /// `unsupported` without a dialog.
    async fn choose_folder(&self, purpose: FolderPurpose) -> Result<Option<PathBuf>>;

    /// Asks for a Markdown file; none when the dialog was dismissed.
    ///
    /// # Errors
    /// `unsupported` without a dialog.
    async fn choose_note(&self) -> Result<Option<PathBuf>>;

    /// Lets the person photograph a part of the screen; nothing when they gave up.
    ///
    /// # Errors
    /// `unsupported` where neither the desktop nor a program can do it.
    async fn capture_screen(&self) -> Result<Option<Source>>;

    /// Starts Picferry with the session, without a window, or no longer.
    ///
    /// # Errors
    /// `unsupported`, or why the system's entry could not be changed.
    async fn set_autostart(&self, on: bool) -> Result<()>;

    /// Opens an `http` or `https` address in the browser.
    ///
    /// # Errors
    /// `unsupported` or `internal` when no browser starts.
    async fn open_address(&self, address: &str) -> Result<()>;

    /// Shows a file in the file manager.
    ///
    /// # Errors
    /// `unsupported` or `internal` when no file manager starts.
    async fn reveal(&self, file: &Path) -> Result<()>;

    /// Opens a folder in the file manager.
    ///
    /// # Errors
    /// As for [`DesktopHost::reveal`].
    async fn open_folder(&self, folder: &Path) -> Result<()>;

    /// Does something with the window.
    ///
    /// # Errors
    /// `unsupported` or `internal` when the system refuses.
    async fn window(&self, action: WindowAction) -> Result<()>;

    /// A global hotkey as it stands.
    fn hotkey(&self, name: HotkeyName) -> HotkeyState;

    /// Takes other keys, or none for the empty text. The settings are the caller's business.
    ///
    /// # Errors
    /// `hotkey_taken`, `invalid_field` for keys that are none; the old ones stay then.
    async fn set_hotkey(&self, name: HotkeyName, accelerator: &str) -> Result<HotkeyState>;

    /// What the desktop offers.
    fn state(&self) -> DesktopState;
}
