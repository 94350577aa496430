//! Requests as the editors send them, recorded byte for byte.

use crate::desk::{Desk, fetch};
use picferry_core::job::Source;
use picferry_tests::pictures::png;
use serde_json::json;

fn request(desk: &Desk, head: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = head.replace("PORT", &desk.address.port().to_string()).replace('\n', "\r\n");
    let head = format!("{head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn obsidian_sends_vault_paths_and_addresses() {
    let desk = Desk::new().await;
    let (one, two) = (desk.picture("a.png", 1), desk.picture("Pasted image 截图.png", 2));
    // Its newer version cuts the first slash off.
    let cut = two.display().to_string().trim_start_matches('/').to_owned();
    let body = json!({ "list": [one.display().to_string(), cut] }).to_string();
    let head = "POST /upload HTTP/1.1\nHost: 127.0.0.1:PORT\nContent-Type: application/json";
    let answer = desk.raw(request(&desk, head, body)).await;
    assert_eq!(answer.status, 200);
    let links = answer.links();
    assert_eq!((fetch(&links[0]).await, fetch(&links[1]).await), (png(1), png(2)));
    let stored = answer.json()["fullResult"][1].clone();
    assert_eq!(stored["imgUrl"], links[1], "found again by it");
    let body = json!({ "list": [stored] }).to_string();
    let head = "POST /delete HTTP/1.1\nHost: 127.0.0.1:PORT\nContent-Type: application/json";
    assert_eq!(desk.raw(request(&desk, head, body)).await.json()["success"], true);
}

#[tokio::test]
async fn obsidian_pastes_with_no_body_and_no_type() {
    let desk = Desk::new().await;
    desk.hold(vec![Source::Bytes { name: "clip.png".into(), bytes: png(7).into() }]);
    let head = "POST /upload HTTP/1.1\nHost: 127.0.0.1:PORT";
    let links = desk.raw(request(&desk, head, "")).await.links();
    assert_eq!((links.len(), fetch(&links[0]).await), (1, png(7)));
}

#[tokio::test]
async fn obsidian_in_remote_mode_asks_first_and_reads_the_answer() {
    let desk = Desk::new().await;
    let head = "OPTIONS /upload HTTP/1.1\nHost: 127.0.0.1:PORT\nOrigin: app://obsidian.md\n\
                Access-Control-Request-Method: POST\nAccess-Control-Request-Headers: content-type";
    let asked = desk.raw(request(&desk, head, "")).await;
    assert_eq!(asked.status, 204);
    assert_eq!(asked.header("access-control-allow-origin"), Some("app://obsidian.md"));
    let picture = png(3);
    let mut body = b"------WebKitFormBoundaryx7Rk1\r\nContent-Disposition: form-data; name=\"list\"; \
        filename=\"/Users/me/vault/a.png\"\r\nContent-Type: image/png\r\n\r\n"
        .to_vec();
    body.extend(&picture);
    body.extend(b"\r\n------WebKitFormBoundaryx7Rk1--\r\n");
    let head = "POST /upload HTTP/1.1\nHost: 127.0.0.1:PORT\nOrigin: app://obsidian.md\n\
                Content-Type: multipart/form-data; boundary=----WebKitFormBoundaryx7Rk1";
    let answer = desk.raw(request(&desk, head, body)).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("app://obsidian.md"));
    assert_eq!(fetch(&answer.links()[0]).await, picture);
    assert_eq!(answer.json()["items"][0]["fileName"], "a.png");
}

#[tokio::test]
async fn typora_tests_with_two_pictures_of_the_same_names_each_time() {
    let desk = Desk::new().await;
    let list: Vec<String> = ["typora-icon2.png", "typora-icon.png"]
        .iter()
        .zip(1..)
        .map(|(name, seed)| desk.picture(name, seed).display().to_string())
        .collect();
    let body = json!({ "list": list }).to_string();
    let head = "POST /upload HTTP/1.1\nHost: 127.0.0.1:PORT\nContent-Type: application/json\nAccept: */*\n\
                User-Agent: node-fetch/1.0\nAccept-Encoding: gzip,deflate";
    let first = desk.raw(request(&desk, head, &body)).await.links();
    let second = desk.raw(request(&desk, head, &body)).await.links();
    assert_eq!(first.len(), 2);
    assert_eq!(first, second);
    assert_eq!(fetch(&first[0]).await, png(1));
}

