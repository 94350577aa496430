//! The system's file dialog.

use crate::support::{App, Desktop, Settings, eventually, picture};

#[tokio::test]
async fn files_are_chosen_in_the_systems_dialog() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    let file = picture(desktop.folder.path(), "chosen.png", 21);

    page.click("choose-files").await;
    let dialog =
        eventually("the dialog is there", async || desktop.visible_windows("Choose pictures").pop()).await;
    desktop.run("xdotool", &["windowactivate", "--sync", &dialog]);
    // A slash opens the dialog's field for a path, which takes its time to come.
    let (slash, rest) = file.to_str().unwrap().split_at(1);
    for (text, pause) in [(slash, 1000), (rest, 700)] {
        desktop.run("xdotool", &["type", "--delay", "20", text]);
        tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
    }
    desktop.press("Return");

    let link = desktop.clipboard_text_that("the link is there", |text| text.starts_with("![")).await;
    assert!(link.starts_with("![chosen]"), "{link}");
    app.stop(page).await;
}

#[tokio::test]
async fn a_dismissed_dialog_changes_nothing() {
    let desktop = Desktop::start().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;

    page.click("choose-files").await;
    let dialog =
        eventually("the dialog is there", async || desktop.visible_windows("Choose pictures").pop()).await;
    desktop.run("xdotool", &["windowactivate", "--sync", &dialog]);
    desktop.press("Escape");
    eventually("the dialog is gone", async || {
        desktop.visible_windows("Choose pictures").is_empty().then_some(())
    })
    .await;

    page.go("gallery").await;
    page.go("upload").await;
    assert!(page.all("job-row").await.is_empty());
    assert!(page.all("notice").await.is_empty());
    app.stop(page).await;
}
