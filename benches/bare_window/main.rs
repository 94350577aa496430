//! A Tauri window with nothing in it: what Picferry's start and memory are measured against.
//!
//! Built with the workspace, so that it has the same Tauri, the same features and the same profile.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]
#![expect(clippy::expect_used, reason = "a measurement that cannot start has nothing to say")]

use std::time::{SystemTime, UNIX_EPOCH};

/// The page was painted: leaves the time where the measurement looks for it.
#[tauri::command]
fn painted() {
    if let Some(file) = std::env::var_os("PICFERRY_PAINT_FILE")
        && let Ok(now) = SystemTime::now().duration_since(UNIX_EPOCH)
    {
        let _ = std::fs::write(file, now.as_millis().to_string());
    }
}

fn main() {
    tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![painted])
        .run(tauri::generate_context!("benches/bare_window/tauri.conf.json"))
        .expect("the bare window could not be opened");
}
