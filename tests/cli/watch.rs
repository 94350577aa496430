//! `picferry watch`: folders whose new pictures are sent while somebody serves.
#![cfg(unix)]

use crate::home::{Ended, Home, signal};
use crate::host::PATIENCE;
use picferry_tests::pictures::png;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

/// Serves, with a trash of the home's own.
fn serve(home: &Home) -> Child {
    let mut child = home.picferry(["serve"]).env("XDG_DATA_HOME", home.path("data")).start();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    child
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Writes a file beside its place and moves it there.
fn bring(home: &Home, place: &str, content: &[u8]) {
    std::fs::write(home.path("coming"), content).unwrap();
    std::fs::rename(home.path("coming"), home.path(place)).unwrap();
}

fn stop(child: Child) {
    signal(&child, "TERM");
    Ended::of(child).exits_with(0);
}

#[test]
fn folders_are_added_listed_and_removed() {
    let home = Home::new();
    std::fs::create_dir(home.path("shots")).unwrap();
    let added = home
        .picferry(["watch", "add", "shots", "--profile", "local", "--only", "*.png", "--wait", "0", "--json"])
        .succeeds()
        .json();
    assert_eq!(added["path"], home.path("shots").display().to_string());
    let listed = home.picferry(["watch", "list", "--json"]).succeeds().json();
    assert_eq!(
        (listed[0]["folder"]["only"].as_str(), listed[0]["status"].as_str()),
        (Some("*.png"), Some("watching"))
    );
    let shown = home.picferry(["watch", "list"]).succeeds().stdout;
    assert!(shown.contains("shots") && shown.contains("0 stored"), "{shown}");
    home.picferry(["watch", "pause"]).succeeds();
    assert!(home.picferry(["watch", "list"]).succeeds().stdout.contains("paused"));
    home.picferry(["watch", "remove", "shots"]).succeeds();
    assert_eq!(home.picferry(["watch", "list"]).succeeds().stdout, "");
    let again = home.picferry(["watch", "remove", "shots"]).fails_with(1);
    assert!(again.stderr.contains("is not watched") && again.stderr.contains("hint:"), "{}", again.stderr);
}

#[test]
fn what_makes_no_sense_is_refused_with_the_reason() {
    let home = Home::new();
    std::fs::create_dir(home.path("shots")).unwrap();
    for (arguments, words) in [
        (vec!["watch", "add", "nowhere"], "does not exist"),
        (vec!["watch", "add", "shots", "--only", "[a"], "no pattern"),
        (vec!["watch", "add", "shots", "--move-to", "shots/done"], "watched itself"),
        (vec!["watch", "add", "../state/store"], "does not exist"),
        (vec!["watch", "add", "../state"], "Picferry's own"),
        (vec!["watch", "add", "shots", "--profile", "nobody"], "nobody"),
    ] {
        let ended = home.picferry(&arguments).run();
        assert_ne!(ended.code, Some(0), "{arguments:?}");
        assert!(ended.stderr.contains(words), "{arguments:?}: {}", ended.stderr);
    }
    assert_eq!(home.picferry(["watch", "list"]).succeeds().stdout, "");
}

#[test]
fn a_server_sends_what_comes_and_puts_it_into_the_trash() {
    let home = Home::new();
    std::fs::create_dir(home.path("shots")).unwrap();
    let child = serve(&home);
    home.picferry(["watch", "add", "shots", "--wait", "0", "--trash"]).succeeds();
    bring(&home, "shots/a.png", &png(1));
    until("it is stored", || !home.stored().is_empty());
    until("it has left", || !home.path("shots/a.png").exists());
    let trash = home.path("data/Trash");
    let is_in_trash =
        |folder: &Path| folder.join("files/a.png").exists() && folder.join("info/a.png.trashinfo").exists();
    // On a disk of its own the trash is at the top of that disk.
    assert!(is_in_trash(&trash) || !trash.exists(), "{}", trash.display());
    stop(child);
}

#[test]
fn a_server_that_is_killed_sends_nothing_twice_when_it_is_back() {
    let home = Home::new();
    std::fs::create_dir(home.path("shots")).unwrap();
    home.picferry(["watch", "add", "shots", "--wait", "0"]).succeeds();
    let mut came = 0;
    for round in 0..6_u64 {
        let mut child = serve(&home);
        for seed in 1..=8 {
            came += 1;
            bring(&home, &format!("shots/{came}.png"), &png(round * 100 + seed));
        }
        std::thread::sleep(Duration::from_millis(60 * round));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let child = serve(&home);
    let stored = || {
        let listed = home.picferry(["watch", "list", "--json"]).succeeds().json();
        listed[0]["stored"].as_u64().unwrap()
    };
    until("all are stored", || stored() == came);
    assert_eq!(home.stored().len() as u64, came);
    let rows = home.picferry(["history", "list", "--limit", "1000", "--json"]).succeeds().json();
    assert_eq!(rows.as_array().unwrap().len() as u64, came, "each has one row in the history");
    stop(child);
}
