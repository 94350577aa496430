//! What editors expect of `picgo upload` and of a command that uploads.
#![cfg(unix)]

use crate::home::{Ended, Home};
use crate::host::fetch;
use picferry_tests::pictures::png;

/// A home whose built-in store stays up, so that links can be opened.
fn links_of(home: &Home, ended: &Ended, count: usize) -> Vec<String> {
    let lines = ended.lines();
    let links: Vec<String> = lines[lines.len() - count..].iter().map(|line| (*line).to_owned()).collect();
    assert!(links.iter().all(|link| link.starts_with("http://127.0.0.1:")), "{lines:?}");
    assert_eq!(home.stored().len(), count, "{:?}", home.stored());
    links
}

#[test]
fn typora_takes_the_last_lines_of_its_custom_command() {
    let home = Home::new();
    home.picture("typora-icon2.png", 1).picture("typora icon.png", 2);
    let paths = [home.path("typora-icon2.png"), home.path("typora icon.png")];
    let arguments =
        ["upload".into(), "--format".into(), "url".into()].into_iter().chain(paths.iter().cloned());
    let ended = home.picferry(arguments).succeeds();
    let links = links_of(&home, &ended, 2);
    assert!(ended.stdout.ends_with(&format!("{}\n{}\n", links[0], links[1])));
    // Under PicGo's name there are words before them, which do not count.
    let ended =
        home.picgo([std::path::PathBuf::from("upload"), paths[0].clone(), paths[1].clone()]).succeeds();
    assert_eq!(links_of(&home, &ended, 2), links);
}

/// `stdout.split("\n").splice(length - 1 - N, N)`, and a failure is told by two words.
#[test]
fn obsidian_takes_the_lines_before_the_last_line_end() {
    let home = Home::new();
    home.picture("a.png", 1).picture("b.png", 2);
    let ended = home.picgo(["upload", "a.png", "b.png"]).succeeds();
    let lines: Vec<&str> = ended.stdout.split('\n').collect();
    let taken = &lines[lines.len() - 1 - 2..lines.len() - 1];
    assert_eq!(taken, links_of(&home, &ended, 2));
    assert!(!ended.stdout.contains("PicGo ERROR"));
    assert_eq!(lines[0], "[PicGo SUCCESS]: ");
    let failed = home.picgo(["upload", "a.png", "gone.png"]).fails_with(1);
    assert!(failed.stdout.contains("[PicGo ERROR]: gone.png: "), "{}", failed.stdout);
    assert!(!failed.stdout.contains("http"), "no line is taken for a link: {}", failed.stdout);
}

/// What follows the one marker, trimmed.
#[test]
fn marktext_takes_what_follows_the_marker() {
    let home = Home::new();
    home.picture("a.png", 1);
    let path = home.path("a.png").display().to_string();
    let ended = home.picgo(["u", path.as_str()]).succeeds();
    let parts: Vec<&str> = ended.stdout.split("[PicGo SUCCESS]:").collect();
    assert_eq!(parts.len(), 2, "{}", ended.stdout);
    assert_eq!(parts[1].trim(), links_of(&home, &ended, 1)[0]);
    // Its other way: a program that is given the file and prints the address, nothing else.
    let ended = home.picferry(["u", "--quiet", "--format", "url", path.as_str()]).succeeds().quietly();
    assert_eq!(ended.stdout.trim(), parts[1].trim());
}

#[test]
fn the_words_of_picgo_can_be_asked_for_and_its_flags_are_taken() {
    let home = Home::new();
    home.picture("a.png", 1);
    let plain = home.picferry(["upload", "--picgo", "a.png"]).succeeds().stdout;
    assert!(plain.starts_with("[PicGo SUCCESS]: \nhttp://127.0.0.1:"), "{plain}");
    let flags = ["-s", "-c", "/home/me/.picgo/config.json", "-p", "http://127.0.0.1:7890", "-d"];
    let before = flags.iter().chain(&["u", "a.png"]);
    assert_eq!(home.picgo(before).succeeds().quietly().stdout, plain);
    let after = ["upload"].iter().chain(&flags).chain(&["--verbose", "--format", "pretty", "a.png"]);
    assert_eq!(home.picgo(after).succeeds().quietly().stdout, plain);
    let json = home.picgo(["upload", "--format", "json", "a.png"]).succeeds().json();
    assert_eq!(json[0]["ok"], true);
    let json = home.picgo(["upload", "--format", "json", "gone.png"]).fails_with(1).json();
    assert_eq!(json[0]["error"]["code"], "file_not_found", "JSON stays JSON");
    assert!(home.picgo(["-v"]).succeeds().stdout.contains(env!("CARGO_PKG_VERSION")));
    home.picgo(["u", "a.png", "--uploader", "aws-s3", "--configName", "this computer"]).succeeds();
    let failed = home.picgo(["u", "a.png", "--configName", "Nowhere"]).fails_with(2);
    assert!(failed.stdout.starts_with("[PicGo ERROR]: "), "{}", failed.stdout);
}

