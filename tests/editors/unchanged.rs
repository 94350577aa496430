//! Programs that were written for PicGo, from their registries and untouched, meet the server and the command line.
#![cfg(unix)]

use crate::desk::{Desk, PATIENCE, fetch};
use picferry_core::job::Source;
use picferry_core::secret::Secret;
use picferry_tests::{binaries, pictures::png};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use tokio::process::Command;

const TOKEN: &str = "correct-horse-battery";

/// Every way in which Markdown shows a picture, one of them twice, and one that only talks of a picture.
const NOTES: &str = "![A](a.png \"Quay\")\n\n![B](<截图 b.png>) ![again](./a.png) ![A](a.png)\n\n\
                     <img src=\"c.png\" width=\"5\">\n\n`![A](a.png)`\n";

/// A folder of `tests/editors/unchanged/install.sh`.
fn installed(name: &str) -> PathBuf {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let cache = std::env::var_os("XDG_CACHE_HOME").map_or_else(|| home.join(".cache"), PathBuf::from);
    let tools = std::env::var_os("PICFERRY_TEST_TOOLS")
        .map_or_else(|| cache.join("picferry/test-tools"), PathBuf::from);
    let found = tools.with_file_name("unchanged").join(name);
    assert!(found.exists(), "{} is not there: run make test, which installs it", found.display());
    found
}

/// Runs a client to its end, in a home of its own: they keep settings there.
async fn run(desk: &Desk, command: &mut Command) -> Output {
    let running = command
        .env("HOME", desk.home.path())
        // Nothing between them and this computer, and words that do not depend on who runs the test.
        .env("NO_PROXY", "*")
        .env("NO_COLOR", "1")
        .env("PYTHONUTF8", "1")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    tokio::time::timeout(PATIENCE, running).await.expect("it ends in time").unwrap()
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What SiYuan's plugin makes of the answer to these pictures.
async fn siyuan(desk: &Desk, pictures: &[PathBuf]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/unchanged/siyuan.mjs");
    let mut command = Command::new("node");
    command.arg(script).arg(installed("node_modules")).arg(format!("http://{}", desk.address)).args(pictures);
    let output = run(desk, &mut command).await;
    let answer = words(&output.stdout);
    serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error} in {output:?}"))
}

