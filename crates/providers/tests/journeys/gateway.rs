//! A gateway that takes signed PUTs and nothing else.

use crate::fake_s3::{Addressing, FakeS3};
use crate::stage::{config, content, fake_provider, object, receipt, refused, silent};
use picferry_core::error::ErrorCode;
use picferry_core::provider::{Provider, TestOutcome, TestStepName};
use std::sync::Arc;

async fn gateway() -> (FakeS3, Arc<dyn Provider>) {
    let server = FakeS3::with(|flaws| {
        flaws.put_only = true;
        flaws.addressing = Addressing::Bare;
        flaws.region = Some("auto".into());
    })
    .await;
    let endpoint = server.endpoint();
    let fields = [("endpoint", endpoint), ("access_key_id", crate::fake_s3::ACCESS_KEY)];
    let provider =
        picferry_providers::build(&config("gateway", crate::fake_s3::SECRET_KEY, &fields)).unwrap();
    (server, provider)
}

#[tokio::test]
async fn pictures_go_through_and_links_open() {
    let (server, provider) = gateway().await;
    let stored = provider.put(object("2026/a b+图.png", content(100_000)), silent()).await.unwrap();
    assert_eq!(stored.etag, None, "it answers ok and nothing else");
    assert_eq!(server.keys(), ["2026/a b+图.png"]);
    assert_eq!(stored.url, format!("{}/2026/a%20b%2B%E5%9B%BE.png", server.endpoint()));
    let read = crate::stage::reader().get(&stored.url).send().await.unwrap();
    assert_eq!(read.bytes().await.unwrap().len(), 100_000);
}

#[tokio::test]
async fn what_it_cannot_do_is_said_without_asking_it() {
    let (server, provider) = gateway().await;
    assert_eq!(provider.head("a.png").await.unwrap_err().code, ErrorCode::Unsupported);
    let deleted = provider.delete(&[receipt("a.png"), receipt("b.png")]).await;
    assert!(deleted.into_iter().all(|result| result.unwrap_err().code == ErrorCode::Unsupported));
    let mut once = object("a.png", "a");
    once.no_overwrite = true;
    assert_eq!(refused(provider.as_ref(), once).await.code, ErrorCode::Unsupported);
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn its_test_passes_with_the_rest_skipped() {
    let (server, provider) = gateway().await;
    let report = provider.test("gateway").await;
    assert!(report.ok, "{report:?}");
    let outcomes: Vec<_> = report.steps.iter().map(|step| (step.step, step.outcome)).collect();
    assert_eq!(
        outcomes,
        [
            (TestStepName::Connect, TestOutcome::Skipped),
            (TestStepName::Write, TestOutcome::Passed),
            (TestStepName::Read, TestOutcome::Skipped),
            (TestStepName::NoOverwrite, TestOutcome::Skipped),
            (TestStepName::PublicRead, TestOutcome::Passed),
            (TestStepName::Delete, TestOutcome::Skipped),
        ]
    );
    assert_eq!(server.seen()[0].method, "PUT", "nothing is fetched before it is put");
}

#[tokio::test]
async fn an_unnamed_gateway_is_found_out() {
    let server = FakeS3::with(|flaws| flaws.put_only = true).await;
    let provider = fake_provider(&server, "generic", &[]);
    let report = provider.test("found").await;
    assert!(report.ok, "{report:?}");
    assert_eq!(report.learned["head"], "no");
    assert_eq!(report.learned["delete"], "no");
    assert_eq!(provider.head("a.png").await.unwrap_err().code, ErrorCode::Unsupported);
}