#[tokio::test]
async fn typora_from_its_window_is_let_in_once_the_person_said_so() {
    let desk = Desk::new().await;
    let path = desk.picture("typora-icon2.png", 1).display().to_string();
    let body = json!({ "list": [path] }).to_string();
    let head = "POST /upload HTTP/1.1\nHost: 127.0.0.1:PORT\nOrigin: file://\nContent-Type: application/json";
    let refused = desk.raw(request(&desk, head, &body)).await;
    assert_eq!(refused.status, 403);
    assert!(refused.message().contains("file://"), "{}", refused.message());
    let notices = desk.engine().notices();
    let notice = notices.iter().find(|notice| notice.topic == "server_origin").unwrap();
    assert_eq!(notice.error.params["origin"], "file://");
    desk.engine()
        .change_settings(|settings| {
            settings.server.allowed_origins.push("file://".into());
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(desk.raw(request(&desk, head, &body)).await.links().len(), 1);
}

#[tokio::test]
async fn vs_code_sends_a_list_or_files_and_keeps_what_it_gets() {
    let desk = Desk::new().await;
    let path = desk.picture("a.png", 1).display().to_string();
    let body = json!({ "list": [path] }).to_string();
    let head = "POST /upload HTTP/1.1\nAccept: application/json, text/plain, */*\n\
                Content-Type: application/json\nUser-Agent: axios/1.6.0\nHost: 127.0.0.1:PORT";
    let answer = desk.raw(request(&desk, head, body)).await;
    assert_eq!(answer.links().len(), 1);
    assert!(answer.json()["fullResult"].is_array());
    desk.hold(vec![Source::Bytes { name: "clip.png".into(), bytes: png(2).into() }]);
    assert_eq!(desk.raw(request(&desk, head, r#"{"list":[]}"#)).await.links().len(), 1);
    let picture = png(3);
    let mut body = b"--axios-1.6.0-boundary-Kq\r\nContent-Disposition: form-data; name=\"file\"; \
        filename=\"1700000000000.png\"\r\nContent-Type: image/png\r\n\r\n"
        .to_vec();
    body.extend(&picture);
    body.extend(b"\r\n--axios-1.6.0-boundary-Kq--\r\n");
    let head = "POST /upload HTTP/1.1\nAccept: application/json, text/plain, */*\n\
                Content-Type: multipart/form-data; boundary=axios-1.6.0-boundary-Kq\n\
                User-Agent: axios/1.6.0\nHost: 127.0.0.1:PORT";
    assert_eq!(fetch(&desk.raw(request(&desk, head, body)).await.links()[0]).await, picture);
}

#[tokio::test]
async fn logseq_asks_from_its_own_page() {
    let desk = Desk::new().await;
    let path = desk.picture("a.png", 1).display().to_string();
    let head = "POST /upload HTTP/1.1\nHost: 127.0.0.1:PORT\nOrigin: lsp://logseq.io\n\
                Content-Type: application/json\nSec-Fetch-Site: cross-site\nSec-Fetch-Mode: cors";
    let answer = desk.raw(request(&desk, head, json!({ "list": [path] }).to_string())).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("lsp://logseq.io"));
    assert_eq!(answer.links().len(), 1);
}

#[tokio::test]
async fn siyuan_asks_from_its_own_server_once_that_is_listed() {
    let desk = Desk::new().await;
    let path = desk.picture("a.png", 1).display().to_string();
    let body = json!({ "list": [path] }).to_string();
    let head = "POST /upload HTTP/1.1\nHost: 127.0.0.1:PORT\nOrigin: http://127.0.0.1:6806\n\
                Content-Type: application/json";
    assert_eq!(desk.raw(request(&desk, head, &body)).await.status, 403);
    desk.engine()
        .change_settings(|settings| {
            settings.server.allowed_origins = vec!["http://127.0.0.1:6806".into()];
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(desk.raw(request(&desk, head, &body)).await.links().len(), 1);
    // Its scripts do without a page: curl, with a type of its own making.
    let head = "POST /upload HTTP/1.1\nHost: localhost:PORT\nUser-Agent: curl/8.5.0\nAccept: */*\n\
                Content-Type: application/x-www-form-urlencoded";
    assert_eq!(desk.raw(request(&desk, head, &body)).await.links().len(), 1);
}

#[tokio::test]
async fn scripts_probe_before_they_send() {
    let desk = Desk::new().await;
    let head = "OPTIONS /upload HTTP/1.1\nHost: 127.0.0.1:PORT";
    let answer = desk.raw(request(&desk, head, "")).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), None);
    let head = "POST /heartbeat HTTP/1.1\nHost: 127.0.0.1:PORT\nContent-Type: application/json";
    assert_eq!(desk.raw(request(&desk, head, "")).await.json()["result"], "alive");
}

#[tokio::test]
async fn a_file_address_of_an_outliner_is_a_path() {
    let desk = Desk::new().await;
    let path = desk.picture("with space.png", 1);
    let url = url(&path);
    assert!(url.contains("%20"));
    assert_eq!(fetch(&desk.upload(&[&url]).await.links()[0]).await, png(1));
}

fn url(path: &std::path::Path) -> String {
    format!("file://{}", path.display().to_string().replace(' ', "%20"))
}
