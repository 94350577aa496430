//! A home in disorder: each disorder is told clearly, and nothing is lost.

use crate::home::Home;
use serde_json::json;

#[test]
fn damaged_settings_are_set_aside_and_told() {
    let home = Home::new();
    home.picture("a.png", 1);
    home.picferry(["upload", "a.png"]).succeeds();
    std::fs::write(home.state().join("settings.json"), "{ \"links\": { \"format\": ").unwrap();
    let ended = home.picferry(["history", "list"]).succeeds();
    assert_eq!(ended.lines().len(), 1, "the history is untouched");
    let ended = ended.says("settings");
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    home.picferry(["history", "list"]).succeeds().quietly();
}

#[test]
fn settings_of_a_newer_version_are_left_alone() {
    let home = Home::new();
    home.settings(&json!({ "version": 999, "future": true }));
    let before = std::fs::read(home.state().join("settings.json")).unwrap();
    home.picferry(["history", "list"]).fails_with(3).says("error: ").says("hint: ");
    assert_eq!(std::fs::read(home.state().join("settings.json")).unwrap(), before);
}

#[test]
fn a_damaged_history_is_told_and_not_overwritten() {
    let home = Home::new();
    let rubbish = "no database at all, though it is long enough to be looked at. ".repeat(100);
    std::fs::write(home.state().join("history.sqlite"), &rubbish).unwrap();
    home.picture("a.png", 1);
    home.picferry(["upload", "a.png"]).fails_with(3).says("error: ").says("hint: ");
    assert_eq!(std::fs::read_to_string(home.state().join("history.sqlite")).unwrap(), rubbish);
}

#[test]
fn a_history_of_a_newer_version_is_refused() {
    let home = Home::new();
    home.picferry(["history", "list"]).succeeds();
    let database = rusqlite::Connection::open(home.state().join("history.sqlite")).unwrap();
    database.pragma_update(None, "user_version", 9999).unwrap();
    drop(database);
    home.picferry(["history", "list"]).fails_with(3).says("newer");
}

/// The ways in which what Picferry keeps can be no file, or no folder.
#[cfg(unix)]
#[test]
fn what_stands_in_the_place_of_its_files_is_named_and_left_alone() {
    let files = ["settings.json", "history.sqlite", "secrets.json"];
    for name in files {
        let home = Home::new();
        let place = home.state().join(name);
        drop(std::fs::remove_file(&place));
        std::fs::create_dir(&place).unwrap();
        std::fs::write(place.join("mine.txt"), "mine").unwrap();
        refuses(&home, &[name, "is a folder"]);
        assert_eq!(std::fs::read_to_string(place.join("mine.txt")).unwrap(), "mine");
    }
    for name in files.iter().chain(&["spool", "thumbnails", "instances"]) {
        let home = Home::new();
        let place = home.state().join(name);
        drop(std::fs::remove_file(&place));
        std::os::unix::fs::symlink("/nowhere/disk", &place).unwrap();
        refuses(&home, &[name, "/nowhere/disk"]);
        assert_eq!(std::fs::read_link(&place).unwrap(), std::path::Path::new("/nowhere/disk"));
    }
    for name in ["spool", "thumbnails", "instances"] {
        let home = Home::new();
        std::fs::write(home.state().join(name), "mine").unwrap();
        refuses(&home, &[name, "is a file"]);
        assert_eq!(std::fs::read_to_string(home.state().join(name)).unwrap(), "mine");
    }
}

fn refuses(home: &Home, words: &[&str]) {
    home.picture("a.png", 1);
    for arguments in [&["upload", "a.png"][..], &["profile", "list"], &["history", "list"], &["serve"]] {
        let ended = home.picferry(arguments).fails_with(3).says("error: ").says("hint: ");
        let ended = words.iter().fold(ended, |ended, word| ended.says(word));
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        assert_eq!(ended.stdout, "");
    }
}

