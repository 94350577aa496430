//! Starting: once, twice, and where it cannot work.

use crate::support::{App, Desktop, Settings, eventually, picture};

#[tokio::test]
async fn a_second_start_hands_its_files_to_the_first() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    app.start(&["--hidden"]);
    desktop.tray_that("the first one is there", |tray| tray["menu"].as_array().unwrap().len() > 3).await;
    assert!(desktop.visible_windows("Picferry").is_empty());
    let file = picture(desktop.folder.path(), "a (1).png", 4);

    app.start_again(&[file.to_str().unwrap()]).await;

    desktop.clipboard_text_that("the link is there", |text| text.starts_with("![")).await;
    eventually("the window came up", async || desktop.visible_windows("Picferry").pop()).await;
    assert_eq!(app.stored_files().len(), 1);
}

/// Nobody else knows of these files any more: the second start has ended, believing them in good hands.
#[tokio::test]
async fn files_handed_to_a_process_that_dies_are_sent_by_the_next_one() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    app.start(&["--hidden"]);
    desktop.tray_that("the first one is there", |tray| tray["menu"].as_array().unwrap().len() > 3).await;
    let file = picture(desktop.folder.path(), "handed over.png", 9);

    app.start_again(&[file.to_str().unwrap()]).await;
    app.kill();
    app.start(&["--hidden"]);

    eventually("the picture is in the store", async || app.stored_files().pop()).await;
    assert_eq!(app.stored_files().len(), 1);
}

#[tokio::test]
async fn the_first_start_uploads_files_too() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let file = picture(desktop.folder.path(), "b.png", 5);

    app.start(&[file.to_str().unwrap()]);

    desktop.clipboard_text_that("the link is there", |text| text.starts_with("![")).await;
}

#[tokio::test]
async fn a_damaged_database_is_said_in_the_window() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    std::fs::write(app.home().join("history.sqlite"), b"this is no database, and never was one").unwrap();

    let page = app.open().await;

    let code = page.attribute("engine-error", "data-code").await;
    assert_eq!(code.as_deref(), Some("database_damaged"));
    std::fs::remove_file(app.home().join("history.sqlite")).unwrap();
    page.click("engine-retry").await;
    page.find("screen-upload").await;
    app.stop(page).await;
}
