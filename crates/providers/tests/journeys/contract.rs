//! What every store must be able to do for Picferry, tried on each that runs here.

use crate::fake_s3::{BUCKET, FakeS3};
use crate::moto::Moto;
use crate::stage::{config, content, fake_provider, md5, noted, object, reader, receipt, silent, spooled};
use picferry_core::error::ErrorCode;
use picferry_core::provider::{Provider, TestOutcome};
use picferry_core::secret::Secret;
use picferry_providers::local_store::LocalStore;
use std::sync::Arc;
use std::time::Duration;

/// Names that break clients whose signer, link and server disagree.
const NASTY: &[&str] = &[
    "a b+c%中文(1)#?&=.png",
    "emoji/🦊 & 🐻.png",
    "nfd/e\u{301}t\u{e9}.png",
    "quotes/it's \"so\" <nice>.png",
    "signs/~!*'();:@$,[]{}^`|.png",
    "percent/%41%2F%2e%2e.png",
    "plus+plus/==.png",
    "deep/er/and/deeper/.hidden.png",
];

/// Runs the whole contract against one store.
async fn contract(provider: &Arc<dyn Provider>) {
    stores_and_reads_back(provider.as_ref()).await;
    names_survive(provider.as_ref()).await;
    counts_bytes(provider.as_ref()).await;
    never_replaces_when_told(provider).await;
    deletes_one_and_many(provider.as_ref()).await;
    tests_itself(provider.as_ref()).await;
}

async fn stores_and_reads_back(provider: &dyn Provider) {
    let folder = tempfile::tempdir().unwrap();
    let memory = object("2026/11/memory.png", content(300_000));
    let file = spooled(&object("2026/11/file.png", content(700_001)), folder.path());
    for object in [memory, file] {
        let stored = provider.put(object.clone(), silent()).await.unwrap();
        assert_eq!(stored.key, object.key);
        assert!(url::Url::parse(&stored.url).is_ok(), "an absolute address: {}", stored.url);
        let info = provider.head(&object.key).await.unwrap().unwrap();
        assert_eq!(info.length, object.body.len());
        assert_eq!(info.content_type.as_deref(), Some("image/png"));
        assert!(info.is_same_content(object.body.len(), &md5(&object)), "the ETag is the MD5: {info:?}");
    }
    assert_eq!(provider.head("2026/11/nothing.png").await.unwrap(), None);
}

