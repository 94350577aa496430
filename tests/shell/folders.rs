//! Folders that the window chooses: those that are watched, and those with notes.

use crate::desk::Desk;
use picferry_core::ErrorCode;
use picferry_tests::pictures::png;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn a_folder_is_watched_by_its_rules_until_it_is_removed() {
    let desk = Desk::new().await;
    let shots = desk.folder.path().join("shots");
    std::fs::create_dir(&shots).unwrap();
    std::fs::write(shots.join("old.png"), png(1)).unwrap();
    assert_eq!(desk.get("watch_add", json!({})).await, Value::Null, "the dialog was dismissed");
    *desk.desktop.chosen.lock().unwrap() = vec![shots.clone()];
    let mut folder = desk.get("watch_add", json!({})).await;
    assert_eq!(desk.desktop.last(), "choose Watch");
    let listed = desk.get("watch_list", json!({})).await;
    assert_eq!(listed["folders"][0]["folder"], folder);
    assert_eq!(listed["folders"][0]["before"], 1, "what was there is left alone");

    folder["wait_seconds"] = json!(9);
    folder["only"] = json!("*.png");
    desk.get("watch_change", json!({ "folder": folder })).await;
    *desk.desktop.chosen.lock().unwrap() = vec![desk.folder.path().join("done")];
    let moved = desk.get("watch_move_to", json!({ "id": folder["id"] })).await;
    assert_eq!((&moved["afterwards"], &moved["wait_seconds"]), (&json!("move"), &json!(9)));
    assert_eq!(desk.get("watch_send_before", json!({ "id": folder["id"] })).await, 1);
    desk.get("watch_pause", json!({ "paused": true })).await;
    let listed = desk.get("watch_list", json!({})).await;
    assert_eq!((&listed["paused"], &listed["folders"][0]["before"]), (&json!(true), &json!(0)));

    folder["only"] = json!("[");
    let error = desk.ask("watch_change", json!({ "folder": folder })).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidField, Some("only")));
    desk.get("watch_remove", json!({ "id": folder["id"] })).await;
    assert_eq!(desk.get("watch_list", json!({})).await["folders"], json!([]));
    let error = desk.ask("watch_retry", json!({ "id": folder["id"] })).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_folder_that_moved_is_found_with_the_dialog() {
    let desk = Desk::new().await;
    let (shots, elsewhere) = (desk.folder.path().join("shots"), desk.folder.path().join("elsewhere"));
    std::fs::create_dir(&shots).unwrap();
    let folder = desk.get("watch_add", json!({ "path": shots })).await;
    std::fs::rename(&shots, &elsewhere).unwrap();
    assert_eq!(desk.get("watch_list", json!({})).await["folders"][0]["status"], "gone");
    *desk.desktop.chosen.lock().unwrap() = vec![elsewhere.clone()];
    let found = desk.get("watch_find", json!({ "id": folder["id"] })).await;
    assert_eq!(found["path"], json!(elsewhere));
    assert_eq!(desk.get("watch_list", json!({})).await["folders"][0]["status"], "watching");
}

/// A note with two pictures, one of which is not there.
fn note(desk: &Desk) -> Value {
    desk.picture("boat.png", 1);
    let path = desk.folder.path().join("note.md");
    std::fs::write(&path, "# A day\n\n![boat](boat.png)\n![gone](gone.png)\n").unwrap();
    *desk.desktop.chosen.lock().unwrap() = vec![path.clone()];
    json!({ "path": path, "origin": "window" })
}

/// How the migration stands once it has ended.
async fn ended(desk: &Desk) -> Value {
    loop {
        let state = desk.get("migrate_state", json!({})).await;
        if state["is_running"] == false {
            return state;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_a_note_move_after_a_look_and_can_be_put_back() {
    let desk = Desk::new().await;
    let request = note(&desk);
    let before = std::fs::read_to_string(desk.folder.path().join("note.md")).unwrap();
    assert_eq!(desk.get("migrate_choose_file", json!({})).await, request["path"]);
    let plan = desk.get("migrate_plan", request.clone()).await;
    let states = |migration: &Value| {
        let pictures = migration["files"][0]["pictures"].as_array().unwrap();
        pictures.iter().map(|one| one["state"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(states(&plan), ["found", "missing"]);
    assert_eq!(plan["files"][0]["pictures"][1]["line"], 4);
    assert_eq!(desk.get("migrate_state", json!({})).await["request"], Value::Null, "nothing has begun");

    desk.get("migrate_start", request.clone()).await;
    let state = ended(&desk).await;
    assert_eq!(states(&state["result"]), ["moved", "missing"], "{state:#}");
    assert_eq!((&state["request"]["path"], &state["unfinished"]), (&request["path"], &json!([])));
    let after = std::fs::read_to_string(desk.folder.path().join("note.md")).unwrap();
    assert!(after.contains("![boat](http://127.0.0.1:") && after.contains("![gone](gone.png)"), "{after}");

    let undone = desk.get("migrate_undo", json!({ "path": request["path"] })).await;
    assert_eq!(undone["files"][0]["restored"], true);
    assert_eq!(std::fs::read_to_string(desk.folder.path().join("note.md")).unwrap(), before);
    desk.get("migrate_close", json!({})).await;
    assert_eq!(desk.get("migrate_state", json!({})).await["result"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_cut_off_is_offered_until_it_goes_on_or_is_left() {
    let desk = Desk::new().await;
    let request = note(&desk);
    desk.get("migrate_start", request.clone()).await;
    ended(&desk).await;
    // As a kill leaves it: the journal has no end.
    let journals = desk.folder.path().join("state/migrations");
    let run = std::fs::read_dir(&journals).unwrap().flatten().find(|entry| entry.path().is_dir()).unwrap();
    let journal = run.path().join("journal.jsonl");
    let text = std::fs::read_to_string(&journal).unwrap();
    let cut: Vec<&str> = text.lines().filter(|line| !line.contains("\"ended\"")).collect();
    std::fs::write(&journal, cut.join("\n") + "\n").unwrap();

    let offered = desk.get("migrate_state", json!({})).await["unfinished"].clone();
    assert_eq!(offered[0]["request"]["path"], request["path"]);
    let mut again = offered[0]["request"].clone();
    again["origin"] = json!("window");
    std::fs::write(desk.folder.path().join("gone.png"), png(2)).unwrap();
    desk.get("migrate_start", again).await;
    let state = ended(&desk).await;
    assert_eq!(state["result"]["resumed"], true, "{state:#}");
    assert_eq!(state["unfinished"], json!([]));

    std::fs::write(&journal, cut.join("\n") + "\n").unwrap();
    let offered = desk.get("migrate_state", json!({})).await["unfinished"].clone();
    desk.get("migrate_leave", json!({ "id": offered[0]["id"] })).await;
    assert_eq!(desk.get("migrate_state", json!({})).await["unfinished"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_makes_no_sense_is_refused_before_it_begins() {
    let desk = Desk::new().await;
    let error = desk.ask("migrate_start", json!({ "path": "/nowhere/note.md" })).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::FileNotFound);
    let picture = desk.picture("boat.png", 1);
    let error = desk.ask("migrate_plan", json!({ "path": picture })).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unsupported);
    assert_eq!(desk.get("migrate_state", json!({})).await["is_running"], false);
}
