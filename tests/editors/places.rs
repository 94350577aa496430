//! Where the server listens, and what happens when somebody else does.

use crate::desk::{Desk, PATIENCE, exchange, own_port};
use picferry_core::ErrorCode;
use picferry_core::secret::Secret;
use picferry_engine::Engine;
use picferry_server::editors::{EditorOptions, EditorServer, Limits, keep_open};
use picferry_tests::home::Home;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

async fn refusal(engine: &Arc<Engine>, port: u16) -> Box<picferry_core::Error> {
    let options = EditorOptions { port: Some(port), ..EditorOptions::default() };
    match EditorServer::open(Arc::clone(engine), options).await {
        Ok(server) => panic!("the port {} is free", server.address()),
        Err(error) => error,
    }
}

/// A program that answers every request with the same words.
async fn stranger(heartbeat: &'static str, page: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 1024];
            let read = stream.read(&mut head).await.unwrap_or(0);
            let is_page = head[..read].starts_with(b"GET");
            let body = if is_page { page } else { heartbeat };
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            drop(stream.write_all(answer.as_bytes()).await);
        }
    });
    port
}

#[tokio::test]
async fn a_taken_port_is_an_error_that_names_who_holds_it() {
    let desk = Desk::new().await;
    let alive = r#"{"success":true,"result":"alive"}"#;
    let cases = [
        (desk.address.port(), "another Picferry"),
        (stranger(alive, "").await, "PicGo"),
        (stranger(alive, "<h1>PicList HTTP API</h1>").await, "PicList"),
        (stranger("hello", "hello").await, "another program"),
    ];
    for (port, holder) in cases {
        let error = refusal(desk.engine(), port).await;
        assert_eq!(error.code, ErrorCode::PortTaken);
        assert!(error.message.contains(&format!("held by {holder}")), "{}", error.message);
        assert_eq!(error.params["port"], port.to_string());
    }
    let mute = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let error = refusal(desk.engine(), mute.local_addr().unwrap().port()).await;
    assert!(error.message.contains("another program"), "{}", error.message);
}

#[tokio::test]
async fn localhost_means_the_server_whichever_address_it_stands_for() {
    let desk = Desk::new().await;
    let newer: SocketAddr = format!("[::1]:{}", desk.address.port()).parse().unwrap();
    if tokio::net::TcpStream::connect(newer).await.is_ok() {
        let request = format!(
            "POST /heartbeat HTTP/1.1\r\nHost: {newer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        assert!(exchange(newer, request.as_bytes()).await.contains("alive"));
    }
    assert!(desk.address.ip().is_loopback());
}

#[tokio::test]
async fn beyond_this_computer_a_token_is_needed() {
    let home = Home::new().await;
    let open = |settings: &mut picferry_core::settings::Settings| {
        settings.server.address = "0.0.0.0".into();
        Ok(())
    };
    home.engine.change_settings(open).await.unwrap();
    let error = refusal(&home.engine, 0).await;
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidField, Some("server.address")));
    home.engine.set_server_token(Some(Secret::new("correct-horse"))).await.unwrap();
    let desk = Desk::in_home(home, Limits::default()).await;
    let port = desk.address.port();
    let near: SocketAddr = format!("127.0.0.1:{port}").parse().unwrap();
    let ask = |headers: &str| {
        format!(
            "POST /delete HTTP/1.1\r\nHost: 10.0.0.7:{port}\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n"
        )
    };
    assert!(exchange(near, ask("").as_bytes()).await.starts_with("HTTP/1.1 403"));
    let with_token = ask("X-PicGo-Secret: correct-horse\r\n");
    assert!(exchange(near, with_token.as_bytes()).await.starts_with("HTTP/1.1 200"));
    let error = desk.engine().set_server_token(None).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("server.token"), "it cannot be taken away from under the server");
}

#[tokio::test]
async fn a_token_that_is_too_short_or_cannot_travel_is_refused() {
    let home = Home::new().await;
    for token in ["", "short", "with space", "中文中文中文中文"] {
        let error = home.engine.set_server_token(Some(Secret::new(token))).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some("server.token"), "{token}");
        assert!(!home.engine.settings().server.has_token);
    }
}

#[tokio::test]
async fn the_server_follows_the_settings() {
    let home = Home::new().await;
    let port = own_port();
    set_port(&home, port).await;
    let stop = CancellationToken::new();
    let keeping = tokio::spawn(keep_open(Arc::clone(&home.engine), None, stop.clone()));
    is_alive(port).await;
    let other = stranger(r#"{"success":true,"result":"alive"}"#, "").await;
    set_port(&home, other).await;
    let began = Instant::now();
    while !home.engine.notices().iter().any(|notice| notice.topic == "server") {
        assert!(began.elapsed() < PATIENCE, "the person is not told");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(home.engine.settings().server.port, other, "it does not drift");
    let next = own_port();
    set_port(&home, next).await;
    is_alive(next).await;
    assert!(home.engine.notices().iter().all(|notice| notice.topic != "server"));
    let off = |settings: &mut picferry_core::settings::Settings| {
        settings.server.enabled = false;
        Ok(())
    };
    home.engine.change_settings(off).await.unwrap();
    let began = Instant::now();
    while tokio::net::TcpStream::connect(("127.0.0.1", next)).await.is_ok() {
        assert!(began.elapsed() < PATIENCE, "it is still there");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    stop.cancel();
    tokio::time::timeout(PATIENCE, keeping).await.unwrap().unwrap();
}

async fn set_port(home: &Home, port: u16) {
    let change = move |settings: &mut picferry_core::settings::Settings| {
        settings.server.port = port;
        Ok(())
    };
    home.engine.change_settings(change).await.unwrap();
}

async fn is_alive(port: u16) {
    let began = Instant::now();
    let request = format!(
        "POST /heartbeat HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    loop {
        if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            let answer = exchange(([127, 0, 0, 1], port).into(), request.as_bytes()).await;
            assert!(answer.contains("alive"), "{answer}");
            return;
        }
        assert!(began.elapsed() < PATIENCE, "nobody answers at {port}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
