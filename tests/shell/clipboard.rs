//! Delivery: the links of a batch are on the clipboard when it ends.

use crate::desk::{Desk, Desktop, PATIENCE};
use picferry_core::event::Event;
use picferry_engine::Events;
use picferry_rpc::deliver;
use serde_json::json;

/// Waits for an event that the test accepts.
async fn wait_for(events: &mut Events, accept: impl Fn(&Event) -> bool) -> Event {
    let wait = async {
        loop {
            let event = events.recv().await.unwrap();
            if accept(&event) {
                return event;
            }
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap()
}

#[tokio::test]
async fn a_drop_puts_its_links_on_the_clipboard_in_input_order() {
    let desk = Desk::new().await;
    let mut events = desk.engine.subscribe();
    tokio::spawn(deliver(desk.context.clone(), |_| {}));
    tokio::task::yield_now().await;
    let batch = desk.upload(&["one.png", "two.png", "three.png"], "drop").await;
    let copied = wait_for(&mut events, |event| matches!(event, Event::LinksCopied { .. })).await;
    assert_eq!(copied, Event::LinksCopied { count: 3, format: "markdown".into() });
    let text = desk.desktop.last();
    let alts: Vec<&str> = text.lines().map(|line| line[2..].split(']').next().unwrap()).collect();
    assert_eq!(alts, ["one", "two", "three"]);

    let again = desk.get("job_links_copy", json!({ "batch": batch })).await;
    assert_eq!(again, json!({ "count": 3, "format": "markdown" }));
    assert_eq!(desk.desktop.last(), text);
}

#[tokio::test]
async fn nothing_is_copied_when_the_person_does_not_want_it_or_a_script_asked() {
    let desk = Desk::new().await;
    let mut events = desk.engine.subscribe();
    tokio::spawn(deliver(desk.context.clone(), |_| {}));
    tokio::task::yield_now().await;
    desk.upload(&["script.png"], "cli").await;
    desk.get("settings_change", json!({ "patch": { "links": { "auto_copy": false } } })).await;
    desk.upload(&["quiet.png"], "drop").await;
    desk.get("settings_change", json!({ "patch": { "links": { "auto_copy": true } } })).await;
    desk.upload(&["a.png", "loud.png"], "drop").await;
    wait_for(&mut events, |event| matches!(event, Event::LinksCopied { count: 2, .. })).await;
    assert_eq!(desk.desktop.asked.lock().unwrap().len(), 1, "{:?}", desk.desktop.asked.lock().unwrap());
}

#[tokio::test]
async fn a_clipboard_that_does_not_answer_is_told() {
    let desk = Desk::with(Desktop { refuses_text: true, ..Desktop::default() }).await;
    let mut events = desk.engine.subscribe();
    tokio::spawn(deliver(desk.context.clone(), |_| {}));
    tokio::task::yield_now().await;
    desk.upload(&["a.png"], "paste").await;
    wait_for(&mut events, |event| matches!(event, Event::Notice { notice } if notice.topic == "clipboard"))
        .await;
}

#[tokio::test]
async fn jobs_without_links_are_no_reason_to_clear_the_clipboard() {
    let desk = Desk::new().await;
    let error = desk.ask("job_links_copy", json!({ "ids": ["nobody"] })).await.unwrap_err();
    assert_eq!(error.code, picferry_core::ErrorCode::NotFound);
    assert_eq!(desk.desktop.last(), "");
}

#[tokio::test]
async fn how_a_batch_ended_is_told_once_its_links_were_handed_over() {
    let desk = Desk::new().await;
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(deliver(desk.context.clone(), move |delivered| drop(told.send(delivered))));
    tokio::task::yield_now().await;
    let batch = desk.upload(&["one.png", "two.png"], "hotkey").await;
    let watched = desk.upload(&["three.png"], "watched_folder").await;

    let mut next = async || tokio::time::timeout(PATIENCE, heard.recv()).await.unwrap().unwrap();
    let first = next().await;
    assert_eq!((first.batch, first.uploaded.len(), first.failed), (batch, 2, 0));
    assert_eq!(first.copied.map(|copied| copied.format).as_deref(), Some("markdown"));
    let second = next().await;
    assert_eq!((second.batch, second.uploaded.len(), second.copied), (watched, 1, None));
}
