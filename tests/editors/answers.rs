//! What the server answers, as integrations of PicGo expect it.

use crate::desk::{Desk, fetch, form};
use picferry_core::job::{Origin, Source};
use picferry_tests::pictures::png;
use serde_json::{Value, json};

#[tokio::test]
async fn links_come_in_the_order_of_the_list_with_everything_known_of_each() {
    let desk = Desk::new().await;
    let paths: Vec<String> =
        (1..=6).map(|seed| desk.picture(&format!("{seed}.png"), seed).display().to_string()).collect();
    let list: Vec<&str> = paths.iter().rev().map(String::as_str).collect();
    let answer = desk.upload(&list).await;
    let links = answer.links();
    for (link, seed) in links.iter().zip((1..=6).rev()) {
        assert_eq!(fetch(link).await, png(seed));
    }
    let body = answer.json();
    assert!(body.get("message").is_none());
    for (at, link) in links.iter().enumerate() {
        let (full, item) = (&body["fullResult"][at], &body["items"][at]);
        assert_eq!((&full["imgUrl"], &item["imgUrl"]), (&json!(link), &json!(link)));
        assert_eq!(item["origin"], list[at]);
        assert_eq!(full["extname"], ".png");
        assert_eq!((&full["width"], &full["height"], &full["type"]), (&json!(8), &json!(8), &json!("s3")));
        assert_eq!(item["contentType"], "image/png");
        assert!(full["id"].as_str().unwrap().len() > 20, "nobody guesses it: {full}");
    }
    assert!(desk.engine().jobs().iter().all(|job| job.origin == Origin::Server));
}

#[tokio::test]
async fn one_bad_picture_fails_the_request_and_is_null_in_its_place() {
    let desk = Desk::new().await;
    let (good, other) = (desk.picture("a.png", 1), desk.picture("b.png", 2));
    let gone = desk.folder().join("gone.png");
    let list = [&good, &gone, &other].map(|path| path.display().to_string());
    let answer = desk.upload(&list.each_ref().map(String::as_str)).await;
    assert_eq!(answer.status, 200, "editors read the words of no other");
    let body = answer.json();
    assert!(answer.message().contains("gone.png"), "{body:#}");
    assert!(answer.message().starts_with("1 of 3 pictures failed."), "{body:#}");
    assert_eq!(body["result"].as_array().unwrap().len(), 3);
    assert!(body["result"][0].is_string() && body["result"][1].is_null() && body["result"][2].is_string());
    assert!(body["fullResult"][1].is_null());
    assert_eq!(body["items"][1]["error"]["code"], "file_not_found");
    // Sent again, what arrived before is not sent twice.
    assert_eq!(desk.stored().await, 2);
    desk.file("gone.png", png(3));
    assert_eq!(desk.upload(&list.each_ref().map(String::as_str)).await.links().len(), 3);
    assert_eq!(desk.stored().await, 3);
}

#[tokio::test]
async fn null_in_a_list_is_named_and_sends_nothing_instead() {
    let desk = Desk::new().await;
    desk.hold(vec![Source::Bytes { name: "private.png".into(), bytes: png(1).into() }]);
    let answer = desk.post("/upload", r#"{"list":[null]}"#).await;
    assert!(answer.message().contains("Entry 1 of the list is null"), "{}", answer.message());
    assert_eq!(answer.json()["result"], json!([null]));
    desk.is_untouched().await;
}

#[tokio::test]
async fn nothing_in_all_its_forms_means_the_clipboard() {
    let desk = Desk::new().await;
    for (seed, body) in (1..).zip(["", " \r\n ", "{}", r#"{"list":null}"#, r#"{"list":[]}"#]) {
        desk.hold(vec![Source::Bytes { name: "clip.png".into(), bytes: png(seed).into() }]);
        let links = desk.post("/upload", body).await.links();
        assert_eq!(fetch(&links[0]).await, png(seed), "{body:?}");
    }
    let answer = desk.post("/upload", "").await;
    assert_eq!((answer.status, answer.message()), (200, "The clipboard is empty.".to_owned()));
}

#[tokio::test]
async fn every_file_of_a_form_is_taken_whatever_its_field_is_called() {
    let desk = Desk::new().await;
    let (one, two, three) = (png(1), png(2), png(3));
    let files: [(&str, &str, &[u8]); 3] =
        [("files", "a.png", &one), ("list", "/home/me/vault/b.png", &two), ("anything", "", &three)];
    let body = form("X", &files);
    let kind = ("Content-Type", "multipart/form-data; boundary=X");
    let answer = desk.send("POST", "/upload", &[kind], &body).await;
    let links = answer.links();
    for (link, seed) in links.iter().zip(1..) {
        assert_eq!(fetch(link).await, png(seed));
    }
    let names: Vec<Value> =
        answer.json()["items"].as_array().unwrap().iter().map(|item| item["fileName"].clone()).collect();
    assert_eq!(names, [json!("a.png"), json!("b.png"), json!("picture-3")]);
    assert!(spool(&desk).is_empty(), "nothing is left behind: {:?}", spool(&desk));
}

/// Files in the spool and its folders.
fn spool(desk: &Desk) -> Vec<String> {
    fn collect(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                collect(&entry.path(), found);
            } else {
                found.push(entry.path().display().to_string());
            }
        }
    }
    let mut found = Vec::new();
    collect(&desk.engine().paths().spool_dir(), &mut found);
    found
}

