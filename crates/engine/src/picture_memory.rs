//! Memory for pictures: few are decoded at the same time, and what they took goes back to the system.
//!
//! The allocator of Linux keeps what was freed, in pieces, for as long as the program runs: after two photos of
//! 20 megapixels half a gigabyte, in a program that sits in the tray.

use crate::engine::Engine;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, Semaphore, SemaphorePermit};

/// So long nothing was done with a picture before memory is given back: the next one of a batch takes it again.
const QUIET: Duration = Duration::from_secs(2);

/// Bounds the pictures that are decoded, and knows when one is done with.
pub(crate) struct PictureMemory {
    slots: Semaphore,
    used: Arc<Notify>,
}

impl PictureMemory {
    /// For so many decoded pictures at the same time.
    pub(crate) fn new(at_once: usize) -> Self {
        Self { slots: Semaphore::new(at_once), used: Arc::default() }
    }

    /// Waits for the turn of one more decoded picture.
    pub(crate) async fn slot(&self) -> Slot<'_> {
        // The semaphore is never closed.
        Slot { _permit: self.slots.acquire().await.ok(), used: &self.used }
    }

    /// The same, if its turn is now.
    pub(crate) fn slot_now(&self) -> Option<Slot<'_>> {
        let permit = self.slots.try_acquire().ok()?;
        Some(Slot { _permit: Some(permit), used: &self.used })
    }

    /// To be told of pictures that were decoded beside the slots, or held in memory.
    pub(crate) fn used(&self) -> Arc<Notify> {
        self.used.clone()
    }
}

/// The turn of one decoded picture.
pub(crate) struct Slot<'a> {
    _permit: Option<SemaphorePermit<'a>>,
    used: &'a Notify,
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.used.notify_one();
    }
}

/// From now on memory is given back after pictures; nothing happens while there are none.
pub(crate) fn start(engine: &Engine) {
    let (used, shutdown) = (engine.picture_memory.used(), engine.shutdown.clone());
    engine.tasks.spawn(async move {
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = give_back_after(&used) => {}
        }
    });
}

async fn give_back_after(used: &Notify) {
    loop {
        used.notified().await;
        while tokio::time::timeout(QUIET, used.notified()).await.is_ok() {}
        // Looks through all that is free, which takes a moment after large pictures.
        drop(tokio::task::spawn_blocking(give_back).await);
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the C library has no safe face for this; the call takes no pointers")]
fn give_back() {
    // SAFETY: may be called at any time from any thread; it touches only what is free.
    unsafe { libc::malloc_trim(0) };
}

/// Other systems take back what was freed.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn give_back() {}
