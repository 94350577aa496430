//! Markdown files whose pictures move: what the queue, the store and the events see of it.

use picferry_core::event::Event;
use picferry_core::migrate::{MigrationFileState, MigrationPictureState, MigrationRequest, MigrationStage};
use picferry_core::profile::Profile;
use picferry_engine::CancellationToken;
use picferry_tests::fake_s3::FakeS3;
use picferry_tests::home::Home;
use picferry_tests::pictures;
use std::path::Path;
use tempfile::TempDir;

/// Nine pictures, two of them the same under two names, in three files.
fn notes() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..9_u64 {
        std::fs::write(folder.path().join(format!("{number}.png")), pictures::png(number.max(1))).unwrap();
    }
    for file in 0..3 {
        let text: String = (0..9).map(|number| format!("![{number}]({number}.png)\n")).collect();
        std::fs::write(folder.path().join(format!("{file}.md")), text).unwrap();
    }
    folder
}

fn request(folder: &Path, profile: &Profile) -> MigrationRequest {
    MigrationRequest {
        path: folder.display().to_string(),
        profile_id: Some(profile.id.clone()),
        ..MigrationRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_picture_is_sent_once_and_every_end_is_told() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    let notes = notes();
    let mut events = home.engine.subscribe();
    let migration =
        home.engine.migrate(request(notes.path(), &profile), CancellationToken::new()).await.unwrap();
    assert_eq!(store.accepted_puts().values().sum::<usize>(), 8);
    assert!(
        migration.files.iter().all(|file| file.state == MigrationFileState::Rewritten && file.changed == 9)
    );
    let mut last = None;
    while let Ok(event) = events.try_recv() {
        // Links belong into the files, not on the clipboard.
        assert!(!matches!(event, Event::BatchFinished { .. }), "{event:?}");
        if let Event::MigrationChanged { migration } = event {
            last = Some(migration);
        }
    }
    let last = last.unwrap();
    assert_eq!((last.stage, Some(last.id)), (MigrationStage::Done, migration.id));
    assert_eq!((last.pictures_done, last.pictures, last.files_done, last.files), (9, 9, 3, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stopped_goes_on_and_nothing_is_sent_twice() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[("concurrency", "2")]).await;
    let notes = notes();
    store.answer_slowly_at_random(40);
    let cancel = CancellationToken::new();
    let (engine, asked, token) = (home.engine.clone(), request(notes.path(), &profile), cancel.clone());
    let run = tokio::spawn(async move { engine.migrate(asked, token).await });
    store.wait_for_requests(4).await;
    cancel.cancel();
    let stopped = run.await.unwrap().unwrap();
    assert!(stopped.cancelled && stopped.files.iter().all(|file| file.changed == 0));
    let text = std::fs::read_to_string(notes.path().join("0.md")).unwrap();
    assert!(text.starts_with("![0](0.png)\n"));
    let home = home.restart().await;
    let again = home.engine.migrate(request(notes.path(), &profile), CancellationToken::new()).await.unwrap();
    assert!(again.resumed && !again.cancelled);
    let states = again.files.iter().flat_map(|file| &file.pictures).map(|picture| picture.state);
    assert!(states.into_iter().all(|state| state == MigrationPictureState::Moved));
    assert!(store.accepted_puts().values().all(|count| *count == 1), "{:?}", store.accepted_puts());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_fails_stays_and_the_others_move() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    let notes = notes();
    std::fs::write(notes.path().join("3.png"), "no picture at all").unwrap();
    let migration =
        home.engine.migrate(request(notes.path(), &profile), CancellationToken::new()).await.unwrap();
    for file in &migration.files {
        assert_eq!((file.state, file.changed), (MigrationFileState::Rewritten, 8));
        assert_eq!(file.pictures[3].state, MigrationPictureState::Failed);
        assert!(file.pictures[3].error.is_some());
    }
    let text = std::fs::read_to_string(notes.path().join("0.md")).unwrap();
    assert!(text.contains("![3](3.png)\n![4](http"), "{text}");
}
