//! Pictures of every screen, in both languages and both themes. With `PICFERRY_WRITE_SCREENSHOTS=1`
//! they replace those in `docs/screenshots`.

use crate::drag::MIDDLE;
use crate::support::{App, Desktop, Page, Settings, animated_gif, eventually, scene, silent_host};
use serde_json::json;
use std::path::{Path, PathBuf};

#[tokio::test]
async fn every_screen_is_photographed_in_both_languages_and_themes() {
    for language in ["en", "zh-CN"] {
        for appearance in ["light", "dark"] {
            photograph(language, appearance).await;
        }
    }
}

#[tokio::test]
async fn the_small_windows_are_photographed_in_both_languages_and_themes() {
    for language in ["en", "zh-CN"] {
        for appearance in ["light", "dark"] {
            photograph_small(language, appearance).await;
        }
    }
}

async fn photograph_small(language: &'static str, appearance: &'static str) {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings { language, appearance, onboarded: true })
        .set("desktop", &json!({ "ask_about_copied": true }));
    let is_english = language == "en";
    let (drop_window, card) = if is_english {
        ("Picferry drop window", "Picferry news")
    } else {
        ("Picferry 悬浮窗", "Picferry 消息")
    };
    let album = Album { desktop: &desktop, name: format!("{language}-{appearance}") };
    app.start(&["--hidden", "--drop-window"]);
    eventually("the drop window is there", async || desktop.visible_windows(drop_window).pop()).await;
    album.take_window(drop_window, "drop-window").await;
    let (port, host) = silent_host().await;
    let slow = format!("http://127.0.0.1:{port}/slow.png");
    app.start_again(&["--hidden", &slow]).await;
    album.take_window(drop_window, "drop-window-uploading").await;
    host.abort();
    let offline = if is_english { "Offline, 1 picture waits" } else { "离线，1 张图片等待中" };
    desktop.tray_that("it waits for the network", |tray| tray["status"] == offline).await;
    album.take_window(drop_window, "drop-window-offline").await;
    let files = samples(desktop.folder.path());
    let picture = files.first().unwrap().to_str().unwrap();
    let text = files.last().unwrap().to_str().unwrap();
    desktop.choose_in_tray(if is_english { "Pause" } else { "暂停" });
    album.take_window(drop_window, "drop-window-paused").await;
    desktop.choose_in_tray(if is_english { "Show the drop window" } else { "显示悬浮窗" });
    eventually("it is gone", async || desktop.visible_windows(drop_window).is_empty().then_some(())).await;
    app.kill();
    std::fs::remove_file(app.home().join("history.sqlite")).unwrap();
    app.start(&["--hidden", "--drop-window"]);
    eventually("the drop window is there", async || desktop.visible_windows(drop_window).pop()).await;
    app.start_again(&["--hidden", picture]).await;
    desktop.clipboard_text_that("the link is there", |text| text.starts_with("![")).await;
    album.take_window(drop_window, "drop-window-done").await;
    app.start_again(&["--hidden", picture, text]).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    album.take_window(drop_window, "drop-window-failed").await;
    desktop.choose_in_tray(if is_english { "Show the drop window" } else { "显示悬浮窗" });
    eventually("it is gone", async || desktop.visible_windows(drop_window).is_empty().then_some(())).await;

    desktop.copy("image/png", &scene(4, 480, 480)).await;
    eventually("the card asks", async || desktop.visible_windows(card).pop()).await;
    album.take_window(card, "card-question").await;
    desktop.choose_in_tray(if is_english { "Upload the clipboard" } else { "上传剪贴板" });
    desktop.clipboard_text_that("the link is there", |text| text.starts_with("![")).await;
    eventually("the card is there", async || desktop.visible_windows(card).pop()).await;
    album.take_window(card, "card").await;
}

