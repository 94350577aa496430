//! What others try: each test is named after its attack, and nothing is sent, read or deleted.

use crate::desk::{Answer, Desk, form};
use picferry_core::job::Source;
use picferry_tests::pictures::{noise_jpeg, png};
use serde_json::json;

/// A list with a picture that is there: if it is not sent, that is for no other reason.
fn bait(desk: &Desk) -> String {
    json!({ "list": [desk.picture("bait.png", 1).display().to_string()] }).to_string()
}

async fn is_refused(desk: &Desk, answer: Answer) {
    assert_eq!(answer.status, 403, "{answer:?}");
    assert!(answer.message().contains("Settings, Editors & server"), "it says what allows it: {answer:?}");
    assert_eq!(answer.header("access-control-allow-origin"), None, "{answer:?}");
    assert_eq!(answer.header("access-control-allow-private-network"), None, "{answer:?}");
    desk.is_untouched().await;
}

#[tokio::test]
async fn foreign_origin_with_text_plain_body() {
    let desk = Desk::new().await;
    let headers = [("Origin", "https://evil.example"), ("Content-Type", "text/plain")];
    let answer = desk.send("POST", "/upload", &headers, bait(&desk)).await;
    is_refused(&desk, answer).await;
}

#[tokio::test]
async fn form_post() {
    let desk = Desk::new().await;
    let plain = [
        ("Origin", "https://evil.example"),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Sec-Fetch-Mode", "navigate"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Dest", "document"),
    ];
    let answer = desk.send("POST", "/upload", &plain, bait(&desk)).await;
    is_refused(&desk, answer).await;
    let picture = png(1);
    let body = form("X", &[("files", "a.png", &picture)]);
    let files = [("Origin", "http://evil.example:8080"), ("Content-Type", "multipart/form-data; boundary=X")];
    let answer = desk.send("POST", "/upload", &files, body).await;
    is_refused(&desk, answer).await;
}

