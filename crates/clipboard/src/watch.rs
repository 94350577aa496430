//! Tells when another program copied a picture, without reading it.
//!
//! On Linux the desktop says when the clipboard changes, and a thread of its own sleeps until then. Windows
//! and macOS are asked once a second whether their counter moved.

#[cfg(not(target_os = "linux"))]
mod native;
#[cfg(target_os = "linux")]
mod wayland;
#[cfg(target_os = "linux")]
mod x11;

use crate::unreadable;
use picferry_core::Result;
use std::io::{PipeReader, PipeWriter};
#[cfg(target_os = "linux")]
use std::os::fd::BorrowedFd;
#[cfg(target_os = "linux")]
use std::time::Duration;

/// Programs offer the same content several times within moments, and managers of the clipboard once more.
#[cfg(target_os = "linux")]
const QUIET: Duration = Duration::from_millis(300);

/// What was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// A picture.
    Picture,
    /// Something else, or nothing any more.
    Other,
}

/// Looks on until it is dropped.
#[derive(Debug)]
pub struct Watch {
    /// Its end is what the thread sees.
    _end: PipeWriter,
}

impl Watch {
    /// Begins to look; what is on the clipboard already is not told. `tell` is called on a thread of the
    /// watch, and may take its time.
    ///
    /// # Errors
    /// This desktop tells no program of its clipboard.
    pub fn start(tell: impl FnMut(Copied) + Send + 'static) -> Result<Self> {
        let (ended, end) = std::io::pipe().map_err(unreadable)?;
        begin(ended, tell)?;
        Ok(Self { _end: end })
    }
}

#[cfg(target_os = "linux")]
fn begin(ended: PipeReader, tell: impl FnMut(Copied) + Send + 'static) -> Result<()> {
    if crate::is_wayland() {
        match wayland::WaylandSelection::open() {
            Ok(selection) => return on_thread(move || follow(selection, &ended, tell)),
            Err(error) => tracing::debug!("the Wayland clipboard cannot be watched: {error}"),
        }
    }
    let selection = x11::X11Selection::open().map_err(unreadable)?;
    on_thread(move || follow(selection, &ended, tell))
}

#[cfg(not(target_os = "linux"))]
fn begin(ended: PipeReader, tell: impl FnMut(Copied) + Send + 'static) -> Result<()> {
    on_thread(move || native::follow(ended, tell))
}

fn on_thread(work: impl FnOnce() + Send + 'static) -> Result<()> {
    std::thread::Builder::new().name("copied".into()).spawn(work).map(drop).map_err(unreadable)
}

/// A clipboard that says when it changes.
#[cfg(target_os = "linux")]
trait Selection {
    /// Readable when there is something to take.
    fn connection(&self) -> BorrowedFd<'_>;

    /// Takes what has arrived: whether something was copied.
    ///
    /// # Errors
    /// The desktop is gone.
    fn take(&mut self) -> std::result::Result<bool, String>;

    /// The forms in which it is on offer now.
    fn forms(&mut self) -> Vec<String>;
}

/// Sleeps until something was copied and the clipboard is quiet again, and tells of it; until the end.
#[cfg(target_os = "linux")]
fn follow(mut selection: impl Selection, ended: &PipeReader, mut tell: impl FnMut(Copied)) {
    let mut is_new = false;
    loop {
        match selection.take() {
            Ok(copied) => is_new |= copied,
            Err(error) => return tracing::warn!("the clipboard is not watched any more: {error}"),
        }
        match sleep(&selection, ended, is_new) {
            Woken::News => {}
            Woken::Quiet => {
                is_new = false;
                let is_picture = crate::offers::is_picture(&selection.forms());
                tell(if is_picture { Copied::Picture } else { Copied::Other });
            }
            Woken::Ended => return,
        }
    }
}

/// Why a sleep ended.
#[cfg(target_os = "linux")]
enum Woken {
    News,
    Quiet,
    Ended,
}

#[cfg(target_os = "linux")]
fn sleep(selection: &impl Selection, ended: &PipeReader, is_new: bool) -> Woken {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let connection = selection.connection();
    let mut both = [PollFd::new(&connection, PollFlags::IN), PollFd::new(ended, PollFlags::IN)];
    let quiet = is_new.then(|| Timespec::try_from(QUIET).ok()).flatten();
    match poll(&mut both, quiet.as_ref()) {
        Ok(0) => Woken::Quiet,
        Ok(_) if both[1].revents().is_empty() => Woken::News,
        Ok(_) => Woken::Ended,
        // A signal: look again.
        Err(rustix::io::Errno::INTR) => Woken::News,
        Err(_) => Woken::Ended,
    }
}