fn links(answer: &Value) -> Vec<String> {
    let uploaded = answer["uploaded"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
    uploaded.iter().map(|picture| picture["imgUrl"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn siyuan_uploads_pictures_in_order_and_gets_links_that_open() {
    let desk = Desk::new().await;
    let names = ["c.png", "截图 b.png", "a.png"];
    let pictures: Vec<PathBuf> = (1..).zip(names).map(|(seed, name)| desk.picture(name, seed)).collect();
    let first = links(&siyuan(&desk, &pictures).await);
    assert_eq!(first.len(), 3);
    for (seed, link) in (1..).zip(&first) {
        assert_eq!(fetch(link).await, png(seed), "{link}");
    }
    assert_eq!(links(&siyuan(&desk, &pictures[1..]).await), first[1..], "the same pictures, the same links");
}

#[tokio::test]
async fn siyuan_pastes_what_is_on_the_clipboard() {
    let desk = Desk::new().await;
    desk.hold(vec![Source::Bytes { name: "clip.png".into(), bytes: png(7).into() }]);
    let links = links(&siyuan(&desk, &[]).await);
    assert_eq!((links.len(), fetch(&links[0]).await), (1, png(7)));
    let answer = siyuan(&desk, &[]).await;
    assert!(answer["error"].as_str().unwrap().contains("The clipboard is empty."), "{answer:#}");
}

#[tokio::test]
async fn siyuan_shows_our_words_when_something_failed() {
    let desk = Desk::new().await;
    let pictures =
        [desk.picture("a.png", 1), desk.file("notes.png", "words"), desk.folder().join("gone.png")];
    let answer = siyuan(&desk, &pictures).await;
    let shown = answer["error"].as_str().unwrap_or_else(|| panic!("{answer:#}"));
    for part in ["2 of 3", "notes.png is not a picture", "gone.png cannot be read"] {
        assert!(shown.contains(part), "“{part}” is not in: {shown}");
    }
    assert_eq!(desk.stored().await, 1, "the picture among them went");
    // The plugin has no field for a token; whoever set one learns there what is missing.
    desk.engine().set_server_token(Some(Secret::new(TOKEN))).await.unwrap();
    let answer = siyuan(&desk, &pictures[..1]).await;
    assert!(answer["error"].as_str().unwrap().contains("the token is missing or wrong"), "{answer:#}");
}

/// The command of image-migrate-picgo.
fn imp(desk: &Desk, arguments: &[&str]) -> Command {
    let mut command = Command::new(installed("python/bin/imp"));
    command.args(arguments).current_dir(desk.folder());
    command
}

fn upload_address(desk: &Desk) -> String {
    format!("http://{}/upload", desk.address)
}

/// Notes with their pictures, in the folder of the desk.
fn notes(desk: &Desk) -> PathBuf {
    for (seed, name) in (1..).zip(["a.png", "截图 b.png", "c.png"]) {
        desk.picture(name, seed);
    }
    desk.file("notes.md", NOTES)
}

/// The notes show the same pictures as before, from their links.
async fn are_migrated(notes: &Path) {
    let text = std::fs::read_to_string(notes).unwrap();
    let links: Vec<&str> =
        text.split(['<', '>', '"']).filter(|part| part.starts_with("http://127.0.0.1:")).collect();
    let [a, b, again, same, c] = links[..] else { panic!("{text}") };
    assert_eq!([fetch(a).await, fetch(b).await, fetch(c).await], [png(1), png(2), png(3)]);
    let expected = format!(
        "![A](<{a}> \"Quay\")\n\n![B](<{b}>) ![again](<{again}>) ![A](<{same}>)\n\n\
         <img src=\"{c}\" width=\"5\">\n\n`![A](a.png)`\n"
    );
    assert_eq!((again, same, text.as_str()), (a, a, expected.as_str()));
}

#[tokio::test]
async fn image_migrate_picgo_puts_our_links_into_notes() {
    let desk = Desk::new().await;
    let address = upload_address(&desk);
    desk.engine().set_server_token(Some(Secret::new(TOKEN))).await.unwrap();
    // By itself it sends copies under names of its own; told otherwise, the files where they are.
    for rename in ["--rename", "--no-rename"] {
        let notes = notes(&desk);
        let arguments = ["notes.md", rename, "--server-url", &address, "--server-secret", TOKEN];
        let output = run(&desk, &mut imp(&desk, &arguments)).await;
        assert!(output.status.success(), "{output:?}");
        are_migrated(&notes).await;
    }
    assert_eq!(desk.stored().await, 3, "no picture went twice");
}

#[tokio::test]
async fn image_migrate_picgo_shows_our_words_and_leaves_the_notes_alone() {
    let desk = Desk::new().await;
    let address = upload_address(&desk);
    let good = notes(&desk);
    desk.file("words.png", "words");
    let bad = desk.file("bad.md", "![A](a.png) ![W](words.png)\n");
    let output = run(&desk, &mut imp(&desk, &[".", "--no-rename", "--server-url", &address])).await;
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let told = words(&output.stderr);
    assert!(told.contains("1 of 2") && told.contains("words.png is not a picture"), "{told}");
    assert_eq!(std::fs::read_to_string(bad).unwrap(), "![A](a.png) ![W](words.png)\n");
    are_migrated(&good).await;
}

/// Its other way is to run `picgo`.
#[tokio::test]
async fn image_migrate_picgo_runs_us_by_the_name_of_picgo() {
    let desk = Desk::new().await;
    // The links of a program that has ended are opened at the store of this one.
    desk.engine().start_local_store().await.unwrap();
    // It follows links to their end before it runs them, so the name is lost on the way.
    let picgo = desk.folder().join("picgo");
    std::os::unix::fs::symlink(binaries::picferry(), &picgo).unwrap();
    let config = desk.file("config.json", "{}").display().to_string();
    let picgo = picgo.display().to_string();
    let method = ["--method", "cli", "--picgo-command", &picgo, "--picgo-config", &config];
    let by_hand = |file: &'static str| {
        let mut command = imp(&desk, &[&[file, "--no-rename"], &method[..]].concat());
        command.env("PICFERRY_HOME", desk.home.path()).env("PICFERRY_SECRETS", "file");
        command
    };

    let notes = notes(&desk);
    let output = run(&desk, &mut by_hand("notes.md")).await;
    assert!(output.status.success(), "{output:?}");
    are_migrated(&notes).await;

    desk.file("words.png", "words");
    let bad = desk.file("bad.md", "![A](a.png) ![W](words.png)\n");
    let output = run(&desk, &mut by_hand("bad.md")).await;
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(std::fs::read_to_string(bad).unwrap(), "![A](a.png) ![W](words.png)\n");
}
