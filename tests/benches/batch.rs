//! 200 pictures of 300 kB through the whole engine, beside a bare loop of PUTs with the same
//! client, the same store and the same number at a time.

use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use futures::StreamExt as _;
use picferry_core::digest::Digests;
use picferry_core::job::{JobState, Source, UploadRequest};
use picferry_core::provider::{Body, Provider, ProviderConfig, PutObject};
use picferry_core::secret::Secret;
use picferry_tests::home::Home;
use picferry_tests::pictures;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

const PICTURES: u64 = 200;
const AT_ONCE: usize = 4;

/// About 300 kB each: noise does not compress.
fn cargo(round: u64) -> Vec<Bytes> {
    (0..PICTURES).map(|n| Bytes::from(pictures::noise_png(round * PICTURES + n + 1, 320, 312))).collect()
}

async fn provider(home: &Home) -> Arc<dyn Provider> {
    let profile = home.engine.profile("local").expect("the built-in profile");
    let file = std::fs::read(home.path().join("secrets.json")).expect("the secrets file");
    let secrets: BTreeMap<String, String> = serde_json::from_slice(&file).expect("JSON");
    let secret = Secret::new(secrets["local/secret_access_key"].clone());
    let config = ProviderConfig {
        profile,
        secrets: BTreeMap::from([("secret_access_key".to_owned(), secret)]),
        proxy: "none".into(),
    };
    picferry_providers::build(&config).expect("the profile is complete")
}

async fn bare_loop(provider: Arc<dyn Provider>, pictures: Vec<Bytes>) {
    futures::stream::iter(pictures)
        .for_each_concurrent(AT_ONCE, |bytes| {
            let provider = provider.clone();
            async move {
                let digests = Digests::of(&bytes);
                let object = PutObject {
                    key: format!("bare/{}.png", digests.sha256),
                    body: Body::Bytes(bytes),
                    content_type: "image/png".into(),
                    cache_control: None,
                    no_overwrite: false,
                    md5: digests.md5,
                    sha256: digests.sha256,
                };
                provider.put(object, Arc::new(|_, _| {})).await.expect("the store takes it");
            }
        })
        .await;
}

async fn whole_engine(home: &Home, pictures: Vec<Bytes>) {
    let sources = pictures
        .into_iter()
        .enumerate()
        .map(|(number, bytes)| Source::Bytes { name: format!("{number}.png"), bytes })
        .collect();
    let request = UploadRequest { sources, ..UploadRequest::default() };
    let accepted = home.engine.upload(request).await.expect("accepted");
    let jobs = home.engine.wait_for_batch(&accepted.batch).await;
    assert!(jobs.iter().all(|job| job.state == JobState::Done), "{:?}", jobs[0].error);
}

fn batch(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let home = runtime.block_on(Home::new());
    runtime.block_on(home.engine.start_local_store()).expect("the store starts");
    let provider = runtime.block_on(provider(&home));
    let mut group = criterion.benchmark_group("200 pictures of 300 kB");
    group
        .throughput(Throughput::Elements(PICTURES))
        .sample_size(10)
        .measurement_time(Duration::from_secs(20));
    let mut round = 0;
    let mut next = || {
        round += 1;
        cargo(round)
    };
    group.bench_function("bare loop of PUTs", |bencher| {
        bencher.to_async(&runtime).iter_batched(
            &mut next,
            |pictures| bare_loop(provider.clone(), pictures),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("whole engine", |bencher| {
        bencher.to_async(&runtime).iter_batched(
            &mut next,
            |pictures| whole_engine(&home, pictures),
            BatchSize::PerIteration,
        );
    });
    group.finish();
    runtime.block_on(home.engine.close());
}

criterion_group!(benches, batch);
criterion_main!(benches);
