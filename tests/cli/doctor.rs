//! `doctor --paths`: where things are kept, even when nothing else works.

use crate::home::Home;
use insta::assert_snapshot;

#[test]
fn portable_mode_keeps_everything_in_one_folder() {
    let home = Home::new();
    let ended = home.picferry(["doctor", "--paths"]).succeeds().quietly();
    assert_snapshot!("doctor_paths", ended.stdout.replace(&home.state().display().to_string(), "HOME"));
}

#[test]
fn the_paths_are_json_for_scripts() {
    let home = Home::new();
    let paths = home.picferry(["doctor", "--paths", "--json"]).succeeds().json();
    assert_eq!(paths["settings"], home.state().join("settings.json").display().to_string());
}

#[cfg(target_os = "linux")]
#[test]
fn without_portable_mode_the_folders_are_those_of_the_system() {
    let home = Home::new();
    let ended = home
        .picferry(["doctor", "--paths"])
        .env("PICFERRY_HOME", "")
        .env("HOME", "/home/someone")
        .env("XDG_CONFIG_HOME", "")
        .env("XDG_DATA_HOME", "/data")
        .env("XDG_STATE_HOME", "relative/is/ignored")
        .succeeds();
    assert_snapshot!("doctor_paths_of_the_system", ended.stdout);
}

#[test]
fn the_paths_are_told_when_the_history_is_damaged() {
    let home = Home::new();
    std::fs::write(home.state().join("history.sqlite"), "this is no database, and long enough to look")
        .unwrap();
    home.picferry(["doctor", "--paths"]).succeeds().quietly();
}
