//! The desktop as the commands see it: clipboard, dialogs, other programs, the window.

use crate::follow::News;
use crate::shell::Shell;
use crate::windows::MAIN_WINDOW;
use crate::words::Language;
use crate::{autostart, capture, card, place, windows};
use async_trait::async_trait;
use picferry_core::job::Source;
use picferry_core::picture::PictureFormat;
use picferry_core::{Error, ErrorCode, Result};
use picferry_rpc::types::{DesktopState, HotkeyName, HotkeyState, WindowAction};
use picferry_rpc::{DesktopHost, FolderPurpose};
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tauri::{AppHandle, Manager as _, WebviewWindow};
use tauri_plugin_clipboard_manager::ClipboardExt as _;
use tokio::sync::oneshot;

/// How long the clipboard may take to accept a text.
const CLIPBOARD_WRITE_LIMIT: Duration = Duration::from_secs(2);

/// The desktop around this process.
pub struct Desktop {
    app: AppHandle,
}

impl Desktop {
    /// The desktop of that app.
    pub fn new(app: AppHandle) -> Self {
        Self { app }
    }

    fn shell(&self) -> tauri::State<'_, Shell> {
        self.app.state::<Shell>()
    }

    /// Does what a window asks for itself.
    ///
    /// # Errors
    /// `unsupported` when it is gone, `internal` when the system refuses.
    pub fn window_of(&self, label: &str, action: WindowAction) -> Result<()> {
        let window = self
            .app
            .get_webview_window(label)
            .ok_or_else(|| Error::new(ErrorCode::Unsupported, "The window is closed."))?;
        match action {
            WindowAction::Minimize => window.minimize(),
            // The small windows have one size.
            WindowAction::ToggleMaximize if label != MAIN_WINDOW => Ok(()),
            WindowAction::ToggleMaximize if window.is_maximized().unwrap_or(false) => window.unmaximize(),
            WindowAction::ToggleMaximize => window.maximize(),
            WindowAction::Close => window.close(),
            WindowAction::StartDrag => window.start_dragging(),
            WindowAction::Painted => {
                windows::painted(&self.app, label);
                Ok(())
            }
            WindowAction::ShowMain => {
                self.shell().tell(News::Seen);
                windows::show_screen(&self.app, "upload");
                Ok(())
            }
            WindowAction::Hold => {
                card::hold(&self.app);
                Ok(())
            }
            WindowAction::LetGo => {
                card::let_go(&self.app);
                Ok(())
            }
        }
        .map_err(|error| refused("The window manager refused.", error))
    }

    /// Shows a dialog over the window and waits for its answer.
    async fn ask<Answer, Dialog>(
        &self,
        dialog: impl FnOnce(Language, Option<WebviewWindow>) -> Dialog + Send + 'static,
    ) -> Result<Answer>
    where
        Answer: Send + 'static,
        Dialog: Future<Output = Answer> + Send + 'static,
    {
        let language = Language::of(&self.app);
        let parent =
            self.app.get_webview_window(MAIN_WINDOW).filter(|window| window.is_visible().unwrap_or(false));
        let (sender, receiver) = oneshot::channel();
        self.app
            .run_on_main_thread(move || {
                // Built on the main thread, as macOS wants it; answered wherever the person is done.
                let dialog = dialog(language, parent);
                tauri::async_runtime::spawn(async move { drop(sender.send(dialog.await)) });
            })
            .map_err(|error| refused("The file dialog did not open.", error))?;
        receiver.await.map_err(|error| refused("The file dialog did not open.", error))
    }
}

#[async_trait]
impl DesktopHost for Desktop {
    async fn read_clipboard(&self) -> Result<Vec<Source>> {
        picferry_clipboard::read().await
    }

    async fn write_clipboard_text(&self, text: String) -> Result<()> {
        let app = self.app.clone();
        // The clipboard's owner is another thread, on some systems another program: it may hang.
        let written = tokio::task::spawn_blocking(move || app.clipboard().write_text(text));
        match tokio::time::timeout(CLIPBOARD_WRITE_LIMIT, written).await {
            Ok(Ok(Ok(()))) => Ok(()),
            Ok(Ok(Err(error))) => Err(clipboard_refused(error)),
            Ok(Err(error)) => Err(clipboard_refused(error)),
            Err(_) => Err(picferry_clipboard::timed_out()),
        }
    }

