//! `picferry migrate`: Markdown files whose pictures move, and nothing else in them.

use crate::home::{Ended, Home, signal};
use crate::host::SlowHost;
use insta::assert_snapshot;
use picferry_tests::pictures::png;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

const POST: &str = "---\ntitle: 迁移\n---\n\n# 标题\n\n![截图](images/a.png \"A title\") and `![](images/a.png)`\n\n\
    ![[b c.png|300]] <img src='images/a.png' width=300> ![][ref]\n\n```\n![](images/a.png)\n```\n\n\
    ![gone](images/gone.png) ![far](https://example.com/far.png)\n\n[ref]: <images/b c.png>\n";

/// A folder `notes` with a post, two pictures, and things that are nobody's writing.
fn notes() -> Home {
    let home = Home::new();
    for folder in ["notes/posts/images", "notes/node_modules", "notes/.obsidian"] {
        std::fs::create_dir_all(home.path(folder)).unwrap();
    }
    home.picture("notes/posts/images/a.png", 1).picture("notes/posts/images/b c.png", 2);
    home.file("notes/posts/one.md", POST)
        .file("notes/node_modules/no.md", POST)
        .file("notes/plain.md", "Words.\n");
    home
}

fn text(home: &Home, name: &str) -> String {
    String::from_utf8(std::fs::read(home.path(name)).unwrap()).unwrap()
}

