//! A folder goes away and comes back: a disk that is taken out, a share that is not there yet.

use crate::desk::{Desk, set};
use picferry_core::ErrorCode;
use picferry_core::watched::WatchStatus;
use picferry_engine::Role;
use picferry_tests::pictures;

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_away_is_told_of_and_found_again_with_what_came_meanwhile() {
    let desk = Desk::new().await;
    let folder = desk.watch().await;
    desk.after_a_look(1).await;
    std::fs::rename(desk.path(""), desk.beside("away")).unwrap();
    let state = desk.until("it is gone", |state| state.status == WatchStatus::Gone).await;
    let error = state.error.unwrap();
    assert_eq!(error.code, ErrorCode::FileNotFound);
    assert!(error.message.contains("shots") && error.hint.is_some(), "{error:?}");
    let topic = format!("watch_{}", folder.id);
    assert!(desk.engine().notices().iter().any(|notice| notice.topic == topic));
    crate::desk::bring(&desk.beside("away/b.png"), &pictures::png(2));
    std::fs::rename(desk.beside("away"), desk.path("")).unwrap();
    desk.until_stored(2).await;
    desk.after_a_look(3).await;
    assert_eq!(desk.keys(), set(["look-1.png", "b.png", "look-3.png"]));
    assert!(!desk.engine().notices().iter().any(|notice| notice.topic == topic));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_folder_in_its_place_is_looked_at_and_the_first_one_is_not_sent_again() {
    let desk = Desk::new().await;
    desk.watch().await;
    desk.after_a_look(1).await;
    std::fs::rename(desk.path(""), desk.beside("away")).unwrap();
    std::fs::create_dir(desk.path("")).unwrap();
    desk.after_a_look(2).await;
    std::fs::rename(desk.path("look-2.png"), desk.beside("away/look-2.png")).unwrap();
    std::fs::remove_dir(desk.path("")).unwrap();
    std::fs::rename(desk.beside("away"), desk.path("")).unwrap();
    desk.after_a_look(3).await;
    assert_eq!(desk.keys(), set(["look-1.png", "look-2.png", "look-3.png"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_not_there_at_the_start_is_waited_for() {
    let mut desk = Desk::new().await;
    desk.watch().await;
    desk.after_a_look(1).await;
    desk.home.engine.close().await;
    std::fs::rename(desk.path(""), desk.beside("away")).unwrap();
    desk.home = desk.home.restart_as(Role::App).await;
    desk.until("it is gone", |state| state.status == WatchStatus::Gone && state.error.is_some()).await;
    std::fs::rename(desk.beside("away"), desk.path("")).unwrap();
    desk.after_a_look(2).await;
    assert_eq!(desk.keys(), set(["look-1.png", "look-2.png"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_moved_can_be_found_by_hand_and_sends_nothing_again() {
    let desk = Desk::new().await;
    let folder = desk.watch().await;
    desk.after_a_look(1).await;
    std::fs::rename(desk.path(""), desk.beside("moved")).unwrap();
    desk.until("it is gone", |state| state.status == WatchStatus::Gone).await;
    let mut found = folder.clone();
    found.path = desk.beside("moved").display().to_string();
    desk.engine().change_watched_folder(found).await.unwrap();
    desk.until_watching().await;
    crate::desk::bring(&desk.beside("moved/b.png"), &pictures::png(2));
    desk.until_stored(2).await;
    assert_eq!(desk.keys(), set(["look-1.png", "b.png"]));
}

/// As root, with a disk of memory; others cannot mount anything.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_unmounted_leaves_an_empty_folder_that_is_not_taken_for_it() {
    let desk = Desk::new().await;
    let disk = desk.beside("disk");
    std::fs::create_dir(&disk).unwrap();
    let Some(_memory) = Mounted::new(&["-t", "tmpfs", "tmpfs"], &disk) else { return };
    std::fs::create_dir(disk.join("shots")).unwrap();
    let there = bind(&disk.join("shots"), &desk.path(""));
    desk.watch().await;
    // It is empty when it is found; the disk is known by the first picture that comes.
    desk.until_watching().await;
    desk.after_a_look(1).await;
    drop(there);
    assert!(desk.path("").is_dir());
    desk.until("it is gone", |state| state.status == WatchStatus::Gone).await;
    crate::desk::bring(&disk.join("shots/b.png"), &pictures::png(2));
    let there = bind(&disk.join("shots"), &desk.path(""));
    desk.until_stored(2).await;
    desk.after_a_look(3).await;
    assert_eq!(desk.keys(), set(["look-1.png", "b.png", "look-3.png"]));
    desk.home.engine.close().await;
    drop(there);
}

/// A folder of the disk, seen at another place.
#[cfg(target_os = "linux")]
fn bind(folder: &std::path::Path, place: &std::path::Path) -> Mounted {
    Mounted::new(&["--bind", &folder.display().to_string()], place).expect("who may mount may bind")
}

/// A mount that ends with the test.
#[cfg(target_os = "linux")]
struct Mounted(std::path::PathBuf);

#[cfg(target_os = "linux")]
impl Mounted {
    fn new(arguments: &[&str], place: &std::path::Path) -> Option<Self> {
        let mount = std::process::Command::new("mount").args(arguments).arg(place).output().ok()?;
        mount.status.success().then(|| Self(place.to_owned()))
    }
}

#[cfg(target_os = "linux")]
impl Drop for Mounted {
    fn drop(&mut self) {
        // Lazily: somebody may look into it at this moment.
        drop(std::process::Command::new("umount").arg("-l").arg(&self.0).output());
    }
}
