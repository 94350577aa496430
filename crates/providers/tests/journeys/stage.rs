//! What the journeys share: profiles, pictures, progress.

use crate::fake_s3::{ACCESS_KEY, BUCKET, FakeS3, SECRET_KEY};
use bytes::Bytes;
use picferry_core::digest::{Digests, sha256_hex};
use picferry_core::error::Error;
use picferry_core::profile::Profile;
use picferry_core::provider::{Body, ProgressFn, Provider, ProviderConfig, PutObject, Receipt};
use picferry_core::secret::Secret;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A profile with these fields.
pub fn config(preset: &str, secret: &str, fields: &[(&str, &str)]) -> ProviderConfig {
    let fields = fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let profile = Profile {
        id: "profile-1".into(),
        name: "Test".into(),
        host: "s3".into(),
        preset: preset.into(),
        fields,
        secrets: vec!["secret_access_key".into()],
        learned: BTreeMap::new(),
        unknown: BTreeMap::new(),
    };
    let secrets = BTreeMap::from([("secret_access_key".to_owned(), Secret::new(secret))]);
    ProviderConfig { profile, secrets, proxy: "none".into() }
}

/// A profile for the fake; later fields win.
pub fn fake_config(server: &FakeS3, preset: &str, more: &[(&str, &str)]) -> ProviderConfig {
    let endpoint = server.endpoint();
    let mut fields = vec![("endpoint", endpoint), ("bucket", BUCKET), ("access_key_id", ACCESS_KEY)];
    fields.extend(more);
    config(preset, SECRET_KEY, &fields)
}

/// The provider for the fake.
pub fn fake_provider(server: &FakeS3, preset: &str, more: &[(&str, &str)]) -> Arc<dyn Provider> {
    picferry_providers::build(&fake_config(server, preset, more)).unwrap()
}

/// An object with this content.
pub fn object(key: &str, content: impl Into<Bytes>) -> PutObject {
    let content = content.into();
    let sha256 = sha256_hex(&content);
    PutObject {
        key: key.to_owned(),
        body: Body::Bytes(content),
        content_type: "image/png".into(),
        cache_control: Some("public, max-age=31536000, immutable".into()),
        no_overwrite: false,
        sha256,
    }
}

/// The MD5 that an ETag of this object should be.
pub fn md5(object: &PutObject) -> String {
    let bytes = match &object.body {
        Body::Bytes(bytes) => bytes.clone(),
        Body::File { path, .. } => std::fs::read(path).unwrap().into(),
    };
    Digests::of(bytes).md5().to_owned()
}

/// The same object, from a file.
pub fn spooled(object: &PutObject, folder: &std::path::Path) -> PutObject {
    let Body::Bytes(bytes) = &object.body else {
        return object.clone();
    };
    let path = folder.join("spooled");
    std::fs::write(&path, bytes).unwrap();
    let body = Body::File { path, length: bytes.len() as u64, sha256: object.sha256.clone() };
    PutObject { body, ..object.clone() }
}

/// Content that repeats nowhere near a power of two.
pub fn content(length: usize) -> Bytes {
    (0..length).map(|index| u8::try_from(index % 251).unwrap_or(0)).collect::<Vec<u8>>().into()
}

/// Progress that nobody looks at.
pub fn silent() -> ProgressFn {
    Arc::new(|_, _| {})
}

/// Bytes sent and bytes in all, as they were told.
pub type Notes = Arc<Mutex<Vec<(u64, u64)>>>;

/// Progress that is written down.
pub fn noted() -> (ProgressFn, Notes) {
    let notes = Notes::default();
    let writer = Arc::clone(&notes);
    (Arc::new(move |sent, total| writer.lock().unwrap().push((sent, total))), notes)
}

/// A receipt for a key.
pub fn receipt(key: &str) -> Receipt {
    Receipt { key: key.to_owned(), url: String::new(), etag: None, extra: BTreeMap::new() }
}

/// Puts and expects a refusal.
pub async fn refused(provider: &dyn Provider, object: PutObject) -> Error {
    *provider.put(object, silent()).await.unwrap_err()
}

/// A plain client for readers.
pub fn reader() -> reqwest::Client {
    let target = url::Url::parse("http://127.0.0.1/").unwrap();
    picferry_providers::http::client(&picferry_providers::http::HttpOptions::new(target)).unwrap()
}
