//! The commands, one story for each room of the window.

use crate::desk::Desk;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use picferry_core::ErrorCode;
use picferry_core::job::Source;
use picferry_engine::Proposal;
use picferry_rpc::COMMANDS;
use picferry_tests::pictures::png;
use serde_json::{Value, json};

#[tokio::test]
async fn the_window_draws_itself_from_one_answer() {
    let desk = Desk::new().await;
    desk.upload(&["a.png"], "window").await;
    let state = desk.get("app_state", Value::Null).await;
    assert_eq!(state["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(state["settings"]["default_profile"], "local");
    assert_eq!(state["providers"][0]["id"], "s3");
    assert_eq!(state["common_fields"][0]["key"], "key_template");
    assert_eq!(state["total_uploads"], 1);
    assert_eq!(state["jobs"][0]["state"], "done");
    assert!(state["local_store"]["address"].as_str().unwrap().starts_with("http://127.0.0.1:"));
}

#[tokio::test]
async fn what_the_window_cannot_mean_is_refused_and_nothing_panics() {
    let desk = Desk::new().await;
    for (command, payload) in [
        ("no_such_command", json!({})),
        ("upload_paths", json!({})),
        ("upload_paths", json!([1, 2])),
        ("history_page", json!({ "filter": { "since": "yesterday" }, "limit": 1 })),
        ("history_page", json!({ "filter": {}, "limit": -1 })),
    ] {
        let error = desk.ask(command, payload).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Internal, "{command}");
    }
}

#[tokio::test]
async fn every_command_survives_an_empty_payload() {
    let desk = Desk::new().await;
    for command in COMMANDS {
        // Whatever it says, it says it as an error or an answer.
        drop(desk.ask(command, json!({})).await);
    }
}

#[tokio::test]
async fn pasted_bytes_travel_and_are_found_again() {
    let desk = Desk::new().await;
    let file = json!({ "name": "截图 1.png", "base64": STANDARD.encode(png(9)) });
    let accepted = desk.get("upload_bytes", json!({ "files": [file] })).await;
    assert_eq!(accepted["jobs"][0]["origin"], "paste");
    desk.engine.wait_for_batch(accepted["batch"].as_str().unwrap()).await;
    let page =
        desk.get("history_page", json!({ "filter": { "text": "截图" }, "after": null, "limit": 10 })).await;
    let row = &page["rows"][0];
    assert_eq!(row["name"], "截图 1.png");
    assert!(row.get("receipt").is_none_or(Value::is_object));
    let thumbnail = desk.engine.thumbnail(&desk.newest_thumbnail().await).await.unwrap();
    assert_eq!(&thumbnail[8..12], b"WEBP");
}

#[tokio::test]
async fn the_clipboard_and_the_dialog_are_doors_too() {
    let desk = Desk::new().await;
    let empty = desk.ask("upload_clipboard", json!({ "origin": "paste" })).await.unwrap_err();
    assert_eq!(empty.code, ErrorCode::ClipboardEmpty);
    *desk.desktop.clipboard.lock().unwrap() =
        vec![Source::Bytes { name: "clipboard.png".into(), bytes: png(3).into() }];
    let accepted = desk.get("upload_clipboard", json!({ "origin": "hotkey" })).await;
    assert_eq!(accepted["jobs"][0]["origin"], "hotkey");

    assert_eq!(desk.get("upload_choose", json!({})).await, Value::Null, "the dialog was dismissed");
    *desk.desktop.chosen.lock().unwrap() = vec![desk.picture("chosen.png", 4)];
    let accepted = desk.get("upload_choose", json!({})).await;
    assert_eq!(accepted["jobs"][0]["name"], "chosen.png");

    let sample = desk.get("upload_sample", json!({})).await;
    let jobs = desk.engine.wait_for_batch(sample["batch"].as_str().unwrap()).await;
    assert_eq!(serde_json::to_value(jobs[0].state).unwrap(), "done");
}

#[tokio::test]
async fn links_come_in_the_order_of_the_selection_and_in_every_format() {
    let desk = Desk::new().await;
    desk.upload(&["one.png", "two.png", "three.png"], "window").await;
    let page = desk.get("history_page", json!({ "filter": {}, "after": null, "limit": 10 })).await;
    let ids: Vec<i64> =
        page["rows"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect();
    let wanted = json!([ids[1], ids[0], ids[2]]);
    let links = desk.get("links_render", json!({ "ids": wanted, "format": "url" })).await;
    let urls = [1, 0, 2].map(|row: usize| page["rows"][row]["url"].clone());
    assert_eq!(links, json!(urls));

    let formats = desk.get("links_all_formats", json!({ "id": ids[0] })).await;
    let names: Vec<&str> =
        formats.as_array().unwrap().iter().map(|format| format["label"].as_str().unwrap()).collect();
    assert_eq!(names, ["URL", "Markdown", "HTML", "BBCode"]);

    let preview = desk.get("links_preview", json!({ "template": "{name} {width}x{height}" })).await;
    assert_eq!(preview, "截图 09.41.png 1600x1007");
    let error = desk.ask("links_preview", json!({ "template": "{nonsense}" })).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidTemplate);
}

#[tokio::test]
async fn a_picture_is_opened_revealed_described_and_deleted() {
    let desk = Desk::new().await;
    desk.upload(&["a.png"], "drop").await;
    let page = desk.get("history_page", json!({ "filter": {}, "after": null, "limit": 1 })).await;
    let id = page["rows"][0]["id"].clone();
    desk.get("history_open", json!({ "id": id })).await;
    assert_eq!(desk.desktop.last(), format!("open {}", page["rows"][0]["url"].as_str().unwrap()));
    let upload = desk.get("history_set_alt", json!({ "id": id, "alt": "A harbour" })).await;
    assert_eq!(upload["alt"], "A harbour");
    let results = desk.get("history_delete", json!({ "ids": [id], "mode": "here_only" })).await;
    assert_eq!(results[0]["ok"], true);
    desk.get("history_restore", json!({ "ids": [id] })).await;
    let results = desk.get("history_delete", json!({ "ids": [id], "mode": "host_and_here" })).await;
    assert_eq!(results[0]["ok"], true, "{results}");
    let gone = desk.ask("history_open", json!({ "id": id })).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn secrets_go_in_and_never_come_out() {
    let desk = Desk::new().await;
    let draft = json!({
        "name": "Blog", "host": "s3", "preset": "", "secrets": { "secret_access_key": "wJalrXUtnFEMIK7" },
        "fields": { "endpoint": "https://s3.example.com", "region": "eu", "bucket": "b", "access_key_id": "k" },
    });
    let mut answers = Vec::new();
    for command in ["profile_repair", "profile_check", "names_preview", "profile_save"] {
        answers.push(desk.get(command, json!({ "draft": draft })).await);
    }
    answers.push(desk.get("app_state", json!({})).await);
    for answer in &answers {
        assert!(!answer.to_string().contains("wJalrXUtnFEMIK7"), "{answer}");
    }
    let id = answers[3]["id"].clone();
    assert_eq!(desk.get("profile_usage", json!({ "id": id })).await["count"], 0);
    desk.get("profile_set_default", json!({ "id": id })).await;
    desk.get("profile_remove", json!({ "id": id })).await;
    assert_eq!(desk.engine.settings().default_profile, "local");
}

#[tokio::test]
async fn settings_change_as_a_whole_or_not_at_all() {
    let desk = Desk::new().await;
    let settings = desk.get("settings_change", json!({ "patch": { "appearance": "dark" } })).await;
    assert_eq!(settings["appearance"], "dark");
    let bad = json!({ "patch": { "appearance": "light", "language": "klingon" } });
    let error = desk.ask("settings_change", bad).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("language"));
    assert_eq!(desk.engine.settings().appearance, "dark");
}

#[tokio::test]
async fn a_hotkey_is_kept_only_when_the_system_gave_it() {
    let desk = Desk::new().await;
    let before = desk.engine.settings().hotkeys.upload_clipboard.clone();
    let error = desk
        .ask("hotkey_set", json!({ "name": "upload_clipboard", "accelerator": "Ctrl+C" }))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::HotkeyTaken);
    assert_eq!(desk.engine.settings().hotkeys.upload_clipboard, before);
    desk.get("hotkey_set", json!({ "name": "upload_clipboard", "accelerator": " Ctrl+Alt+P " })).await;
    assert_eq!(desk.engine.settings().hotkeys.upload_clipboard, "Ctrl+Alt+P");
    desk.get("hotkey_set", json!({ "name": "drop_window", "accelerator": "Ctrl+Shift+M" })).await;
    assert_eq!(desk.desktop.last(), "hotkey DropWindow Ctrl+Shift+M");
    let hotkeys = desk.engine.settings().hotkeys.clone();
    assert_eq!(
        (hotkeys.upload_clipboard.as_str(), hotkeys.drop_window.as_str()),
        ("Ctrl+Alt+P", "Ctrl+Shift+M")
    );

    // The same through the settings: only the keys that differ are taken anew.
    desk.get("settings_change", json!({ "patch": { "hotkeys": { "drop_window": "" } } })).await;
    assert_eq!(desk.desktop.last(), "hotkey DropWindow ");
}

