//! `picferry config`, and what shells and manuals are given.

use crate::home::Home;

#[test]
fn a_setting_is_read_and_changed_and_brought_back() {
    let home = Home::new();
    let get = |key: &str| home.picferry(["config", "get", key]).succeeds().quietly().stdout.trim().to_owned();
    assert_eq!(get("links.format"), "markdown");
    home.picferry(["config", "set", "links.format=html", "upload.retries=2"]).succeeds().quietly();
    assert_eq!((get("links.format"), get("upload.retries")), ("html".to_owned(), "2".to_owned()));
    home.picferry(["config", "set", "links.format="]).succeeds();
    assert_eq!(get("links.format"), "markdown");
    let all = home.picferry(["config", "get"]).succeeds().json();
    assert_eq!(all["upload"]["retries"], 2);
}

#[test]
fn a_wrong_setting_is_refused_and_named() {
    let home = Home::new();
    home.picferry(["config", "set", "links.formt=html"]).fails_with(2).says("There is no such setting");
    home.picferry(["config", "set", "server.address=0.0.0.0"]).fails_with(2).says("token");
    home.picferry(["config", "set", "profiles=[]"]).fails_with(2);
    home.picferry(["config", "get", "links.nothing"]).fails_with(2).says("links.nothing");
    assert_eq!(home.picferry(["config", "get", "server.address"]).succeeds().stdout, "127.0.0.1\n");
}

#[test]
fn the_token_for_editors_goes_to_the_keychain_and_comes_by_no_argument() {
    let home = Home::new();
    let refused = home.picferry(["config", "set", "server.token=correct-horse-battery"]).fails_with(2);
    refused.says("server.token=@-");
    home.picferry(["config", "set", "server.token=@-"]).stdin("correct-horse-battery\n").succeeds().quietly();
    assert_eq!(home.picferry(["config", "get", "server.has_token"]).succeeds().stdout, "true\n");
    let settings = std::fs::read_to_string(home.state().join("settings.json")).unwrap();
    assert!(!settings.contains("correct-horse"), "{settings}");
    assert!(!home.picferry(["config", "get"]).succeeds().stdout.contains("correct-horse"));
    home.picferry(["config", "set", "server.token="]).succeeds();
    assert_eq!(home.picferry(["config", "get", "server.has_token"]).succeeds().stdout, "false\n");
}

#[test]
fn the_path_is_known_without_opening_anything() {
    let home = Home::new();
    let path = home.picferry(["config", "path"]).succeeds().quietly().stdout;
    assert_eq!(path.trim(), home.state().join("settings.json").display().to_string());
    assert!(!home.state().join("history.sqlite").exists());
}

#[test]
fn shells_and_manuals_know_every_command() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = home.picferry(["completions", shell]).succeeds().quietly().stdout;
        assert!(script.contains("picferry") && script.contains("no-compress"), "{shell}");
    }
    let page = home.picferry(["man"]).succeeds().quietly().stdout;
    assert!(page.contains(".TH picferry") && page.contains("upload"), "{page}");
    home.picferry(["completions", "cmd"]).fails_with(2);
}

#[test]
fn every_page_that_the_manual_refers_to_can_be_written() {
    let (home, folder) = (Home::new(), tempfile::tempdir().unwrap());
    let into = folder.path().to_str().unwrap();
    home.picferry(["man", "--into", into]).succeeds().quietly();

    let written = std::fs::read_to_string(folder.path().join("picferry.1")).unwrap();
    let printed = home.picferry(["man"]).succeeds().quietly().stdout;
    for page in [written, printed] {
        let named: Vec<&str> = page.lines().filter_map(|line| line.strip_suffix("(1)")).collect();
        assert!(named.len() > 8, "{page}");
        for name in named {
            assert!(folder.path().join(format!("{}.1", name.replace("\\-", "-"))).exists(), "{name}");
        }
    }
    let upload = std::fs::read_to_string(folder.path().join("picferry-upload.1")).unwrap();
    assert!(upload.contains("no\\-compress"), "{upload}");
    home.picferry(["man", "--into", "/no/such/folder"]).fails_with(1);
}
