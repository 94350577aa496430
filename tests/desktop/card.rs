//! The card in the corner of the screen, after an upload that nobody watched.

use crate::support::{App, Desktop, Settings, eventually};
use picferry_tests::pictures;
use serde_json::json;
use std::time::Duration;

/// The title of the card.
pub const CARD: &str = "Picferry news";

/// Where “Undo” is on an English card after one picture.
const UNDO: (i32, i32) = (190, 78);

/// Where “Show” is on an English card about a failure.
const SHOW: (i32, i32) = (32, 78);

/// The app without a window, its hotkey taken.
async fn hidden(app: &mut App<'_>, desktop: &Desktop) {
    app.start(&["--hidden"]);
    desktop.tray_that("the app is in the tray", |tray| tray.to_string().contains("Upload files")).await;
    // The key may be taken a moment after the tray is there.
    tokio::time::sleep(Duration::from_secs(1)).await;
}

async fn upload_by_hotkey(desktop: &Desktop, seed: u64) {
    desktop.copy("image/png", &pictures::png(seed)).await;
    desktop.press("ctrl+alt+u");
    desktop.clipboard_text_that("the link is there", |text| text.starts_with("![")).await;
}

pub async fn is_shown(desktop: &Desktop) {
    eventually("the card is there", async || desktop.visible_windows(CARD).pop()).await;
}

pub async fn is_gone(desktop: &Desktop) {
    eventually("the card is gone", async || desktop.visible_windows(CARD).is_empty().then_some(())).await;
}

#[tokio::test]
async fn it_comes_up_in_the_corner_takes_no_focus_and_goes_by_itself() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    hidden(&mut app, &desktop).await;
    let mut other = desktop.command("/usr/bin/python3").arg(desktop.kit("dragsource.py")).spawn().unwrap();
    let window = eventually("another program is there", async || desktop.visible_windows("dragsource").pop());
    desktop.run("xdotool", &["windowactivate", "--sync", &window.await]);
    let focused = desktop.run("xdotool", &["getwindowfocus"]);

    upload_by_hotkey(&desktop, 5).await;

    is_shown(&desktop).await;
    let [left, top, width, height] = desktop.geometry(CARD).unwrap();
    assert_eq!((width, height), (320, 96));
    assert_eq!((left, top), (1440 - 320 - 16, 960 - 96 - 16));
    assert_eq!(desktop.run("xdotool", &["getwindowfocus"]), focused, "whoever types goes on typing");
    is_gone(&desktop).await;
    assert_eq!(app.stored_files().len(), 1);
    other.kill().unwrap();
    other.wait().unwrap();
}

#[tokio::test]
async fn it_stays_while_it_is_pointed_at_and_takes_back_what_was_sent() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    hidden(&mut app, &desktop).await;
    upload_by_hotkey(&desktop, 6).await;
    is_shown(&desktop).await;

    desktop.point_at(CARD, (150, 30));
    desktop.point_at(CARD, (160, 30));
    tokio::time::sleep(Duration::from_secs(8)).await;
    assert_eq!(desktop.visible_windows(CARD).len(), 1, "it stays");
    desktop.click_at(CARD, UNDO);

    eventually("the picture is gone from the store", async || app.stored_files().is_empty().then_some(()))
        .await;
    desktop.tray_that("it is gone from the history", |tray| !tray.to_string().contains("Recent")).await;
    desktop.run("xdotool", &["mousemove", "10", "10"]);
    is_gone(&desktop).await;
}

#[tokio::test]
async fn whoever_wants_no_card_sees_none() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default()).set("desktop", &json!({ "notify": "nothing" }));
    hidden(&mut app, &desktop).await;

    upload_by_hotkey(&desktop, 7).await;

    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(desktop.visible_windows(CARD).is_empty());
}

#[tokio::test]
async fn a_key_pressed_without_a_picture_is_answered() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    hidden(&mut app, &desktop).await;
    desktop.copy("UTF8_STRING", b"a shopping list").await;

    desktop.press("ctrl+alt+u");

    is_shown(&desktop).await;
    is_gone(&desktop).await;
    assert_eq!(desktop.clipboard_text().as_deref(), Some("a shopping list"), "the clipboard is left alone");
}

#[tokio::test]
async fn bad_news_stays_and_leads_to_the_window() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    hidden(&mut app, &desktop).await;
    let text = desktop.file("notes.png", b"no picture at all");
    app.start_again(&["--hidden", text.to_str().unwrap()]).await;
    is_shown(&desktop).await;
    tokio::time::sleep(Duration::from_secs(8)).await;
    assert_eq!(desktop.visible_windows(CARD).len(), 1, "it stays until it is seen");

    desktop.click_at(CARD, SHOW);

    eventually("the window is there", async || desktop.visible_windows("Picferry").pop()).await;
    is_gone(&desktop).await;
}
