//! The key that uploads the clipboard from anywhere.

use crate::support::{App, Desktop, Settings, eventually};
use picferry_tests::pictures;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

#[tokio::test]
async fn the_hotkey_works_without_a_window() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    app.start(&["--hidden"]);
    desktop.tray_that("the app is in the tray", |tray| tray["menu"].as_array().unwrap().len() > 3).await;
    desktop.copy("image/png", &pictures::png(5)).await;

    let link = eventually("the link is on the clipboard", async || {
        // The key may be taken a moment after the tray is there.
        desktop.press("ctrl+alt+u");
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        desktop.clipboard_text().filter(|text| text.starts_with("!["))
    })
    .await;

    assert_eq!(reqwest::get(crate::drag::address_of(&link)).await.unwrap().status(), 200);
    assert!(desktop.visible_windows("Picferry").is_empty(), "no window came up");
    assert_eq!(app.stored_files().len(), 1);
}

#[tokio::test]
async fn a_hotkey_that_another_program_holds_is_said_and_can_be_changed() {
    let desktop = Desktop::start().await;
    let mut first = App::new(&desktop, &Settings::default());
    first.start(&["--hidden"]);
    desktop.tray_that("the first one is there", |tray| tray["menu"].as_array().unwrap().len() > 3).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let mut second = App::new(&desktop, &Settings::default());

    let page = second.open().await;

    page.text_that("notice", "the window names the keys", |text| text.contains("Ctrl+Alt+U")).await;
    page.go("settings").await;
    page.click("settings-nav-shortcuts").await;
    page.has_attribute("hotkey-state", "data-state", "taken").await;
    page.click("hotkey-recorder").await;
    desktop.press("ctrl+shift+F9");
    page.has_attribute("hotkey-state", "data-state", "works").await;
    desktop.copy("image/png", &pictures::png(12)).await;
    desktop.press("ctrl+shift+F9");
    desktop.clipboard_text_that("the new keys work", |text| text.starts_with("![")).await;
    page.click("hotkey-off").await;
    page.has_attribute("hotkey-state", "data-state", "off").await;
    assert_eq!(second.settings()["hotkeys"]["upload_clipboard"], "");
    second.stop(page).await;
}

#[tokio::test]
async fn on_wayland_the_desktop_portal_gives_the_key() {
    let desktop = Desktop::start().await;
    let mut portal = desktop
        .command("/usr/bin/python3")
        .arg(desktop.kit("portal.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut heard = BufReader::new(portal.stdout.take().unwrap()).lines();
    assert_eq!(heard.next().unwrap().unwrap(), "ready");
    let mut app = App::new(&desktop, &Settings::default()).with("XDG_SESSION_TYPE", "wayland");
    app.start(&["--hidden"]);
    let bound = tokio::task::spawn_blocking(move || heard.next().unwrap().unwrap()).await.unwrap();
    assert_eq!(bound, "bound CTRL+ALT+u");
    desktop.copy("image/png", &pictures::png(6)).await;

    eventually("the link is on the clipboard", async || {
        portal.stdin.as_mut().unwrap().write_all(b"press\n").unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        desktop.clipboard_text().filter(|text| text.starts_with("!["))
    })
    .await;

    portal.kill().unwrap();
    portal.wait().unwrap();
}

#[tokio::test]
async fn on_wayland_without_a_portal_the_window_names_the_command_to_bind() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default()).with("XDG_SESSION_TYPE", "wayland");
    let page = app.open().await;
    page.go("settings").await;
    page.click("settings-nav-shortcuts").await;
    page.text_that("hotkey-command", "the command is named", |text| text.ends_with(" --upload-clipboard"))
        .await;
    desktop.copy("image/png", &pictures::png(8)).await;

    app.start_again(&["--upload-clipboard"]).await;

    desktop.clipboard_text_that("the link is there", |text| text.starts_with("![")).await;
    app.stop(page).await;
}
