//! What an engine is opened with: the places, the clock, the dice, and the role.

use crate::paths::Paths;
use crate::retry::RetryPolicy;
use crate::watch_folder::WatchTiming;
use jiff::Zoned;
use picferry_core::secret::SecretStore;
use picferry_core::{Clock, Random, Result};
use std::sync::Arc;

/// What kind of process this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The desktop app: long-lived, serves the built-in store, shows others' work.
    App,
    /// One command: starts the built-in store only when an upload needs it.
    Cli,
    /// `picferry serve`: as the app, without a window.
    Serve,
}

/// Everything an engine needs from outside.
#[derive(Clone)]
pub struct EngineOptions {
    /// Where things are kept.
    pub paths: Paths,
    /// What kind of process this is.
    pub role: Role,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives random bytes.
    pub random: Arc<dyn Random>,
    /// Where secrets are kept; `None` chooses the keychain, or the file that the person chose.
    pub secrets: Option<Arc<dyn SecretStore>>,
    /// How temporary failures are tried again.
    pub retry: RetryPolicy,
    /// How often watched folders are looked at.
    pub watching: WatchTiming,
}

impl EngineOptions {
    /// What the environment asks for: `PICFERRY_HOME`, `PICFERRY_SECRETS`.
    ///
    /// # Errors
    /// As [`Paths::from_environment`].
    pub fn from_environment(role: Role) -> Result<Self> {
        Ok(Self {
            paths: Paths::from_environment()?,
            role,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            secrets: None,
            retry: RetryPolicy::default(),
            watching: WatchTiming::default(),
        })
    }
}

/// The computer's clock, in the person's time zone.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Zoned {
        Zoned::now()
    }
}

/// The operating system's random numbers.
#[derive(Debug, Clone, Copy)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) {
        if getrandom::fill(buffer).is_err() {
            // No supported system refuses; should one do, uuid's own generator has the same need
            // and a clear panic message beats a predictable name.
            for chunk in buffer.chunks_mut(16) {
                let bytes = uuid::Uuid::new_v4().into_bytes();
                chunk.copy_from_slice(&bytes[..chunk.len()]);
            }
        }
    }
}

/// A short random text of lowercase hexadecimal digits.
pub(crate) fn random_hex(random: &dyn Random, bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    random.fill(&mut buffer);
    hex::encode(buffer)
}
