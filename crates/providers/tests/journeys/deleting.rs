//! Deleting: one, thousands, and where the store knows no better than one by one.

use crate::fake_s3::{DeleteMany, FakeS3};
use crate::stage::{fake_provider, object, receipt, silent};
use picferry_core::error::ErrorCode;
use picferry_core::provider::Provider;

async fn filled(provider: &dyn Provider, count: usize) {
    use futures::StreamExt as _;
    futures::stream::iter(0..count)
        .for_each_concurrent(16, |index| async move {
            provider.put(object(&format!("pics/{index} & <more>.png"), "a"), silent()).await.unwrap();
        })
        .await;
}

fn receipts(count: usize) -> Vec<picferry_core::provider::Receipt> {
    (0..count).map(|index| receipt(&format!("pics/{index} & <more>.png"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_thousand_go_in_groups_of_a_thousand() {
    let server = FakeS3::start().await;
    let provider = fake_provider(&server, "generic", &[]);
    filled(provider.as_ref(), 1203).await;
    let results = provider.delete(&receipts(1203)).await;
    assert_eq!(results.len(), 1203);
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(server.keys(), Vec::<String>::new());
    assert_eq!(server.requests("POST"), 2, "1,000 and 203");
    assert!(
        server
            .seen()
            .iter()
            .filter(|seen| seen.method == "POST")
            .all(|seen| seen.header("content-md5").is_some())
    );
}

#[tokio::test]
async fn a_refusal_belongs_to_its_own_picture() {
    let server = FakeS3::start().await;
    let provider = fake_provider(&server, "generic", &[]);
    let keys = ["a.png", "locked/b.png", "c.png"];
    for key in keys {
        provider.put(object(key, "a"), silent()).await.unwrap();
    }
    let results = provider.delete(&keys.map(receipt)).await;
    assert!(results[0].is_ok() && results[2].is_ok());
    let error = results[1].as_ref().unwrap_err();
    assert_eq!(error.code, ErrorCode::AccessDenied);
    assert!(error.report().contains("locked/b.png"));
    assert_eq!(server.keys(), ["locked/b.png"]);
}

#[tokio::test]
async fn where_many_cannot_go_at_once_they_go_one_by_one() {
    for flaw in [DeleteMany::NotImplemented, DeleteMany::NotAllowed, DeleteMany::Page] {
        let server = FakeS3::with(|flaws| flaws.delete_many = flaw).await;
        let provider = fake_provider(&server, "generic", &[]);
        filled(provider.as_ref(), 20).await;
        let results = provider.delete(&receipts(20)).await;
        assert!(results.iter().all(Result::is_ok), "{flaw:?}: {results:?}");
        assert_eq!(server.keys(), Vec::<String>::new());
        assert_eq!(provider.learned().facts["delete_many"], "no");
        provider.delete(&receipts(2)).await;
        assert_eq!(server.requests("POST"), 1, "it is not asked twice");
    }
}

#[tokio::test]
async fn trouble_is_told_for_every_picture() {
    let server = FakeS3::with(|flaws| flaws.slow_down = 1).await;
    let provider = fake_provider(&server, "generic", &[]);
    let results = provider.delete(&receipts(3)).await;
    assert_eq!(results.len(), 3);
    for result in results {
        let error = result.unwrap_err();
        assert_eq!((error.code, error.retryable), (ErrorCode::RateLimited, true));
    }
    assert!(provider.delete(&[]).await.is_empty());
}

#[tokio::test]
async fn keys_that_may_not_delete_say_so() {
    let server = FakeS3::with(|flaws| flaws.no_delete = true).await;
    let provider = fake_provider(&server, "generic", &[]);
    for count in [1, 2] {
        for result in provider.delete(&receipts(count)).await {
            assert_eq!(result.unwrap_err().code, ErrorCode::AccessDenied);
        }
    }
}