#[tokio::test]
async fn no_cors() {
    let desk = Desk::new().await;
    let headers =
        [("Origin", "https://evil.example"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Site", "cross-site")];
    let answer = desk.send("POST", "/upload", &headers, "").await;
    is_refused(&desk, answer).await;
    // Without an origin a page can only embed: pictures, scripts, frames.
    let embedded =
        [("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Dest", "image")];
    for path in ["/events", "/heartbeat", "/"] {
        let answer = desk.send("GET", path, &embedded, "").await;
        is_refused(&desk, answer).await;
    }
}

#[tokio::test]
async fn dns_rebinding_host() {
    let desk = Desk::new().await;
    let port = desk.address.port();
    let other_port = format!("127.0.0.1:{}", port.wrapping_add(1));
    let names = [
        format!("evil.example:{port}"),
        "evil.example".into(),
        other_port,
        "127.0.0.1".into(),
        String::new(),
    ];
    for host in &names {
        let answer = desk.send("POST", "/upload", &[("Host", host)], bait(&desk)).await;
        is_refused(&desk, answer).await;
        // A rebound page is of the same origin as its name.
        let origin = format!("http://{host}");
        let answer = desk.send("GET", "/events", &[("Host", host), ("Origin", &origin)], "").await;
        is_refused(&desk, answer).await;
    }
    let own = format!("127.0.0.1:{port}");
    let two = [("Host", own.as_str()), ("Host", "evil.example")];
    is_refused(&desk, desk.send("POST", "/upload", &two, bait(&desk)).await).await;
    let absolute = format!(
        "POST http://evil.example/upload HTTP/1.1\r\nHost: {own}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    is_refused(&desk, desk.raw(absolute).await).await;
    let none = desk.raw("POST /upload HTTP/1.0\r\nContent-Length: 0\r\n\r\n").await;
    is_refused(&desk, none).await;
}

#[tokio::test]
async fn private_network_preflight() {
    let desk = Desk::new().await;
    let asks = |origin| {
        [
            ("Origin", origin),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Private-Network", "true"),
        ]
    };
    let answer = desk.send("OPTIONS", "/upload", &asks("https://evil.example"), "").await;
    is_refused(&desk, answer).await;
    let known = desk.send("OPTIONS", "/upload", &asks("app://obsidian.md"), "").await;
    assert_eq!(known.status, 204);
    assert_eq!(known.header("access-control-allow-private-network"), Some("true"));
    assert_eq!(known.header("access-control-allow-origin"), Some("app://obsidian.md"));
    assert_eq!(known.header("vary"), Some("Origin"));
}

#[tokio::test]
async fn null_origin() {
    let desk = Desk::new().await;
    let answer = desk.send("POST", "/upload", &[("Origin", "null")], bait(&desk)).await;
    is_refused(&desk, answer).await;
    assert!(
        desk.engine().notices().iter().any(|notice| notice.topic == "server_origin"),
        "the person is asked"
    );
    desk.engine().dismiss_notice("server_origin");
    let again = desk.send("POST", "/upload", &[("Origin", "null")], bait(&desk)).await;
    is_refused(&desk, again).await;
    assert!(desk.engine().notices().iter().all(|notice| notice.topic != "server_origin"), "and only once");
    let two = [("Origin", "app://obsidian.md"), ("Origin", "null")];
    is_refused(&desk, desk.send("POST", "/upload", &two, bait(&desk)).await).await;
}

#[tokio::test]
async fn path_to_a_non_picture() {
    let desk = Desk::new().await;
    let disguised = desk.file("id_rsa.png", "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    for path in ["/etc/passwd", "/etc/hostname", &disguised.display().to_string()] {
        let answer = desk.upload(&[path]).await;
        assert!(answer.message().contains("is not a picture"), "{}", answer.message());
        assert_eq!(answer.json()["items"][0]["error"]["code"], "not_a_picture");
    }
    let own = desk.engine().paths().settings_file().display().to_string();
    assert!(desk.upload(&[&own]).await.message().contains("not a picture"));
    desk.is_untouched().await;
}

#[cfg(unix)]
#[tokio::test]
async fn symlink_to_a_secret() {
    let desk = Desk::new().await;
    let secret = desk.file("secret", "password");
    let link = desk.folder().join("holiday.png");
    std::os::unix::fs::symlink(&secret, &link).unwrap();
    let answer = desk.upload(&[&link.display().to_string()]).await;
    assert!(answer.message().contains("not a picture"), "{}", answer.message());
    assert!(!answer.body.contains("password"));
    desk.is_untouched().await;
    let real = desk.picture("real.png", 1);
    let to_picture = desk.folder().join("link.png");
    std::os::unix::fs::symlink(real, &to_picture).unwrap();
    assert_eq!(desk.upload(&[&to_picture.display().to_string()]).await.links().len(), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn device_file() {
    let desk = Desk::new().await;
    let pipe = desk.folder().join("pipe.png");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let folder = desk.folder().display().to_string();
    for path in ["/dev/zero", "/dev/stdin", "/proc/self/mem", &pipe.display().to_string(), &folder] {
        let answer = desk.upload(&[path]).await;
        let code = answer.json()["items"][0]["error"]["code"].as_str().unwrap().to_owned();
        assert!(["not_a_file", "empty_file", "file_not_found"].contains(&code.as_str()), "{path}: {code}");
    }
    desk.is_untouched().await;
}

#[tokio::test]
async fn traversal_in_a_multipart_name() {
    let desk = Desk::new().await;
    let picture = png(1);
    let body = form(
        "X",
        &[("file", "../../../../tmp/../settings.json", &picture), ("file", "..\\..\\b.png", &picture)],
    );
    let answer =
        desk.send("POST", "/upload", &[("Content-Type", "multipart/form-data; boundary=X")], body).await;
    answer.links();
    let names: Vec<_> =
        answer.json()["items"].as_array().unwrap().iter().map(|item| item["fileName"].clone()).collect();
    assert_eq!(names, [json!("settings.json"), json!("b.png")]);
    let settings = std::fs::read(desk.engine().paths().settings_file()).unwrap();
    assert!(serde_json::from_slice::<serde_json::Value>(&settings).is_ok(), "nothing was written over it");
}

/// A server of this computer that must not be asked, and one that sends others there.
async fn inner(redirect_to: Option<String>) -> (String, std::sync::Arc<std::sync::atomic::AtomicUsize>) {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = std::sync::Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            let mut head = [0; 4096];
            drop(stream.read(&mut head).await);
            let answer = match &redirect_to {
                Some(target) => format!("HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").into_bytes(),
                None => {
                    let picture = png(5);
                    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", picture.len());
                    [head.as_bytes(), &picture].concat()
                }
            };
            drop(stream.write_all(&answer).await);
        }
    });
    (address, asked)
}

async fn is_out_of_reach(desk: &Desk, url: &str) {
    let answer = desk.upload(&[url]).await;
    assert_eq!(answer.json()["items"][0]["error"]["code"], "url_refused", "{url}: {}", answer.body);
    assert!(answer.message().contains("Settings, Editors & server"), "{url}: {}", answer.message());
    assert_eq!(desk.stored().await, 0);
}

#[tokio::test]
async fn ssrf_to_loopback() {
    let desk = Desk::new().await;
    let (address, asked) = inner(None).await;
    let port = address.rsplit(':').next().unwrap();
    for host in [
        "127.0.0.1",
        "localhost",
        "0x7f.1",
        "2130706433",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "127.0.0.1.",
        "LOCALHOST",
    ] {
        is_out_of_reach(&desk, &format!("http://{host}:{port}/a.png")).await;
    }
    is_out_of_reach(&desk, &format!("http://user:password@127.0.0.1:{port}/a.png")).await;
    assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 0, "nobody was asked");
}

#[tokio::test]
async fn ssrf_to_link_local_and_private_networks() {
    let desk = Desk::new().await;
    for host in [
        "169.254.169.254",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "100.64.0.1",
        "[fe80::1]",
        "[fd00::1]",
        "[64:ff9b::a9fe:a9fe]",
    ] {
        is_out_of_reach(&desk, &format!("http://{host}/latest/meta-data/iam.png")).await;
    }
}

/// The first hop is public, as far as anybody can see: a proxy of this test answers for it.
#[tokio::test]
async fn ssrf_through_a_redirect() {
    let desk = Desk::new().await;
    let (inside, asked) = inner(None).await;
    let (proxy, asked_proxy) = inner(Some(format!("{inside}/a.png"))).await;
    let through = proxy.clone();
    let change = move |settings: &mut picferry_core::settings::Settings| {
        settings.network.proxy = through;
        Ok(())
    };
    desk.engine().change_settings(change).await.unwrap();
    is_out_of_reach(&desk, "http://93.184.215.14/a.png").await;
    assert_eq!(asked_proxy.load(std::sync::atomic::Ordering::SeqCst), 1, "the first hop was asked");
    assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 0, "and the second was not");
    desk.engine()
        .change_settings(|settings| {
            settings.server.allow_private_addresses = true;
            settings.network.proxy = "none".into();
            Ok(())
        })
        .await
        .unwrap();
    let (outside, _) = inner(Some(format!("{inside}/a.png"))).await;
    let answer = desk.upload(&[&format!("{outside}/a.png")]).await;
    assert_eq!(answer.links().len(), 1, "when the person allows it");
    for target in ["file:///etc/passwd", "ftp://127.0.0.1/a.png", "gopher://127.0.0.1/"] {
        let (strange, _) = inner(Some(target.to_owned())).await;
        let answer = desk.upload(&[&format!("{strange}/b.png")]).await;
        assert_eq!(answer.json()["items"][0]["error"]["code"], "url_refused", "{target}");
    }
}

