//! `picferry upload`: the main job in one line.

use crate::home::Home;
use insta::assert_snapshot;
use picferry_tests::pictures::{photo, png};
use serde_json::{Value, json};

#[test]
fn a_picture_goes_in_and_its_markdown_link_comes_out() {
    let home = Home::new();
    home.picture("harbour.png", 1);
    let ended = home.picferry(["upload", "harbour.png"]).succeeds().quietly();
    let lines = ended.lines();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].starts_with("![harbour](http://127.0.0.1:"), "{}", lines[0]);
    assert_eq!(home.stored().len(), 1, "{:?}", home.stored());
}

#[test]
fn links_come_in_the_order_of_the_inputs() {
    let home = Home::new();
    let names: Vec<String> = (0..12).map(|number| format!("{number}.png")).collect();
    for (seed, name) in (0..).zip(&names) {
        home.picture(name, seed);
    }
    let backwards: Vec<&str> = names.iter().rev().map(String::as_str).collect();
    let all = ["upload", "--format", "markdown"].into_iter().chain(backwards.iter().copied());
    let ended = home.picferry(all).succeeds();
    let alts: Vec<&str> =
        ended.lines().iter().map(|line| line.trim_start_matches("![").split(']').next().unwrap()).collect();
    let stems: Vec<&str> = backwards.iter().map(|name| name.trim_end_matches(".png")).collect();
    assert_eq!(alts, stems);
}

#[test]
fn each_format_is_written_as_asked() {
    let home = Home::new();
    home.settings(&json!({
        "desktop": { "local_store_port": crate::home::free_port() },
        "links": { "format": "html", "custom": [{ "name": "Wiki", "template": "[[{url}|{name}]]" }] },
    }));
    home.picture("a b.png", 1);
    let link = |format: &str| {
        let ended =
            home.picferry(["upload", "a b.png", "--set", "image_skip=png", "--format", format]).succeeds();
        ended.stdout.trim_end().to_owned()
    };
    let url = link("url");
    assert!(url.starts_with("http://127.0.0.1:") && url.ends_with(".png"), "{url}");
    assert_eq!(link("markdown"), format!("![a b]({url})"));
    assert_eq!(link("bbcode"), format!("[img]{url}[/img]"));
    assert_eq!(link("Wiki"), format!("[[{url}|a b.png]]"));
    let by_settings = home.picferry(["upload", "a b.png", "--set", "image_skip=png"]).succeeds().stdout;
    assert_eq!(by_settings.trim_end(), link("html"));
}

#[test]
fn json_tells_everything_in_input_order() {
    let home = Home::new();
    home.picture("a.png", 1).picture("b.png", 2);
    let ended = home
        .picferry(["upload", "a.png", "gone.png", "b.png", "--set", "image_skip=png", "--json"])
        .fails_with(1);
    let mut entries = ended.json();
    for entry in entries.as_array_mut().unwrap() {
        hide_what_differs(entry, &home);
    }
    assert_snapshot!("upload_json", serde_json::to_string_pretty(&entries).unwrap());
}

/// Ports, times and hashes differ from run to run; their shape is checked here instead.
fn hide_what_differs(entry: &mut Value, home: &Home) {
    if entry["ok"] == true {
        let key = entry["key"].as_str().unwrap().to_owned();
        let sha256 = entry["sha256"].as_str().unwrap().to_owned();
        assert_eq!(sha256.len(), 64);
        assert!(entry["url"].as_str().unwrap().ends_with(&key));
        assert!(entry["bytes_in"].as_u64().unwrap() > 0 && entry["bytes_out"].as_u64().unwrap() > 0);
        entry["url"] = "URL".into();
        // Year and month come first; what follows them is the name.
        let name = key.rsplit('/').next().unwrap();
        assert_eq!(key.len(), name.len() + "YYYY/MM/".len());
        entry["key"] = format!("YEAR/MONTH/{}", name.replace(&sha256[..12], "HASH")).into();
        entry["sha256"] = "SHA256".into();
        entry["bytes_in"] = "BYTES".into();
        entry["bytes_out"] = "BYTES".into();
    } else {
        let work = home.path("").display().to_string();
        let message = entry["error"]["message"].as_str().unwrap().replace(&work, "WORK/");
        entry["error"]["message"] = message.into();
    }
}

#[test]
fn a_bad_picture_fails_alone_and_says_why() {
    let home = Home::new();
    home.picture("a.png", 1).picture("b.png", 2);
    let ended = home.picferry(["upload", "a.png", "gone.png", "b.png"]).fails_with(1);
    assert_eq!(ended.lines().len(), 2);
    let ended = ended.says("error: gone.png: ");
    assert_eq!(ended.stderr.matches("error:").count(), 1, "{}", ended.stderr);
}

#[test]
fn the_same_picture_is_not_sent_twice() {
    let home = Home::new();
    home.picture("a.png", 1).file("copy of a.png", png(1));
    let first = home.picferry(["upload", "a.png", "--format", "url"]).succeeds();
    let second = home.picferry(["upload", "a.png", "copy of a.png", "--format", "url"]).succeeds();
    assert_eq!(second.lines(), [first.lines()[0], first.lines()[0]]);
    assert_eq!(home.stored().len(), 1);
}

#[test]
fn an_unknown_profile_or_format_ends_with_2_before_anything_is_sent() {
    let home = Home::new();
    home.picture("a.png", 1);
    home.picferry(["upload", "a.png", "--profile", "Nowhere"]).fails_with(2).says("error: ").says("hint: ");
    home.picferry(["upload", "a.png", "--format", "latex"]).fails_with(2).says("latex").says("hint: ");
    assert_eq!(home.stored(), Vec::<String>::new());
}

#[test]
fn nothing_but_links_is_on_standard_output_and_no_progress_in_a_pipe() {
    let home = Home::new();
    home.picture("a.png", 1);
    let ended = home.picferry(["upload", "a.png", "--format", "url"]).succeeds().quietly();
    assert_eq!(ended.stdout, format!("{}\n", ended.stdout.trim()));
}

#[test]
fn an_address_that_is_none_is_refused_by_itself() {
    let home = Home::new();
    home.picture("a.png", 1);
    let ended = home.picferry(["upload", "http://", "a.png", "--json"]).fails_with(1);
    assert_eq!(ended.json()[0]["error"]["code"], "url_invalid");
    assert_eq!(ended.json()[1]["ok"], true);
}

#[test]
fn an_option_for_one_upload_stands_above_the_profile_and_stays_with_it() {
    let home = Home::new();
    home.file("a.jpg", photo(1, 300, 200));
    let link = |more: &[&str]| {
        let arguments = ["upload", "a.jpg", "--format", "url"];
        home.picferry(arguments.iter().chain(more)).succeeds().stdout.trim().to_owned()
    };
    assert!(link(&["--set", "image_format=webp", "--set", "image_long_edge=60"]).ends_with(".webp"));
    assert!(link(&["--set", "image_format=jpeg"]).ends_with(".jpg"));
    assert_eq!(home.stored().len(), 2, "{:?}", home.stored());
    let wrong = |set: &str| home.picferry(["upload", "a.jpg", "--set", set]).fails_with(2);
    wrong("image_format=gif").says("keep, auto, jpeg");
    wrong("bucket=x").says("There is no field bucket");
}
