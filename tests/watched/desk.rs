//! A home that watches a folder, a store that its pictures go to, and a clock that tests move.

use jiff::Zoned;
use picferry_core::Clock;
use picferry_core::profile::Profile;
use picferry_core::watched::{WatchStatus, WatchedFolder, WatchedFolderState};
use picferry_engine::{Engine, Role};
use picferry_tests::fake_s3::FakeS3;
use picferry_tests::home::Home;
use picferry_tests::pictures;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// Long enough for a busy machine; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(300);

/// A clock that stands still until a test moves it.
pub struct Hand(Mutex<Zoned>);

impl Hand {
    pub fn set() -> Arc<Self> {
        Arc::new(Self(Mutex::new(Zoned::now())))
    }

    pub fn pass(&self, seconds: i64) {
        let mut now = self.0.lock().unwrap();
        *now = now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap();
    }
}

impl Clock for Hand {
    fn now(&self) -> Zoned {
        self.0.lock().unwrap().clone()
    }
}

pub struct Desk {
    pub store: FakeS3,
    pub home: Home,
    pub profile: Profile,
    /// Not in the folder for temporary files: pictures from there would be copied first.
    disk: TempDir,
}

impl Desk {
    pub async fn new() -> Self {
        Self::with_clock(Arc::new(picferry_engine::SystemClock)).await
    }

    /// A desk whose time is that of a clock.
    pub async fn with_clock(clock: Arc<dyn Clock>) -> Self {
        let store = FakeS3::start().await;
        let home = Home::with(Role::App, |options| options.clock = clock).await;
        let profile =
            home.add_store("box", &store.address(), &[("key_template", "{folder}/{name}.{ext}")]).await;
        let disk = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        std::fs::create_dir(disk.path().join("shots")).unwrap();
        Self { store, home, profile, disk }
    }

    pub fn engine(&self) -> &Arc<Engine> {
        &self.home.engine
    }

    /// A place beside the watched folder.
    pub fn beside(&self, place: &str) -> PathBuf {
        self.disk.path().join(place)
    }

    /// A place in the watched folder.
    pub fn path(&self, place: &str) -> PathBuf {
        self.disk.path().join("shots").join(place)
    }

    /// A finished file comes into the folder.
    pub fn bring(&self, place: &str, content: impl AsRef<[u8]>) {
        bring(&self.path(place), content.as_ref());
    }

    /// A finished picture comes into the folder; each seed gives another one.
    pub fn picture(&self, place: &str, seed: u64) {
        self.bring(place, pictures::png(seed));
    }

    /// Watches the folder, by rules of which nothing takes time.
    pub async fn watch(&self) -> WatchedFolder {
        self.watch_with(|_| {}).await
    }

    pub async fn watch_with(&self, rules: impl FnOnce(&mut WatchedFolder)) -> WatchedFolder {
        let mut folder = WatchedFolder {
            path: self.path("").display().to_string(),
            profile_id: Some(self.profile.id.clone()),
            wait_seconds: 0,
            ..WatchedFolder::default()
        };
        rules(&mut folder);
        self.engine().add_watched_folder(folder, false).await.unwrap()
    }

    /// How the only watched folder stands.
    pub async fn state(&self) -> WatchedFolderState {
        self.engine().watched_folders().await.unwrap().folders.remove(0)
    }

    /// Waits until it stands as it should.
    pub async fn until(&self, what: &str, fits: impl Fn(&WatchedFolderState) -> bool) -> WatchedFolderState {
        let start = std::time::Instant::now();
        loop {
            let state = self.state().await;
            if fits(&state) {
                return state;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "{what}, but {state:#?}\njobs: {:#?}\nobjects: {:?}",
                self.engine().jobs().iter().take(3).collect::<Vec<_>>(),
                self.store.objects().len(),
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until so many pictures were stored, and nothing waits any more.
    pub async fn until_stored(&self, count: u32) -> WatchedFolderState {
        self.until(&format!("{count} are stored"), |state| {
            state.stored >= count && state.waiting == 0 && state.sending == 0
        })
        .await
    }

    pub async fn until_watching(&self) {
        self.until("it is watched", |state| state.status == WatchStatus::Watching).await;
    }

    /// Brings one more picture and waits for it: by then whatever came before was looked at.
    pub async fn after_a_look(&self, seed: u64) {
        let stored = self.state().await.stored;
        self.picture(&format!("look-{seed}.png"), seed);
        self.until_stored(stored + 1).await;
    }

    /// The keys in the store. Each of them was sent once.
    pub fn keys(&self) -> BTreeSet<String> {
        for (key, count) in self.store.accepted_puts() {
            assert_eq!(count, 1, "{key} was sent {count} times");
        }
        self.store.keys().into_iter().collect()
    }
}

/// Writes a file beside its place and moves it there, as programs do that care.
pub fn bring(path: &Path, content: &[u8]) {
    let folder = path.parent().unwrap();
    std::fs::create_dir_all(folder).unwrap();
    let beside = folder.join(format!(".{}.writing", path.file_name().unwrap().to_string_lossy()));
    std::fs::write(&beside, content).unwrap();
    std::fs::rename(beside, path).unwrap();
}

pub fn set<const COUNT: usize>(keys: [&str; COUNT]) -> BTreeSet<String> {
    keys.into_iter().map(str::to_owned).collect()
}
