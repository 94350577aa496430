//! What is on the clipboard, pasted into the window: whose program put it there decides its form.

use crate::drag::address_of;
use crate::support::{App, Desktop, Page, Settings, animated_gif, picture};
use picferry_tests::pictures;

async fn pasted_link(desktop: &Desktop, page: &Page) -> String {
    page.find("screen-upload").await;
    let windows = desktop.visible_windows("Picferry");
    desktop.run("xdotool", &["windowactivate", "--sync", &windows[0]]);
    desktop.press("ctrl+v");
    desktop.clipboard_text_that("the link is on the clipboard", |text| text.starts_with("![")).await
}

async fn fetched(link: &str) -> (String, Vec<u8>) {
    let answer = reqwest::get(address_of(link)).await.unwrap();
    assert_eq!(answer.status(), 200, "{link}");
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    (kind, answer.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn a_screenshot_is_pasted_whole_however_large_it_is() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    // Two megabytes: the clipboard's owner sends them in pieces.
    desktop.copy("image/png", &pictures::noise_png(7, 1000, 700)).await;

    let link = pasted_link(&desktop, &page).await;

    let (kind, bytes) = fetched(&link).await;
    // Whatever became of it on its way, all of it is there.
    let picture = picferry_imaging::inspect(&bytes).unwrap();
    assert_eq!(kind, picture.format.media_type());
    assert_eq!((picture.width, picture.height), (Some(1000), Some(700)));
    app.stop(page).await;
}

#[tokio::test]
async fn an_animation_on_the_clipboard_keeps_its_frames() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    let gif = animated_gif();
    desktop.copy("image/gif", &gif).await;

    let link = pasted_link(&desktop, &page).await;

    let (kind, bytes) = fetched(&link).await;
    assert_eq!(kind, "image/gif");
    assert!(address_of(&link).ends_with(".gif"), "{link}");
    assert_eq!(bytes, gif, "the animation is untouched");
    app.stop(page).await;
}

#[tokio::test]
async fn files_copied_in_a_file_manager_are_pasted_as_files() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    let first = picture(desktop.folder.path(), "first one.png", 1);
    let second = picture(desktop.folder.path(), "second.png", 2);
    let list = format!("file://{}\r\nfile://{}\r\n", first.display(), second.display()).replace(' ', "%20");
    desktop.copy("text/uri-list", list.as_bytes()).await;

    let links = pasted_link(&desktop, &page).await;

    let names: Vec<&str> = links.lines().filter_map(|line| line.split(['[', ']']).nth(1)).collect();
    assert_eq!(names, ["first one", "second"], "{links}");
    assert_eq!(app.stored_files().len(), 2);
    app.stop(page).await;
}

#[tokio::test]
async fn a_clipboard_without_a_picture_says_what_it_holds() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    desktop.copy("UTF8_STRING", b"a shopping list").await;

    let windows = desktop.visible_windows("Picferry");
    desktop.run("xdotool", &["windowactivate", "--sync", &windows[0]]);
    desktop.press("ctrl+v");

    page.says("The clipboard holds text, not a picture.").await;
    assert!(app.stored_files().is_empty());
    assert_eq!(desktop.clipboard_text().as_deref(), Some("a shopping list"), "the clipboard is left alone");
    app.stop(page).await;
}

#[tokio::test]
async fn a_program_that_holds_the_clipboard_and_hangs_does_not_hang_the_window() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    let owner = desktop.copy("image/png", &pictures::png(3)).await.to_string();
    desktop.run("kill", &["-STOP", &owner]);

    page.click("from-clipboard").await;

    page.says("does not answer").await;
    page.go("gallery").await;
    desktop.run("kill", &["-KILL", &owner]);
    desktop.copy("image/png", &pictures::png(4)).await;
    page.go("upload").await;
    page.click("from-clipboard").await;
    desktop.clipboard_text_that("the second try works", |text| text.starts_with("![")).await;
    app.stop(page).await;
}
