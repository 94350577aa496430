//! The log: rotating, and free of secrets.

use picferry_core::secret::Secret;
use rolling_file::{BasicRollingFileAppender, RollingConditionBasic};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Older files kept beside the one that is written. A new one begins every day.
const FILES_KEPT: usize = 7;

/// Bytes after which a new file begins within a day: nothing that goes on and on fills the disk.
const LARGEST_FILE: u64 = 2 * 1024 * 1024;

/// What is logged unless `PICFERRY_LOG` says otherwise. What strangers ask of the built-in store is
/// their affair: its library would log a line for each, with what they sent in it. What goes wrong with
/// a picture is logged by the engine, whichever store it was meant for.
const FILTER: &str = "warn,s3s=off,s3s_fs=off,picferry_engine=info,picferry_providers=info,picferry_app=info";

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
    if std::fs::create_dir_all(folder).is_err() {
        return;
    }
    let Ok(file) = file_in(folder) else { return };
    let filter = EnvFilter::try_from_env("PICFERRY_LOG").unwrap_or_else(|_| EnvFilter::new(FILTER));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        // On a full disk each line would come to the terminal instead, among the words meant for people.
        .log_internal_errors(false)
        .with_writer(Redacting { file: Mutex::new(file) })
        .finish();
    // Fails only when a log was started before, in tests.
    drop(tracing::subscriber::set_global_default(subscriber));
}

fn file_in(folder: &Path) -> io::Result<BasicRollingFileAppender> {
    let begins_anew = RollingConditionBasic::new().daily().max_size(LARGEST_FILE);
    BasicRollingFileAppender::new(folder.join("picferry.log"), begins_anew, FILES_KEPT)
}

/// Gives writers that blank secrets before a line reaches the file.
struct Redacting {
    file: Mutex<BasicRollingFileAppender>,
}

struct RedactingWriter<'a> {
    file: &'a Mutex<BasicRollingFileAppender>,
}

impl<'a> MakeWriter<'a> for Redacting {
    type Writer = RedactingWriter<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        RedactingWriter { file: &self.file }
    }
}

impl Write for RedactingWriter<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let clean = redact(&String::from_utf8_lossy(line));
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(clean.as_bytes())?;
        // The file buffers; the last lines before a crash are the ones that matter.
        file.flush()?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).flush()
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
    fn a_log_that_never_ends_takes_a_bounded_part_of_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let writers = Redacting { file: Mutex::new(file_in(folder.path()).unwrap()) };
        let line = [b'x'; 64 * 1024];
        for _ in 0..1000 {
            writers.make_writer().write_all(&line).unwrap();
        }
        let sizes: Vec<u64> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().metadata().unwrap().len())
            .collect();
        let most = LARGEST_FILE + line.len() as u64;
        assert_eq!(sizes.len(), FILES_KEPT + 1);
        assert!(sizes.iter().all(|size| *size <= most), "{sizes:?}");
    }

    #[test]
    fn a_short_secret_does_not_blank_ordinary_words() {
        mask(&Secret::new("on"));
        assert_eq!(redact("one picture"), "one picture");
    }
}
