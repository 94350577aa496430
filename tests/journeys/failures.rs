//! A host that stumbles, refuses, or goes away; and a person who changes their mind.

use picferry_core::ErrorCode;
use picferry_core::job::{JobSnapshot, JobState, UploadRequest};
use picferry_core::profile::Profile;
use picferry_engine::Accepted;
use picferry_tests::fake_s3::{FakeS3, Stumble};
use picferry_tests::home::{Home, StoreAddress, bytes};
use picferry_tests::pictures;

async fn send(home: &Home, profile: &Profile) -> JobSnapshot {
    home.ferry(profile, vec![bytes("a.png", pictures::noise_png(1, 200, 200))]).await.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_stumbles_is_tried_again_until_it_answers() {
    for stumble in [Stumble::SlowDown, Stumble::TooManyRequests, Stumble::CutConnection] {
        let store = FakeS3::start().await;
        let home = Home::new().await;
        let profile = home.add_store("box", &store.address(), &[]).await;
        store.stumble(stumble, 2);
        let job = send(&home, &profile).await;
        assert_eq!(job.state, JobState::Done, "{stumble:?}: {:?}", job.error);
        assert!(job.attempt > 1, "{stumble:?} was not noticed");
        assert_eq!(store.objects().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_never_answers_fails_the_job_in_the_end_and_retry_works_later() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    store.stumble(Stumble::SlowDown, 1000);
    let job = send(&home, &profile).await;
    assert_eq!(job.state, JobState::Failed);
    assert_eq!(job.attempt, home.engine.settings().upload.retries + 1);
    assert!(job.error.as_ref().is_some_and(|error| error.retryable), "{:?}", job.error);
    store.stumble(Stumble::SlowDown, 0);
    home.engine.retry(Some(vec![job.id.clone()])).await.unwrap();
    let jobs = home.engine.wait_for_batch(&job.batch).await;
    assert_eq!((jobs[0].state, &jobs[0].profile_id), (JobState::Done, &profile.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_told_at_once_and_not_tried_again() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let address = StoreAddress { secret_key: "wrong", ..store.address() };
    let profile = home.add_store("box", &address, &[]).await;
    let job = send(&home, &profile).await;
    let error = job.error.unwrap();
    assert_eq!((job.state, job.attempt, error.code), (JobState::Failed, 1, ErrorCode::AuthFailed));
    assert_eq!(error.field.as_deref(), Some("secret_access_key"));
    assert!(!error.report().contains("wrong\n"), "the secret shows in {}", error.report());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_network_is_told_in_a_code_of_its_own() {
    let home = Home::new().await;
    let closed = StoreAddress {
        endpoint: "http://127.0.0.1:9",
        bucket: "pictures",
        access_key: "key",
        secret_key: "secret",
    };
    let profile = home.add_store("box", &closed, &[]).await;
    let job = send(&home, &profile).await;
    let error = job.error.unwrap();
    assert_eq!((job.state, error.code, error.retryable), (JobState::Failed, ErrorCode::Network, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_picture_never_stops_the_others() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    let sources = vec![
        bytes("good.png", pictures::png(1)),
        bytes("text.png", b"this is no picture".to_vec()),
        bytes("also-good.png", pictures::png(2)),
    ];
    let jobs = home.ferry(&profile, sources).await;
    let states: Vec<JobState> = jobs.iter().map(|job| job.state).collect();
    assert_eq!(states, [JobState::Done, JobState::Failed, JobState::Done]);
    assert_eq!(jobs[1].error.as_ref().unwrap().code, ErrorCode::NotAPicture);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_picture_never_arrives_and_a_paused_one_arrives_later() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    store.hold_answers(true);
    let request = UploadRequest {
        sources: vec![bytes("a.png", pictures::png(1)), bytes("b.png", pictures::png(2))],
        profile_id: Some(profile.id.clone()),
        ..UploadRequest::default()
    };
    let accepted = home.engine.upload(request).await.unwrap();
    store.wait_for_requests(2).await;
    home.engine.cancel(Some(vec![accepted.jobs[0].id.clone()])).await.unwrap();
    home.engine.pause(Some(vec![accepted.jobs[1].id.clone()])).await.unwrap();
    home.engine.settle().await;
    let states: Vec<JobState> = home.engine.jobs().iter().map(|job| job.state).collect();
    assert_eq!(states, [JobState::Cancelled, JobState::Paused]);
    store.hold_answers(false);
    home.engine.resume(None).await.unwrap();
    let jobs = home.engine.wait_for_batch(&accepted.batch).await;
    assert_eq!((jobs[0].state, jobs[1].state), (JobState::Cancelled, JobState::Done));
    assert_eq!(store.objects().len(), 1);
}

/// All of a picture is with its host, which has not answered; then it is cancelled.
async fn cancelled_late(store: &FakeS3, home: &Home) -> Accepted {
    let profile = home.add_store("box", &store.address(), &[]).await;
    home.learn(&profile, "conditional_put", "yes").await;
    store.hold_answers(true);
    let sources = vec![bytes("late.png", pictures::png(1))];
    let request = UploadRequest { sources, profile_id: Some(profile.id), ..UploadRequest::default() };
    let accepted = home.engine.upload(request).await.unwrap();
    store.wait_for_requests(1).await;
    home.engine.cancel(None).await.unwrap();
    accepted
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_cancelled_when_all_of_it_was_sent_is_recorded_if_the_host_has_it() {
    let (store, home) = (FakeS3::start().await, Home::new().await);
    let accepted = cancelled_late(&store, &home).await;
    store.hold_answers(false);
    let job = home.engine.wait_for_batch(&accepted.batch).await.remove(0);
    assert_eq!((job.state, store.objects().len()), (JobState::Done, 1), "{:?}", job.error);
    assert!(job.upload_id.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_after_the_cancel_is_no_reason_to_try_again() {
    let (store, home) = (FakeS3::start().await, Home::new().await);
    let accepted = cancelled_late(&store, &home).await;
    store.stumble(Stumble::SlowDown, 1);
    store.hold_answers(false);
    let job = home.engine.wait_for_batch(&accepted.batch).await.remove(0);
    assert_eq!((job.state, store.objects().len()), (JobState::Cancelled, 0), "{:?}", job.error);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_host_never_answers_the_cancelled_picture_says_that_it_may_be_there() {
    let (store, home) = (FakeS3::start().await, Home::new().await);
    let accepted = cancelled_late(&store, &home).await;
    let job = home.engine.wait_for_batch(&accepted.batch).await.remove(0);
    let error = job.error.unwrap();
    assert_eq!((job.state, error.code), (JobState::Cancelled, ErrorCode::Cancelled));
    assert!(error.hint.is_some(), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_region_is_put_right_by_itself_and_offered_once() {
    let store = FakeS3::start().await;
    store.change(|flaws| flaws.region = Some("eu-central-1".into()));
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[("region", "us-east-1")]).await;
    let job = send(&home, &profile).await;
    assert_eq!(job.state, JobState::Done, "{:?}", job.error);
    let notices = home.engine.notices();
    assert_eq!((notices.len(), notices[0].error.code), (1, ErrorCode::WrongRegion), "{notices:?}");
    assert_eq!(notices[0].error.params["region"], "eu-central-1");
}
