//! The development bridge: the same window in a browser, and nobody else at the door.

use crate::desk::{Desk, PATIENCE};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::StreamExt as _;
use picferry_server::{Bridge, BridgeOptions};
use picferry_tests::pictures::png;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::oneshot;

const TOKEN: &str = "a-token-of-this-test";

struct Door {
    desk: Desk,
    base: String,
    client: Client,
    _close: oneshot::Sender<()>,
}

impl Door {
    async fn open() -> Self {
        let desk = Desk::new().await;
        let ui = desk.folder.path().join("ui");
        std::fs::create_dir(&ui).unwrap();
        std::fs::write(ui.join("index.html"), "<!doctype html><title>Picferry</title>").unwrap();
        let options = BridgeOptions { port: 0, token: TOKEN.into(), ui: Some(ui) };
        let bridge = Bridge::open(Arc::clone(&desk.engine), options).await.unwrap();
        let base = format!("http://{}", bridge.address());
        let (close, closed) = oneshot::channel::<()>();
        tokio::spawn(bridge.run(async {
            drop(closed.await);
        }));
        let client = picferry_providers::http::client_builder("none").unwrap().build().unwrap();
        Self { desk, base, client, _close: close }
    }

    async fn ask(&self, command: &str, payload: Value) -> (StatusCode, Value) {
        let request = self.client.post(format!("{}/rpc/{command}", self.base));
        let response = request.header("x-picferry-token", TOKEN).json(&payload).send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }
}

#[tokio::test]
async fn commands_answer_over_http_and_errors_keep_their_code() {
    let door = Door::open().await;
    let (status, state) = door.ask("app_state", json!({})).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(state["desktop"]["is_bridge"], true);
    let (status, error) = door.ask("upload_clipboard", json!({ "origin": "paste" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(error["code"], "unsupported");
    let (status, _) = door.ask("no_such_command", json!({})).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn strangers_are_turned_away() {
    let door = Door::open().await;
    let url = format!("{}/rpc/app_state", door.base);
    let send = |headers: &[(&str, &str)]| {
        let request =
            headers.iter().fold(door.client.post(&url).json(&json!({})), |request, (name, value)| {
                request.header(*name, *value)
            });
        async { request.send().await.unwrap().status() }
    };
    assert_eq!(send(&[]).await, StatusCode::UNAUTHORIZED);
    assert_eq!(send(&[("x-picferry-token", "wrong")]).await, StatusCode::UNAUTHORIZED);
    let token = ("x-picferry-token", TOKEN);
    assert_eq!(send(&[token, ("origin", "https://evil.example")]).await, StatusCode::FORBIDDEN);
    assert_eq!(send(&[token, ("host", "evil.example")]).await, StatusCode::FORBIDDEN);
    assert_eq!(send(&[token, ("origin", "http://localhost:5173")]).await, StatusCode::OK);
    for path in ["events", "thumb/x", "thumb/compress/p1/original"] {
        let status = door.client.get(format!("{}/{path}", door.base)).send().await.unwrap().status();
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn the_page_hands_the_browser_a_cookie_that_pages_elsewhere_cannot_use() {
    let door = Door::open().await;
    let page = door.client.get(format!("{}/?token={TOKEN}", door.base)).send().await.unwrap();
    let cookie = page.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert!(page.text().await.unwrap().contains("Picferry"));
    let plain = door.client.get(&door.base).send().await.unwrap();
    assert!(!plain.headers().contains_key("set-cookie"));
    let thumbnail = door.client.get(format!("{}/thumb/nothing", door.base));
    let status = thumbnail.header("cookie", cookie.split(';').next().unwrap()).send().await.unwrap().status();
    assert_eq!(status, StatusCode::NOT_FOUND, "the cookie opens the door; there is only no such picture");
}

#[tokio::test]
async fn events_and_thumbnails_reach_the_browser() {
    let door = Door::open().await;
    let events = door.client.get(format!("{}/events?token={TOKEN}", door.base)).send().await.unwrap();
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let file = json!({ "name": "a.png", "base64": STANDARD.encode(png(5)) });
    let (status, _) = door.ask("upload_bytes", json!({ "files": [file] })).await;
    assert_eq!(status, StatusCode::OK);

    let mut text = String::new();
    let mut stream = events.bytes_stream();
    let read = async {
        while !text.contains("\"batch_finished\"") {
            text.push_str(&String::from_utf8_lossy(&stream.next().await.unwrap().unwrap()));
        }
    };
    tokio::time::timeout(PATIENCE, read).await.unwrap();
    assert!(text.contains("\"job_changed\""), "{text}");

    let name = door.desk.newest_thumbnail().await;
    let url = format!("{}/thumb/{name}?token={TOKEN}", door.base);
    let picture = door.client.get(url).send().await.unwrap();
    assert_eq!(picture.headers()["content-type"], "image/webp");
    assert_eq!(&picture.bytes().await.unwrap()[8..12], b"WEBP");
}

#[tokio::test]
async fn pictures_that_are_tried_are_shown_by_name_and_decoded_where_asked() {
    let door = Door::open().await;
    let file = json!({ "name": "a.png", "base64": STANDARD.encode(png(6)) });
    let (status, pictures) = door.ask("compress_open", json!({ "files": [file] })).await;
    assert_eq!(status, StatusCode::OK);
    let id = pictures[0]["id"].as_str().unwrap().to_owned();
    let look = async {
        while door.ask("compress_list", json!({})).await.1[0]["bytes"] == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, look).await.unwrap();
    let shown =
        |what: &str| door.client.get(format!("{}/thumb/compress/{id}/{what}token={TOKEN}", door.base)).send();
    let original = shown("original?").await.unwrap();
    assert_eq!(original.headers()["content-type"], "image/png");
    assert_eq!(original.bytes().await.unwrap(), png(6));
    let decoded = shown("original?decoded&").await.unwrap();
    assert_eq!(decoded.status(), StatusCode::OK);
    for nothing in ["p1-0-webp?", "..%2F..%2Fsettings.json?"] {
        assert_eq!(shown(nothing).await.unwrap().status(), StatusCode::NOT_FOUND, "{nothing}");
    }
}
