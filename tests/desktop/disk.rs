//! The disk of the home is full while the window is open.

use crate::drag::MIDDLE;
use crate::support::{App, Desktop, Page, Settings, eventually, picture};
use std::path::{Path, PathBuf};

/// How many rows of the list stand like that.
async fn rows(page: &Page, state: &str) -> usize {
    let mut count = 0;
    for row in page.all("job-row").await {
        count += usize::from(row.attr("data-state").await.ok().flatten().as_deref() == Some(state));
    }
    count
}

#[tokio::test]
async fn a_full_disk_is_told_and_what_was_dropped_can_be_dropped_again() {
    let desktop = Desktop::start().await;
    let Some(mut app) = App::new(&desktop, &Settings::default()).on_small_disk(8) else { return };
    let page = app.open().await;
    let file = picture(desktop.folder.path(), "boats.png", 1);
    app.disk().fill();

    desktop.drop_files(MIDDLE, &[&file]);

    page.says("The disk is full").await;
    page.has(0, "job-row").await;
    app.disk().clear();
    desktop.drop_files(MIDDLE, &[&file]);
    desktop.clipboard_text_that("the link is there", |text| text.starts_with("![boats")).await;
    app.stop(page).await;
}

#[tokio::test]
async fn a_disk_that_fills_under_a_batch_loses_none_of_it() {
    let desktop = Desktop::start().await;
    let Some(mut app) = App::new(&desktop, &Settings::default()).on_small_disk(8) else { return };
    let page = app.open().await;
    let files: Vec<PathBuf> =
        (0..8).map(|seed| picture(desktop.folder.path(), &format!("p{seed}.png"), seed)).collect();
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    app.disk().fill_but(400);

    desktop.drop_files(MIDDLE, &files);

    eventually("the batch has ended", async || {
        let (done, failed) = (rows(&page, "done").await, rows(&page, "failed").await);
        (failed > 0 && done + failed == 8).then_some(())
    })
    .await;
    let reason = page.text_that("job-reason", "the reason is shown", |text| !text.is_empty()).await;
    assert!(reason.to_lowercase().contains("disk"), "{reason}");
    app.disk().clear();
    for retry in page.all("job-retry").await {
        retry.click().await.unwrap();
    }
    eventually("all are there", async || (rows(&page, "done").await == 8).then_some(())).await;
    assert_eq!(app.stored_files().len(), 8);
    app.stop(page).await;
}