async fn photograph(language: &'static str, appearance: &'static str) {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings { language, appearance, onboarded: false });
    let page = app.open().await;
    let album = Album { desktop: &desktop, name: format!("{language}-{appearance}") };
    page.find("screen-onboarding").await;
    album.take("onboarding").await;
    page.click("onboarding-skip").await;

    page.find("screen-upload").await;
    album.take("upload-empty").await;
    let files = samples(desktop.folder.path());
    let arguments: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
    app.start_again(&arguments).await;
    page.go("upload").await;
    page.has(files.len(), "job-row").await;
    desktop.clipboard_text_that("the links are there", |text| text.contains("![")).await;
    page.has(0, "toast").await;
    album.take("upload").await;
    let opened = files.first().unwrap().to_str().unwrap();
    app.start_again(&["--open-with", opened, "picferry://upload?url=https://example.com/harbour.png"]).await;
    page.find("offer-dialog").await;
    album.take("question").await;
    page.click("offer-refuse").await;
    page.click("offer-refuse").await;
    page.has(0, "offer-dialog").await;

    page.go("gallery").await;
    page.has(files.len() - 1, "gallery-item").await;
    page.click_named("gallery-item", "kite.png").await;
    page.find("inspector").await;
    album.take("gallery").await;
    page.click("inspector-delete").await;
    page.find("delete-dialog").await;
    album.take("delete").await;
    page.click("delete-cancel").await;

    page.go("compress").await;
    page.find("compress-empty").await;
    album.take("compress-empty").await;
    desktop.copy("image/jpeg", picferry_imaging::sample_picture()).await;
    page.click("compress-clipboard").await;
    page.find("split").await;
    let all_are_tried = "document.querySelector('[data-testid=compress-formats]').ariaBusy === 'false'";
    page.is_true("every format was tried", all_are_tried).await;
    album.take("compress").await;

    migrate(&desktop, &page, &album).await;

    page.go("hosts").await;
    album.take("hosts").await;
    page.click("profile-add").await;
    page.find("preset-search").await;
    album.take("add-host").await;
    page.click("add-back").await;
    page.go("settings").await;
    for part in ["general", "shortcuts", "links", "editors", "watched"] {
        page.click(&format!("settings-nav-{part}")).await;
        album.take(&format!("settings-{part}")).await;
    }
    page.resize(760, 520).await;
    page.go("upload").await;
    album.take("narrow").await;
    app.stop(page).await;
}

/// A note whose pictures move.
async fn migrate(desktop: &Desktop, page: &Page, album: &Album<'_>) {
    let notes = "![Boats](boats-at-dusk.png)\n\n![湖](湖边的早晨.png)\n\n![Gone](gone.png)\n";
    let note = desktop.file("quay.md", notes.as_bytes());
    page.go("upload").await;
    page.click("open-migrate").await;
    page.find("migrate-empty").await;
    album.take("migrate-empty").await;
    desktop.drop_files(MIDDLE, &[&note]);
    page.find("migrate-summary").await;
    album.take("migrate").await;
    page.click("migrate-leave").await;
}

/// Where pictures of one language and theme go.
struct Album<'a> {
    desktop: &'a Desktop,
    name: String,
}

impl Album<'_> {
    async fn take(&self, screen: &str) {
        self.take_window("Picferry", screen).await;
    }

    async fn take_window(&self, title: &str, screen: &str) {
        // What moves comes to rest first.
        tokio::time::sleep(std::time::Duration::from_millis(900)).await;
        let folder = match std::env::var_os("PICFERRY_WRITE_SCREENSHOTS") {
            Some(_) => Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/screenshots"),
            None => self.desktop.folder.path().join("screenshots"),
        };
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{}-{screen}.png", self.name));
        self.desktop.photograph_window(title, &file);
    }
}

/// Pictures of several kinds, and a file that is none.
fn samples(folder: &Path) -> Vec<PathBuf> {
    let named = |name: &str, bytes: Vec<u8>| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    vec![
        named("boats-at-dusk.png", scene(1, 640, 420)),
        named("kite.png", scene(2, 420, 560)),
        named("ferry.gif", animated_gif()),
        named("湖边的早晨.png", scene(3, 720, 360)),
        named("harbour.png", scene(4, 480, 480)),
        named("notes.txt", b"no picture".to_vec()),
    ]
}
