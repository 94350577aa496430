//! Where no program may place its windows: the drop window, and news in place of the card.

use crate::support::{App, Desktop, Settings, eventually, fetched};
use serde_json::json;
use std::fs::File;
use std::process::{Child, Stdio};
use std::time::Duration;

/// The title of the drop window.
const DROP_WINDOW: &str = "Picferry drop window";

/// The title of the card.
const CARD: &str = "Picferry news";

/// The app without a window.
async fn hidden(app: &mut App<'_>, desktop: &Desktop) {
    app.start(&["--hidden"]);
    desktop.tray_that("the app is in the tray", |tray| tray.to_string().contains("Upload files")).await;
}

/// Writes down what programs tell people, until it is killed.
async fn listener(desktop: &Desktop) -> (Child, std::path::PathBuf) {
    let heard = desktop.folder.path().join("heard");
    let listener = desktop
        .command("dbus-monitor")
        .args(["--session", "interface='org.freedesktop.Notifications',member='Notify'"])
        .stdin(Stdio::null())
        .stdout(File::create(&heard).unwrap())
        .stderr(Stdio::null())
        .spawn()
        .expect("dbus-monitor is installed (make test installs it)");
    // The bus greets whoever listens.
    eventually("it listens", async || std::fs::read(&heard).ok().filter(|heard| !heard.is_empty())).await;
    (listener, heard)
}

#[tokio::test]
async fn the_drop_window_stands_where_the_desktop_puts_it_until_it_is_closed() {
    let desktop = Desktop::on_wayland().await;
    let mut app = App::new(&desktop, &Settings::default());
    hidden(&mut app, &desktop).await;

    app.start_again(&["--drop-window"]).await;

    let tile = desktop.tile(DROP_WINDOW).await;
    assert_eq!(tile.size, (220, 96));
    assert!(desktop.tiles("Picferry").is_empty(), "no other window came up");
    app.start_again(&["--drop-window"]).await;
    desktop.has_no_tile(DROP_WINDOW).await;
    app.start_again(&["--drop-window"]).await;
    desktop.tile(DROP_WINDOW).await;
    desktop.close_tile(DROP_WINDOW);
    desktop.has_no_tile(DROP_WINDOW).await;
    assert!(app.is_running());
    let _owner = desktop.holds_picture(2).await;
    app.start_again(&["--upload-clipboard"]).await;
    fetched(&desktop.pasted_link().await).await;
}

#[tokio::test]
async fn a_copied_picture_is_asked_about_by_the_desktop_and_not_sent() {
    let desktop = Desktop::on_wayland().await;
    let (mut listener, heard) = listener(&desktop).await;
    let mut app =
        App::new(&desktop, &Settings::default()).set("desktop", &json!({ "ask_about_copied": true }));
    hidden(&mut app, &desktop).await;

    let asked = eventually("the desktop is told", async || {
        // The watch may begin a moment after the tray is there.
        let owner = desktop.holds_picture(7).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let heard = std::fs::read_to_string(&heard).unwrap_or_default();
        heard.contains("Upload the picture on the clipboard?").then_some(owner)
    });
    drop(asked.await);

    assert!(desktop.tiles(CARD).is_empty());
    assert!(app.stored_files().is_empty());
    listener.kill().unwrap();
    listener.wait().unwrap();
}

/// A card in the middle of the screen would lie over what people write.
#[tokio::test]
async fn news_is_told_by_the_desktop_and_not_by_a_card() {
    let desktop = Desktop::on_wayland().await;
    let (mut listener, heard) = listener(&desktop).await;
    let mut app = App::new(&desktop, &Settings::default());
    hidden(&mut app, &desktop).await;
    let _owner = desktop.holds_picture(6).await;

    app.start_again(&["--upload-clipboard"]).await;

    eventually("the desktop is told", async || {
        let heard = std::fs::read_to_string(&heard).unwrap_or_default();
        heard.contains("1 picture uploaded").then_some(())
    })
    .await;
    assert!(desktop.tiles(CARD).is_empty());
    fetched(&desktop.pasted_link().await).await;
    assert!(app.is_running());
    listener.kill().unwrap();
    listener.wait().unwrap();
}