    async fn choose_files(&self) -> Result<Vec<PathBuf>> {
        let files = self.ask(|language, parent| file_dialog(language, parent.as_ref()).pick_files()).await?;
        Ok(files.unwrap_or_default().iter().map(|file| file.path().to_owned()).collect())
    }

    async fn choose_folder(&self, purpose: FolderPurpose) -> Result<Option<PathBuf>> {
        let folder = self
            .ask(move |language, parent| {
                let dialog = rfd::AsyncFileDialog::new().set_title(language.choose_folder(purpose));
                match &parent {
                    Some(window) => dialog.set_parent(window),
                    None => dialog,
                }
                .pick_folder()
            })
            .await?;
        Ok(folder.map(|folder| folder.path().to_owned()))
    }

    async fn capture_screen(&self) -> Result<Option<Source>> {
        capture::screen().await
    }

    async fn set_autostart(&self, on: bool) -> Result<()> {
        let app = self.app.clone();
        off_thread(move || autostart::set(&app, on)).await
    }

    async fn choose_note(&self) -> Result<Option<PathBuf>> {
        let file = self
            .ask(|language, parent| {
                let dialog = rfd::AsyncFileDialog::new()
                    .set_title(language.choose_note())
                    .add_filter("Markdown", &["md", "markdown", "mdx"]);
                match &parent {
                    Some(window) => dialog.set_parent(window),
                    None => dialog,
                }
                .pick_file()
            })
            .await?;
        Ok(file.map(|file| file.path().to_owned()))
    }

    async fn open_address(&self, address: &str) -> Result<()> {
        tauri_plugin_opener::open_url(address, None::<&str>)
            .map_err(|error| refused("No browser could be started.", error))
    }

    async fn reveal(&self, file: &Path) -> Result<()> {
        let file = file.to_owned();
        off_thread(move || {
            tauri_plugin_opener::reveal_item_in_dir(file)
                .map_err(|error| refused("The file manager did not open.", error))
        })
        .await
    }

    async fn open_folder(&self, folder: &Path) -> Result<()> {
        tauri_plugin_opener::open_path(folder, None::<&str>)
            .map_err(|error| refused("The file manager did not open.", error))
    }

    async fn window(&self, action: WindowAction) -> Result<()> {
        self.window_of(MAIN_WINDOW, action)
    }

    fn hotkey(&self, name: HotkeyName) -> HotkeyState {
        self.shell().hotkeys.state(name)
    }

    async fn set_hotkey(&self, name: HotkeyName, accelerator: &str) -> Result<HotkeyState> {
        self.shell().hotkeys.change(&self.app, name, accelerator).await
    }

    fn state(&self) -> DesktopState {
        DesktopState {
            tray: *self.shell().tray_shown.borrow(),
            hotkey: self.hotkey(HotkeyName::UploadClipboard),
            drop_window_hotkey: self.hotkey(HotkeyName::DropWindow),
            places_windows: place::can_place(),
            has_window_buttons: windows::DRAWS_OWN_BUTTONS,
            is_bridge: false,
            autostart: autostart::is_on(&self.app),
        }
    }
}

fn file_dialog(language: Language, parent: Option<&WebviewWindow>) -> rfd::AsyncFileDialog {
    let extensions: Vec<&str> = PictureFormat::ALL
        .iter()
        .map(|format| format.extension())
        .chain(["jpeg", "jfif", "tif", "heif", "svgz"])
        .collect();
    let upper: Vec<String> = extensions.iter().map(|extension| extension.to_uppercase()).collect();
    let both: Vec<&str> = extensions.iter().copied().chain(upper.iter().map(String::as_str)).collect();
    let dialog = rfd::AsyncFileDialog::new()
        .set_title(language.choose_pictures())
        .add_filter(language.pictures(), &both)
        .add_filter(language.all_files(), &["*"]);
    match parent {
        Some(window) => dialog.set_parent(window),
        None => dialog,
    }
}

/// Runs what may wait for other programs away from the async workers.
async fn off_thread(work: impl FnOnce() -> Result<()> + Send + 'static) -> Result<()> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(refused("The file manager did not open.", error)))
}

fn refused(what: &str, why: impl Display) -> Box<Error> {
    Error::new(ErrorCode::Internal, what).detail(why)
}

fn clipboard_refused(why: impl Display) -> Box<Error> {
    Error::new(ErrorCode::Unsupported, "The clipboard of this desktop cannot be written.").detail(why)
}
