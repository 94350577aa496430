//! 200 files of 300 kB through the whole engine, beside a bare loop of PUTs with the same client, the
//! same store and the same number at a time. They are sent as they are: what the image engine costs is
//! measured by itself. Both put them into the same folder of the store, because some file systems are slow
//! to make files in some folders.

use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use futures::StreamExt as _;
use picferry_core::Result;
use picferry_core::digest::Digests;
use picferry_core::job::{JobState, Source, UploadRequest};
use picferry_core::provider::{Body, Provider, ProviderConfig, PutObject};
use picferry_core::secret::Secret;
use picferry_core::settings::Settings;
use picferry_tests::home::Home;
use picferry_tests::pictures;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Handle;

const PICTURES: u64 = 200;
const AT_ONCE: usize = 4;

/// The links of a batch do not wait for its thumbnails, which are drawn when the computer has nothing
/// better to do: those of the last round must not be in the way of the next.
fn let_thumbnails_end(home: &Home) {
    tokio::task::block_in_place(|| Handle::current().block_on(home.engine.wait_for_thumbnails()));
}

/// Files on a real disk, about 300 kB each: noise does not compress.
struct Files {
    paths: Vec<PathBuf>,
}

impl Files {
    /// Not in the system's temporary folder: what lies there is copied first, because it may vanish.
    fn folder() -> TempDir {
        tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder")
    }

    /// Each round writes over the files of the last: some file systems are slow to make new files for
    /// seconds after others were removed.
    fn write(folder: &TempDir, round: u64) -> Self {
        let write = |n: u64| {
            let path = folder.path().join(format!("{n}.png"));
            let picture = pictures::noise_png(round * PICTURES + n + 1, 320, 312);
            std::fs::write(&path, picture).expect("the disk takes it");
            path
        };
        Self { paths: (0..PICTURES).map(write).collect() }
    }
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

fn leave_pictures_alone(settings: &mut Settings) -> Result<()> {
    for profile in &mut settings.profiles {
        profile.fields.insert("image_skip".into(), "png".into());
        profile.fields.insert("key_template".into(), "shots/{hash:20}.{ext}".into());
    }
    Ok(())
}

async fn bare_loop(provider: Arc<dyn Provider>, files: Files) {
    futures::stream::iter(&files.paths)
        .for_each_concurrent(AT_ONCE, |path| {
            let provider = provider.clone();
            async move {
                let bytes = Bytes::from(tokio::fs::read(path).await.expect("the file is there"));
                let digests = Digests::of(&bytes);
                let object = PutObject {
                    key: format!("shots/bare-{}.png", digests.sha256),
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

async fn whole_engine(home: &Home, files: Files) {
    let source = |path: &PathBuf| Source::Path { path: path.display().to_string() };
    let sources = files.paths.iter().map(source).collect();
    let request = UploadRequest { sources, ..UploadRequest::default() };
    let accepted = home.engine.upload(request).await.expect("accepted");
    let jobs = home.engine.wait_for_batch(&accepted.batch).await;
    assert!(jobs.iter().all(|job| job.state == JobState::Done), "{:?}", jobs[0].error);
}

fn batch(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let home = runtime.block_on(Home::new());
    runtime.block_on(home.engine.start_local_store()).expect("the store starts");
    runtime.block_on(home.engine.change_settings(leave_pictures_alone)).expect("the settings are written");
    let provider = runtime.block_on(provider(&home));
    let mut group = criterion.benchmark_group("200 files of 300 kB");
    group
        .throughput(Throughput::Elements(PICTURES))
        .sample_size(10)
        .measurement_time(Duration::from_secs(20));
    let folder = Files::folder();
    let mut round = 0;
    let mut next = || {
        round += 1;
        Files::write(&folder, round)
    };
    group.bench_function("bare loop of PUTs", |bencher| {
        bencher.to_async(&runtime).iter_batched(
            &mut next,
            |files| bare_loop(provider.clone(), files),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("whole engine", |bencher| {
        bencher.to_async(&runtime).iter_batched(
            || {
                let_thumbnails_end(&home);
                next()
            },
            |files| whole_engine(&home, files),
            BatchSize::PerIteration,
        );
    });
    group.finish();
    runtime.block_on(home.engine.close());
}

criterion_group!(benches, batch);
criterion_main!(benches);
