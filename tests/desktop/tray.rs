//! The tray, spoken to over D-Bus as a desktop does.

use crate::support::{App, Desktop, Settings, eventually, silent_host, web_processes};
use picferry_tests::pictures;
use serde_json::Value;

fn labels(tray: &Value) -> Vec<&str> {
    let entries = tray["menu"].as_array().unwrap();
    entries.iter().filter_map(|entry| entry["label"].as_str()).filter(|label| !label.is_empty()).collect()
}

const ENGLISH: [&str; 9] = [
    "Upload the clipboard",
    "Upload files…",
    "Upload a screenshot…",
    "Show the drop window",
    "Destination: This computer",
    "Copy as: Markdown",
    "Open Picferry",
    "Settings…",
    "Quit",
];
const CHINESE: [&str; 9] = [
    "上传剪贴板",
    "上传文件…",
    "截图并上传…",
    "显示悬浮窗",
    "上传到：本机",
    "复制为：Markdown",
    "打开 Picferry",
    "设置…",
    "退出",
];

/// The first of the latest pictures in the menu.
fn newest(tray: &Value) -> Option<&Value> {
    let entries = tray["menu"].as_array().unwrap();
    let heading = entries.iter().position(|entry| is_heading(entry["label"].as_str().unwrap()))?;
    entries.get(heading + 1)
}

fn is_heading(label: &str) -> bool {
    label.starts_with("Recent, click to copy as ")
}

#[tokio::test]
async fn the_tray_uploads_copies_and_quits() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    app.start(&["--hidden"]);
    let tray = desktop.tray_that("the whole menu is there", |tray| labels(tray) == ENGLISH).await;
    assert_eq!(tray["status"], "Ready");
    assert_eq!(tray["icon"], serde_json::json!([[32, 32, 4096]]));

    desktop.copy("image/png", &pictures::png(11)).await;
    desktop.choose_in_tray("Upload the clipboard");
    let link = desktop.clipboard_text_that("the link is there", |text| text.starts_with("![")).await;

    let tray = desktop
        .tray_that("the picture is among the recent ones, to be seen", |tray| {
            newest(tray).is_some_and(|newest| newest["has_icon"] == true)
        })
        .await;
    let name = newest(&tray).unwrap()["label"].as_str().unwrap();
    assert!(name.ends_with(".png"), "{name}");
    desktop.copy("UTF8_STRING", b"something else").await;
    desktop.choose_in_tray(name);
    let again = desktop.clipboard_text_that("the link is copied again", |text| text.starts_with("![")).await;
    assert_eq!(again, link);

    desktop.choose_in_tray("Copy as*/HTML");
    let tray =
        desktop.tray_that("the format is chosen", |tray| labels(tray).contains(&"Copy as: HTML")).await;
    assert!(labels(&tray).contains(&"Recent, click to copy as HTML"));
    assert_eq!(app.settings()["links"]["format"], "html");
    desktop.choose_in_tray(name);
    desktop.clipboard_text_that("the link is HTML now", |text| text.starts_with("<img")).await;

    desktop.choose_in_tray("Quit");
    eventually("the app ends", async || (!app.is_running()).then_some(())).await;
}

#[tokio::test]
async fn what_is_under_way_is_paused_and_gone_on_with_from_the_tray() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let (port, host) = silent_host().await;
    app.start(&["--hidden", "--drop-window"]);
    desktop.tray_that("the whole menu is there", |tray| labels(tray) == ENGLISH).await;
    let first = |words: &'static str| move |tray: &Value| labels(tray)[0] == words;

    let address = format!("http://127.0.0.1:{port}/slow.png");
    app.start_again(&["--hidden", &address]).await;
    let tray = desktop.tray_that("it is under way", first("Uploading 1 of 1")).await;
    assert_eq!(tray["status"], "Uploading 1 of 1");
    desktop.choose_in_tray("Pause");
    desktop.tray_that("it is paused", first("1 picture paused")).await;
    desktop.choose_in_tray("Resume");
    desktop.tray_that("it goes on", first("Uploading 1 of 1")).await;

    // The host is gone: the picture waits until there is a network again.
    host.abort();
    desktop.tray_that("it waits", first("Offline, 1 picture waits")).await;
}

#[tokio::test]
async fn the_tray_speaks_chinese_and_follows_the_settings() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings { language: "zh-CN", ..Settings::default() });
    app.start(&["--hidden"]);
    desktop.tray_that("the menu is Chinese", |tray| labels(tray) == CHINESE).await;

    let mut settings = app.settings();
    settings["language"] = "en".into();
    std::fs::write(app.home().join("settings.json"), settings.to_string()).unwrap();

    desktop.tray_that("the menu is English", |tray| labels(tray) == ENGLISH).await;
}

#[tokio::test]
async fn the_tray_opens_the_settings() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    page.find("screen-upload").await;

    desktop.choose_in_tray("Settings…");

    page.find("screen-settings").await;
    app.stop(page).await;
}

#[tokio::test]
async fn a_closed_window_waits_in_the_tray_and_gives_its_memory_back() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    app.start(&[]);
    let window = eventually("the window is there", async || desktop.visible_windows("Picferry").pop()).await;
    desktop.tray_that("the app is in the tray", |tray| labels(tray) == ENGLISH).await;

    close_window(&desktop, &window);
    eventually("the window is hidden", async || desktop.visible_windows("Picferry").is_empty().then_some(()))
        .await;
    assert!(app.is_running());
    let process = app.process();
    assert_eq!(web_processes(process), 1, "who comes back soon finds it as it was");
    // The window lives on for half a minute.
    tokio::time::sleep(std::time::Duration::from_secs(25)).await;
    eventually("the page's process is gone", async || (web_processes(process) == 0).then_some(())).await;
    assert!(app.is_running());

    desktop.choose_in_tray("Open Picferry");
    eventually("the window is back", async || desktop.visible_windows("Picferry").pop()).await;
}

#[tokio::test]
async fn without_a_tray_closing_the_window_ends_the_app() {
    let desktop = Desktop::without_tray().await;
    let mut app = App::new(&desktop, &Settings::default());
    app.start(&[]);
    let window = eventually("the window is there", async || desktop.visible_windows("Picferry").pop()).await;

    close_window(&desktop, &window);

    eventually("the app ends", async || (!app.is_running()).then_some(())).await;
}

#[tokio::test]
async fn without_a_tray_even_a_hidden_start_comes_up() {
    let desktop = Desktop::without_tray().await;
    let mut app = App::new(&desktop, &Settings::default());
    app.start(&["--hidden"]);
    eventually("the window is there", async || desktop.visible_windows("Picferry").pop()).await;
    assert!(app.is_running());
}

/// Closes a window as its close button does.
fn close_window(desktop: &Desktop, window: &str) {
    desktop.run("xdotool", &["windowactivate", "--sync", window]);
    desktop.press("alt+F4");
}
