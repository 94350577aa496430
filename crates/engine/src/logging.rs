//! The log: rotating, and free of secrets.

use picferry_core::secret::Secret;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Log files kept, one a day.
const FILES_KEPT: usize = 7;

/// Secrets shorter than this would blank ordinary words.
const SHORTEST_MASKED: usize = 6;

/// The values that must never reach the log.
static MASKED: OnceLock<Mutex<Vec<Secret>>> = OnceLock::new();

/// Registers a secret: from now on the log shows `•••` in its place, whoever logs it.
pub fn mask(secret: &Secret) {
    if secret.expose().len() < SHORTEST_MASKED {
        return;
    }
    let mut masked = MASKED.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if !masked.contains(secret) {
        masked.push(secret.clone());
    }
}

/// The text with every registered secret replaced by `•••`.
pub fn redact(text: &str) -> String {
    let Some(masked) = MASKED.get() else { return text.to_owned() };
    let masked = masked.lock().unwrap_or_else(PoisonError::into_inner);
    masked.iter().fold(text.to_owned(), |text, secret| text.replace(secret.expose(), "•••"))
}

/// Starts the log of this process; a second call changes nothing. `PICFERRY_LOG` sets the filter.
/// A log that cannot be written is no reason to stop: the process goes on without.
pub fn start(folder: &Path) {
    // The appender reads the folder first, to count older files, and complains when it is not there.
    if std::fs::create_dir_all(folder).is_err() {
        return;
    }
    let Ok(appender) = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .max_log_files(FILES_KEPT)
        .filename_prefix("picferry")
        .filename_suffix("log")
        .build(folder)
    else {
        return;
    };
    let filter = EnvFilter::try_from_env("PICFERRY_LOG").unwrap_or_else(|_| {
        EnvFilter::new("warn,picferry_engine=info,picferry_providers=info,picferry_app=info")
    });
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(Redacting { inner: Mutex::new(appender) })
        .finish();
    // Fails only when a log was started before, in tests.
    drop(tracing::subscriber::set_global_default(subscriber));
}

/// Gives writers that blank secrets before a line reaches the file.
struct Redacting {
    inner: Mutex<RollingFileAppender>,
}

struct RedactingWriter<'a> {
    inner: &'a Mutex<RollingFileAppender>,
}

impl<'a> MakeWriter<'a> for Redacting {
    type Writer = RedactingWriter<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        RedactingWriter { inner: &self.inner }
    }
}

impl Write for RedactingWriter<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let clean = redact(&String::from_utf8_lossy(line));
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).write_all(clean.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registered_secret_never_shows() {
        mask(&Secret::new("wJalrXUtnFEMI/K7MDENG"));
        assert_eq!(redact("key=wJalrXUtnFEMI/K7MDENG, sent"), "key=•••, sent");
    }

    #[test]
    fn a_short_secret_does_not_blank_ordinary_words() {
        mask(&Secret::new("on"));
        assert_eq!(redact("one picture"), "one picture");
    }
}