/// The states of all pictures of the first file, in order.
fn states(report: &Value) -> Vec<String> {
    let pictures = report["files"][0]["pictures"].as_array().unwrap();
    pictures.iter().map(|picture| picture["state"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_dry_run_shows_every_picture_and_changes_nothing() {
    let home = notes();
    let ended = home.picferry(["migrate", "notes", "--dry-run"]).fails_with(1).says("Nothing was changed.");
    assert_snapshot!("migrate_dry_run", format!("{}\n{}", ended.stdout, ended.stderr));
    assert_eq!(text(&home, "notes/posts/one.md"), POST);
    assert_eq!(home.stored(), Vec::<String>::new());
    assert!(!home.state().join("migrations").exists());
}

#[test]
fn pictures_go_to_the_host_once_each_and_nothing_but_their_addresses_changes() {
    let home = notes();
    home.picferry(["migrate", "notes"]).fails_with(1).says("4 pictures in 1 file moved, 1 missing");
    assert_eq!(home.stored().len(), 2, "{:?}", home.stored());
    let after = text(&home, "notes/posts/one.md");
    let address = |before: &str, end: char| {
        after.split_once(before).and_then(|(_, rest)| rest.split_once(end)).unwrap().0.to_owned()
    };
    let (a, b) = (address("![截图](", ' '), address("[ref]: <", '>'));
    assert!(a.starts_with("http://127.0.0.1:") && b.starts_with("http://127.0.0.1:") && a != b);
    let expected = POST
        .replace("(images/a.png \"", &format!("({a} \""))
        .replace("'images/a.png'", &format!("'{a}'"))
        .replace("![[b c.png|300]]", &format!("![b c|300]({b})"))
        .replace("<images/b c.png>", &format!("<{b}>"));
    assert_eq!(after, expected);
    assert_eq!(text(&home, "notes/node_modules/no.md"), POST);
}

#[test]
fn a_second_run_finds_everything_in_its_place() {
    let home = notes();
    home.picferry(["migrate", "notes"]).fails_with(1);
    let after = text(&home, "notes/posts/one.md");
    let report = home.picferry(["migrate", "notes", "--json"]).fails_with(1).json();
    assert_eq!(states(&report), ["in_place", "in_place", "in_place", "missing", "left", "in_place"]);
    assert_eq!(text(&home, "notes/posts/one.md"), after);
}

#[test]
fn json_tells_everything() {
    let home = notes();
    let mut report = home.picferry(["migrate", "notes", "--json"]).fails_with(1).json();
    for file in report["files"].as_array_mut().unwrap() {
        assert!(file["backup"].as_str().unwrap().ends_with("00001-one.md"));
        file["backup"] = "BACKUP".into();
        for picture in file["pictures"].as_array_mut().unwrap() {
            if picture["state"] == "moved" {
                assert!(picture["address"].as_str().unwrap().starts_with("http://127.0.0.1:"));
                let source = picture["source"].as_str().unwrap();
                assert!(std::path::Path::new(source).is_file(), "{source}");
                picture["source"] = source.rsplit('/').next().unwrap().into();
                picture["address"] = "ADDRESS".into();
            }
        }
    }
    assert_snapshot!("migrate_json", serde_json::to_string_pretty(&report).unwrap());
}

#[test]
fn line_ends_a_byte_order_mark_and_permissions_stay() {
    let home = Home::new();
    home.picture("a.png", 1).file("post.md", "\u{feff}# T\r\n\r\n![](a.png)\r\nend without a line end");
    #[cfg(unix)]
    let mode = |home: &Home| {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::metadata(home.path("post.md")).unwrap().permissions().mode()
    };
    #[cfg(unix)]
    let before = mode(&home);
    home.picferry(["migrate", "post.md"]).succeeds();
    #[cfg(unix)]
    assert_eq!(mode(&home), before);
    let after = text(&home, "post.md");
    let (head, rest) = after.split_once("![](").unwrap();
    assert_eq!(
        (head, rest.split_once(')').unwrap().1),
        ("\u{feff}# T\r\n\r\n", "\r\nend without a line end")
    );
}

#[test]
fn undo_brings_back_every_byte_and_leaves_what_was_changed_since() {
    let home = notes();
    home.file("notes/two.md", "![](posts/images/a.png)\n");
    home.picferry(["migrate", "notes"]).fails_with(1);
    let edited = format!("{}mine\n", text(&home, "notes/two.md"));
    home.file("notes/two.md", &edited);
    let undone = home.picferry(["migrate", "notes", "--undo", "--json"]).fails_with(1);
    let entries = undone.says("was changed since").json();
    let restored: Vec<bool> =
        entries.as_array().unwrap().iter().map(|entry| entry["restored"] == true).collect();
    assert_eq!(restored, [true, false]);
    assert_eq!(text(&home, "notes/posts/one.md"), POST);
    assert_eq!(text(&home, "notes/two.md"), edited);
    assert_eq!(home.stored().len(), 2, "the pictures stay where they are");
}

#[test]
fn one_file_of_a_folder_can_be_taken_back_alone() {
    let home = notes();
    home.file("notes/two.md", "![](posts/images/a.png)\n");
    home.picferry(["migrate", "notes"]).fails_with(1);
    home.picferry(["migrate", "notes/two.md", "--undo"]).succeeds();
    assert_eq!(text(&home, "notes/two.md"), "![](posts/images/a.png)\n");
    assert_ne!(text(&home, "notes/posts/one.md"), POST);
    home.picferry(["migrate", "notes", "--undo"]).succeeds();
    assert_eq!(text(&home, "notes/posts/one.md"), POST);
    home.picferry(["migrate", "notes", "--undo"]).fails_with(1).says("No migration changed anything");
}

#[test]
fn a_run_that_was_killed_goes_on_and_can_be_taken_back() {
    let home = notes();
    let host = SlowHost::start();
    home.profile("Slow", &host.endpoint, &["image_skip=png"]);
    let mut child = home.picferry(["migrate", "notes", "--profile", "Slow"]).start();
    host.next_request();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(text(&home, "notes/posts/one.md"), POST);
    host.take();
    let report = home.picferry(["migrate", "notes", "--profile", "Slow", "--json"]).fails_with(1).json();
    assert_eq!(report["resumed"], true);
    assert_eq!(report["files"][0]["changed"], 4);
    assert!(text(&home, "notes/posts/one.md").contains(&host.endpoint));
    home.picferry(["migrate", "notes", "--undo"]).succeeds();
    assert_eq!(text(&home, "notes/posts/one.md"), POST);
}

#[test]
fn a_kill_while_files_are_written_leaves_each_as_it_was_or_done() {
    let home = notes();
    let names: Vec<String> = (0..150).map(|number| format!("notes/{number:03}.md")).collect();
    let before = "# A post\n\n![](posts/images/a.png)\n";
    for name in &names {
        home.file(name, before);
    }
    let mut child = home.picferry(["migrate", "notes"]).start();
    while text(&home, &names[0]) == before {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let done = text(&home, &names[0]);
    assert!(names.iter().all(|name| [before, &done].contains(&text(&home, name).as_str())));
    home.picferry(["migrate", "notes"]).fails_with(1);
    assert!(names.iter().all(|name| text(&home, name) == done));
    assert_eq!(home.stored().len(), 2, "nothing is sent twice");
    home.picferry(["migrate", "notes", "--undo"]).succeeds();
    assert!(names.iter().all(|name| text(&home, name) == before));
    let left_over = std::fs::read_dir(home.path("notes")).unwrap().count();
    assert_eq!(left_over, names.len() + 4, "nothing is left beside the files");
}

#[test]
fn what_is_written_meanwhile_stays_in_the_file() {
    let home = notes();
    let host = SlowHost::start();
    home.profile("Slow", &host.endpoint, &["image_skip=png"]);
    let child = home.picferry(["migrate", "notes", "--profile", "Slow", "--json"]).start();
    host.next_request();
    let edited = format!("New first line\n\n{POST}\nA new last line ![](images/new.png)\n");
    home.picture("notes/posts/images/new.png", 3).file("notes/posts/one.md", &edited);
    host.take();
    let report = Ended::of(child).exits_with(1).json();
    assert_eq!(states(&report).last().unwrap(), "found", "it came too late for this run");
    let after = text(&home, "notes/posts/one.md");
    assert!(after.starts_with("New first line\n\n---\n"));
    assert!(after.ends_with("A new last line ![](images/new.png)\n"));
    assert!(after.contains(&format!("![截图]({}", host.endpoint)), "{after}");
    home.picferry(["migrate", "notes", "--undo"]).succeeds();
    assert_eq!(text(&home, "notes/posts/one.md"), edited);
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_before_any_file_is_written() {
    let home = notes();
    let host = SlowHost::start();
    home.profile("Slow", &host.endpoint, &[]);
    let child = home.picferry(["migrate", "notes", "--profile", "Slow", "--json"]).start();
    host.next_request();
    signal(&child, "INT");
    let report = Ended::of(child).exits_with(130).says("Stopping").json();
    assert_eq!(report["cancelled"], true);
    assert_eq!(text(&home, "notes/posts/one.md"), POST);
}

#[test]
fn a_host_that_refuses_leaves_the_file_as_it_is_and_says_why() {
    let home = notes();
    let host = SlowHost::start();
    host.refuse();
    home.profile("No", &host.endpoint, &["image_skip=png"]);
    let ended = home.picferry(["migrate", "notes", "--profile", "No"]).fails_with(1);
    let ended = ended.says("error: posts/one.md:7: ").says("0 pictures in 0 files moved, 4 failed");
    assert!(ended.stdout.contains("failed"), "{}", ended.stdout);
    assert_eq!(text(&home, "notes/posts/one.md"), POST);
}

#[test]
fn a_text_in_another_encoding_is_left_alone_and_the_others_go_on() {
    let home = notes();
    let chinese_in_gbk = b"![\xbd\xd8\xcd\xbc](posts/images/a.png)\n";
    home.file("notes/gbk.md", chinese_in_gbk);
    let ended = home.picferry(["migrate", "notes"]).fails_with(1).says("not written in UTF-8");
    ended.says("4 pictures in 1 file moved");
    assert_eq!(std::fs::read(home.path("notes/gbk.md")).unwrap(), chinese_in_gbk);
}

#[test]
fn what_cannot_be_migrated_is_told_before_anything_is_done() {
    let home = notes();
    home.picferry(["migrate", "nowhere"]).fails_with(1).says("nowhere cannot be read");
    home.picferry(["migrate", "notes/posts/images/a.png"]).fails_with(1).says("not a Markdown file");
    home.picferry(["migrate", "notes", "--profile", "Nowhere"]).fails_with(2).says("Nowhere");
    home.picferry(["migrate", "notes", "--undo", "--dry-run"]).fails_with(2);
    home.picferry(["migrate", "notes", "--to-local", "pics", "--profile", "local"]).fails_with(2);
    assert_eq!(text(&home, "notes/posts/one.md"), POST);
}

#[test]
fn files_outside_of_the_folder_go_only_when_that_is_allowed() {
    let home = Home::new();
    std::fs::create_dir(home.path("notes")).unwrap();
    home.picture("secret.png", 1).file("notes/n.md", "![](../secret.png)\n");
    home.picferry(["migrate", "notes"]).fails_with(1).says("1 outside of the folder (--allow-outside");
    assert_eq!(home.stored().len(), 0);
    home.picferry(["migrate", "notes", "--allow-outside"]).succeeds();
    assert_eq!(home.stored().len(), 1);
}

#[test]
fn fields_of_the_front_matter_move_when_asked() {
    let home = Home::new();
    let post = "---\ncover: ./a.png # the cover\n---\n\n![](a.png)\n";
    home.picture("a.png", 1).file("post.md", post);
    home.picferry(["migrate", "post.md"]).succeeds();
    assert!(text(&home, "post.md").contains("cover: ./a.png # the cover\n"));
    home.picferry(["migrate", "post.md", "--front-matter"]).succeeds();
    assert!(text(&home, "post.md").contains("cover: http://127.0.0.1:"));
    assert!(text(&home, "post.md").contains(" # the cover\n"));
}

/// A web site that serves pictures below `/`, and counts what was asked for.
struct Site {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let shared = asked.clone();
        // Ends with the test program.
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let first = lines.next().unwrap_or_default();
                lines.take_while(|line| !line.is_empty()).for_each(drop);
                let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
                let (status, body) = match path.as_str() {
                    gone if gone.contains("gone") => ("404 Not Found", Vec::new()),
                    page if page.contains("page") => ("200 OK", b"<html>log in</html>".to_vec()),
                    picture => ("200 OK", png(picture.len() as u64)),
                };
                shared.lock().unwrap().push(path);
                let head = format!(
                    "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body)));
            }
        });
        Self { address, asked }
    }
}

#[test]
fn pictures_of_the_web_move_only_when_asked_for() {
    let home = Home::new();
    let site = Site::start();
    let post = format!("![]({0}/a.png) ![]({0}/a.png) <img src=\"{0}/pic?id=3&amp;w=1\">\n", site.address);
    home.file("post.md", &post);
    home.picferry(["migrate", "post.md"]).succeeds();
    assert_eq!(text(&home, "post.md"), post);
    assert!(site.asked.lock().unwrap().is_empty());
    home.picferry(["migrate", "post.md", "--include-remote"]).succeeds();
    assert!(!text(&home, "post.md").contains(&site.address), "{}", text(&home, "post.md"));
    let mut asked = site.asked.lock().unwrap().clone();
    asked.sort();
    assert_eq!(asked, ["/a.png", "/pic?id=3&w=1"], "each picture is fetched once");
}

#[test]
fn pictures_of_the_web_come_back_into_a_folder() {
    let home = Home::new();
    let site = Site::start();
    std::fs::create_dir_all(home.path("notes/2026")).unwrap();
    let post = format!(
        "![a]({0}/x/%E6%88%AA%E5%9B%BE%201.jpg?w=3 \"t\") <img src='{0}/pic?id=3&amp;w=1'> ![g]({0}/gone.png) \
         ![p]({0}/page.png) ![l](local.png)\n",
        site.address
    );
    home.file("notes/2026/n.md", &post).picture("notes/2026/local.png", 99);
    let ended = home.picferry(["migrate", "notes", "--to-local", "notes/pics"]).fails_with(1);
    ended.says("404").says("no picture").says("2 pictures in 1 file moved, 2 failed");
    let expected = post
        .replace(&format!("{}/x/%E6%88%AA%E5%9B%BE%201.jpg?w=3", site.address), "../pics/截图%201.png")
        .replace(&format!("{}/pic?id=3&amp;w=1", site.address), "../pics/pic.png");
    assert_eq!(text(&home, "notes/2026/n.md"), expected);
    let names: BTreeSet<String> = std::fs::read_dir(home.path("notes/pics"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names, ["pic.png", "截图 1.png"].map(str::to_owned).into());
    // And what came back can go out again.
    let report = home.picferry(["migrate", "notes", "--json"]).succeeds().json();
    assert_eq!(states(&report), ["moved", "moved", "left", "left", "moved"]);
}
