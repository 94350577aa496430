//! Bodies and connections that are meant to hurt.

use crate::desk::{Desk, PATIENCE, exchange, form};
use picferry_server::editors::Limits;
use picferry_tests::pictures::{noise_bmp, png};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const FORM: (&str, &str) = ("Content-Type", "multipart/form-data; boundary=X");

async fn limit_files(desk: &Desk, bytes: u64) {
    desk.engine()
        .change_settings(move |settings| {
            settings.upload.max_file_bytes = bytes;
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn oversized_body() {
    let desk = Desk::with(Limits { list_bytes: 1000, ..Limits::default() }).await;
    let answer = desk.post("/upload", format!("{{\"list\":[\"{}\"]}}", "a".repeat(2000))).await;
    assert!(answer.message().contains("larger than"), "{}", answer.message());
    limit_files(&desk, 10_000).await;
    let (large, small) = (noise_bmp(1, 100, 100), png(2));
    // One file too large fails alone.
    let body = form("X", &[("file", "large.bmp", &large), ("file", "small.png", &small)]);
    let answer = desk.send("POST", "/upload", &[FORM], body).await;
    assert!(answer.message().contains("large.bmp"), "{}", answer.message());
    assert!(answer.json()["result"][1].is_string(), "{}", answer.body);
    // All of them together are bounded too, also where no length is told.
    let many: Vec<(&str, &str, &[u8])> = (0..3).map(|_| ("file", "large.bmp", large.as_slice())).collect();
    let body = form("X", &many);
    let mut chunked = format!(
        "POST /upload HTTP/1.1\r\nHost: {}\r\n{}: {}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        desk.address, FORM.0, FORM.1
    )
    .into_bytes();
    for piece in body.chunks(4096) {
        chunked.extend(format!("{:x}\r\n", piece.len()).as_bytes());
        chunked.extend(piece);
        chunked.extend(b"\r\n");
    }
    chunked.extend(b"0\r\n\r\n");
    let answer = exchange(desk.address, &chunked).await;
    assert!(answer.is_empty() || answer.contains("larger than"), "{answer}");
    assert_eq!(desk.stored().await, 1);
}

/// Who sends on while the server closes sees a connection that was cut, and no reason.
#[tokio::test]
async fn the_sender_of_a_body_that_is_far_too_large_reads_why_it_was_refused() {
    let desk = Desk::new().await;
    let picture_in_words = "a".repeat(30_000_000);
    let body = format!("{{\"list\":[\"data:image/png;base64,{picture_in_words}\"]}}");
    let head = format!(
        "POST /upload HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        desk.address,
        body.len()
    );
    let answer = exchange(desk.address, &[head.as_bytes(), body.as_bytes()].concat()).await;
    assert!(answer.contains("larger than") && answer.contains("\"success\":false"), "{answer}");
    desk.is_untouched().await;
}

#[tokio::test]
async fn a_form_without_files_and_one_that_is_damaged_are_told_apart_from_pictures() {
    let desk = Desk::new().await;
    let value = "--X\r\nContent-Disposition: form-data; name=\"list\"\r\n\r\n/etc/passwd\r\n--X--\r\n";
    let answer = desk.send("POST", "/upload", &[FORM], value).await;
    assert!(answer.message().contains("holds no file"), "{}", answer.message());
    let cut = form("X", &[("file", "a.png", &png(1))]);
    let answer = desk.send("POST", "/upload", &[FORM], &cut[..cut.len() - 10]).await;
    assert!(answer.message().contains("cannot be read"), "{}", answer.message());
    let answer = desk.send("POST", "/upload", &[("Content-Type", "multipart/form-data")], "x").await;
    assert!(answer.message().contains("no boundary"), "{}", answer.message());
    let text = form("X", &[("file", "notes.png", b"only words")]);
    let answer = desk.send("POST", "/upload", &[FORM], text).await;
    assert!(answer.message().contains("not a picture"), "{}", answer.message());
    desk.is_untouched().await;
}

#[tokio::test]
async fn slow_body() {
    let limits = Limits { body_grace: Duration::from_millis(200), slowest: 1_000_000, ..Limits::default() };
    let desk = Desk::with(limits).await;
    let mut stream = TcpStream::connect(desk.address).await.unwrap();
    let head =
        format!("POST /upload HTTP/1.1\r\nHost: {}\r\nContent-Length: 1000\r\n\r\n{{\"list\"", desk.address);
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("given up in time").unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.contains("too slowly") && answer.contains("\"success\":false"), "{answer}");
    desk.is_untouched().await;
}

#[tokio::test]
async fn slow_head() {
    let desk = Desk::with(Limits { head: Duration::from_millis(200), ..Limits::default() }).await;
    let mut stream = TcpStream::connect(desk.address).await.unwrap();
    stream.write_all(b"POST /upload HTTP/1.1\r\nX-Slow: ").await.unwrap();
    let mut answer = Vec::new();
    let closed = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    closed.expect("the connection is closed").unwrap();
}

#[tokio::test]
async fn thousands_of_connections() {
    let desk = Desk::with(Limits { connections: 128, ..Limits::default() }).await;
    let mut held = Vec::new();
    for number in 0..2000 {
        let Ok(Ok(stream)) =
            tokio::time::timeout(Duration::from_secs(5), TcpStream::connect(desk.address)).await
        else {
            break;
        };
        if number % 2 == 0 {
            // Half of them begin to speak.
            drop(stream.try_write(b"POST /upload HTTP/1.1\r\n"));
        }
        held.push(stream);
    }
    assert!(held.len() > 1000, "only {}", held.len());
    assert_eq!(desk.send("POST", "/heartbeat", &[], "").await.json()["result"], "alive");
    let path = desk.picture("a.png", 1).display().to_string();
    assert_eq!(desk.upload(&[&path]).await.links().len(), 1, "an editor is served all the same");
}

#[tokio::test]
async fn streams_of_events_are_few() {
    let desk = Desk::with(Limits { streams: 2, ..Limits::default() }).await;
    let client = picferry_providers::http::client_builder("none").unwrap().build().unwrap();
    let url = format!("http://{}/events", desk.address);
    let (first, _second) = (client.get(&url).send().await.unwrap(), client.get(&url).send().await.unwrap());
    assert_eq!(desk.send("GET", "/events", &[], "").await.status, 503);
    drop(first);
    let began = std::time::Instant::now();
    while client.get(&url).send().await.unwrap().status() != 200 {
        assert!(began.elapsed() < PATIENCE, "the place does not become free");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