#[tokio::test]
async fn only_web_addresses_and_known_folders_are_opened() {
    let desk = Desk::new().await;
    let error = desk.ask("open_address", json!({ "url": "file:///etc/passwd" })).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::UrlInvalid);
    assert_eq!(desk.desktop.last(), "");
    desk.get("open_folder", json!({ "what": "logs" })).await;
    assert_eq!(desk.desktop.last(), format!("folder {}", desk.engine.paths().log_dir().display()));
}

#[tokio::test]
async fn what_others_ask_for_waits_for_the_persons_word() {
    let desk = Desk::new().await;
    let picture = desk.picture("asked.png", 5);
    let link = format!("picferry://upload?file={}", picture.display());
    let proposal = || Proposal::from_link(&link).unwrap();
    desk.engine.offer(proposal()).unwrap();
    desk.engine.offer(proposal()).unwrap();
    let state = desk.get("app_state", Value::Null).await;
    assert_eq!(state["offers"].as_array().unwrap().len(), 1, "asking twice is one question");
    assert_eq!(state["offers"][0]["sources"][0]["path"], json!(picture));
    assert_eq!(state["jobs"], json!([]), "nothing is in the queue before the answer");

    let id = &state["offers"][0]["id"];
    assert_eq!(desk.get("offer_answer", json!({ "id": id, "accept": false })).await, Value::Null);
    let error = desk.ask("offer_answer", json!({ "id": id, "accept": true })).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound, "a no stays a no");

    let offer = desk.engine.offer(proposal()).unwrap();
    assert_eq!(desk.engine.offer(proposal()).unwrap(), offer, "whoever asks it goes on asking it");
    let nowhere = json!({ "id": offer.id, "accept": true, "profile_id": "gone" });
    assert_eq!(desk.ask("offer_answer", nowhere).await.unwrap_err().code, ErrorCode::ProfileNotFound);
    assert_eq!(desk.engine.offers(), [offer], "what the queue refuses is asked again");
    let offer = desk.engine.offer(proposal()).unwrap();
    let accepted = desk.get("offer_answer", json!({ "id": offer.id, "accept": true })).await;
    assert_eq!(accepted["jobs"][0]["origin"], "link");
    desk.engine.wait_for_batch(accepted["batch"].as_str().unwrap()).await;
    let state = desk.get("app_state", Value::Null).await;
    assert_eq!((&state["offers"], &state["jobs"][0]["state"]), (&json!([]), &json!("done")));
}

