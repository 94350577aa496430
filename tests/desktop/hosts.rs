//! A host of one's own, added through the form.

use crate::support::{App, Desktop, Settings, eventually, free_port, picture};
use picferry_core::secret::Secret;
use picferry_providers::local_store::{BUCKET, LocalStore};

#[tokio::test]
async fn a_bucket_of_ones_own_is_added_tested_and_used() {
    let desktop = Desktop::start().await;
    let objects = tempfile::tempdir().unwrap();
    let secret = Secret::new("its-own-secret");
    let store = LocalStore::start(objects.path().into(), free_port(), "its-own-key", &secret).await.unwrap();
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;

    page.go("hosts").await;
    page.click("profile-add").await;
    page.fill("preset-search", "generic").await;
    page.click("preset-generic").await;
    page.click("preset-continue").await;
    page.fill("profile-name", "My bucket").await;
    // A stray space and a pasted slash are repaired, and said.
    page.fill("field-endpoint", &format!(" {}/ ", store.address())).await;
    page.fill("field-bucket", BUCKET).await;
    page.fill("field-access_key_id", "its-own-key").await;
    page.fill("field-secret_access_key", secret.expose()).await;
    page.click("profile-test").await;
    page.has_attribute("test-result", "data-ok", "true").await;
    page.click("profile-save").await;
    eventually("the profile is saved", async || {
        let settings = app.settings();
        let profiles = settings["profiles"].as_array()?;
        profiles.iter().any(|profile| profile["name"] == "My bucket").then_some(())
    })
    .await;
    let settings = app.settings().to_string();
    assert!(!settings.contains(secret.expose()), "the settings hold no secret");
    assert!(!app.log().contains(secret.expose()), "the log holds no secret");

    desktop.tray_that("the tray offers it", |tray| tray.to_string().contains("My bucket")).await;
    desktop.choose_in_tray("Destination*/My bucket");
    desktop.tray_that("it is chosen", |tray| is_chosen(tray, "My bucket")).await;
    let file = picture(desktop.folder.path(), "mine.png", 9);
    app.start_again(&[file.to_str().unwrap()]).await;
    let link = desktop.clipboard_text_that("the link is there", |text| text.starts_with("![")).await;
    assert!(link.contains(&store.address()), "{link}");
    assert!(app.stored_files().is_empty(), "nothing went to the other store");
    app.stop(page).await;
    store.stop().await;
}

fn is_chosen(tray: &serde_json::Value, profile: &str) -> bool {
    let entries = tray["menu"].as_array().unwrap();
    let profiles = entries.iter().flat_map(|entry| entry["children"].as_array().unwrap());
    profiles.into_iter().any(|entry| entry["label"] == profile && entry["checked"] == true)
}
