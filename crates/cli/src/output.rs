//! Everything that is printed: results on standard output, words for people on standard error.
//!
//! No other file prints.

use picferry_core::Error;
use serde::Serialize;
use std::io::{self, IsTerminal as _, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Nothing but results and failures is said.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Failures are told on standard output too, in PicGo's words: editors look for them there.
static AS_PICGO: AtomicBool = AtomicBool::new(false);

/// Says only what was asked for, and what failed.
pub fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

/// Whether only results and failures are said.
pub fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Tells of failures as PicGo does.
pub fn speak_as_picgo() {
    AS_PICGO.store(true, Ordering::Relaxed);
}

/// A line of the result.
pub fn line(text: &str) {
    let mut stdout = io::stdout().lock();
    end_if_it_cannot_be_written(writeln!(stdout, "{text}").and_then(|()| stdout.flush()));
}

/// A result of many lines, as it is.
pub fn text(text: &str) {
    let mut stdout = io::stdout().lock();
    end_if_it_cannot_be_written(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()));
}

/// The result as JSON.
pub fn json<T: Serialize>(value: &T) {
    // Our own types always serialise; a reader that sees nothing would be misled, so say null.
    let text = serde_json::to_string_pretty(value).unwrap_or_else(|_| "null".to_owned());
    line(&text);
}

/// What failed, and what to do about it. `subject` is the file, profile or id it is about.
pub fn error(subject: Option<&str>, error: &Error) {
    let subject = subject.map(|subject| format!("{}: ", visible(subject))).unwrap_or_default();
    labelled("error", "31", &format!("{subject}{}", visible(&error.message)));
    if let Some(hint) = &error.hint {
        labelled("hint", "36", &visible(hint));
    }
    if AS_PICGO.load(Ordering::Relaxed) {
        picgo_error(&format!("{subject}{}", visible(&error.message)));
    }
}

/// What failed, where editors that know PicGo look for it.
pub fn picgo_error(text: &str) {
    line(&format!("[PicGo ERROR]: {text}"));
}

/// Something that works but should be known, and what to do about it.
pub fn warning(text: &str, hint: &str) {
    labelled("warning", "33", &visible(text));
    labelled("hint", "36", &visible(hint));
}

/// What the engine found in disorder and went on without.
pub fn notice(error: &Error) {
    if is_quiet() {
        return;
    }
    labelled("warning", "33", &visible(&error.message));
    if let Some(hint) = &error.hint {
        labelled("hint", "36", &visible(hint));
    }
}

/// Something that was done without being asked for.
pub fn note(text: &str) {
    if is_quiet() {
        return;
    }
    labelled("note", "36", &visible(text));
}

/// Words for people that are no result.
pub fn remark(text: &str) {
    if !is_quiet() {
        write_to_stderr(text);
    }
}

fn labelled(label: &str, colour: &str, text: &str) {
    let is_coloured =
        io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if is_coloured {
        write_to_stderr(&format!("\x1b[1;{colour}m{label}:\x1b[0m {text}"));
    } else {
        write_to_stderr(&format!("{label}: {text}"));
    }
}

fn write_to_stderr(text: &str) {
    // Nobody is left to tell when this fails.
    drop(writeln!(io::stderr().lock(), "{text}"));
}

/// `picferry … | head` closes the pipe early, which is no error. Anything else loses a result
/// that somebody waits for, as on a full disk: a script must not take that for success.
fn end_if_it_cannot_be_written(written: io::Result<()>) {
    match written {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => {
            labelled("error", "31", &format!("The result cannot be written: {error}"));
            labelled("hint", "36", "What was done is in the history: picferry history list.");
            std::process::exit(3);
        }
    }
}

/// The text without characters that could move the cursor or colour the terminal: file names and
/// the words of a host come from elsewhere.
pub fn visible(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_write_on_the_terminal() {
        assert_eq!(visible("a\u{1b}[2Jb\nc.png"), "a\u{fffd}[2Jb\u{fffd}c.png");
        assert_eq!(visible("截图 1.png"), "截图 1.png");
    }
}