#[tokio::test]
async fn a_page_that_opens_links_without_end_fills_no_list() {
    let desk = Desk::new().await;
    for number in 0..40 {
        let link = format!("picferry://upload?url=https://example.com/{number}.png");
        desk.engine.offer(Proposal::from_link(&link).unwrap()).unwrap();
    }
    let offers = desk.engine.offers();
    assert_eq!(offers.len(), 8);
    assert_eq!(offers[7].sources, [Source::Url { url: "https://example.com/39.png".into() }]);
    let unknown =
        Proposal::from_link("picferry://upload?url=https://example.com/a.png&profile=nobody").unwrap();
    assert_eq!(desk.engine.offer(unknown).unwrap_err().code, ErrorCode::ProfileNotFound);
}

#[tokio::test]
async fn the_clipboard_that_was_offered_is_read_at_the_answer() {
    let desk = Desk::new().await;
    let offer = || desk.engine.offer(Proposal::from_link("picferry://upload?clipboard=1").unwrap()).unwrap();
    let error = desk.ask("offer_answer", json!({ "id": offer().id, "accept": true })).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::ClipboardEmpty);
    *desk.desktop.clipboard.lock().unwrap() =
        vec![Source::Bytes { name: "clipboard.png".into(), bytes: png(6).into() }];
    let accepted = desk.get("offer_answer", json!({ "id": offer().id, "accept": true })).await;
    assert_eq!(accepted["jobs"][0]["name"], "clipboard.png");
}

#[tokio::test]
async fn a_screenshot_is_a_door_and_the_start_of_the_session_a_switch() {
    let desk = Desk::new().await;
    assert_eq!(desk.get("upload_screenshot", json!({})).await, Value::Null, "the person gave up");
    *desk.desktop.clipboard.lock().unwrap() =
        vec![Source::Bytes { name: "screenshot.png".into(), bytes: png(7).into() }];
    let accepted = desk.get("upload_screenshot", json!({})).await;
    assert_eq!(accepted["jobs"][0]["origin"], "screenshot");
    desk.get("autostart_set", json!({ "on": true })).await;
    assert_eq!(desk.desktop.last(), "autostart true");
}