#[test]
fn a_failure_before_anything_was_tried_is_told_in_picgos_words_too() {
    let home = Home::new();
    home.settings(&serde_json::json!({ "version": 999 }));
    let failed = home.picgo(["upload", "a.png"]).fails_with(3);
    assert!(failed.stdout.starts_with("[PicGo ERROR]: "), "{}", failed.stdout);
}

#[test]
fn a_wrong_command_line_is_told_in_picgos_words_too() {
    let home = Home::new();
    for ended in [
        home.picgo(["upload", "--no-such-flag", "a.png"]),
        home.picgo(["no-such-command"]),
        home.picferry(["upload", "--picgo", "--no-such-flag"]),
    ] {
        let failed = ended.fails_with(2);
        assert!(failed.stdout.starts_with("[PicGo ERROR]: un"), "{}", failed.stdout);
        assert_eq!(failed.stdout.lines().count(), 1, "{}", failed.stdout);
        assert!(failed.stderr.contains("--help"), "{}", failed.stderr);
    }
    for alone in [home.picgo([] as [&str; 0]), home.picgo(["config"])] {
        assert_eq!(alone.fails_with(2).stdout, "[PicGo ERROR]: a command is missing\n");
    }
    let failed = home.picgo(["completions"]).fails_with(2);
    assert!(failed.stdout.contains("not provided: <SHELL>"), "{}", failed.stdout);
    assert_eq!(home.picferry(["upload", "--no-such-flag"]).fails_with(2).stdout, "");
    assert!(!home.picgo(["--help"]).succeeds().stdout.starts_with("[PicGo ERROR]"));
}

#[test]
fn a_picture_comes_from_standard_input_under_a_name() {
    let home = Home::new();
    home.picture("b.png", 2);
    let ended = home
        .picferry(["upload", "-", "b.png", "--format", "markdown", "--set", "image_skip=png"])
        .stdin(png(1))
        .succeeds();
    assert!(
        ended.lines()[0].starts_with("![stdin](") && ended.lines()[1].starts_with("![b]("),
        "{}",
        ended.stdout
    );
    let named = home
        .picferry(["upload", "-", "--name", "harbour 1.png", "--format", "markdown"])
        .stdin(png(3))
        .succeeds();
    assert!(named.stdout.starts_with("![harbour 1]("), "{}", named.stdout);
    home.picferry(["upload", "-"]).stdin("words").fails_with(1).says("is not a picture");
    home.picferry(["upload", "-"]).fails_with(1).says("is empty");
    home.picferry(["upload", "-", "-"]).stdin(png(1)).fails_with(2).says("only once");
    home.picferry(["upload", "-", "b.png", "--name", "x.png"]).stdin(png(1)).fails_with(2);
}

#[test]
fn a_file_goes_under_another_name_and_as_it_is() {
    let home = Home::new();
    home.file("a.jpg", picferry_tests::pictures::photo(1, 300, 200));
    let original = std::fs::read(home.path("a.jpg")).unwrap();
    let (child, _) = {
        let mut child = home.picferry(["serve"]).start();
        use std::io::BufRead as _;
        let mut line = String::new();
        std::io::BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        (child, line)
    };
    let ended = home
        .picferry(["upload", "a.jpg", "--name", "quay.jpg", "--no-compress", "--format", "markdown"])
        .succeeds();
    let link = ended.stdout.trim().strip_prefix("![quay](").unwrap().trim_end_matches(')');
    let (status, body) = fetch(link);
    assert_eq!(status, 200);
    assert!(
        body.len() >= original.len() - 2000,
        "it was not made smaller: {} of {}",
        body.len(),
        original.len()
    );
    assert_eq!(std::fs::read(home.path("a.jpg")).unwrap(), original);
    crate::home::signal(&child, "TERM");
    Ended::of(child).exits_with(0);
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_desktop_the_clipboard_says_so() {
    let home = Home::new();
    let headless = |run: crate::home::Run| {
        run.env("DISPLAY", "").env("WAYLAND_DISPLAY", "").env("XDG_SESSION_TYPE", "tty")
    };
    headless(home.picferry(["upload", "--clipboard"])).fails_with(1).says("clipboard");
    let failed = headless(home.picgo(["upload"])).fails_with(1);
    assert!(failed.stdout.starts_with("[PicGo ERROR]: The clipboard"), "{}", failed.stdout);
}
