//! The queue outlives the process: what waited goes on, what failed can be tried again.

use picferry_core::job::{JobState, Source, UploadRequest};
use picferry_engine::Role;
use picferry_tests::fake_s3::FakeS3;
use picferry_tests::home::{Home, bytes};
use picferry_tests::pictures;

#[tokio::test(flavor = "multi_thread")]
async fn pictures_on_their_way_go_on_after_a_restart() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    store.hold_answers(true);
    let request = UploadRequest {
        sources: (0..9).map(|number| bytes("x.png", pictures::png(number + 1))).collect(),
        profile_id: Some(profile.id.clone()),
        ..UploadRequest::default()
    };
    let accepted = home.engine.upload(request).await.unwrap();
    store.wait_for_requests(4).await;
    store.hold_answers(false);
    let home = home.restart().await;
    let jobs = home.engine.wait_for_batch(&accepted.batch).await;
    assert_eq!(jobs.len(), 9);
    assert!(jobs.iter().all(|job| job.state == JobState::Done), "{jobs:#?}");
    assert_eq!(store.objects().len(), 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_picture_keeps_its_row_and_its_bytes_over_a_restart() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    store.stumble(picferry_tests::fake_s3::Stumble::SlowDown, 1000);
    let job = home.ferry(&profile, vec![bytes("a.png", pictures::png(1))]).await.remove(0);
    assert_eq!(job.state, JobState::Failed);
    store.stumble(picferry_tests::fake_s3::Stumble::SlowDown, 0);
    let home = home.restart().await;
    let listed = home.engine.jobs();
    assert_eq!((listed.len(), listed[0].state), (1, JobState::Failed));
    home.engine.retry(None).await.unwrap();
    let jobs = home.engine.wait_for_batch(&job.batch).await;
    assert_eq!(jobs[0].state, JobState::Done, "{:?}", jobs[0].error);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_changed_before_it_was_tried_again_gets_a_name_of_its_own() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[("key_template", "{sha256}.{ext}")]).await;
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = folder.path().join("a.png");
    std::fs::write(&path, pictures::png(1)).unwrap();
    store.stumble(picferry_tests::fake_s3::Stumble::SlowDown, 1000);
    let source = Source::Path { path: path.display().to_string() };
    let job = home.ferry(&profile, vec![source]).await.remove(0);
    assert_eq!(job.state, JobState::Failed);
    store.stumble(picferry_tests::fake_s3::Stumble::SlowDown, 0);
    std::fs::write(&path, pictures::png(2)).unwrap();
    home.engine.retry(None).await.unwrap();
    let jobs = home.engine.wait_for_batch(&job.batch).await;
    let changed = picferry_core::digest::sha256_hex(&pictures::png(2));
    assert_eq!(jobs[0].key, Some(format!("{changed}.png")), "{:?}", jobs[0].error);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_a_home_and_neither_takes_the_others_work() {
    let store = FakeS3::start().await;
    let home = Home::with_role(Role::App).await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    let other = home.open_another(Role::Cli).await.unwrap();
    store.answer_slowly_at_random(20);
    let request = |base: u64| UploadRequest {
        sources: (0..10).map(|number| bytes("x.png", pictures::png(base + number))).collect(),
        profile_id: Some(profile.id.clone()),
        ..UploadRequest::default()
    };
    let here = home.engine.upload(request(1)).await.unwrap();
    let there = other.upload(request(100)).await.unwrap();
    let (here, there) =
        tokio::join!(home.engine.wait_for_batch(&here.batch), other.wait_for_batch(&there.batch));
    assert!(here.iter().chain(&there).all(|job| job.state == JobState::Done));
    assert_eq!(store.objects().len(), 20);
    assert!(store.accepted_puts().values().all(|count| *count == 1));
    other.close().await;
    home.engine.close().await;
}
