//! The built-in store: who may what, and that it is a good neighbour.

use crate::stage::{config, object, reader, receipt, refused, silent};
use picferry_core::error::ErrorCode;
use picferry_core::provider::Provider;
use picferry_core::secret::Secret;
use picferry_providers::local_store::{BUCKET, LocalStore, Occupant, occupant};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

struct Room {
    folder: TempDir,
    store: LocalStore,
}

impl Room {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = started(&folder.path().join("store"), 0).await;
        Self { folder, store }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    fn provider(&self) -> Arc<dyn Provider> {
        provider(&self.store, "secret-of-the-store")
    }
}

async fn started(root: &Path, port: u16) -> LocalStore {
    LocalStore::start(root.to_owned(), port, "local-key", &Secret::new("secret-of-the-store")).await.unwrap()
}

fn provider(store: &LocalStore, secret: &str) -> Arc<dyn Provider> {
    let address = store.address();
    let fields = [("endpoint", address.as_str()), ("access_key_id", "local-key")];
    picferry_providers::build(&config("local", secret, &fields)).unwrap()
}

#[tokio::test]
async fn pictures_are_plain_files_and_links_open_without_keys() {
    let room = Room::open().await;
    let stored = room.provider().put(object("2026/11/图.png", "bytes"), silent()).await.unwrap();
    assert_eq!(std::fs::read(room.root().join(BUCKET).join("2026/11/图.png")).unwrap(), b"bytes");
    let answer = reader().get(&stored.url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("sandbox"),
        "an SVG cannot run scripts: {policy}"
    );
}

#[tokio::test]
async fn without_keys_nothing_but_reading_is_allowed() {
    let room = Room::open().await;
    let stored = room.provider().put(object("a.png", "a"), silent()).await.unwrap();
    let bucket = format!("{}/{BUCKET}", room.store.address());
    let client = reader();
    for request in [
        client.get(&bucket),
        client.get(format!("{bucket}?list-type=2")),
        client.get(room.store.address()),
        client.get(format!("{}?acl", stored.url)),
        client.put(format!("{bucket}/b.png")).body("b"),
        client.put(format!("{}/another", room.store.address())),
        client.delete(&stored.url),
        client.post(format!("{bucket}?delete")).body("<Delete><Object><Key>a.png</Key></Object></Delete>"),
        client.post(format!("{bucket}/c.png?uploads")),
    ] {
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_client_error(), "{answer:?}");
    }
    assert!(room.root().join(BUCKET).join("a.png").exists());
    assert!(!room.root().join(BUCKET).join("b.png").exists());
    assert!(!room.root().join("another").exists());
}

