//! Large pictures go in parts, and never leave any behind.

use crate::fake_s3::{BUCKET, FakeS3};
use crate::stage::{config, content, fake_provider, noted, object, refused, silent, spooled};
use picferry_core::error::ErrorCode;
use picferry_core::secret::Secret;
use picferry_providers::local_store::LocalStore;
use std::time::Duration;

const MIB: usize = 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn forty_mebibytes_arrive_in_equal_parts() {
    let server = FakeS3::start().await;
    let provider = fake_provider(&server, "minio", &[("storage_class", "STANDARD")]);
    let folder = tempfile::tempdir().unwrap();
    let picture = object("large.png", content(40 * MIB));
    for object in [picture.clone(), spooled(&picture, folder.path())] {
        let (progress, notes) = noted();
        let stored = provider.put(object, progress).await.unwrap();
        assert!(stored.etag.unwrap().ends_with("-3"), "three parts");
        let notes = notes.lock().unwrap().clone();
        assert!(notes.windows(2).all(|pair| pair[0].0 <= pair[1].0), "one count over all parts");
        assert_eq!(notes.last(), Some(&(40 * MIB as u64, 40 * MIB as u64)));
    }
    let stored = server.object("large.png").unwrap();
    assert_eq!(stored.body, content(40 * MIB));
    assert_eq!(stored.content_type, "image/png");
    assert_eq!(stored.cache_control.as_deref(), Some("public, max-age=31536000, immutable"));
    assert_eq!(stored.storage_class.as_deref(), Some("STANDARD"));
    assert_eq!(server.open_uploads(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_part_throws_all_away() {
    let server = FakeS3::with(|flaws| flaws.broken_part = Some(2)).await;
    let provider = fake_provider(&server, "minio", &[]);
    let error = refused(provider.as_ref(), object("large.png", content(40 * MIB))).await;
    assert_eq!((error.code, error.retryable), (ErrorCode::Network, true));
    assert_eq!(server.open_uploads(), 0, "aborted before the error is told");
    assert_eq!(server.keys(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_upload_throws_all_away() {
    let server = FakeS3::start().await;
    let provider = fake_provider(&server, "minio", &[]);
    let (progress, notes) = noted();
    let upload = provider.put(object("large.png", content(64 * MIB)), progress);
    let in_second_part = async {
        while notes.lock().unwrap().last().is_none_or(|(sent, _)| *sent < 17 * MIB as u64) {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        ended = upload => panic!("too fast to cancel: {ended:?}"),
        () = in_second_part => {}
    }
    while server.open_uploads() > 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert!(server.requests("DELETE") >= 1, "aborted");
    assert_eq!(server.keys(), Vec::<String>::new());
}

/// The store has begun the upload, but its answer comes after the person has cancelled.
#[tokio::test(flavor = "multi_thread")]
async fn cancelling_while_an_upload_begins_leaves_nothing_either() {
    let server = FakeS3::with(|flaws| flaws.delay = Duration::from_millis(200)).await;
    let provider = fake_provider(&server, "generic", &[]);
    let upload = provider.put(object("large.png", content(33 * MIB)), silent());
    let begun = async {
        while server.requests("POST") == 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::select! {
        ended = upload => panic!("too fast to cancel: {ended:?}"),
        () = begun => {}
    }
    while server.requests("DELETE") == 0 || server.open_uploads() > 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_picture_replaces_nothing_either() {
    let server = FakeS3::start().await;
    let provider = fake_provider(&server, "minio", &[]);
    provider.put(object("large.png", "there already"), silent()).await.unwrap();
    let mut large = object("large.png", content(33 * MIB));
    large.no_overwrite = true;
    let error = refused(provider.as_ref(), large).await;
    assert_eq!(error.code, ErrorCode::KeyExists);
    assert_eq!(server.object("large.png").unwrap().body.len(), 13);
    assert_eq!(server.open_uploads(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_region_is_corrected_before_any_part_is_sent() {
    let server = FakeS3::with(|flaws| flaws.region = Some("eu-west-3".into())).await;
    let provider = fake_provider(&server, "generic", &[("region", "us-east-1")]);
    provider.put(object("large.png", content(33 * MIB)), silent()).await.unwrap();
    assert_eq!(server.requests("PUT"), 3, "two full parts and the rest");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_built_in_store_takes_parts_and_forgets_aborted_ones() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("store");
    let store = LocalStore::start(root.clone(), 0, "key", &Secret::new("secret")).await.unwrap();
    let address = store.address();
    let provider = picferry_providers::build(&config(
        "local",
        "secret",
        &[("endpoint", &address), ("access_key_id", "key")],
    ))
    .unwrap();
    provider.put(object("large.png", content(40 * MIB)), silent()).await.unwrap();
    let on_disk = std::fs::read(root.join(BUCKET).join("large.png")).unwrap();
    assert!(on_disk == content(40 * MIB), "a plain file");

    let (progress, notes) = noted();
    let upload = provider.put(object("cancelled.png", content(64 * MIB)), progress);
    let under_way = async {
        while notes.lock().unwrap().last().is_none_or(|(sent, _)| *sent < 17 * MIB as u64) {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        ended = upload => panic!("too fast to cancel: {ended:?}"),
        () = under_way => {}
    }
    let leftovers = || {
        let names =
            std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.contains(".upload")).count()
    };
    while leftovers() > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!root.join(BUCKET).join("cancelled.png").exists());
    store.stop().await;
}