#[tokio::test]
async fn the_address_chooses_the_profile_for_its_request_alone() {
    let desk = Desk::new().await;
    desk.home.add_store_like_local("Blog", &[("key_template", "blog/{name}.{ext}")]).await;
    let path = desk.picture("a.png", 1).display().to_string();
    let body = json!({ "list": [path] }).to_string();
    let (to_blog, to_default) = tokio::join!(
        desk.post("/upload?picbed=aws-s3&configName=blog&unknown=1", &body),
        desk.post("/upload", &body),
    );
    assert!(to_blog.links()[0].ends_with("/blog/a.png"), "{:?}", to_blog.links());
    assert!(!to_default.links()[0].contains("/blog/"), "{:?}", to_default.links());
    assert_eq!(desk.engine().settings().default_profile, "local", "nothing was switched");
    let wrong = desk.post("/upload?configName=Nowhere", &body).await;
    assert_eq!((wrong.status, &wrong.json()["code"]), (200, &json!("UPLOAD_CONFIG_NOT_FOUND")));
    assert!(wrong.message().contains("Blog"), "the names that there are: {}", wrong.message());
}

#[tokio::test]
async fn what_was_sent_can_be_deleted_by_what_was_answered() {
    let desk = Desk::new().await;
    let path = desk.picture("a.png", 1).display().to_string();
    let other = desk.picture("b.png", 2).display().to_string();
    let answer = desk.upload(&[&path, &other]).await.json();
    let by_id = json!({ "list": [answer["fullResult"][0]] }).to_string();
    let deleted = desk.post("/delete", by_id.clone()).await;
    assert_eq!(deleted.status, 200);
    assert_eq!(deleted.json()["success"], true);
    assert_eq!(deleted.json()["message"], "delete success: 1, fail: 0");
    assert_eq!(deleted.json()["result"][0]["success"], true);
    assert_eq!(desk.stored().await, 1);
    // An item of another program has an id of its own: its link tells.
    let by_link = json!({ "list": [{ "id": "0b1f7d2e", "imgUrl": answer["result"][1] }] }).to_string();
    assert_eq!(desk.post("/delete", by_link).await.json()["success"], true);
    assert_eq!(desk.stored().await, 0);
    let again = desk.post("/delete", by_id).await.json();
    assert_eq!(
        (&again["success"], &again["message"].as_str().unwrap()[..26]),
        (&json!(false), "delete success: 0, fail: 1")
    );
}

#[tokio::test]
async fn others_find_out_that_somebody_is_here() {
    let desk = Desk::new().await;
    for method in ["GET", "POST"] {
        let answer = desk.send(method, "/heartbeat", &[], "").await;
        assert_eq!(answer.status, 200);
        assert_eq!((&answer.json()["success"], &answer.json()["result"]), (&json!(true), &json!("alive")));
    }
    let page = desk.send("GET", "/", &[], "").await;
    assert!(page.body.contains("/upload") && page.body.contains(&desk.address.port().to_string()));
    assert_eq!(desk.send("GET", "/upload", &[], "").await.status, 200);
    let lost = desk.post("/uploads", "").await;
    assert_eq!((lost.status, &lost.json()["success"]), (404, &json!(false)));
    assert_eq!(desk.send("DELETE", "/upload", &[], "").await.status, 405);
}

#[tokio::test]
async fn an_editor_can_follow_its_pictures() {
    let desk = Desk::new().await;
    let client = picferry_providers::http::client_builder("none").unwrap().build().unwrap();
    let mut stream = client.get(format!("http://{}/events", desk.address)).send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let path = desk.picture("a.png", 1).display().to_string();
    let link = desk.upload(&[&path]).await.links().remove(0);
    let mut seen = String::new();
    while !seen.contains(&link) {
        let piece =
            tokio::time::timeout(crate::desk::PATIENCE, stream.chunk()).await.unwrap().unwrap().unwrap();
        seen.push_str(&String::from_utf8_lossy(&piece));
    }
    assert!(seen.contains("event: picture") && seen.contains("\"fileName\":\"a.png\""), "{seen}");
    assert!(!seen.contains(&path), "where it lies is not told: {seen}");
}

#[tokio::test]
async fn a_paused_picture_does_not_hang_the_editor() {
    let desk = Desk::new().await;
    let s3 = picferry_tests::fake_s3::FakeS3::start().await;
    desk.home.add_store("Slow", &s3.address(), &[]).await;
    let path = desk.picture("a.png", 1).display().to_string();
    let engine = desk.engine().clone();
    let mut events = engine.subscribe();
    let pausing = tokio::spawn(async move {
        loop {
            if let Ok(picferry_core::event::Event::JobChanged { .. }) = events.recv().await {
                engine.pause(None).await.unwrap();
                return;
            }
        }
    });
    let body = json!({ "list": [path] }).to_string();
    let answer = desk.post("/upload?configName=Slow", body).await;
    pausing.await.unwrap();
    // Either it was too late to pause it, or the editor is told.
    if answer.json()["success"] == false {
        assert!(answer.message().contains("paused"), "{}", answer.message());
    }
}