#[tokio::test]
async fn delete_of_something_not_ours() {
    let desk = Desk::new().await;
    let path = desk.picture("a.png", 1).display().to_string();
    let known = desk.upload(&[&path]).await.json()["fullResult"][0].clone();
    let strange = [
        json!({ "list": [{ "id": "1", "imgUrl": "https://img.example/other.png" }] }),
        json!({ "list": [{ "id": 1 }] }),
        json!({ "list": [{ "imgUrl": "" }] }),
        json!({ "list": [{ "imgUrl": "%" }] }),
        json!({ "list": [{ "key": "any/key.png", "bucket": "pictures", "type": "s3" }] }),
        json!({ "list": [{ "id": { "$gt": "" }, "imgUrl": { "$gt": "" } }] }),
    ];
    for body in strange {
        let answer = desk.post("/delete", body.to_string()).await;
        assert_eq!(answer.json()["success"], false, "{body}");
        assert_eq!(desk.stored().await, 1, "{body}");
    }
    for body in ["", "{}", r#"{"list":[]}"#, r#"{"list":["https://img.example/a.png"]}"#, "null"] {
        assert_eq!(desk.post("/delete", body).await.json()["success"], false, "{body}");
    }
    let page = [("Origin", "https://evil.example"), ("Content-Type", "text/plain")];
    let body = json!({ "list": [known] }).to_string();
    assert_eq!(desk.send("POST", "/delete", &page, &body).await.status, 403);
    assert_eq!(desk.send("POST", "/delete", &[("Host", "evil.example")], &body).await.status, 403);
    assert_eq!(desk.stored().await, 1);
}

