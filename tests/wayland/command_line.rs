//! `picferry upload --clipboard` where only the compositor knows the clipboard.

use crate::support::{CommandLine, Desktop, address_of, animated_gif, fetched, picture};
use picferry_tests::pictures;

#[tokio::test]
async fn a_picture_arrives_byte_for_byte_however_large_it_is() {
    let desktop = Desktop::on_wayland().await;
    let line = CommandLine::new(&desktop).await;
    // Two megabytes: more than a pipe takes at once.
    let png = pictures::noise_png(7, 1000, 700);
    let _owner = desktop.taken_clipboard("image/png", &png).await;

    let links = line.links();

    assert_eq!(links.len(), 1, "{links:?}");
    assert_eq!(fetched(&links[0]).await, ("image/png".to_owned(), png));
}

#[tokio::test]
async fn an_animation_stays_an_animation() {
    let desktop = Desktop::on_wayland().await;
    let line = CommandLine::new(&desktop).await;
    let gif = animated_gif();
    let _owner = desktop.taken_clipboard("image/gif", &gif).await;

    let links = line.links();

    assert!(address_of(&links[0]).ends_with(".gif"), "{links:?}");
    assert_eq!(fetched(&links[0]).await, ("image/gif".to_owned(), gif));
}

#[tokio::test]
async fn copied_files_arrive_in_their_order() {
    let desktop = Desktop::on_wayland().await;
    let line = CommandLine::new(&desktop).await;
    let first = picture(desktop.folder.path(), "first one.png", 1);
    let second = picture(desktop.folder.path(), "second.png", 2);
    let list = format!("file://{}\r\nfile://{}\r\n", first.display(), second.display()).replace(' ', "%20");
    let _owner = desktop.taken_clipboard("text/uri-list", list.as_bytes()).await;

    let links = line.links();

    assert_eq!(links.len(), 2, "{links:?}");
    assert!(links[0].starts_with("![first one]") && links[1].starts_with("![second]"), "{links:?}");
    assert_eq!(fetched(&links[0]).await.1, std::fs::read(first).unwrap());
    assert_eq!(fetched(&links[1]).await.1, std::fs::read(second).unwrap());
}

#[tokio::test]
async fn what_is_no_picture_is_said() {
    let desktop = Desktop::on_wayland().await;
    let line = CommandLine::new(&desktop).await;
    assert!(line.complaint().contains("The clipboard is empty."), "nobody has copied anything yet");

    let owner = desktop.taken_clipboard("text/plain", b"a shopping list").await;
    assert!(line.complaint().contains("The clipboard holds text, not a picture."));

    // Its content goes with its owner.
    drop(owner);
    assert!(line.complaint().contains("The clipboard is empty."));
}

#[tokio::test]
async fn an_owner_that_hangs_is_given_up_and_the_next_one_is_heard() {
    let desktop = Desktop::on_wayland().await;
    let line = CommandLine::new(&desktop).await;
    let owner = desktop.holds_picture(3).await;
    owner.hangs(&desktop);

    let complaint = line.complaint();

    assert!(complaint.contains("The program that holds the clipboard does not answer."), "{complaint}");
    drop(owner);
    let _owner = desktop.holds_picture(4).await;
    assert_eq!(line.links().len(), 1);
}
