//! `picferry history`: found again, and deleted.

use crate::home::Home;
use serde_json::Value;

/// Three pictures in the store, oldest first.
fn home_with_pictures() -> Home {
    let home = Home::new();
    for (seed, name) in (1..).zip(["harbour.png", "截图 1.png", "chart.png"]) {
        home.picture(name, seed);
        home.picferry(["upload", name]).succeeds();
    }
    home
}

fn names(rows: &Value) -> Vec<&str> {
    rows.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect()
}

#[test]
fn uploads_are_listed_newest_first() {
    let home = home_with_pictures();
    let rows = home.picferry(["history", "list", "--json"]).succeeds().quietly().json();
    assert_eq!(names(&rows), ["chart.png", "截图 1.png", "harbour.png"]);
    let two = home.picferry(["history", "list", "--limit", "2"]).succeeds();
    assert_eq!(two.lines().len(), 2);
    assert!(two.lines()[0].starts_with(&rows[0]["id"].to_string()), "{}", two.stdout);
    assert!(two.lines()[0].contains(rows[0]["url"].as_str().unwrap()));
}

#[test]
fn words_of_any_script_find_a_picture() {
    let home = home_with_pictures();
    let found = |text: &[&str]| {
        let arguments = ["history", "search", "--json"].iter().chain(text).copied().collect::<Vec<_>>();
        home.picferry(arguments).succeeds().json()
    };
    assert_eq!(names(&found(&["截图"])), ["截图 1.png"]);
    assert_eq!(names(&found(&["harb"])), ["harbour.png"]);
    assert_eq!(names(&found(&["harbour", "chart"])), Vec::<&str>::new());
}

#[test]
fn deleting_takes_the_object_from_the_store() {
    let home = home_with_pictures();
    let rows = home.picferry(["history", "list", "--json"]).succeeds().json();
    let key = rows[0]["key"].as_str().unwrap();
    assert!(home.stored().iter().any(|stored| stored.ends_with(key)), "{:?}", home.stored());
    let ended = home.picferry(["history", "delete", &rows[0]["id"].to_string()]).succeeds().quietly();
    assert_eq!(ended.stdout, format!("{} chart.png deleted\n", rows[0]["id"]));
    assert!(!home.stored().iter().any(|stored| stored.ends_with(key)), "{:?}", home.stored());
    assert_eq!(home.picferry(["history", "list"]).succeeds().lines().len(), 2);
}

#[test]
fn local_only_forgets_and_leaves_the_object() {
    let home = home_with_pictures();
    let rows = home.picferry(["history", "list", "--json"]).succeeds().json();
    home.picferry(["history", "delete", "--local-only", &rows[0]["id"].to_string()]).succeeds();
    assert_eq!(home.stored().len(), 3);
    assert_eq!(home.picferry(["history", "list"]).succeeds().lines().len(), 2);
}

#[test]
fn an_unknown_id_fails_alone() {
    let home = home_with_pictures();
    let rows = home.picferry(["history", "list", "--json"]).succeeds().json();
    let id = rows[0]["id"].to_string();
    let ended = home.picferry(["history", "delete", "9999", &id, "--json"]).fails_with(1);
    let results = ended.json();
    assert_eq!(results[0]["error"]["code"], "not_found");
    assert_eq!(results[1]["ok"], true, "{results}");
    ended.says("error: 9999");
}

#[test]
fn a_profile_narrows_the_list() {
    let home = home_with_pictures();
    let all = home.picferry(["history", "list", "--profile", "this computer"]).succeeds();
    assert_eq!(all.lines().len(), 3);
    home.picferry(["history", "list", "--profile", "Nowhere"]).fails_with(2);
}
