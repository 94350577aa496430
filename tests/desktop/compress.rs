//! Before and after, side by side, in the real window.

use crate::support::{App, Desktop, Settings};

#[tokio::test]
async fn a_pasted_photo_is_shown_in_every_format_with_its_bytes_and_how_much_it_looks_the_same() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    page.go("compress").await;
    desktop.copy("image/jpeg", picferry_imaging::sample_picture()).await;

    page.click("compress-clipboard").await;

    page.find("split").await;
    let all_are_tried = "document.querySelector('[data-testid=compress-formats]').ariaBusy === 'false'";
    page.is_true("every format was tried", all_are_tried).await;
    let bytes_known = "[...document.querySelectorAll('[data-testid=compress-formats] output')] \
                       .filter((output) => output.textContent.includes('KB')).length === 5";
    page.is_true("the bytes of each are known", bytes_known).await;
    page.text_that("compress-after", "what it would become is known", |text| text.contains("KB")).await;
    assert!(app.stored_files().is_empty(), "nothing is sent by looking");
    app.stop(page).await;
}