async fn names_survive(provider: &dyn Provider) {
    for key in NASTY {
        let bytes = content(1000 + key.len());
        let stored = provider.put(object(key, bytes.clone()), silent()).await.unwrap();
        assert_eq!(provider.public_url(key), stored.url);
        let answer = reader().get(&stored.url).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{}", stored.url);
        assert_eq!(answer.headers()["content-type"], "image/png");
        assert_eq!(answer.headers()["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(answer.bytes().await.unwrap(), bytes, "{key}");
        assert!(provider.head(key).await.unwrap().is_some(), "{key}");
    }
    let receipts: Vec<_> = NASTY.iter().map(|key| receipt(key)).collect();
    assert!(provider.delete(&receipts).await.iter().all(Result::is_ok));
    for key in NASTY {
        assert_eq!(provider.head(key).await.unwrap(), None, "{key}");
    }
}

async fn counts_bytes(provider: &dyn Provider) {
    let (progress, notes) = noted();
    provider.put(object("progress.png", content(300_000)), progress).await.unwrap();
    let notes = notes.lock().unwrap().clone();
    assert!(notes.len() >= 5, "300,000 bytes go in pieces of 64 KiB: {notes:?}");
    assert!(notes.windows(2).all(|pair| pair[0].0 <= pair[1].0), "never backwards: {notes:?}");
    assert!(notes.iter().all(|(sent, total)| sent <= total && *total == 300_000));
    let before_answer = notes.iter().rev().nth(1).unwrap().0;
    assert!(before_answer < 300_000, "not complete before the store has answered");
    assert_eq!(notes.last(), Some(&(300_000, 300_000)));
}

async fn never_replaces_when_told(provider: &Arc<dyn Provider>) {
    let mut first = object("once.png", "first");
    first.no_overwrite = true;
    provider.put(first.clone(), silent()).await.unwrap();
    let mut second = object("once.png", "second");
    second.no_overwrite = true;
    let refused = provider.put(second, silent()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::KeyExists);
    let info = provider.head("once.png").await.unwrap().unwrap();
    assert!(info.is_same_content(5, &md5(&first)), "the first one stays");
    provider.put(object("once.png", "third!"), silent()).await.unwrap();
    assert_eq!(provider.head("once.png").await.unwrap().unwrap().length, 6, "unless replacing is asked for");
}

async fn deletes_one_and_many(provider: &dyn Provider) {
    for index in 0..25 {
        provider.put(object(&format!("many/{index}.png"), format!("{index}")), silent()).await.unwrap();
    }
    let one = provider.delete(&[receipt("many/0.png")]).await;
    assert!(one.len() == 1 && one[0].is_ok(), "{one:?}");
    assert_eq!(provider.head("many/0.png").await.unwrap(), None);
    let receipts: Vec<_> = (0..25).map(|index| receipt(&format!("many/{index}.png"))).collect();
    let results = provider.delete(&receipts).await;
    assert_eq!(results.len(), 25);
    assert!(results.iter().all(Result::is_ok), "what is gone already counts as deleted: {results:?}");
    for index in [1, 12, 24] {
        assert_eq!(provider.head(&format!("many/{index}.png")).await.unwrap(), None);
    }
}

async fn tests_itself(provider: &dyn Provider) {
    let report = provider.test("contract").await;
    assert!(report.ok, "{report:?}");
    assert_eq!(report.steps.len(), 6);
    assert!(report.steps.iter().all(|step| step.outcome == TestOutcome::Passed), "{report:?}");
    assert_eq!(report.learned["conditional_put"], "yes");
    assert_eq!(provider.head("picferry-probe-contract.png").await.unwrap(), None, "the probe is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_built_in_store_fulfils_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let store = LocalStore::start(folder.path().join("store"), 0, "local-key", &Secret::new("local-secret"))
        .await
        .unwrap();
    let fields = [("endpoint", store.address()), ("access_key_id", "local-key".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let provider = picferry_providers::build(&config("local", "local-secret", &fields)).unwrap();
    contract(&provider).await;
    store.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_store_fulfils_the_contract() {
    let server = FakeS3::start().await;
    contract(&fake_provider(&server, "minio", &[])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn moto_fulfils_the_contract() {
    let server = Moto::start(BUCKET).await;
    let endpoint = server.endpoint();
    let fields =
        [("endpoint", endpoint), ("bucket", BUCKET), ("access_key_id", "any"), ("acl", "public-read")];
    let provider = picferry_providers::build(&config("minio", "any-secret", &fields)).unwrap();
    contract(&provider).await;
}

/// Dropping the future is how a job is cancelled.
#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_upload_stops_in_the_middle() {
    let server = FakeS3::with(|flaws| flaws.slow_body = Duration::from_millis(5)).await;
    let provider = fake_provider(&server, "minio", &[]);
    let (progress, notes) = noted();
    let upload = provider.put(object("cancelled.png", content(20_000_000)), progress);
    let half_way = async {
        while notes.lock().unwrap().last().is_none_or(|(sent, _)| *sent < 500_000) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::select! {
        ended = upload => panic!("too fast to cancel: {ended:?}"),
        () = half_way => {}
    }
    while !server.seen().iter().any(|seen| seen.broken) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let seen = server.seen().pop().unwrap();
    assert!(seen.body < 20_000_000, "the connection closed after {} bytes", seen.body);
    assert_eq!(server.keys(), Vec::<String>::new());
}
