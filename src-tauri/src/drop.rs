//! Files dragged over the window: told to the screen, which chooses the profile and uploads.

use crate::shell::Shell;
use picferry_core::event::Event;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use tauri::{DragDropEvent, Manager as _, PhysicalPosition, Window};

/// How many files are over the window: only the system's first message says so.
static DRAGGED: AtomicU32 = AtomicU32::new(0);

/// Passes one message of the system on.
pub fn handle(window: &Window, event: &DragDropEvent) {
    // Without an engine nothing can be uploaded, and the window says why.
    let shell = window.state::<Shell>();
    if shell.context_now().is_none() {
        return;
    }
    let place =
        |position: &PhysicalPosition<f64>| css_pixels(*position, window.scale_factor().unwrap_or(1.0));
    let event = match event {
        DragDropEvent::Enter { paths, position } => {
            DRAGGED.store(count(paths.len()), Ordering::Relaxed);
            let (x, y) = place(position);
            Event::DragHover { x, y, count: count(paths.len()) }
        }
        DragDropEvent::Over { position } => {
            let (x, y) = place(position);
            Event::DragHover { x, y, count: DRAGGED.load(Ordering::Relaxed) }
        }
        DragDropEvent::Drop { paths, position } => {
            let (x, y) = place(position);
            Event::DragDropped { x, y, paths: paths.iter().map(|path| dropped_text(path)).collect() }
        }
        _ => Event::DragLeft,
    };
    shell.subscriptions.tell(window.label(), event);
}

fn count(files: usize) -> u32 {
    u32::try_from(files).unwrap_or(u32::MAX)
}

/// What was dropped: a path, or the address of a picture dragged out of a browser.
fn dropped_text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The place in the page. Only Windows reports pixels of the screen; the others report the page's
/// own under the same type.
fn css_pixels(position: PhysicalPosition<f64>, scale: f64) -> (i32, i32) {
    let scale = if cfg!(windows) && scale > 0.0 { scale } else { 1.0 };
    ((position.x / scale).round() as i32, (position.y / scale).round() as i32)
}
