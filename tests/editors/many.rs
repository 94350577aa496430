//! A thousand requests at once, good and bad: every one is answered, in its own order.

use crate::desk::{Desk, form};
use picferry_tests::pictures::png;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// Different pictures; each is asked for many times.
const PICTURES: u64 = 25;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_mixed_requests_are_all_answered_in_order() {
    let desk = Arc::new(Desk::new().await);
    let paths: Vec<String> =
        (0..PICTURES).map(|seed| desk.picture(&format!("{seed}.png"), seed).display().to_string()).collect();
    let list: Vec<&str> = paths.iter().map(String::as_str).collect();
    let known: HashMap<String, String> =
        paths.iter().cloned().zip(desk.upload(&list).await.links()).collect();
    let text = desk.file("notes.png", "words").display().to_string();

    let requests = (0..1000_usize).map(|number| {
        let desk = Arc::clone(&desk);
        let pick = |at: usize| paths[(number * 7 + at * 3) % paths.len()].clone();
        let (one, two, three) = (pick(0), pick(1), pick(2));
        let (known, text) = (known.clone(), text.clone());
        tokio::spawn(async move {
            match number % 5 {
                0 => {
                    let answer = desk.upload(&[&one, &two, &three]).await;
                    assert_eq!(
                        answer.links(),
                        [known[&one].clone(), known[&two].clone(), known[&three].clone()]
                    );
                }
                1 => {
                    let answer = desk.upload(&[&one, &text, &three]).await;
                    let expected = json!([known[&one], Value::Null, known[&three]]);
                    assert_eq!((answer.status, &answer.json()["result"]), (200, &expected));
                }
                2 => {
                    let seed = 10_000 + number as u64;
                    let (fresh, old) = (png(seed), std::fs::read(&one).unwrap());
                    let body = form("X", &[("list", "fresh.png", &fresh), ("list", "old.png", &old)]);
                    let kind = ("Content-Type", "multipart/form-data; boundary=X");
                    let links = desk.send("POST", "/upload", &[kind], body).await.links();
                    assert_eq!((links.len(), &links[1]), (2, &known[&one]));
                }
                3 => {
                    let page = [("Origin", "https://evil.example")];
                    let body = json!({ "list": [one] }).to_string();
                    assert_eq!(desk.send("POST", "/upload", &page, body).await.status, 403);
                }
                _ => {
                    let answer = desk.post("/upload", "{\"list\":").await;
                    assert_eq!((answer.status, &answer.json()["success"]), (200, &json!(false)));
                }
            }
        })
    });
    for request in requests.collect::<Vec<_>>() {
        request.await.unwrap();
    }
    assert_eq!(desk.stored().await, usize::try_from(PICTURES).unwrap() + 200);
}
