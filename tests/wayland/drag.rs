//! Files dragged from another program's window.

use crate::support::{App, Desktop, Mouse, Settings, Source, fetched, picture};

#[tokio::test]
async fn pictures_dropped_on_the_window_are_uploaded() {
    let desktop = Desktop::on_wayland().await;
    let mut mouse = Mouse::new(&desktop);
    let mut app = App::new(&desktop, &Settings::default());
    let page = app.open().await;
    let file = picture(desktop.folder.path(), "boats at dusk.png", 1);
    let source = Source::new(&desktop, &[&file]).await;
    let window = desktop.tile("Picferry").await;

    let middle = (window.place.0 + window.size.0 / 2, window.place.1 + 300);
    source.is_dragged(&mut mouse, middle).await;

    let link = desktop.pasted_link().await;
    assert!(link.starts_with("![boats at dusk]"), "{link}");
    fetched(&link).await;
    page.has(1, "job-row").await;
    app.stop(page).await;
}

#[tokio::test]
async fn pictures_dropped_on_the_drop_window_are_uploaded() {
    let desktop = Desktop::on_wayland().await;
    let mut mouse = Mouse::new(&desktop);
    let mut app = App::new(&desktop, &Settings::default());
    app.start(&["--hidden", "--drop-window"]);
    let window = desktop.tile("Picferry drop window").await;
    let file = picture(desktop.folder.path(), "harbour.png", 2);
    let source = Source::new(&desktop, &[&file]).await;

    let middle = (window.place.0 + window.size.0 / 2, window.place.1 + window.size.1 / 2);
    source.is_dragged(&mut mouse, middle).await;

    let link = desktop.pasted_link().await;
    assert!(link.starts_with("![harbour]"), "{link}");
    assert_eq!(app.stored_files().len(), 1);
    assert!(desktop.tiles("Picferry").is_empty(), "no other window came up");
}
