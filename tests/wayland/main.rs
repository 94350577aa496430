//! The command line and the real window on a Wayland desktop without a screen.
//!
//! The compositor is sway and there is no X server behind it: whatever passes here passes by Wayland
//! alone. What holds on every desktop is proven in `tests/desktop`; here is what Wayland does its own way,
//! which is the clipboard, where windows stand, and keys.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]
#![expect(clippy::print_stdout, reason = "what the app said is for whoever reads a failure")]

mod command_line;
mod drag;
mod small_windows;
mod support;
mod window;
