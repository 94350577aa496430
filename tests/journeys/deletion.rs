//! Deleting here and on the host, with a plain report for each picture.

use picferry_core::ErrorCode;
use picferry_core::secret::Secret;
use picferry_core::upload::HistoryFilter;
use picferry_engine::{DeleteMode, ProfileDraft};
use picferry_tests::fake_s3::FakeS3;
use picferry_tests::home::{Home, bytes};
use picferry_tests::pictures;

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_deleted_from_the_host_is_gone_from_its_address_too() {
    let home = Home::new().await;
    let local = home.engine.profile("local").unwrap();
    let jobs = home.ferry(&local, vec![bytes("a.png", pictures::png(1))]).await;
    let url = jobs[0].url.clone().unwrap();
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 200);
    let id = jobs[0].upload_id.unwrap();
    let results = home.engine.delete(vec![id, id], DeleteMode::HostAndHere).await.unwrap();
    assert!(results.iter().all(|result| result.ok), "named twice is deleted once: {results:?}");
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 404);
    assert_eq!(home.engine.history_totals(HistoryFilter::default()).await.unwrap().count, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_removed_from_here_only_keeps_its_link_and_comes_back() {
    let home = Home::new().await;
    let local = home.engine.profile("local").unwrap();
    let jobs = home.ferry(&local, vec![bytes("a.png", pictures::png(2))]).await;
    let (id, url) = (jobs[0].upload_id.unwrap(), jobs[0].url.clone().unwrap());
    home.engine.delete(vec![id], DeleteMode::HereOnly).await.unwrap();
    assert_eq!(home.engine.history_totals(HistoryFilter::default()).await.unwrap().count, 0);
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 200);
    home.engine.restore(vec![id]).await.unwrap();
    assert_eq!(home.engine.history_one(id).await.unwrap().name, "a.png");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_pictures_are_deleted_in_few_requests() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[("concurrency", "16")]).await;
    let sources = (0..1001).map(|number| bytes("x.png", pictures::png(number + 100))).collect();
    let jobs = home.ferry(&profile, sources).await;
    let ids: Vec<i64> = jobs.iter().map(|job| job.upload_id.unwrap()).collect();
    let results = home.engine.delete(ids.clone(), DeleteMode::HostAndHere).await.unwrap();
    assert!(results.iter().all(|result| result.ok));
    assert_eq!(results.iter().map(|result| result.id).collect::<Vec<_>>(), ids);
    assert_eq!(store.objects().len(), 0);
    assert_eq!(store.requests("POST"), 2, "a thousand at a time");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_host_keeps_stays_in_the_history_with_the_reason() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    let jobs = home.ferry(&profile, vec![bytes("a.png", pictures::png(5))]).await;
    let id = jobs[0].upload_id.unwrap();
    home.engine.remove_profile(&profile.id).await.unwrap();
    let results = home.engine.delete(vec![id, 4711], DeleteMode::HostAndHere).await.unwrap();
    let codes: Vec<_> = results.iter().map(|result| result.error.as_ref().unwrap().code).collect();
    assert_eq!(codes, [ErrorCode::ProfileNotFound, ErrorCode::NotFound]);
    assert_eq!(home.engine.history_one(id).await.unwrap().profile_name, "box");
}

/// “Deleted” must not be said of a picture that is still there.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_points_to_another_bucket_now_deletes_nothing_and_says_where_it_was() {
    let (old, new) = (FakeS3::start().await, FakeS3::start().await);
    let home = Home::new().await;
    let named = [("key_template", "{name}.{ext}")];
    let profile = home.add_store("box", &old.address(), &named).await;
    let jobs = home.ferry(&profile, vec![bytes("a.png", pictures::png(7))]).await;
    let id = jobs[0].upload_id.unwrap();
    new.put_object("a.png", b"somebody else's, of the same name");
    let mut draft = ProfileDraft::of(&profile);
    draft.fields.insert("endpoint".into(), new.endpoint().into());
    draft.secrets.insert("secret_access_key".into(), Some(Secret::new(new.secret_key())));
    home.engine.save_profile(draft).await.unwrap();
    let results = home.engine.delete(vec![id], DeleteMode::HostAndHere).await.unwrap();
    let error = results[0].error.as_ref().unwrap();
    assert_eq!((error.code, error.params["reason"].as_str()), (ErrorCode::ObjectNotFound, "elsewhere"));
    let was = old.endpoint().trim_start_matches("http://");
    assert!(error.message.contains(was), "{}", error.message);
    assert!(old.object("a.png").is_some() && new.object("a.png").is_some());
    assert_eq!(home.engine.history_one(id).await.unwrap().name, "a.png", "the row stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bucket_under_another_address_deletes_what_it_has() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    let jobs = home.ferry(&profile, vec![bytes("a.png", pictures::png(8))]).await;
    let mut draft = ProfileDraft::of(&profile);
    draft.fields.insert("endpoint".into(), store.endpoint().replace("127.0.0.1", "localhost"));
    home.engine.save_profile(draft).await.unwrap();
    let results =
        home.engine.delete(vec![jobs[0].upload_id.unwrap()], DeleteMode::HostAndHere).await.unwrap();
    assert!(results[0].ok, "{results:?}");
    assert!(store.objects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_show_the_deleted_object_go_with_it_and_no_others() {
    let (store, other) = (FakeS3::start().await, FakeS3::start().await);
    let home = Home::new().await;
    let named = [("key_template", "{name}.{ext}"), ("on_conflict", "overwrite")];
    let mut ids = Vec::new();
    for (name, store, seed) in [("box", &store, 1), ("same bucket", &store, 2), ("another", &other, 3)] {
        let profile = home.add_store(name, &store.address(), &named).await;
        let jobs = home.ferry(&profile, vec![bytes("a.png", pictures::png(seed))]).await;
        ids.push(jobs[0].upload_id.unwrap());
    }
    let twins = home.engine.twins(vec![ids[0]]).await.unwrap();
    assert_eq!(twins.iter().map(|twin| twin.id).collect::<Vec<_>>(), [ids[1]]);
    let results = home.engine.delete(vec![ids[0]], DeleteMode::HostAndHere).await.unwrap();
    assert!(results[0].ok && results.len() == 1, "{results:?}");
    let left = home.engine.history_get(ids.clone()).await.unwrap();
    assert_eq!(left.iter().map(|row| row.id).collect::<Vec<_>>(), [ids[2]]);
    assert!(store.objects().is_empty() && other.object("a.png").is_some());
}
