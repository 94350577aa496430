//! A restart, a kill, another process: nothing is sent twice, and nothing is forgotten.

use crate::desk::{Desk, set};
use picferry_core::job::JobState;
use picferry_core::watched::AfterUpload;
use picferry_engine::{Engine, Role};
use picferry_tests::fake_s3::Stumble;
use picferry_tests::pictures;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_sends_nothing_again_and_finds_what_came_meanwhile() {
    let mut desk = Desk::new().await;
    desk.watch().await;
    for seed in 1..=20 {
        desk.picture(&format!("{seed}.png"), seed);
    }
    desk.until_stored(20).await;
    desk.home.engine.close().await;
    desk.picture("meanwhile.png", 99);
    desk.home = desk.home.restart_as(Role::App).await;
    desk.until_stored(21).await;
    desk.after_a_look(100).await;
    assert_eq!(desk.keys().len(), 22);
    assert_eq!(desk.store.requests("PUT"), 22);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_content_is_the_same_picture_whenever_it_was_written() {
    let desk = Desk::new().await;
    desk.watch().await;
    desk.picture("a.png", 1);
    desk.until_stored(1).await;
    // Written anew, moved, and copied.
    desk.picture("a.png", 1);
    desk.after_a_look(2).await;
    std::fs::rename(desk.path("a.png"), desk.path("b.png")).unwrap();
    desk.after_a_look(3).await;
    desk.picture("copy.png", 1);
    desk.until_stored(4).await;
    assert_eq!(desk.keys(), set(["a.png", "look-2.png", "look-3.png"]));
    // A picture with the name of another one is a new one.
    desk.picture("b.png", 4);
    desk.until_stored(5).await;
    assert_eq!(desk.keys().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_in_the_queue_at_the_end_goes_on_and_is_sent_once() {
    let mut desk = Desk::new().await;
    desk.store.hold_answers(true);
    desk.watch().await;
    for seed in 1..=9 {
        desk.picture(&format!("{seed}.png"), seed);
    }
    desk.until("all are in the queue", |state| state.sending == 9).await;
    desk.store.wait_for_requests(4).await;
    desk.store.hold_answers(false);
    desk.home = desk.home.restart_as(Role::App).await;
    desk.until_stored(9).await;
    desk.after_a_look(100).await;
    assert_eq!(desk.store.objects().len(), 10);
    assert_eq!(desk.state().await.failed, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_picture_stays_in_its_folder_and_can_be_tried_again() {
    let mut desk = Desk::new().await;
    let done = desk.beside("done");
    let folder = desk
        .watch_with(|folder| {
            folder.afterwards = AfterUpload::Move;
            folder.move_to = done.display().to_string();
        })
        .await;
    desk.store.stumble(Stumble::SlowDown, 1000);
    desk.picture("a.png", 1);
    desk.until("it failed", |state| state.failed == 1 && state.sending == 0).await;
    assert!(desk.path("a.png").exists() && !done.join("a.png").exists());
    desk.store.stumble(Stumble::SlowDown, 0);
    // Its job may be off the list by then.
    desk.engine().clear_jobs(None).await.unwrap();
    desk.home = desk.home.restart_as(Role::App).await;
    desk.until_watching().await;
    assert_eq!(desk.state().await.failed, 1, "it is not tried again by itself");
    desk.engine().retry_watched_folder(&folder.id).await.unwrap();
    desk.until_stored(1).await;
    desk.until("it was moved", |_| done.join("a.png").exists()).await;
    assert_eq!(desk.state().await.failed, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_tried_again_counts_for_its_folder() {
    let desk = Desk::new().await;
    desk.watch().await;
    desk.store.stumble(Stumble::SlowDown, 1000);
    desk.picture("a.png", 1);
    desk.until("it failed", |state| state.failed == 1).await;
    desk.store.stumble(Stumble::SlowDown, 0);
    desk.engine().retry(None).await.unwrap();
    let state = desk.until_stored(1).await;
    assert_eq!(state.failed, 0);
    assert_eq!(desk.engine().jobs()[0].state, JobState::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_of_a_home_do_not_both_watch() {
    let desk = Desk::new().await;
    let other = desk.home.open_another(Role::Serve).await.unwrap();
    desk.watch().await;
    desk.until_watching().await;
    for seed in 1..=10 {
        desk.picture(&format!("{seed}.png"), seed);
    }
    desk.until_stored(10).await;
    assert_eq!(desk.keys().len(), 10);
    let watches = async |engine: &Engine| engine.watched_folders().await.unwrap().is_here;
    until(&other, 10).await;
    assert!(watches(desk.engine()).await != watches(&other).await, "one of them watches");
    // When the one ends, the other goes on.
    let (ends, stays) = if watches(&other).await { (&other, desk.engine()) } else { (desk.engine(), &other) };
    ends.close().await;
    desk.bring("last.png", pictures::png(50));
    until(stays, 11).await;
    assert_eq!(desk.keys().len(), 11);
    stays.close().await;
}

/// Waits until a process knows of so many stored pictures.
async fn until(engine: &Engine, stored: u32) {
    let start = Instant::now();
    while engine.watched_folders().await.unwrap().folders.first().map(|state| state.stored) != Some(stored) {
        assert!(start.elapsed().as_secs() < 60, "{:#?}", engine.watched_folders().await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
