//! Reads pictures from the clipboard: the file list first, then the owner's own bytes, so that a
//! GIF stays a GIF, then the original that copied HTML shows, then a bitmap, and at last the address of a
//! picture.
//!
//! The clipboard's owner is another program: every read happens on a thread of its own and is
//! given up when nothing moves for two seconds.

mod html;
#[cfg(not(target_os = "linux"))]
mod native;
#[cfg(target_os = "linux")]
mod offers;
mod text;
mod watch;
#[cfg(target_os = "linux")]
mod wayland;
#[cfg(target_os = "linux")]
mod x11;

use jiff::Zoned;
use picferry_core::job::Source;
use picferry_core::{Error, ErrorCode, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
pub use watch::{Copied, Watch};

/// How long the owner may be silent.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often is looked whether anything moved.
const GLANCE: Duration = Duration::from_millis(50);

/// What a reading thread and whoever waits for it tell each other.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    moved: AtomicU64,
    given_up: AtomicBool,
    /// For a thread that nobody waits for.
    ends: Option<Instant>,
}

impl Reading {
    /// A reading that ends by itself.
    #[cfg(target_os = "linux")]
    pub fn for_at_most(time: Duration) -> Self {
        Self { ends: Instant::now().checked_add(time), ..Self::default() }
    }

    /// The owner answered, or sent another piece.
    pub fn moved(&self) {
        self.moved.fetch_add(1, Ordering::Relaxed);
    }

    /// Nobody waits any more.
    pub fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed) || self.ends.is_some_and(|ends| Instant::now() > ends)
    }
}

/// The pictures on the clipboard.
///
/// # Errors
/// `clipboard_empty` when there is none, `clipboard_timeout` when its owner does not answer.
pub async fn read() -> Result<Vec<Source>> {
    let stem = format!("clipboard-{}", Zoned::now().strftime("%Y%m%d-%H%M%S"));
    let reading = Arc::new(Reading::default());
    let on_thread = Arc::clone(&reading);
    let mut read = tokio::task::spawn_blocking(move || read_now(&on_thread, &stem));
    let mut seen = 0;
    let mut silent = Duration::ZERO;
    loop {
        if let Ok(read) = tokio::time::timeout(GLANCE, &mut read).await {
            return read.unwrap_or_else(|error| Err(unreadable(error)));
        }
        let moved = reading.moved.load(Ordering::Relaxed);
        silent = if moved == seen { silent + GLANCE } else { Duration::ZERO };
        seen = moved;
        if silent >= PATIENCE {
            reading.given_up.store(true, Ordering::Relaxed);
            return Err(timed_out());
        }
    }
}

#[cfg(target_os = "linux")]
fn read_now(reading: &Arc<Reading>, stem: &str) -> Result<Vec<Source>> {
    if is_wayland() {
        match wayland::WaylandOffers::open(reading) {
            Ok(mut offers) => return offers::pick(&mut offers, stem),
            // Some compositors let no program read the clipboard unless it has the focus; most of
            // them pass it on to X11 programs.
            Err(error) => tracing::debug!("the Wayland clipboard is closed to us: {error}"),
        }
    }
    let mut offers = x11::X11Offers::open(reading).map_err(unreadable)?;
    offers::pick(&mut offers, stem)
}

#[cfg(not(target_os = "linux"))]
fn read_now(reading: &Arc<Reading>, stem: &str) -> Result<Vec<Source>> {
    native::read(reading, stem)
}

/// Whether the desktop of this session speaks Wayland.
#[must_use]
pub fn is_wayland() -> bool {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let session = variable("XDG_SESSION_TYPE");
    session == "wayland" || (session != "x11" && !variable("WAYLAND_DISPLAY").is_empty())
}

/// The owner of the clipboard does not answer.
#[must_use]
pub fn timed_out() -> Box<Error> {
    Error::new(ErrorCode::ClipboardTimeout, "The program that holds the clipboard does not answer.")
        .hint("Copy the picture again, then try once more.")
        .temporary()
}

fn unreadable(why: impl std::fmt::Display) -> Box<Error> {
    Error::new(ErrorCode::ClipboardEmpty, "The clipboard cannot be read on this desktop.")
        .hint("Drop the picture on the window, or choose the file.")
        .detail(why)
}
