//! Files dragged onto the window.

use crate::support::{App, Desktop, Settings, picture};

/// A place well inside the window.
const MIDDLE: (u32, u32) = (540, 300);

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
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(app.stored_files().len(), 1);
    page.has(1, "job-row").await;
    app.stop(page).await;
}

/// The address in a Markdown link.
pub fn address_of(markdown: &str) -> &str {
    markdown.split_once("](").and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(markdown)
}
