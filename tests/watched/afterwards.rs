//! What becomes of a file once its picture is stored.

use crate::desk::{Desk, set};
use picferry_core::watched::AfterUpload;
use picferry_tests::pictures;

#[tokio::test(flavor = "multi_thread")]
async fn stored_pictures_move_to_another_folder_with_their_subfolders() {
    let desk = Desk::new().await;
    let done = desk.beside("done");
    std::fs::create_dir_all(&done).unwrap();
    std::fs::write(done.join("a.png"), "another file of that name").unwrap();
    desk.watch_with(|folder| {
        folder.afterwards = AfterUpload::Move;
        folder.move_to = done.display().to_string();
    })
    .await;
    desk.picture("a.png", 1);
    desk.picture("trip/b.png", 2);
    desk.bring("notes.txt", "no picture, so it stays");
    desk.until_stored(2).await;
    desk.until("both were moved", |_| done.join("a-2.png").exists() && done.join("trip/b.png").exists())
        .await;
    assert!(!desk.path("a.png").exists() && !desk.path("trip/b.png").exists());
    assert!(desk.path("notes.txt").exists());
    assert_eq!(std::fs::read(done.join("a-2.png")).unwrap(), pictures::png(1));
    assert_eq!(std::fs::read_to_string(done.join("a.png")).unwrap(), "another file of that name");
    // The same picture once more: it is known to the host, and moves all the same.
    desk.picture("a.png", 1);
    desk.until_stored(3).await;
    desk.until("it was moved", |_| done.join("a-3.png").exists()).await;
    assert_eq!(desk.keys(), set(["a.png", "trip/b.png"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_moved_stays_and_is_told_of() {
    let desk = Desk::new().await;
    let done = desk.beside("done");
    desk.watch_with(|folder| {
        folder.afterwards = AfterUpload::Move;
        folder.move_to = done.display().to_string();
    })
    .await;
    std::fs::write(&done, "a file where the folder should be").unwrap();
    desk.picture("a.png", 1);
    let state = desk.until("the trouble is told", |state| state.stored == 1 && state.error.is_some()).await;
    assert_eq!(state.error.unwrap().params["reason"], "watch_move");
    assert!(desk.path("a.png").exists());
    // Others are sent all the same.
    desk.picture("b.png", 2);
    desk.until("the other one is stored", |state| state.stored == 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_change_do_not_touch_what_was_sent_before() {
    let desk = Desk::new().await;
    let folder = desk.watch().await;
    desk.picture("kept.png", 1);
    desk.until_stored(1).await;
    let done = desk.beside("done");
    let mut changed = folder.clone();
    changed.afterwards = AfterUpload::Move;
    changed.move_to = done.display().to_string();
    desk.engine().change_watched_folder(changed).await.unwrap();
    desk.picture("moved.png", 2);
    desk.until("it was moved", |_| done.join("moved.png").exists()).await;
    assert!(desk.path("kept.png").exists());
}
