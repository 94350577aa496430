//! The drop window: small, above all others, made when it is asked for and gone when it is closed.

use crate::follow::News;
use crate::place::{self, Corner};
use crate::shell::Shell;
use crate::words::Language;
use crate::{quick_upload, windows};
use picferry_core::event::Event;
use picferry_core::job::{Origin, Source};
use picferry_engine::Paths;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tauri::{AppHandle, DragDropEvent, Manager as _, PhysicalPosition, WebviewWindow, Window, WindowEvent};

/// The label of the drop window.
pub const WINDOW: &str = "mini";

/// Its size, in pixels of the design.
const SIZE: (f64, f64) = (220.0, 96.0);

/// A window that is being moved tells of each step; only where it comes to rest is kept.
const AT_REST: Duration = Duration::from_millis(400);

/// What is kept of the drop window over the end of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// It was open.
    open: bool,
    /// Where its upper left corner was, in pixels of the screen.
    place: Option<(i32, i32)>,
}

impl Memory {
    /// What is known; a damaged file is as good as none.
    pub fn read(paths: &Paths) -> Self {
        let bytes = std::fs::read(file(paths)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    fn write(self, paths: &Paths) {
        let written = serde_json::to_vec(&self)
            .map_err(std::io::Error::other)
            .and_then(|bytes| picferry_engine::write_whole(&file(paths), &bytes));
        if let Err(error) = written {
            tracing::warn!("the place of the drop window could not be kept: {error}");
        }
    }
}

fn file(paths: &Paths) -> PathBuf {
    paths.config_dir().join("mini.json")
}

/// The drop window between its making and its end.
#[derive(Default)]
pub struct MiniLife {
    memory: Mutex<Memory>,
    making: tokio::sync::Mutex<()>,
    /// The person asked for it just now: it may take the focus when it comes up.
    asked_for: AtomicBool,
    /// Grows with each step of a move.
    moves: AtomicU64,
}

impl MiniLife {
    /// A drop window that remembers.
    pub fn new(memory: Memory) -> Self {
        Self { memory: Mutex::new(memory), ..Self::default() }
    }

    fn memory(&self) -> Memory {
        *self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Brings it back if it was open when the program ended.
pub fn restore(app: &AppHandle) {
    if app.state::<Shell>().mini.memory().open {
        open(app, false);
    }
}

/// Shows it to a person who asked for it.
pub fn show(app: &AppHandle) {
    open(app, true);
}

/// Shows it, or puts it away.
pub fn toggle(app: &AppHandle) {
    if is_open(app) { close(app) } else { show(app) }
}

/// Whether it is on the screen, or about to be.
pub fn is_open(app: &AppHandle) -> bool {
    app.get_webview_window(WINDOW).is_some()
}

fn open(app: &AppHandle, asked_for: bool) {
    // Off the main thread: Windows deadlocks when a window is made inside an event handler.
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        let _one_at_a_time = shell.mini.making.lock().await;
        shell.mini.asked_for.store(asked_for, Ordering::SeqCst);
        if let Some(window) = app.get_webview_window(WINDOW) {
            windows::bring_to_front(&window);
        } else if let Err(error) = create(&app, asked_for) {
            tracing::error!("the drop window could not be made: {error}");
        }
        remember(&app, |memory| memory.open = true).await;
        shell.tell(News::Look);
    });
}

fn create(app: &AppHandle, asked_for: bool) -> tauri::Result<()> {
    let shell = app.state::<Shell>();
    let crossing = shell.crossing.borrow().clone();
    shell.subscriptions.tell(WINDOW, Event::CrossingChanged { crossing });
    let language = Language::of(app);
    let window = windows::small(app, WINDOW, "mini.html", SIZE)
        .title(language.drop_window_title())
        .focused(asked_for)
        .build()?;
    windows::colour_as_raised(app, &window);
    place::put(&window, shell.mini.memory().place, SIZE, Corner::BottomRight);
    windows::show_small_late(app, WINDOW);
    Ok(())
}

/// Its page is drawn: it comes up.
pub fn painted(app: &AppHandle, window: &WebviewWindow) {
    let shell = app.state::<Shell>();
    if shell.mini.asked_for.swap(false, Ordering::SeqCst) {
        windows::bring_to_front(window);
    } else if let Err(error) = window.show() {
        tracing::warn!("the drop window could not be shown: {error}");
    }
    // Some window managers choose a place of their own for what comes up.
    place::put(window, shell.mini.memory().place, SIZE, Corner::BottomRight);
}

/// Puts it away for good: its page and its memory go.
pub fn close(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        let _one_at_a_time = shell.mini.making.lock().await;
        remember(&app, |memory| memory.open = false).await;
        shell.tell(News::Seen);
        windows::take_away(&app, WINDOW).await;
        shell.tell(News::Look);
    });
}

/// What happens to it.
pub fn on_event(window: &Window, event: &WindowEvent) {
    let app = window.app_handle();
    match event {
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            close(app);
        }
        WindowEvent::Moved(position) if window.is_visible().unwrap_or(false) => moved(app, *position),
        WindowEvent::DragDrop(event) => dragged(app, event),
        _ => {}
    }
}

fn moved(app: &AppHandle, position: PhysicalPosition<i32>) {
    let step = app.state::<Shell>().mini.moves.fetch_add(1, Ordering::SeqCst) + 1;
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(AT_REST).await;
        if app.state::<Shell>().mini.moves.load(Ordering::SeqCst) == step {
            remember(&app, |memory| memory.place = Some((position.x, position.y))).await;
        }
    });
}

/// Changes what is kept, and keeps it when that differs.
async fn remember(app: &AppHandle, change: impl FnOnce(&mut Memory)) {
    let shell = app.state::<Shell>();
    let Some(paths) = shell.paths.clone() else { return };
    if shell.is_quitting() {
        return;
    }
    let (before, now) = {
        let mut memory = shell.mini.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *memory;
        change(&mut memory);
        (before, *memory)
    };
    if now != before && tokio::task::spawn_blocking(move || now.write(&paths)).await.is_err() {
        tracing::warn!("the place of the drop window could not be kept");
    }
}

/// Files above it are shown; files let go of are uploaded.
fn dragged(app: &AppHandle, event: &DragDropEvent) {
    let shell = app.state::<Shell>();
    let tell = |event| shell.subscriptions.tell(WINDOW, event);
    match event {
        DragDropEvent::Enter { paths, .. } => {
            let count = u32::try_from(paths.len()).unwrap_or(u32::MAX);
            tell(Event::DragHover { x: 0, y: 0, count });
        }
        DragDropEvent::Over { .. } => {}
        DragDropEvent::Drop { paths, .. } => {
            tell(Event::DragLeft);
            let sources =
                paths.iter().map(|path| picferry_rpc::dropped(path.to_string_lossy().into_owned())).collect();
            upload(app, sources);
        }
        _ => tell(Event::DragLeft),
    }
}

fn upload(app: &AppHandle, sources: Vec<Source>) {
    if sources.is_empty() {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move { quick_upload::sources(&app, sources, Origin::Drop).await });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_and_a_damaged_file_is_as_good_as_none() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::in_folder(home.path());
        assert_eq!(Memory::read(&paths), Memory::default());
        let memory = Memory { open: true, place: Some((-300, 40)) };
        memory.write(&paths);
        assert_eq!(Memory::read(&paths), memory);
        std::fs::write(file(&paths), "{ damaged").unwrap();
        assert_eq!(Memory::read(&paths), Memory::default());
    }
}
