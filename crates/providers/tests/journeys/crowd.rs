//! The built-in store in a crowd: connections that send nothing must not shut the others out.

use crate::stage::{config, content, object, reader, silent};
use picferry_core::error::ErrorCode;
use picferry_core::provider::Provider;
use picferry_core::secret::Secret;
use picferry_providers::local_store::{LocalStore, Occupant, occupant};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// More than the store lets in.
const CROWD: usize = 400;

async fn store() -> (TempDir, LocalStore, Arc<dyn Provider>) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("store");
    let store = LocalStore::start(root, 0, "local-key", &Secret::new("secret")).await.unwrap();
    let address = store.address();
    let fields = [("endpoint", address.as_str()), ("access_key_id", "local-key")];
    let provider = picferry_providers::build(&config("local", "secret", &fields)).unwrap();
    (folder, store, provider)
}

async fn is_own(store: &LocalStore) -> bool {
    let Occupant::Own(claim) = occupant(store.port(), "local-key").await else { return false };
    claim.proved_by(&Secret::new("secret")).is_ok()
}

/// Connections that begin with these bytes and go no further.
async fn crowd(store: &LocalStore, beginning: &str) -> Vec<TcpStream> {
    let mut crowd = Vec::with_capacity(CROWD);
    for _ in 0..CROWD {
        let mut stream = TcpStream::connect(("127.0.0.1", store.port())).await.unwrap();
        // One that was sent away already cannot be written to.
        let _ = stream.write_all(beginning.as_bytes()).await;
        crowd.push(stream);
    }
    crowd
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_send_nothing_make_room_for_an_upload() {
    let (_folder, store, provider) = store().await;
    let silent_ones = crowd(&store, "").await;
    let stored = provider.put(object("a.png", content(3_000_000)), silent()).await.unwrap();
    let read = reader().get(&stored.url).send().await.unwrap();
    assert_eq!(read.bytes().await.unwrap(), content(3_000_000));
    assert!(is_own(&store).await, "it still says that it is there");
    drop(silent_ones);
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_that_are_never_finished_make_room_for_an_upload() {
    let (_folder, store, provider) = store().await;
    let slow_ones = crowd(&store, "GET /pictures/a.png HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: a").await;
    provider.put(object("a.png", "a"), silent()).await.unwrap();
    drop(slow_ones);
}

/// Whoever is in the middle of something is not sent away for a newcomer.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_under_way_outlasts_the_crowd() {
    let (_folder, store, _provider) = store().await;
    let mut slow = TcpStream::connect(("127.0.0.1", store.port())).await.unwrap();
    let head = "PUT /pictures/b.png HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 8\r\n\r\nhalf";
    slow.write_all(head.as_bytes()).await.unwrap();
    // The refusal waits for the rest of the body: the request is under way until then.
    let silent_ones = crowd(&store, "").await;
    slow.write_all(b"rest").await.unwrap();
    let mut answer = [0; 12];
    slow.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 403");
    drop(silent_ones);
}

#[tokio::test]
async fn who_holds_the_port_is_told_apart() {
    let (_folder, store, _provider) = store().await;
    assert!(is_own(&store).await);
    assert_eq!(occupant(store.port(), "somebody-else").await, Occupant::AnotherStore);
    let server = crate::fake_s3::FakeS3::start().await;
    let port = server.endpoint().rsplit(':').next().unwrap().parse().unwrap();
    assert_eq!(occupant(port, "local-key").await, Occupant::Stranger);
    let mute = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = mute.local_addr().unwrap().port();
    assert_eq!(occupant(port, "local-key").await, Occupant::Mute);
    drop(mute);
    assert_eq!(occupant(port, "local-key").await, Occupant::Nobody);
}

#[tokio::test]
async fn the_message_names_who_holds_the_port() {
    let says = |occupant: Occupant| {
        let error = occupant.refusal(36_688).unwrap();
        assert_eq!((error.code, error.params["port"].as_str()), (ErrorCode::PortTaken, "36688"));
        assert!(error.hint.is_some());
        error.message
    };
    assert!(says(Occupant::AnotherStore).contains("another account or home"));
    assert!(says(Occupant::Mute).contains("does not answer"));
    assert!(says(Occupant::Stranger).contains("another program"));
    assert!(Occupant::Nobody.refusal(1).is_none());
}

/// A program that has the port while the true store is at another one. It says what the store said
/// when nobody asked for a proof, or lets the true store answer.
async fn impostor(store: &LocalStore, relays: bool) -> u16 {
    let address = store.address();
    let read = |target: String| async { reader().get(target).send().await.unwrap().text().await.unwrap() };
    let overheard = read(format!("{address}/-/picferry")).await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 4096];
            let length = stream.read(&mut head).await.unwrap();
            let head = String::from_utf8_lossy(&head[..length]).into_owned();
            let target = head.split(' ').nth(1).unwrap_or_default();
            let said = if relays { read(format!("{address}{target}")).await } else { overheard.clone() };
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", said.len());
            // The first connection only looks whether somebody is there.
            let _ = stream.write_all(format!("{head}{said}").as_bytes()).await;
        }
    });
    port
}

#[tokio::test]
async fn a_program_that_poses_as_the_store_is_not_believed() {
    let (_folder, store, _provider) = store().await;
    for relays in [false, true] {
        let port = impostor(&store, relays).await;
        let Occupant::Own(claim) = occupant(port, "local-key").await else { panic!("it says it is") };
        let error = claim.proved_by(&Secret::new("secret")).unwrap_err();
        assert_eq!((error.code, error.params["reason"].as_str()), (ErrorCode::PortTaken, "unproved"));
        assert!(error.hint.unwrap().contains("poses as the store"));
    }
}
