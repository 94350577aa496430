//! `picferry profile`: places pictures go to, and secrets nobody sees.

use crate::home::Home;
use insta::assert_snapshot;
use std::path::Path;

const SECRET: &str = "wJalrXUtnFEMIK7MDENGbPxRfiCY";

/// `profile add Blog` for a host that nobody runs, with more arguments.
fn add<'a>(extra: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["profile", "add", "Blog", "--host", "s3"];
    for field in ["endpoint=https://s3.example.com", "region=eu", "bucket=pictures", "access_key_id=AKIA"] {
        arguments.extend(["--set", field]);
    }
    arguments.extend(extra);
    arguments
}

#[test]
fn a_profile_is_added_listed_shown_made_default_and_removed() {
    let home = Home::new();
    let added =
        home.picferry(add(&["--set", "secret_access_key=@-"])).stdin(format!("{SECRET}\n")).succeeds();
    assert_eq!(added.stdout, "Added the profile Blog.\n");

    let list = home.picferry(["profile", "list"]).succeeds().quietly();
    assert!(
        list.lines()[0].starts_with("* ") && list.lines()[0].contains("This computer"),
        "{}",
        list.stdout
    );
    assert!(list.lines()[1].starts_with("  ") || list.lines()[1].starts_with("Blog"), "{}", list.stdout);

    let shown = home.picferry(["profile", "show", "blog"]).succeeds().quietly();
    let id = home.picferry(["profile", "show", "Blog", "--json"]).succeeds().json()["id"].clone();
    assert_snapshot!("profile_show", shown.stdout.replace(id.as_str().unwrap(), "ID"));

    home.picferry(["profile", "default", "Blog"]).succeeds().quietly();
    assert_eq!(home.picferry(["profile", "show", "Blog", "--json"]).succeeds().json()["default"], true);

    home.picferry(["profile", "remove", "Blog"]).succeeds().quietly();
    let left = home.picferry(["profile", "list", "--json"]).succeeds().json();
    assert_eq!(left.as_array().unwrap().len(), 1);
    assert_eq!(left[0]["default"], true, "the built-in one is the default again");
}

#[test]
fn a_secret_is_seen_nowhere_but_in_the_store_for_secrets() {
    let home = Home::new();
    home.file("secret.txt", format!("{SECRET}\r\n"));
    let runs = [
        home.picferry(add(&["--set", "secret_access_key=@secret.txt", "--json"])).succeeds().quietly(),
        home.picferry(["profile", "show", "Blog"]).succeeds(),
        home.picferry(["profile", "show", "Blog", "--json"]).succeeds(),
        home.picferry(["profile", "list", "--json"]).succeeds(),
        home.picferry(["profile", "test", "Blog"]).fails_with(1),
    ];
    for run in runs {
        assert!(!run.stdout.contains(SECRET) && !run.stderr.contains(SECRET), "{}{}", run.stdout, run.stderr);
    }
    let holding = files_holding(&home.state(), SECRET);
    assert_eq!(holding, ["secrets.json"]);
    home.picferry(["profile", "remove", "Blog"]).succeeds();
    assert_eq!(files_holding(&home.state(), SECRET), Vec::<String>::new());
}

