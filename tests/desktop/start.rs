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

#[tokio::test]
async fn a_link_and_open_with_ask_and_nothing_is_sent_before_the_answer() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    let (asked, opened) =
        (picture(desktop.folder.path(), "asked.png", 6), picture(desktop.folder.path(), "opened.png", 7));

    app.start_again(&[&format!("picferry://upload?file={}", asked.display())]).await;
    page.text_that("offer-sources", "the file is named", |text| text.contains("asked.png")).await;
    // Whoever types on does not agree by it: the first focus is on the no.
    page.is_true("the no has the focus", "document.activeElement.dataset.testid === 'offer-refuse'").await;
    page.click("offer-refuse").await;
    page.has(0, "offer-dialog").await;

    app.start_again(&["--open-with", opened.to_str().unwrap()]).await;
    page.text_that("offer-sources", "the file is named", |text| text.contains("opened.png")).await;
    assert!(app.stored_files().is_empty());
    page.click("offer-accept").await;

    desktop.clipboard_text_that("the link is there", |text| text.starts_with("![opened")).await;
    assert_eq!(app.stored_files().len(), 1);
    app.stop(page).await;
}

#[tokio::test]
async fn it_starts_with_the_session_when_asked_to() {
    let desktop = Desktop::start().await;
    // Not the entry of whoever runs the tests.
    let home: &'static str = Box::leak(desktop.folder.path().display().to_string().into_boxed_str());
    let mut app = App::new(&desktop, &Settings::default()).with("HOME", home);
    let page = app.open().await;
    page.go("settings").await;
    page.click("setting-autostart").await;
    let entry = desktop.folder.path().join(".config/autostart/Picferry.desktop");
    let text = eventually("the entry is there", async || std::fs::read_to_string(&entry).ok()).await;
    assert!(text.contains("picferry-app --hidden"), "{text}");
    page.click("setting-autostart").await;
    eventually("the entry is gone", async || (!entry.exists()).then_some(())).await;
    app.stop(page).await;
}
