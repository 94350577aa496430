//! Folders: one that is watched, and one with notes.

use crate::drag::MIDDLE;
use crate::support::{App, Desktop, Settings, eventually, picture};
use serde_json::json;

#[tokio::test]
async fn a_picture_that_comes_into_a_watched_folder_is_stored_by_itself() {
    let desktop = Desktop::start().await;
    let shots = desktop.folder.path().join("shots");
    std::fs::create_dir(&shots).unwrap();
    let watch = json!({ "folders": [{ "id": "shots", "path": shots, "wait_seconds": 1 }] });
    let mut app = App::new(&desktop, &Settings::default()).set("watch", &watch);
    let page = app.open().await;
    page.go("settings").await;
    page.click("settings-nav-watched").await;
    page.has_attribute("watched", "data-status", "watching").await;

    picture(&shots, "new.png", 1);

    page.text_that("watched-stored", "it is counted", |text| text.starts_with("1 ")).await;
    eventually("it is stored", async || (app.stored_files().len() == 1).then_some(())).await;
    page.click("watched-pause").await;
    page.has_attribute("watched", "data-status", "paused").await;
    app.stop(page).await;
}

#[tokio::test]
async fn the_pictures_of_a_dropped_note_move_and_come_back() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    picture(desktop.folder.path(), "boat.png", 1);
    let text = "# A day\n\n![A boat](boat.png)\n";
    let note = desktop.file("note.md", text.as_bytes());
    page.click("open-migrate").await;
    page.find("migrate-empty").await;

    desktop.drop_files(MIDDLE, &[&note]);

    page.text_that("migrate-summary", "it is known what would happen", |text| text.starts_with("1 picture"))
        .await;
    assert_eq!(std::fs::read_to_string(&note).unwrap(), text, "looking changes nothing");
    page.click("migrate-start").await;
    page.find("migrate-undo").await;
    let moved = std::fs::read_to_string(&note).unwrap();
    assert!(moved.contains(&format!("![A boat](http://127.0.0.1:{}/", app.store_port)), "{moved}");
    page.click("migrate-undo").await;
    eventually("the note is as it was", async || {
        (std::fs::read_to_string(&note).ok()? == text).then_some(())
    })
    .await;
    app.stop(page).await;
}