fn files_holding(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            found.extend(files_holding(&entry.path(), text));
        } else if String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).contains(text) {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

#[test]
fn a_secret_on_the_command_line_works_and_warns_without_repeating_it() {
    let home = Home::new();
    let secret = format!("secret_access_key={SECRET}");
    let ended = home.picferry(add(&["--set", &secret])).succeeds();
    let ended = ended.says("warning: secret_access_key").says("hint: Use --set secret_access_key=@-");
    assert!(!ended.stderr.contains(SECRET));
}

#[test]
fn presets_fill_fields_and_hand_set_fields_go_over_them() {
    let home = Home::new();
    let profile = home
        .picferry([
            "profile",
            "add",
            "Mine",
            "--host",
            "s3",
            "--preset",
            "minio",
            "--set",
            "endpoint=http://127.0.0.1:9000",
            "--set",
            "bucket=pictures",
            "--set",
            "access_key_id=key",
            "--set",
            "secret_access_key=@-",
            "--json",
        ])
        .stdin("secret")
        .succeeds()
        .json();
    assert_eq!(profile["preset"], "minio");
    assert_eq!(profile["fields"]["endpoint"], "http://127.0.0.1:9000");
    assert_eq!(profile["secrets"][0], "secret_access_key");
}

#[test]
fn what_does_not_exist_is_refused_with_what_does() {
    let home = Home::new();
    home.picferry(add(&["--set", "buket=x"])).fails_with(2).says("buket").says("hint: ").says("bucket");
    home.picferry(add(&["--preset", "nimbus"])).fails_with(2).says("nimbus").says("minio");
    home.picferry(["profile", "add", "X", "--host", "ftp"]).fails_with(2).says("ftp").says("s3");
    home.picferry(["profile", "show", "Blog"]).fails_with(2).says("Blog");
    home.picferry(add(&["--set", "secret_access_key=@nowhere.txt"])).says_it_cannot_read("nowhere.txt");
    assert_eq!(home.picferry(["profile", "list"]).succeeds().lines().len(), 1);
}

#[test]
fn every_field_that_scripts_rely_on_exists() {
    let home = Home::new();
    let ended = home.picferry(add(&["--set", "no_such_field=1"])).fails_with(2);
    let listed: Vec<&str> = ended.stderr.split([' ', ',', '.', '\n']).collect();
    let help = home.picferry(["profile", "add", "--help"]).succeeds().stdout;
    let promised = help.split("Fields of s3:").nth(1).unwrap().split("A wrong name").next().unwrap();
    assert_eq!(promised.split_whitespace().count(), 14, "{promised}");
    for field in promised.split_whitespace() {
        assert!(listed.contains(&field), "{field} is promised but not known: {}", ended.stderr);
    }
}

impl crate::home::Run {
    fn says_it_cannot_read(self, file: &str) {
        self.fails_with(1).says(file).says("cannot be read");
    }
}

#[test]
fn missing_fields_are_all_named_at_once() {
    let home = Home::new();
    home.picferry(["profile", "add", "Blog", "--host", "s3", "--set", "endpoint=https://s3.example.com"])
        .fails_with(2)
        .says("bucket")
        .says("access_key_id")
        .says("secret_access_key");
}

#[test]
fn a_name_is_used_once_whatever_its_case() {
    let home = Home::new();
    home.picferry(add(&["--set", "secret_access_key=@-"])).stdin(SECRET).succeeds();
    let mut again = add(&["--set", "secret_access_key=@-"]);
    again[2] = "bLOG";
    home.picferry(again).stdin(SECRET).fails_with(2).says("already");
}

#[test]
fn names_that_nobody_could_type_again_are_refused_at_the_name() {
    let home = Home::new();
    let named = |name: &str| {
        let mut arguments: Vec<String> =
            add(&["--set", "secret_access_key=@-"]).into_iter().map(str::to_owned).collect();
        arguments[2] = name.to_owned();
        home.picferry(arguments).stdin(SECRET)
    };
    named("").fails_with(2).says("name: A profile needs a name");
    named("  ").fails_with(2).says("name: A profile needs a name");
    named("two\nlines").fails_with(2).says("name: The name holds a line break");
    named(&"长".repeat(101)).fails_with(2).says("name: The name is longer than 100 characters");
    named(" this COMPUTER ").fails_with(2).says("name: There is a profile").says("already");
    named("local").fails_with(2).says("already");
    named("  Blog  ").succeeds();
    assert_eq!(home.picferry(["profile", "show", "Blog", "--json"]).succeeds().json()["name"], "Blog");
}

#[test]
fn slips_in_values_are_put_right_and_told() {
    let home = Home::new();
    let ended = home
        .picferry([
            "profile",
            "add",
            "Blog",
            "--host",
            "s3",
            "--set",
            "endpoint= s3.example.com ",
            "--set",
            "region=eu",
            "--set",
            "bucket=pictures",
            "--set",
            "access_key_id=AKIA\r\n",
            "--set",
            "secret_access_key=@-",
            "--json",
        ])
        .stdin(SECRET)
        .succeeds()
        .says("note: endpoint: ");
    assert_eq!(ended.json()["fields"]["endpoint"], "https://s3.example.com");
    assert_eq!(ended.json()["fields"]["access_key_id"], "AKIA");
}

#[test]
fn the_built_in_profile_passes_its_test_and_stays() {
    let home = Home::new();
    let report = home.picferry(["profile", "test", "This computer", "--json"]).succeeds().json();
    assert_eq!(report["ok"], true, "{report}");
    let steps = home.picferry(["profile", "test", "This computer"]).succeeds();
    assert!(steps.stdout.contains("Write a small object"), "{}", steps.stdout);
    assert_eq!(home.stored(), Vec::<String>::new(), "the probe is deleted again");
    home.picferry(["profile", "remove", "This computer"]).fails_with(2).says("built in");
}

#[test]
fn what_only_should_be_known_is_no_error() {
    let home = Home::new();
    home.picferry(["profile", "list"]).succeeds();
    let settings = std::fs::read_to_string(home.state().join("settings.json")).unwrap();
    let mut settings: serde_json::Value = serde_json::from_str(&settings).unwrap();
    // Nobody answers at the address of the links.
    settings["profiles"][0]["fields"]["public_url"] =
        format!("http://127.0.0.1:{}", crate::home::free_port()).into();
    home.settings(&settings);
    let ended = home.picferry(["profile", "test", "This computer"]).succeeds().says("warning: ");
    assert!(ended.stdout.contains("Open its link"), "{}", ended.stdout);
    assert!(!ended.stderr.contains("error: "), "{}", ended.stderr);
}

#[test]
fn a_host_that_is_not_there_fails_its_test_with_the_step() {
    let home = Home::new();
    let port = crate::home::free_port();
    home.profile("Closed", &format!("http://127.0.0.1:{port}"), &[]);
    let ended = home.picferry(["profile", "test", "Closed"]).fails_with(1);
    assert!(ended.stdout.contains("failed"), "{}", ended.stdout);
    ended.says("error: ");
}
