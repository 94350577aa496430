//! Deleting here and on the host, with a plain report for each picture.

use picferry_core::ErrorCode;
use picferry_core::upload::HistoryFilter;
use picferry_engine::DeleteMode;
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
