//! What is said in two places must be the same in both.

use crate::tree::{members, read, read_json};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn both_languages_say_the_same_things() {
    let english = messages("ui/messages/en.json");
    let chinese = messages("ui/messages/zh-CN.json");
    let differing: Vec<_> = english
        .keys()
        .collect::<BTreeSet<_>>()
        .symmetric_difference(&chinese.keys().collect())
        .copied()
        .collect();
    assert!(differing.is_empty(), "These messages are in one language only: {differing:?}");

    let unlike: Vec<_> = english
        .iter()
        .filter(|(key, message)| shown(message) != shown(&chinese[*key]))
        .map(|(key, _)| key)
        .collect();
    assert!(unlike.is_empty(), "These messages do not show the same values in both languages: {unlike:?}");
}

#[test]
fn no_message_is_empty() {
    for file in ["ui/messages/en.json", "ui/messages/zh-CN.json"] {
        let all = messages(file);
        let empty: Vec<_> =
            all.iter().filter(|(_, text)| text.as_str().is_some_and(|text| text.trim().is_empty())).collect();
        assert!(empty.is_empty(), "{file} says nothing for {empty:?}");
    }
}

#[test]
fn the_version_stands_in_one_place() {
    let versions: BTreeSet<_> = members().map(|package| package.version.as_str()).collect();
    assert_eq!(versions.len(), 1, "Packages inherit the version of the root manifest: {versions:?}");
    for file in ["tauri.conf.json", "ui/package.json"] {
        assert!(read_json(file)["version"].is_null(), "{file} takes the version from the root Cargo.toml");
    }
    for package in members().filter(|package| package.name != "picferry-app") {
        let folder = package.name.trim_start_matches("picferry-");
        let file = if folder == "tests" {
            "tests/Cargo.toml".to_owned()
        } else {
            format!("crates/{folder}/Cargo.toml")
        };
        assert!(read(&file).contains("version.workspace = true"), "{file} has a version of its own");
    }
}

/// Messages by key; one in several forms (a plural) stays JSON.
fn messages(file: &str) -> BTreeMap<String, Value> {
    let all = read_json(file);
    let entries = all.as_object().unwrap().iter().filter(|(key, _)| !key.starts_with('$'));
    entries.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// The names of the values that a message shows, in any of its forms. What only chooses a form is not
/// shown, and a language without plurals does without it.
fn shown(message: &Value) -> BTreeSet<&str> {
    let forms: Vec<&str> = match message.as_str() {
        Some(text) => vec![text],
        None => message[0]["match"]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(_, form)| form.as_str())
            .collect(),
    };
    let pieces = forms.iter().flat_map(|form| form.split('{').skip(1));
    pieces.filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}
