//! The real window on a desktop without a screen: every way in, and what comes out of it.
//!
//! Nothing here is played: the pointer drags, keys are pressed, the clipboard belongs to another
//! program, the tray answers over D-Bus, and links are fetched over HTTP.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]
#![expect(clippy::print_stdout, reason = "what the app said is for whoever reads a failure")]

mod card;
mod clipboard;
mod compress;
mod copied;
mod dialog;
mod disk;
mod drag;
mod folders;
mod gallery;
mod hosts;
mod hotkey;
mod mini;
mod screens;
mod start;
mod support;
mod tray;
