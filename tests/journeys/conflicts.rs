//! The key is taken by something else: a number, the old one, overwrite, or a question.

use picferry_core::job::{ConflictAnswer, JobSnapshot, JobState, UploadRequest};
use picferry_core::profile::Profile;
use picferry_tests::fake_s3::FakeS3;
use picferry_tests::home::{Home, bytes};
use picferry_tests::pictures;

const PLAIN_NAME: (&str, &str) = ("key_template", "{name}.{ext}");

async fn home_with_taken_key(policy: &str) -> (FakeS3, Home, Profile) {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[PLAIN_NAME, ("on_conflict", policy)]).await;
    store.put_object("logo.png", b"something else");
    (store, home, profile)
}

async fn send(home: &Home, profile: &Profile, seed: u64) -> JobSnapshot {
    home.ferry(profile, vec![bytes("logo.png", pictures::png(seed))]).await.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_added_and_what_was_there_stays() {
    let (store, home, profile) = home_with_taken_key("rename").await;
    assert_eq!(send(&home, &profile, 1).await.key.as_deref(), Some("logo-1.png"));
    assert_eq!(send(&home, &profile, 2).await.key.as_deref(), Some("logo-2.png"));
    assert_eq!(store.objects()["logo.png"].body, b"something else".as_slice());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rule_holds_on_a_store_without_conditional_writes() {
    let store = FakeS3::start().await;
    store.refuse_conditional_put();
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[PLAIN_NAME]).await;
    store.put_object("logo.png", b"something else");
    let job = send(&home, &profile, 1).await;
    assert_eq!(job.key.as_deref(), Some("logo-1.png"), "{:?}", job.error);
    assert_eq!(store.objects()["logo.png"].body, b"something else".as_slice());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_content_under_the_same_key_is_no_conflict() {
    let (store, home, profile) = home_with_taken_key("rename").await;
    let picture = pictures::png(3);
    store.put_object("same.png", &picture);
    let jobs = home.ferry(&profile, vec![bytes("same.png", picture)]).await;
    assert_eq!(jobs[0].key.as_deref(), Some("same.png"));
    assert_eq!(store.objects().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn overwrite_replaces() {
    let (store, home, profile) = home_with_taken_key("overwrite").await;
    let job = send(&home, &profile, 4).await;
    assert_eq!(job.key.as_deref(), Some("logo.png"), "{:?}", job.error);
    assert_eq!(store.objects()["logo.png"].body, pictures::png(4));
}

#[tokio::test(flavor = "multi_thread")]
async fn use_the_old_one_sends_nothing_and_claims_nothing() {
    let (store, home, profile) = home_with_taken_key("use_existing").await;
    let job = send(&home, &profile, 5).await;
    assert_eq!((job.state, job.reused, job.upload_id), (JobState::Done, true, None));
    assert!(job.url.unwrap().ends_with("/logo.png"));
    assert_eq!(store.objects()["logo.png"].body, b"something else".as_slice());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_waits_for_its_answer_and_blocks_nobody() {
    for (answer, key, state) in [
        (ConflictAnswer::Rename, Some("logo-1.png"), JobState::Done),
        (ConflictAnswer::Overwrite, Some("logo.png"), JobState::Done),
        (ConflictAnswer::UseExisting, Some("logo.png"), JobState::Done),
        (ConflictAnswer::Cancel, Some("logo.png"), JobState::Cancelled),
    ] {
        let (_store, home, profile) = home_with_taken_key("ask").await;
        let request = UploadRequest {
            sources: vec![bytes("logo.png", pictures::png(6)), bytes("free.png", pictures::png(7))],
            profile_id: Some(profile.id.clone()),
            ..UploadRequest::default()
        };
        let accepted = home.engine.upload(request).await.unwrap();
        home.engine.settle().await;
        let jobs = home.engine.jobs();
        assert_eq!((jobs[0].state, jobs[1].state), (JobState::Asking, JobState::Done), "{:?}", jobs[1].error);
        home.engine.answer_conflict(&jobs[0].id, answer, false).await.unwrap();
        let jobs = home.engine.wait_for_batch(&accepted.batch).await;
        assert_eq!((jobs[0].key.as_deref(), jobs[0].state), (key, state), "{answer:?}: {:?}", jobs[0].error);
    }
}

/// A host that goes away in between says nothing about what is under the key.
#[tokio::test(flavor = "multi_thread")]
async fn a_taken_key_that_cannot_be_looked_at_right_now_is_not_another_picture() {
    for policy in ["rename", "use_existing", "ask"] {
        let (store, home, profile) = home_with_taken_key(policy).await;
        home.learn(&profile, "conditional_put", "yes").await;
        let picture = pictures::png(8);
        store.put_object("logo.png", &picture);
        store.change(|flaws| flaws.no_head = 1);
        let job = home.ferry(&profile, vec![bytes("logo.png", picture)]).await.remove(0);
        assert_eq!((job.state, job.key.as_deref()), (JobState::Done, Some("logo.png")), "{policy}: {job:?}");
        assert!(job.upload_id.is_some() && job.attempt > 1, "{policy}: it is ours, {job:?}");
        assert_eq!(store.objects().len(), 1, "{policy}");
    }
}
