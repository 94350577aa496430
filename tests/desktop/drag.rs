//! Files dragged onto the window.

use crate::support::{App, Desktop, Settings, picture};

/// A place well inside the window.
pub const MIDDLE: (u32, u32) = (540, 300);

#[tokio::test]
async fn a_picture_dropped_on_the_window_is_stored_and_its_link_can_be_pasted() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    let file = picture(desktop.folder.path(), "boats at dusk.png", 1);

    desktop.drop_files(MIDDLE, &[&file]);

    let link =
        desktop.clipboard_text_that("the link is on the clipboard", |text| text.starts_with("![")).await;
    let address = address_of(&link);
    assert!(address.starts_with(&format!("http://127.0.0.1:{}/", app.store_port)), "{link}");
    let answer = reqwest::get(address).await.unwrap();
    assert_eq!(answer.status(), 200);
    let kind = answer.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("image/"), "{kind}");
    assert_eq!(app.stored_files().len(), 1);
    page.has(1, "job-row").await;
    app.stop(page).await;
}

#[tokio::test]
async fn one_bad_file_among_the_dropped_stops_none_of_the_others() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    let first = picture(desktop.folder.path(), "first.png", 1);
    let text = desktop.file("notes.png", b"not a picture at all");
    let last = picture(desktop.folder.path(), "last.png", 2);

    desktop.drop_files(MIDDLE, &[&first, &text, &last]);

    let links = desktop
        .clipboard_text_that("both links are on the clipboard", |text| text.lines().count() == 2)
        .await;
    let names: Vec<&str> = links.lines().filter_map(|line| line.split(['[', ']']).nth(1)).collect();
    assert_eq!(names, ["first", "last"], "{links}");
    page.has(3, "job-row").await;
    let reason = page.text_that("job-reason", "the reason is shown", |text| !text.is_empty()).await;
    assert!(!reason.contains("Internal"), "{reason}");
    app.stop(page).await;
}

/// The address in a Markdown link.
pub fn address_of(markdown: &str) -> &str {
    markdown.split_once("](").and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(markdown)
}
