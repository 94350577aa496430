//! The command table and the bridge on a real engine: what the window relies on.

mod bridge;
mod clipboard;
mod commands;
mod desk;
