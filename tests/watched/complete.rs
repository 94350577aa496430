//! A file is sent when it is complete: not before, and then whole.

use crate::desk::{Desk, Hand, set};
use picferry_tests::pictures;
use std::io::Write as _;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_picture_is_sent_by_itself() {
    let desk = Desk::new().await;
    desk.watch().await;
    desk.picture("a.png", 1);
    let state = desk.until_stored(1).await;
    assert_eq!((state.failed, state.error), (0, None));
    assert_eq!(desk.keys(), set(["a.png"]));
    assert!(desk.path("a.png").exists(), "it stays where it is");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_grows_slowly_is_sent_once_and_whole() {
    let clock = Hand::set();
    let desk = Desk::with_clock(clock.clone()).await;
    desk.watch_with(|folder| folder.wait_seconds = 5).await;
    let whole = pictures::noise_png(7, 64, 64);
    let mut file = std::fs::File::create(desk.path("slow.png")).unwrap();
    for piece in whole.chunks(whole.len() / 4 + 1) {
        file.write_all(piece).unwrap();
        desk.until("it is seen", |state| state.waiting == 1).await;
        // Every piece comes before the rest is over.
        clock.pass(3);
    }
    drop(file);
    assert_eq!(desk.store.objects().len(), 0, "it has not come to rest");
    clock.pass(6);
    desk.until("it rests", |state| state.waiting == 1 || state.stored == 1).await;
    clock.pass(6);
    desk.until_stored(1).await;
    assert_eq!(desk.store.object("slow.png").unwrap().body, whole);
    assert_eq!(desk.keys().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_stalls_is_not_sent_in_pieces() {
    let clock = Hand::set();
    let desk = Desk::with_clock(clock.clone()).await;
    desk.watch_with(|folder| folder.wait_seconds = 5).await;
    let whole = pictures::noise_png(8, 64, 64);
    desk.bring("stalled.png", &whole[..whole.len() / 2]);
    desk.until("it is seen", |state| state.waiting == 1).await;
    clock.pass(30);
    desk.picture("other.png", 1);
    clock.pass(6);
    desk.until("the other one is stored", |state| state.stored == 1 && state.sending == 0).await;
    assert_eq!(desk.state().await.waiting, 1, "half a picture waits longer than a whole one");
    std::fs::write(desk.path("stalled.png"), &whole).unwrap();
    desk.until("it is seen", |state| state.waiting == 1).await;
    for _ in 0..3 {
        clock.pass(6);
        tokio::task::yield_now().await;
    }
    desk.until_stored(2).await;
    assert_eq!(desk.store.object("stalled.png").unwrap().body, whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn unfinished_files_are_left_alone_until_they_have_their_name() {
    let desk = Desk::new().await;
    desk.watch().await;
    let unfinished = ["a.png.part", "b.png.crdownload", "c.tmp", "~d.png", "e.png~", ".f.png"];
    for (seed, name) in (10..).zip(unfinished) {
        std::fs::write(desk.path(name), pictures::png(seed)).unwrap();
    }
    desk.after_a_look(1).await;
    assert_eq!(desk.keys(), set(["look-1.png"]));
    std::fs::rename(desk.path("a.png.part"), desk.path("a.png")).unwrap();
    desk.until_stored(2).await;
    assert_eq!(desk.keys(), set(["look-1.png", "a.png"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_makes_no_noise() {
    let desk = Desk::new().await;
    desk.watch().await;
    desk.bring("notes.txt", "Buy milk.");
    desk.bring("film.png", "a name says nothing");
    std::fs::write(desk.path("empty.png"), "").unwrap();
    desk.after_a_look(1).await;
    let state = desk.state().await;
    assert_eq!((state.stored, state.failed, state.error), (1, 0, None));
    assert_eq!(desk.keys(), set(["look-1.png"]));
    assert_eq!(desk.engine().jobs().len(), 1);
    assert!(desk.engine().notices().iter().all(|notice| !notice.topic.starts_with("watch")));
}