#[tokio::test]
async fn wrong_token() {
    let desk = Desk::new().await;
    let token = "correct-horse-battery";
    desk.engine().set_server_token(Some(picferry_core::secret::Secret::new(token))).await.unwrap();
    until_asked_for(&desk).await;
    let body = bait(&desk);
    let wrong: [(&str, &[(&str, &str)]); 6] = [
        ("/upload", &[]),
        ("/upload?key=correct-horse-batter", &[]),
        ("/upload?secret=", &[]),
        ("/upload", &[("Authorization", "Bearer correct-horse-batterz")]),
        ("/upload", &[("Authorization", "correct-horse-battery")]),
        ("/upload", &[("X-PicGo-Secret", "Correct-horse-battery")]),
    ];
    for (path, headers) in wrong {
        let answer = desk.send("POST", path, headers, &body).await;
        assert!(answer.message().starts_with("Unauthorized"), "{answer:?}");
        is_refused(&desk, answer).await;
    }
    for path in ["/delete", "/events"] {
        let method = if path == "/events" { "GET" } else { "POST" };
        assert_eq!(desk.send(method, path, &[], "").await.status, 403, "{path}");
    }
    assert_eq!(desk.send("POST", "/heartbeat", &[], "").await.status, 200, "it tells nothing");
    assert_eq!(desk.send("OPTIONS", "/upload", &[], "").await.status, 204);
    let bearer = format!("Bearer {token}");
    let right: [(&str, &[(&str, &str)]); 4] = [
        ("/upload?key=correct-horse-battery", &[]),
        ("/upload?secret=correct-horse-battery", &[]),
        ("/upload", &[("Authorization", &bearer)]),
        ("/upload", &[("X-PicGo-Secret", token)]),
    ];
    for (path, headers) in right {
        assert_eq!(desk.send("POST", path, headers, &body).await.links().len(), 1, "{path}");
    }
    // A page that knows the token is still a page.
    let page = [("Origin", "https://evil.example"), ("X-PicGo-Secret", token)];
    assert_eq!(desk.send("POST", "/upload", &page, &body).await.status, 403);
}

/// A new token holds from the moment the server hears of it.
async fn until_asked_for(desk: &Desk) {
    let began = std::time::Instant::now();
    while desk.post("/delete", "").await.status != 403 {
        assert!(began.elapsed() < crate::desk::PATIENCE, "the token is not asked for");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn no_credential_leaves_through_an_answer() {
    let desk = Desk::new().await;
    let secret = "a-secret-key-that-nobody-sees";
    let s3 = picferry_tests::fake_s3::FakeS3::start().await;
    let address = picferry_tests::home::StoreAddress { secret_key: secret, ..s3.address() };
    desk.home.add_store("Wrong", &address, &[]).await;
    let list = bait(&desk);
    let mut said = String::new();
    for path in ["/upload", "/upload?configName=Wrong", "/upload?configName=Nowhere", "/upload?uploader=s3"] {
        said.push_str(&desk.post(path, &list).await.body);
    }
    said.push_str(&desk.post("/delete", &list).await.body);
    said.push_str(&desk.send("GET", "/", &[], "").await.body);
    assert!(!said.contains(secret) && !said.contains(s3.access_key()), "{said}");
    assert!(!said.contains("secret_access_key") && !said.contains("EncryptedData"), "{said}");
}

#[tokio::test]
async fn a_format_that_is_not_wanted_by_any_door() {
    let desk = Desk::new().await;
    desk.engine()
        .change_settings(|settings| {
            settings.server.formats = vec!["jpeg".into()];
            settings.server.allow_private_addresses = true;
            Ok(())
        })
        .await
        .unwrap();
    let (address, _) = inner(None).await;
    let unwanted = desk.picture("a.png", 1).display().to_string();
    let wanted = desk.file("b.jpg", noise_jpeg(2, 8, 8)).display().to_string();
    let answer = desk.upload(&[&unwanted, &format!("{address}/a.jpg"), &wanted]).await;
    let items = answer.json()["items"].clone();
    for item in [&items[0], &items[1]] {
        assert_eq!(item["error"]["code"], "unsupported", "{items:#}");
    }
    assert!(items[2]["imgUrl"].is_string(), "{items:#}");
    desk.hold(vec![Source::Bytes { name: "clip.jpg".into(), bytes: png(3).into() }]);
    let answer = desk.post("/upload", "").await;
    assert!(answer.message().contains("which editors may not send"), "{}", answer.message());
    assert_eq!(desk.stored().await, 1);
}
