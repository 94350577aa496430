//! The drop window: small, above all others, and gone when it is closed.

use crate::drag::address_of;
use crate::support::{App, Desktop, Page, Settings, eventually, picture, web_processes};
use picferry_tests::pictures;
use serde_json::json;

/// The title of the drop window.
const DROP_WINDOW: &str = "Picferry drop window";

async fn is_shown(desktop: &Desktop) {
    eventually("the drop window is there", async || desktop.visible_windows(DROP_WINDOW).pop()).await;
}

async fn is_gone(desktop: &Desktop) {
    eventually("the drop window is gone", async || {
        desktop.visible_windows(DROP_WINDOW).is_empty().then_some(())
    })
    .await;
}

async fn looks(page: &Page, look: &str) {
    page.has_attribute("mini", "data-look", look).await;
}

#[tokio::test]
async fn pictures_dropped_on_it_are_stored_and_their_links_can_be_pasted() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    app.start(&["--hidden"]);
    desktop.tray_that("the app is in the tray", |tray| tray.to_string().contains("Upload files")).await;
    let first = picture(desktop.folder.path(), "first.png", 1);
    let second = picture(desktop.folder.path(), "second one.png", 2);

    desktop.choose_in_tray("Show the drop window");
    is_shown(&desktop).await;
    let [left, top, width, height] = desktop.geometry(DROP_WINDOW).unwrap();
    assert_eq!((width, height), (220, 96));
    assert_eq!((left, top), (1440 - 220 - 16, 960 - 96 - 16), "the lower right corner is free");
    // A page that is just drawn may not take drops yet.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    desktop.drop_files_on(DROP_WINDOW, (110, 40), &[&first, &second]);

    let links = desktop.clipboard_text_that("both links are there", |text| text.lines().count() == 2).await;
    let names: Vec<&str> = links.lines().filter_map(|line| line.split(['[', ']']).nth(1)).collect();
    assert_eq!(names, ["first", "second one"]);
    assert!(desktop.visible_windows("Picferry").is_empty(), "no other window came up");
    assert!(desktop.visible_windows("Picferry news").is_empty(), "it says itself how it went");
    desktop.choose_in_tray("Show the drop window");
    is_gone(&desktop).await;
    let process = app.process();
    eventually("its page is gone too", async || (web_processes(process) == 0).then_some(())).await;
}

#[tokio::test]
async fn it_comes_back_to_where_it_was_left_until_it_is_closed() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    app.start(&["--hidden", "--drop-window"]);
    is_shown(&desktop).await;
    let window = desktop.visible_windows(DROP_WINDOW).pop().unwrap();
    desktop.run("xdotool", &["windowmove", "--sync", &window, "300", "150"]);
    let memory = app.home().join("mini.json");
    eventually("its place is kept", async || {
        let kept = std::fs::read_to_string(&memory).unwrap_or_default();
        kept.contains("[300,150]").then_some(())
    })
    .await;

    desktop.choose_in_tray("Quit");
    eventually("the app ends", async || (!app.is_running()).then_some(())).await;
    app.start(&["--hidden"]);
    is_shown(&desktop).await;
    eventually("it is where it was", async || {
        let [left, top, ..] = desktop.geometry(DROP_WINDOW)?;
        ((left, top) == (300, 150)).then_some(())
    })
    .await;

    app.start_again(&["--drop-window"]).await;
    is_gone(&desktop).await;
    app.kill();
    app.start(&["--hidden"]);
    desktop
        .tray_that("the app is in the tray", |tray| tray.to_string().contains("Show the drop window"))
        .await;
    assert!(desktop.visible_windows(DROP_WINDOW).is_empty());
}

#[tokio::test]
async fn a_picture_is_pasted_into_it_and_its_link_copied_in_another_format() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open_with(&["--drop-window"]).await;
    looks(&page, "ready").await;
    desktop.copy("image/png", &pictures::png(5)).await;
    let window = desktop.visible_windows(DROP_WINDOW).pop().unwrap();
    desktop.run("xdotool", &["windowactivate", "--sync", &window]);

    desktop.press("ctrl+v");

    looks(&page, "done").await;
    let link = desktop.clipboard_text_that("the link is there", |text| text.starts_with("![")).await;
    assert_eq!(reqwest::get(address_of(&link)).await.unwrap().status(), 200);
    page.choose("mini-copy-as", "html").await;
    desktop.clipboard_text_that("the link is HTML", |text| text.starts_with("<img")).await;
    // Good news is old after six seconds.
    looks(&page, "ready").await;
    app.stop(page).await;
}

#[tokio::test]
async fn addresses_are_taken_as_links_and_as_text() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open_with(&["--drop-window"]).await;
    looks(&page, "ready").await;
    let file = picture(desktop.folder.path(), "boats.png", 1);
    app.start_again(&["--hidden", file.to_str().unwrap()]).await;
    let link = desktop.clipboard_text_that("the link is there", |text| text.starts_with("![")).await;
    let address = address_of(&link);

    for what in [&[address][..], &["--text", address]] {
        desktop.copy("UTF8_STRING", b"something else").await;
        desktop.drop_on(DROP_WINDOW, (110, 40), what);
        let again = desktop.clipboard_text_that("it was fetched", |text| text.starts_with("![")).await;
        assert_eq!(address_of(&again).rsplit('.').next(), address.rsplit('.').next(), "{what:?}");
    }
    app.stop(page).await;
}

#[tokio::test]
async fn what_is_no_picture_is_said_and_leads_to_the_window() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open_with(&["--drop-window"]).await;
    looks(&page, "ready").await;
    let text = desktop.file("notes.png", b"no picture at all");

    let mut drag = desktop.drag_files_over(DROP_WINDOW, (110, 40), "4", &text);
    looks(&page, "over").await;
    page.says("Drop 1 picture").await;
    looks(&page, "failed").await;
    assert!(drag.wait().unwrap().success(), "the drop was taken");
    page.says("1 of 1 failed").await;
    page.click("mini-show").await;
    eventually("the window is there", async || desktop.visible_windows("Picferry").pop()).await;
    looks(&page, "ready").await;
    app.stop(page).await;
}

#[tokio::test]
async fn its_own_key_shows_it_and_puts_it_away() {
    let desktop = Desktop::start().await;
    let mut app =
        App::new(&desktop, &Settings::default()).set("hotkeys", &json!({ "drop_window": "Ctrl+Shift+F8" }));
    app.start(&["--hidden"]);
    desktop.tray_that("the app is in the tray", |tray| tray.to_string().contains("Upload files")).await;
    eventually("the key shows it", async || {
        // The key may be taken a moment after the tray is there.
        desktop.press("ctrl+shift+F8");
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        desktop.visible_windows(DROP_WINDOW).pop()
    })
    .await;

    desktop.press("ctrl+shift+F8");

    is_gone(&desktop).await;
}
