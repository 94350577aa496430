//! Which files of a folder are sent, where to, and which folders cannot be watched.

use crate::desk::{Desk, set};
use picferry_core::ErrorCode;
use picferry_core::job::Origin;
use picferry_core::watched::{AfterUpload, WatchStatus, WatchedFolder};

#[tokio::test(flavor = "multi_thread")]
async fn subfolders_are_in_the_name_of_the_object() {
    let desk = Desk::new().await;
    desk.watch().await;
    desk.picture("trip/day 1/a.png", 1);
    desk.picture("b.png", 2);
    desk.until_stored(2).await;
    assert_eq!(desk.keys(), set(["trip/day 1/a.png", "b.png"]));
    assert!(desk.engine().jobs().iter().all(|job| job.origin == Origin::WatchedFolder));
}

#[tokio::test(flavor = "multi_thread")]
async fn subfolders_can_be_left_out() {
    let desk = Desk::new().await;
    desk.watch_with(|folder| folder.subfolders = false).await;
    desk.picture("trip/a.png", 1);
    desk.after_a_look(2).await;
    assert_eq!(desk.keys(), set(["look-2.png"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn patterns_choose_among_the_files() {
    let desk = Desk::new().await;
    desk.watch_with(|folder| {
        folder.only = "look-*, *.PNG".into();
        folder.leave_out = "draft-*".into();
    })
    .await;
    desk.picture("a.png", 1);
    desk.picture("draft-b.png", 2);
    desk.picture("c.image", 3);
    desk.until_stored(1).await;
    desk.after_a_look(4).await;
    assert_eq!(desk.keys(), set(["a.png", "look-4.png"]));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn links_that_lead_out_of_the_folder_are_not_followed() {
    let desk = Desk::new().await;
    std::fs::create_dir(desk.beside("private")).unwrap();
    crate::desk::bring(&desk.beside("private/secret.png"), &picferry_tests::pictures::png(9));
    desk.watch().await;
    std::os::unix::fs::symlink(desk.beside("private"), desk.path("out")).unwrap();
    std::os::unix::fs::symlink(desk.beside("private/secret.png"), desk.path("a.png")).unwrap();
    desk.after_a_look(1).await;
    crate::desk::bring(&desk.beside("private/more.png"), &picferry_tests::pictures::png(8));
    desk.after_a_look(2).await;
    assert_eq!(desk.keys(), set(["look-1.png", "look-2.png"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_there_before_is_left_alone_until_it_is_asked_for() {
    let desk = Desk::new().await;
    desk.picture("old.png", 1);
    desk.picture("sub/older.png", 2);
    let folder = desk.watch().await;
    desk.after_a_look(3).await;
    assert_eq!(desk.keys(), set(["look-3.png"]));
    assert_eq!(desk.state().await.before, 2);
    std::fs::rename(desk.path("old.png"), desk.path("renamed.png")).unwrap();
    desk.after_a_look(4).await;
    assert_eq!(desk.keys(), set(["look-3.png", "look-4.png"]), "another name makes no old file new");
    assert_eq!(desk.engine().send_files_from_before(&folder.id).await.unwrap(), 2);
    desk.until_stored(4).await;
    assert_eq!(desk.keys(), set(["look-3.png", "look-4.png", "renamed.png", "sub/older.png"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_folder_sends_what_came_meanwhile_afterwards() {
    let desk = Desk::new().await;
    desk.watch().await;
    desk.until_watching().await;
    desk.engine().pause_watched_folders(true).await.unwrap();
    desk.until("it is paused", |state| state.status == WatchStatus::Paused).await;
    desk.picture("a.png", 1);
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert!(desk.engine().jobs().is_empty());
    desk.engine().pause_watched_folders(false).await.unwrap();
    desk.until_stored(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_that_would_send_in_a_circle_are_refused() {
    let desk = Desk::new().await;
    let refused = async |folder: WatchedFolder| {
        let error = desk.engine().add_watched_folder(folder, false).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidField, "{error:?}");
        assert!(error.hint.is_some() && error.field.is_some(), "{error:?}");
        error.params["reason"].clone()
    };
    let at = |path: String| WatchedFolder { path, ..WatchedFolder::default() };
    for own in ["store", "spool", ""] {
        let path = desk.home.path().join(own).display().to_string();
        assert_eq!(refused(at(path)).await, "watch_own");
    }
    let into_itself = WatchedFolder {
        afterwards: AfterUpload::Move,
        move_to: desk.path("done").display().to_string(),
        ..at(desk.path("").display().to_string())
    };
    assert_eq!(refused(into_itself).await, "watch_loop");
    desk.watch().await;
    assert_eq!(refused(at(desk.beside("").display().to_string())).await, "watch_twice");
    let nowhere = at(desk.beside("nowhere").display().to_string());
    let error = desk.engine().add_watched_folder(nowhere, false).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::FileNotFound);
    assert_eq!(desk.engine().settings().watch.folders.len(), 1, "nothing of it was kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_removed_is_watched_no_more() {
    let desk = Desk::new().await;
    let folder = desk.watch().await;
    desk.after_a_look(1).await;
    desk.engine().remove_watched_folder(&folder.id).await.unwrap();
    desk.picture("a.png", 2);
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(desk.keys(), set(["look-1.png"]));
    assert!(desk.engine().watched_folders().await.unwrap().folders.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_a_network_is_looked_through() {
    let desk = Desk::new().await;
    desk.watch_with(|folder| folder.noticing = picferry_core::watched::Noticing::Polling).await;
    desk.picture("deep/a.png", 1);
    let state = desk.until_stored(1).await;
    assert!(state.polled);
    desk.picture("b.png", 2);
    desk.until_stored(2).await;
    assert_eq!(desk.keys(), set(["deep/a.png", "b.png"]));
}
