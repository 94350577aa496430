//! The tray, spoken to over D-Bus as a desktop does.

use crate::support::{App, Desktop, Settings, eventually};
use picferry_tests::pictures;
use serde_json::Value;

fn labels(tray: &Value) -> Vec<&str> {
    let entries = tray["menu"].as_array().unwrap();
    entries.iter().filter_map(|entry| entry["label"].as_str()).filter(|label| !label.is_empty()).collect()
}

const ENGLISH: [&str; 6] =
    ["Upload clipboard", "Upload files…", "Recent links", "Profile", "Show Picferry", "Quit"];
const CHINESE: [&str; 6] = ["上传剪贴板", "上传文件…", "最近的链接", "上传到", "显示 Picferry", "退出"];

#[tokio::test]
async fn the_tray_uploads_copies_and_quits() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    app.start(&["--hidden"]);
    let tray = desktop.tray_that("the whole menu is there", |tray| labels(tray) == ENGLISH).await;
    assert_eq!(tray["status"], "Ready");
    assert_eq!(tray["icon"], serde_json::json!([[32, 32, 4096]]));

    desktop.copy("image/png", &pictures::png(11)).await;
    desktop.choose_in_tray("Upload clipboard");
    let link = desktop.clipboard_text_that("the link is there", |text| text.starts_with("![")).await;

    let name = |tray: &Value| {
        let entries = tray["menu"].as_array().unwrap();
        let recent = entries.iter().find(|entry| entry["label"] == "Recent links").unwrap();
        recent["children"][0]["label"].as_str().unwrap().to_owned()
    };
    let tray =
        desktop.tray_that("the link is among the recent ones", |tray| name(tray).ends_with(".png")).await;
    desktop.copy("UTF8_STRING", b"something else").await;
    desktop.choose_in_tray(&format!("Recent links/{}", name(&tray)));
    let again = desktop.clipboard_text_that("the link is copied again", |text| text.starts_with("![")).await;
    assert_eq!(again, link);

    desktop.choose_in_tray("Quit");
    eventually("the app ends", async || (!app.is_running()).then_some(())).await;
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

    desktop.choose_in_tray("Show Picferry");
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

/// How many pages that process shows.
fn web_processes(process: u32) -> usize {
    let children = format!("/proc/{process}/task");
    let tasks = std::fs::read_dir(children).into_iter().flatten().flatten();
    tasks
        .filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok())
        .flat_map(|children| children.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .filter_map(|child| std::fs::read_to_string(format!("/proc/{child}/comm")).ok())
        .filter(|name| name.starts_with("WebKitWebProces"))
        .count()
}
