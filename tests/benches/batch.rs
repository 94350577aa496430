#![expect(clippy::print_stdout, reason = "the figures")]

//! 200 files of 300 kB through the whole engine, beside a bare loop of PUTs with the same client, the
//! same store and the same number at a time. They are sent as they are: what the image engine costs is
//! measured by itself. Both put them into the same folder of the store, because some file systems are slow
//! to make files in some folders.

use bytes::Bytes;
use futures::StreamExt as _;
use picferry_core::Result;
use picferry_core::digest::sha256_hex;
use picferry_core::job::{JobState, Source, UploadRequest};
use picferry_core::provider::{Body, Provider, ProviderConfig, PutObject};
use picferry_core::secret::Secret;
use picferry_core::settings::Settings;
use picferry_engine::Role;
use picferry_tests::home::Home;
use picferry_tests::pictures;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use tempfile::TempDir;

const PICTURES: u32 = 200;
const ROUNDS: u32 = 15;
const AT_ONCE: usize = 4;

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
    fn write(folder: &TempDir, round: u32) -> Self {
        let write = |n: u32| {
            let path = folder.path().join(format!("{n}.png"));
            let picture = pictures::noise_png(u64::from(round * PICTURES + n + 1), 320, 312);
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
                let sha256 = sha256_hex(&bytes);
                let object = PutObject {
                    key: format!("shots/bare-{}.png", &sha256[..20]),
                    body: Body::Bytes(bytes),
                    content_type: "image/png".into(),
                    cache_control: None,
                    no_overwrite: false,
                    sha256,
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

/// Milliseconds of each round, shortest first.
#[derive(Default)]
struct Rounds(Vec<f64>);

impl Rounds {
    fn add(&mut self, began: Instant) {
        self.0.push(began.elapsed().as_secs_f64() * 1000.0);
        self.0.sort_by(f64::total_cmp);
    }

    fn median(&self) -> f64 {
        self.0[self.0.len() / 2]
    }

    fn line(&self, name: &str) -> String {
        let (first, last) = (self.0[self.0.len() / 4], self.0[self.0.len() * 3 / 4]);
        let each = self.median() / f64::from(PICTURES);
        format!(
            "{name:18} {:6.0} ms (half of all rounds {first:.0} to {last:.0}), {each:.2} ms each",
            self.median()
        )
    }
}

/// Both take turns: what the computer does beside it hits both alike.
async fn batch() {
    let home = Home::with_role(Role::App).await;
    home.engine.start_local_store().await.expect("the store starts");
    home.engine.change_settings(leave_pictures_alone).await.expect("the settings are written");
    let provider = provider(&home).await;
    let folder = Files::folder();
    let (mut bare, mut engine) = (Rounds::default(), Rounds::default());
    for round in 0..=ROUNDS {
        let files = Files::write(&folder, 2 * round);
        let began = Instant::now();
        bare_loop(provider.clone(), files).await;
        let is_warm = round > 0;
        if is_warm {
            bare.add(began);
        }
        let files = Files::write(&folder, 2 * round + 1);
        let began = Instant::now();
        whole_engine(&home, files).await;
        if is_warm {
            engine.add(began);
        }
        home.engine.wait_for_thumbnails().await;
    }
    home.engine.close().await;
    println!("{PICTURES} files of 300 kB, {ROUNDS} rounds, median");
    println!("{}", bare.line("bare loop of PUTs"));
    println!("{}", engine.line("whole engine"));
    println!("the engine reaches {:.0} % of the bare loop", 100.0 * bare.median() / engine.median());
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    // In a task, as everything in the app.
    runtime.block_on(async { tokio::spawn(batch()).await.expect("the bench ends") });
}
