//! The main window: drawn, fed by the clipboard, and giving its links back to it.

use crate::support::{App, Desktop, Settings, address_of, animated_gif, eventually, fetched};
use std::collections::HashSet;

/// The title of the main window.
const WINDOW: &str = "Picferry";

/// How many colours a part of the screen shows.
fn colours(desktop: &Desktop, (x, y): (u64, u64), (width, height): (u64, u64)) -> usize {
    let file = desktop.folder.path().join("screen.png");
    let part = format!("{x},{y} {width}x{height}");
    desktop.run("grim", &["-g", &part, file.to_str().unwrap()]);
    let screen = image::open(&file).unwrap().to_rgb8();
    screen.pixels().copied().collect::<HashSet<_>>().len()
}

#[tokio::test]
async fn the_window_is_wayland_s_own_and_not_blank() {
    let desktop = Desktop::on_wayland().await;
    let mut app = App::new(&desktop, &Settings::default());

    // As people start it: no driver looks over its shoulder.
    app.start(&[]);

    let tile = desktop.tile(WINDOW).await;
    assert_eq!(tile.shell, "xdg_shell");
    assert_eq!(tile.size, (1080, 720));
    // A blank window has one colour; letters with soft edges and the coloured sign have many.
    eventually("the page is drawn", async || (colours(&desktop, tile.place, tile.size) > 100).then_some(()))
        .await;
}

#[tokio::test]
async fn a_pasted_picture_becomes_a_link_that_outlives_the_window() {
    let desktop = Desktop::on_wayland().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    page.find("screen-upload").await;
    let _owner = desktop.holds_picture(1).await;

    desktop.press_ctrl(WINDOW, "v");

    let link = desktop.pasted_link().await;
    let (kind, bytes) = fetched(&link).await;
    let picture = picferry_imaging::inspect(&bytes).unwrap();
    assert_eq!(kind, picture.format.media_type());
    assert_eq!((picture.width, picture.height), (Some(64), Some(48)));
    desktop.close_tile(WINDOW);
    desktop.has_no_tile(WINDOW).await;
    assert_eq!(desktop.pasted_link().await, link, "the app in the tray goes on holding it");
    app.stop(page).await;
}

#[tokio::test]
async fn an_animation_on_the_clipboard_keeps_its_frames() {
    let desktop = Desktop::on_wayland().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    let gif = animated_gif();
    let _owner = desktop.taken_clipboard("image/gif", &gif).await;

    page.click("from-clipboard").await;

    let link = desktop.pasted_link().await;
    assert!(address_of(&link).ends_with(".gif"), "{link}");
    assert_eq!(fetched(&link).await.1, gif);
    app.stop(page).await;
}

#[tokio::test]
async fn a_program_that_holds_the_clipboard_and_hangs_does_not_hang_the_window() {
    let desktop = Desktop::on_wayland().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    page.find("screen-upload").await;
    let owner = desktop.holds_picture(3).await;
    owner.hangs(&desktop);

    desktop.press_ctrl(WINDOW, "v");

    page.says("does not answer").await;
    page.go("gallery").await;
    drop(owner);
    let _owner = desktop.holds_picture(4).await;
    page.go("upload").await;
    page.click("from-clipboard").await;
    fetched(&desktop.pasted_link().await).await;
    app.stop(page).await;
}

#[tokio::test]
async fn the_command_that_the_window_names_for_a_key_uploads_the_clipboard() {
    let desktop = Desktop::on_wayland().await;
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    page.go("settings").await;
    page.click("settings-nav-shortcuts").await;
    let command = page
        .text_that("hotkey-command", "the command is named", |text| text.ends_with(" --upload-clipboard"))
        .await;
    let _owner = desktop.holds_picture(8).await;

    // As a desktop runs what a key is bound to: `bindsym … exec`.
    let home = app.home().display();
    desktop.run("sh", &["-c", &format!("PICFERRY_HOME='{home}' {command}")]);

    fetched(&desktop.pasted_link().await).await;
    app.stop(page).await;
}