/// People keep their settings in a folder of their own and link to them.
#[cfg(unix)]
#[test]
fn settings_behind_a_link_stay_behind_it() {
    let home = Home::new();
    let own = home.path("my-settings.json");
    std::fs::rename(home.state().join("settings.json"), &own).unwrap();
    std::os::unix::fs::symlink(&own, home.state().join("settings.json")).unwrap();
    home.picferry(["profile", "list"]).succeeds();
    assert!(home.state().join("settings.json").is_symlink());
    assert!(std::fs::read_to_string(&own).unwrap().contains("\"profiles\""), "they were written there");
}

#[test]
fn a_home_that_cannot_be_written_is_named() {
    let home = Home::new();
    home.file("plain", "a file, no folder").picture("a.png", 1);
    let inside_a_file = home.path("plain").join("home");
    home.picferry(["upload", "a.png"])
        .env("PICFERRY_HOME", &inside_a_file)
        .fails_with(3)
        .says(&inside_a_file.display().to_string())
        .says("PICFERRY_HOME");
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_keychain_the_built_in_store_works_and_other_keys_are_not_kept_in_secret_places() {
    let home = Home::new();
    let without_keychain =
        |arguments: &[&str]| home.picferry(arguments).without_keychain().stdin("a secret nobody keeps");
    for (seed, name) in (1..).zip(["a.png", "b.png"]) {
        home.picture(name, seed);
        let ended =
            without_keychain(&["upload", name]).succeeds().says("warning: ").says("PICFERRY_SECRETS=file");
        assert_eq!(ended.lines().len(), 1);
    }
    assert_eq!(home.stored().len(), 2);
    let mut add = vec!["profile", "add", "Blog", "--host", "s3", "--set", "secret_access_key=@-"];
    for field in ["endpoint=https://s3.example.com", "region=eu", "bucket=pictures", "access_key_id=AKIA"] {
        add.extend(["--set", field]);
    }
    without_keychain(&add).fails_with(3).says("keychain").says("PICFERRY_SECRETS=file");
    assert_eq!(home.picferry(["profile", "list"]).succeeds().lines().len(), 1);
    assert!(!home.state().join("secrets.json").exists());
}

#[test]
fn a_store_port_that_another_program_holds_is_told() {
    let home = Home::new();
    home.picture("a.png", 1);
    let other = holder_of_the_store_port(&home);
    // It takes connections and says nothing: nobody can know what it is.
    let ended = home.picferry(["upload", "a.png", "--json"]).fails_with(1).says("does not answer");
    assert_eq!(ended.json()[0]["error"]["code"], "port_taken");
    std::thread::spawn(move || {
        for mut stream in other.incoming().flatten() {
            drop(std::io::Write::write_all(&mut stream, b"SSH-2.0-Something\r\n"));
        }
    });
    let ended = home.picferry(["upload", "a.png", "--json"]).fails_with(1).says("taken by another program");
    assert_eq!(ended.json()[0]["error"]["code"], "port_taken");
}

#[test]
fn a_port_whose_holder_says_nothing_is_not_asked_again_for_each_picture() {
    let home = Home::new();
    let names: Vec<String> = (1..=8).map(|number| format!("{number}.png")).collect();
    for (seed, name) in (1..).zip(&names) {
        home.picture(name, seed);
    }
    let silent = holder_of_the_store_port(&home);
    let upload = ["upload", "--json"].into_iter().chain(names.iter().map(String::as_str));
    let ended = home.picferry(upload).fails_with(1);
    for answer in ended.json().as_array().unwrap() {
        assert_eq!(answer["error"]["code"], "port_taken", "{answer}");
    }
    silent.set_nonblocking(true).unwrap();
    let asked = silent.incoming().take_while(Result::is_ok).count();
    // Two looks, in case it is a sibling that starts or ends, each with a knock and a question.
    assert!((1..=4).contains(&asked), "8 pictures asked {asked} times");
}

/// Takes the port that the built-in store of this home wants.
fn holder_of_the_store_port(home: &Home) -> std::net::TcpListener {
    home.picferry(["profile", "list"]).succeeds();
    let settings: serde_json::Value =
        serde_json::from_slice(&std::fs::read(home.state().join("settings.json")).unwrap()).unwrap();
    let port = u16::try_from(settings["desktop"]["local_store_port"].as_u64().unwrap()).unwrap();
    std::net::TcpListener::bind(("127.0.0.1", port)).unwrap()
}
