//! Pictures that other programs copy: asked about when the person wants that, and never read before.

use crate::card::{CARD, is_gone, is_shown};
use crate::support::{App, Desktop, Settings, eventually};
use picferry_tests::pictures;
use serde_json::json;
use std::time::Duration;

/// Where “Upload” and “Don’t upload” are on an English card.
const UPLOAD: (i32, i32) = (284, 78);
const REFUSE: (i32, i32) = (210, 78);

/// The app without a window, which asks.
async fn asking(desktop: &Desktop) -> App<'_> {
    let mut app =
        App::new(desktop, &Settings::default()).set("desktop", &json!({ "ask_about_copied": true }));
    app.start(&["--hidden"]);
    desktop.tray_that("the app is in the tray", |tray| tray.to_string().contains("Upload files")).await;
    // The watch may begin a moment after the tray is there.
    tokio::time::sleep(Duration::from_secs(1)).await;
    app
}

#[tokio::test]
async fn a_copied_picture_is_uploaded_when_the_person_says_so() {
    let desktop = Desktop::start().await;
    let app = asking(&desktop).await;
    desktop.copy("image/png", &pictures::png(5)).await;

    is_shown(&desktop).await;
    assert!(app.stored_files().is_empty(), "nothing is sent unasked");
    desktop.click_at(CARD, UPLOAD);

    let link = desktop.clipboard_text_that("the link is there", |text| text.starts_with("![")).await;
    assert_eq!(reqwest::get(crate::drag::address_of(&link)).await.unwrap().status(), 200);
    assert_eq!(app.stored_files().len(), 1);
    is_gone(&desktop).await;
    assert!(desktop.visible_windows("Picferry").is_empty(), "no window came up");
}

#[tokio::test]
async fn the_last_of_many_copied_pictures_is_asked_about() {
    let desktop = Desktop::start().await;
    let app = asking(&desktop).await;
    for seed in 20..26 {
        desktop.copy("image/png", &pictures::png(seed)).await;
        // Longer than the moment in which copies count as one.
        tokio::time::sleep(Duration::from_millis(700)).await;
    }
    is_shown(&desktop).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    is_shown(&desktop).await;
    desktop.click_at(CARD, UPLOAD);

    let link = desktop.clipboard_text_that("the link is there", |text| text.starts_with("![")).await;
    assert_eq!(reqwest::get(crate::drag::address_of(&link)).await.unwrap().status(), 200);
    assert_eq!(app.stored_files().len(), 1, "one question, one picture");
}

#[tokio::test]
async fn the_card_goes_with_its_answer_also_where_the_drop_window_tells_the_rest() {
    let desktop = Desktop::start().await;
    let app = asking(&desktop).await;
    app.start_again(&["--drop-window"]).await;
    eventually("the drop window is there", async || desktop.visible_windows("Picferry drop window").pop())
        .await;
    desktop.copy("image/png", &pictures::png(30)).await;
    is_shown(&desktop).await;

    desktop.click_at(CARD, UPLOAD);

    desktop.clipboard_text_that("the link is there", |text| text.starts_with("![")).await;
    is_gone(&desktop).await;
}

#[tokio::test]
async fn a_question_that_is_refused_or_out_of_date_goes_and_sends_nothing() {
    let desktop = Desktop::start().await;
    let app = asking(&desktop).await;
    desktop.copy("image/png", &pictures::png(6)).await;
    is_shown(&desktop).await;
    desktop.click_at(CARD, REFUSE);
    is_gone(&desktop).await;

    desktop.copy("image/png", &pictures::png(7)).await;
    is_shown(&desktop).await;
    desktop.copy("UTF8_STRING", b"a shopping list").await;
    is_gone(&desktop).await;

    assert!(app.stored_files().is_empty());
}

#[tokio::test]
async fn whoever_did_not_ask_for_it_is_not_asked_and_can_be_from_now_on() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    desktop.copy("image/png", &pictures::png(8)).await;
    page.go("settings").await;
    page.find("setting-ask-copied").await;
    assert!(desktop.visible_windows(CARD).is_empty());
    page.click("setting-ask-copied").await;
    eventually("it is stored", async || {
        (app.settings()["desktop"]["ask_about_copied"] == true).then_some(())
    })
    .await;
    // In front of the person the key does it: they are asked when another program is.
    let mut other = desktop.command("/usr/bin/python3").arg(desktop.kit("dragsource.py")).spawn().unwrap();
    let window = eventually("another program is there", async || desktop.visible_windows("dragsource").pop());
    desktop.run("xdotool", &["windowactivate", "--sync", &window.await]);

    desktop.copy("image/png", &pictures::png(9)).await;

    is_shown(&desktop).await;
    // The window asks the same; one answer is for both.
    page.click("offer-refuse").await;
    is_gone(&desktop).await;
    other.kill().unwrap();
    other.wait().unwrap();
    app.stop(page).await;
}
