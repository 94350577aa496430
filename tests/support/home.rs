//! A home of its own for each test: an engine on a temporary folder, closed and opened at will.

use crate::fake_s3::FakeS3;
use picferry_core::job::{JobSnapshot, Source, UploadRequest};
use picferry_core::profile::Profile;
use picferry_core::secret::Secret;
use picferry_core::settings::Settings;
use picferry_engine::{
    Engine, EngineOptions, FileSecrets, Paths, ProfileDraft, RetryPolicy, Role, SystemClock, SystemRandom,
    WatchTiming,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A home and the engine that is open on it.
pub struct Home {
    folder: TempDir,
    /// The open engine.
    pub engine: Arc<Engine>,
}

/// What a profile for a store needs.
pub struct StoreAddress<'a> {
    /// `http://127.0.0.1:port`.
    pub endpoint: &'a str,
    /// The bucket.
    pub bucket: &'a str,
    /// The access key.
    pub access_key: &'a str,
    /// Its secret.
    pub secret_key: &'a str,
}

/// Most journeys are about the way, not about pictures: theirs arrive as they left. A journey about
/// pictures empties this field.
const LEFT_ALONE: [&str; 2] = ["image_skip", "png, jpg"];

fn options(folder: &Path, role: Role) -> EngineOptions {
    let paths = Paths::in_folder(folder);
    EngineOptions {
        secrets: Some(Arc::new(FileSecrets::new(paths.secrets_file()))),
        paths,
        role,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        // Tests wait for outcomes, not for seconds.
        retry: RetryPolicy { first: Duration::from_millis(5), longest: Duration::from_millis(20) },
        watching: often(),
    }
}

/// Watched folders are looked at all the time, for the same reason.
fn often() -> WatchTiming {
    let soon = Duration::from_millis(20);
    WatchTiming { rest: soon, presence: soon, polling: soon, doubt: Duration::from_secs(600), lead: soon }
}

impl Home {
    /// A fresh home, opened as the command line opens it.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn new() -> Self {
        Self::with_role(Role::Cli).await
    }

    /// A fresh home, opened in that role.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn with_role(role: Role) -> Self {
        Self::with(role, |_| {}).await
    }

    /// A fresh home, opened in that role with other options.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn with(role: Role, change: impl FnOnce(&mut EngineOptions)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut options = options(folder.path(), role);
        change(&mut options);
        let engine = Engine::open(options).await.expect("a fresh home opens");
        Self { folder, engine }
    }

    /// The folder of the home.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Opens a second engine on the same home, as another process would.
    ///
    /// # Errors
    /// What opening says.
    pub async fn open_another(&self, role: Role) -> picferry_core::Result<Arc<Engine>> {
        Engine::open(options(self.folder.path(), role)).await
    }

    /// Closes the engine and opens the home again, as after a restart.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn restart(self) -> Self {
        self.restart_as(Role::Cli).await
    }

    /// The same in another role.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn restart_as(self, role: Role) -> Self {
        self.engine.close().await;
        drop(self.engine);
        let engine = Engine::open(options(self.folder.path(), role)).await.expect("the home opens again");
        Self { folder: self.folder, engine }
    }

    /// Adds a profile for an S3 store; `fields` are set on top.
    ///
    /// # Panics
    /// When the profile is refused.
    pub async fn add_store(&self, name: &str, store: &StoreAddress<'_>, fields: &[(&str, &str)]) -> Profile {
        let mut values = BTreeMap::from([
            ("endpoint".to_owned(), store.endpoint.to_owned()),
            ("region".to_owned(), "us-east-1".to_owned()),
            ("bucket".to_owned(), store.bucket.to_owned()),
            ("access_key_id".to_owned(), store.access_key.to_owned()),
            ("path_style".to_owned(), "path".to_owned()),
            LEFT_ALONE.map(str::to_owned).into(),
        ]);
        values.extend(fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        let draft = ProfileDraft {
            id: None,
            name: name.to_owned(),
            host: "s3".to_owned(),
            preset: "generic".to_owned(),
            fields: values,
            secrets: BTreeMap::from([("secret_access_key".to_owned(), Some(Secret::new(store.secret_key)))]),
        };
        self.engine.save_profile(draft).await.expect("the profile is accepted")
    }

    /// The built-in profile, told to leave pictures as they are.
    ///
    /// # Panics
    /// When it cannot be changed.
    pub async fn local_as_it_is(&self) -> Profile {
        let fields = BTreeMap::from([LEFT_ALONE.map(str::to_owned).into()]);
        self.engine.use_image_fields("local", fields).await.expect("the built-in profile takes options")
    }

    /// Adds a second profile for the built-in store, with other names for its objects.
    ///
    /// # Panics
    /// When the profile is refused.
    pub async fn add_store_like_local(&self, name: &str, fields: &[(&str, &str)]) -> Profile {
        self.engine.start_local_store().await.expect("the built-in store starts");
        let copy = self.engine.duplicate_profile("local").await.expect("a copy of the built-in profile");
        let mut draft = ProfileDraft { name: name.to_owned(), ..ProfileDraft::of(&copy) };
        draft.fields.insert(LEFT_ALONE[0].to_owned(), LEFT_ALONE[1].to_owned());
        draft.fields.extend(fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        self.engine.save_profile(draft).await.expect("the profile is accepted")
    }

    /// Keeps a fact about the store, as if its answers had taught it.
    ///
    /// # Panics
    /// When the settings cannot be written.
    pub async fn learn(&self, profile: &Profile, fact: &'static str, value: &'static str) {
        let id = profile.id.clone();
        let learn = move |settings: &mut Settings| {
            let learned = settings.profiles.iter_mut().filter(|profile| profile.id == id);
            learned.for_each(|profile| drop(profile.learned.insert(fact.to_owned(), value.to_owned())));
            Ok(())
        };
        self.engine.change_settings(learn).await.expect("the settings are written");
    }

    /// Uploads sources to a profile and waits for the end of all.
    ///
    /// # Panics
    /// When the request is refused as a whole.
    pub async fn ferry(&self, profile: &Profile, sources: Vec<Source>) -> Vec<JobSnapshot> {
        let request =
            UploadRequest { sources, profile_id: Some(profile.id.clone()), ..UploadRequest::default() };
        let accepted = self.engine.upload(request).await.expect("the request is accepted");
        self.engine.wait_for_batch(&accepted.batch).await
    }
}

/// A source of bytes.
#[must_use]
pub fn bytes(name: &str, content: Vec<u8>) -> Source {
    Source::Bytes { name: name.to_owned(), bytes: content.into() }
}

/// A source that is a file.
#[must_use]
pub fn file(path: &Path) -> Source {
    Source::Path { path: path.display().to_string() }
}

impl FakeS3 {
    /// What a profile for this store needs.
    #[must_use]
    pub fn address(&self) -> StoreAddress<'_> {
        StoreAddress {
            endpoint: self.endpoint(),
            bucket: self.bucket(),
            access_key: self.access_key(),
            secret_key: self.secret_key(),
        }
    }
}
