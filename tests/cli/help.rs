//! The grammar, written down: scripts rely on it.

use crate::home::Home;
use insta::assert_snapshot;

fn help(arguments: &[&str]) -> String {
    Home::new().picferry(arguments.iter().chain(&["--help"])).succeeds().quietly().stdout
}

#[test]
fn the_help_of_every_command_is_as_written_here() {
    assert_snapshot!("picferry", help(&[]));
    assert_snapshot!("upload", help(&["upload"]));
    assert_snapshot!("compress", help(&["compress"]));
    assert_snapshot!("migrate", help(&["migrate"]));
    assert_snapshot!("profile", help(&["profile"]));
    assert_snapshot!("profile_add", help(&["profile", "add"]));
    assert_snapshot!("profile_test", help(&["profile", "test"]));
    assert_snapshot!("history", help(&["history"]));
    assert_snapshot!("history_search", help(&["history", "search"]));
    assert_snapshot!("history_delete", help(&["history", "delete"]));
    assert_snapshot!("watch", help(&["watch"]));
    assert_snapshot!("watch_add", help(&["watch", "add"]));
    assert_snapshot!("serve", help(&["serve"]));
    assert_snapshot!("config", help(&["config"]));
    assert_snapshot!("config_set", help(&["config", "set"]));
    assert_snapshot!("completions", help(&["completions"]));
    assert_snapshot!("doctor", help(&["doctor"]));
}

#[test]
fn the_version_is_that_of_the_project() {
    let ended = Home::new().picferry(["--version"]).succeeds();
    assert_eq!(ended.stdout, format!("picferry {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_wrong_command_line_ends_with_2_and_touches_nothing() {
    let home = Home::new();
    let wrong: [&[&str]; 14] = [
        &[],
        &["uplaod", "a.png"],
        &["upload"],
        &["u", "--json"],
        &["upload", "a.png", "--clipboard"],
        &["config", "set", "links.format"],
        &["upload", "a.png", "--colour"],
        &["profile", "add", "Blog"],
        &["profile", "add", "Blog", "--host", "s3", "--set", "no-equals-sign"],
        &["history", "delete", "first"],
        &["compress", "a.jpg"],
        &["compress", "a.jpg", "-o", "out", "--quality", "80", "--max-kb", "100"],
        &["migrate"],
        &["doctor"],
    ];
    for arguments in wrong {
        let ended = home.picferry(arguments).fails_with(2);
        assert_eq!(ended.stdout, "", "{arguments:?}");
        assert!(
            ended.stderr.contains("--help") || ended.stderr.contains("Usage"),
            "{arguments:?}: {}",
            ended.stderr
        );
    }
    assert!(!home.state().join("history.sqlite").exists());
}
