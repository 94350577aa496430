//! The command table and the bridge on a real engine: what the window relies on.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

mod bridge;
mod clipboard;
mod commands;
mod desk;
mod folders;