#[tokio::test]
async fn what_lies_beside_the_pictures_cannot_be_read() {
    let room = Room::open().await;
    room.provider().put(object("a.png", "a"), silent()).await.unwrap();
    std::fs::write(room.folder.path().join("outside.txt"), "private").unwrap();
    let note = std::fs::read_dir(room.root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .find(|name| name.ends_with(".json"))
        .unwrap();
    for path in [
        format!("/{BUCKET}/..%2F{note}"),
        format!("/{BUCKET}/x/..%2F..%2F{note}"),
        format!("/{BUCKET}/..%2F..%2Foutside.txt"),
        format!("/{BUCKET}/%2e%2e/%2e%2e/outside.txt"),
        format!("/{BUCKET}//etc/passwd"),
    ] {
        let answer =
            raw(&room.store, &format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"))
                .await;
        let status = answer.split(' ').nth(1).unwrap().to_owned();
        assert!(status.starts_with('4'), "{path}: {answer}");
        assert!(!answer.contains("private") && !answer.contains("e_tag"), "{answer}");
    }
}

/// Sends exactly these bytes.
async fn raw(store: &LocalStore, request: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", store.port())).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_page_of_another_site_cannot_use_its_own_name_for_this_computer() {
    let room = Room::open().await;
    room.provider().put(object("a.png", "private picture"), silent()).await.unwrap();
    for host in ["evil.example", "evil.example:80", "127.0.0.1.evil.example"] {
        let request = format!("GET /{BUCKET}/a.png HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let answer = raw(&room.store, &request).await;
        assert!(answer.starts_with("HTTP/1.1 403") && !answer.contains("private picture"), "{answer}");
    }
}

#[tokio::test]
async fn a_folder_is_no_object() {
    let room = Room::open().await;
    let provider = room.provider();
    provider.put(object("2026/11/a.png", "a"), silent()).await.unwrap();
    assert_eq!(provider.head("2026/11").await.unwrap(), None);
    let url = format!("{}/{BUCKET}/2026/11", room.store.address());
    assert_eq!(reader().get(url).send().await.unwrap().status(), 404);
    for key in ["2026/11", "2026/11/a.png/b.png"] {
        let error = refused(provider.as_ref(), object(key, "b")).await;
        assert_eq!((error.code, error.retryable), (ErrorCode::HostRefused, false), "{key}: {error:?}");
    }
    assert!(provider.delete(&[receipt("2026")]).await.pop().unwrap().is_ok());
    assert!(provider.head("2026/11/a.png").await.unwrap().is_some(), "a folder is not deleted as an object");
}

/// s3s-fs checks the condition before it writes: two writers could both pass.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_writers_exactly_one_wins() {
    let room = Room::open().await;
    let provider = room.provider();
    for round in 0..5 {
        let key = format!("race/{round}.png");
        let writers = (0..16).map(|writer| {
            let mut once = object(&key, format!("writer {writer} {}", "x".repeat(200_000)));
            once.no_overwrite = true;
            let provider = Arc::clone(&provider);
            tokio::spawn(async move { provider.put(once, silent()).await })
        });
        let results: Vec<_> =
            futures::future::join_all(writers).await.into_iter().map(Result::unwrap).collect();
        let won = results.iter().filter(|result| result.is_ok()).count();
        assert_eq!(won, 1, "round {round}");
        assert!(
            results
                .iter()
                .filter_map(|result| result.as_ref().err())
                .all(|error| error.code == ErrorCode::KeyExists)
        );
    }
}

#[tokio::test]
async fn long_names_fit() {
    let room = Room::open().await;
    let provider = room.provider();
    let long = |last: &str| format!("2026/11/{}{last}.png", "很长的名字".repeat(16));
    for last in ["甲", "乙"] {
        let stored = provider.put(object(&long(last), last.to_owned()), silent()).await.unwrap();
        assert_eq!(reader().get(&stored.url).send().await.unwrap().text().await.unwrap(), last);
    }
    let results = provider.delete(&[receipt(&long("甲")), receipt(&long("乙"))]).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(provider.head(&long("甲")).await.unwrap(), None);
}

#[tokio::test]
async fn nothing_is_left_behind_when_a_picture_is_deleted() {
    let room = Room::open().await;
    let provider = room.provider();
    for key in ["a.png", "b.png", "c.png"] {
        provider.put(object(key, "a"), silent()).await.unwrap();
    }
    provider.delete(&[receipt("a.png")]).await.pop().unwrap().unwrap();
    let both = provider.delete(&[receipt("b.png"), receipt("c.png")]).await;
    assert!(both.iter().all(Result::is_ok));
    let left: Vec<_> =
        std::fs::read_dir(room.root()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [BUCKET], "notes about objects go with them");
}

/// The answer comes before the picture is there: it must not be lost with the connection.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_is_told_however_large_the_picture() {
    let room = Room::open().await;
    for _ in 0..3 {
        let wrong = provider(&room.store, "another-secret");
        let error = refused(wrong.as_ref(), object("a.png", crate::stage::content(30_000_000))).await;
        assert_eq!((error.code, error.field), (ErrorCode::AuthFailed, None));
    }
}

#[tokio::test]
async fn a_wrong_secret_is_refused_and_nobody_is_told_to_type_it_again() {
    let room = Room::open().await;
    let error = refused(provider(&room.store, "another-secret").as_ref(), object("a.png", "a")).await;
    assert_eq!((error.code, error.field), (ErrorCode::AuthFailed, None));
    assert!(error.message.contains("Another Picferry") && error.hint.unwrap().contains("picferry serve"));
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let room = Room::open().await;
    let port = room.store.port();
    let second =
        LocalStore::start(room.folder.path().join("second"), port, "k", &Secret::new("secret")).await;
    let error = second.unwrap_err();
    assert_eq!(error.code, ErrorCode::PortTaken);
    assert!(error.message.contains(&port.to_string()), "{error:?}");
    assert!(!room.folder.path().join("second").exists(), "nothing is touched before the port is had");
}

#[tokio::test]
async fn a_store_that_is_off_says_what_to_do() {
    let room = Room::open().await;
    let provider = room.provider();
    room.store.stop().await;
    let error = refused(provider.as_ref(), object("a.png", "a")).await;
    assert_eq!((error.code, error.field, error.retryable), (ErrorCode::Network, None, true));
    assert!(error.hint.unwrap().contains("picferry serve"));
}

#[tokio::test]
async fn the_store_says_that_it_is_there_and_gives_away_nothing() {
    let room = Room::open().await;
    let port = room.store.port();
    let Occupant::Own(claim) = occupant(port, "local-key").await else { panic!("it says whose it is") };
    claim.proved_by(&Secret::new("secret-of-the-store")).unwrap();
    let health = reader()
        .get(format!("{}/-/picferry", room.store.address()))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(!health.contains("local-key") && !health.contains("secret-of-the-store"), "{health}");
    room.store.stop().await;
    assert_eq!(occupant(port, "local-key").await, Occupant::Nobody);
}

#[tokio::test]
async fn links_survive_a_restart_on_the_same_port() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("store");
    let store = started(&root, 0).await;
    let port = store.port();
    let stored = provider(&store, "secret-of-the-store").put(object("a.png", "a"), silent()).await.unwrap();
    store.stop().await;
    assert!(reader().get(&stored.url).send().await.is_err(), "stopped");
    let store = started(&root, port).await;
    assert_eq!(reader().get(&stored.url).send().await.unwrap().text().await.unwrap(), "a");
    drop(store);
}

#[tokio::test]
async fn parts_of_an_interrupted_upload_are_cleared_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("store");
    std::fs::create_dir_all(&root).unwrap();
    let id = "6d2f4a0e-1111-4222-8333-944444444444";
    for name in
        [format!(".upload-{id}.json"), format!(".upload_id-{id}.part-1"), ".tmp.3.internal.part".to_owned()]
    {
        std::fs::write(root.join(name), "left over").unwrap();
    }
    let store = started(&root, 0).await;
    let left: Vec<_> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [BUCKET]);
    store.stop().await;
}
