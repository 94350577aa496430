//! Which file a name means, what is told of each picture, and what is put back.

use super::journal::{Entry, Journal, Started, WrittenFile, records};
use super::plan::{HostAddresses, Planner, Way};
use super::replace::{Replaced, replace};
use super::undo::undo;
use picferry_core::ErrorCode;
use picferry_core::digest::sha256_hex;
use picferry_core::migrate::{MigrationPictureState as State, MigrationRequest};
use std::path::Path;
use tempfile::TempDir;

/// A folder with files; a name that ends in `/` is a folder.
fn folder(names: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        let path = folder.path().join(name);
        if name.ends_with('/') {
            std::fs::create_dir_all(path).unwrap();
        } else {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, name).unwrap();
        }
    }
    folder
}

fn host() -> Way {
    let profile = serde_json::json!({ "id": "p", "name": "Blog", "host": "s3" });
    Way::ToHost {
        profile: serde_json::from_value(profile).unwrap(),
        addresses: HostAddresses::of(|key| format!("https://img.example.com/b/{key}?v=1")),
    }
}

/// What becomes of each picture in `text` as the file `name`: the state, and the file below the folder.
fn planned(folder: &Path, asked: &str, name: &str, text: &str, allow_outside: bool) -> Vec<(State, String)> {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    let request = MigrationRequest {
        path: folder.join(asked).display().to_string(),
        allow_outside,
        ..MigrationRequest::default()
    };
    let planner = Planner::new(&request, host()).unwrap();
    let path = std::fs::canonicalize(path).unwrap();
    let real = std::fs::canonicalize(folder).unwrap();
    let below = |source: String| {
        let relative = Path::new(&source).strip_prefix(&real).map(|path| path.display().to_string());
        relative.unwrap_or(source)
    };
    planner
        .plan(path, text)
        .file
        .pictures
        .into_iter()
        .map(|picture| (picture.state, picture.source.map(below).unwrap_or_default()))
        .collect()
}

fn found(file: &str) -> (State, String) {
    (State::Found, file.to_owned())
}

#[test]
fn a_picture_is_looked_for_where_editors_and_generators_keep_it() {
    let folder = folder(&["posts/one/a.png", "posts/b c.png", "static/img/d.png", "e.png", "posts/100%.png"]);
    let text = "![](a.png) ![](b%20c.png) ![](/img/d.png) ![](e.png?raw=true) ![](../e.png) ![](100%.png) \
                ![](.\\b%20c.png)";
    let expected = ["posts/one/a.png", "posts/b c.png", "static/img/d.png", "e.png", "e.png"];
    let expected = expected.into_iter().chain(["posts/100%.png", "posts/b c.png"]).map(found);
    assert_eq!(planned(folder.path(), "", "posts/one.md", text, false), expected.collect::<Vec<_>>());
}

#[test]
fn a_vault_finds_pictures_by_name_and_in_its_folder_of_attachments() {
    let names =
        [".obsidian/", "notes/a.png", "deep/er/a.png", "files/b.png", "deep/er/C.PNG", "node_modules/d.png"];
    let folder = folder(&names);
    let settings = r#"{ "attachmentFolderPath": "files" }"#;
    std::fs::write(folder.path().join(".obsidian/app.json"), settings).unwrap();
    let text = "![[a.png]] ![[er/a.png]] ![](b.png) ![[c.png|300]] ![[d.png]]";
    let states = planned(folder.path(), "", "deep/note.md", text, false);
    assert_eq!(states[..4], ["notes/a.png", "deep/er/a.png", "files/b.png", "deep/er/C.PNG"].map(found));
    assert_eq!(states[4].0, State::Missing);
}

#[test]
fn attachments_beside_the_note_are_found_too() {
    let folder = folder(&[".obsidian/", "notes/files/a.png"]);
    let settings = r#"{ "attachmentFolderPath": "./files" }"#;
    std::fs::write(folder.path().join(".obsidian/app.json"), settings).unwrap();
    assert_eq!(planned(folder.path(), "", "notes/n.md", "![](a.png)", false), [found("notes/files/a.png")]);
}

#[test]
fn nothing_outside_of_the_folder_is_taken_unless_that_is_allowed() {
    let folder = folder(&["secret.png", "notes/", "notes/in.png"]);
    let text = "![](../secret.png) ![](in.png)";
    let states = planned(folder.path(), "notes", "notes/n.md", text, false);
    assert_eq!(states, [(State::Outside, "secret.png".to_owned()), found("notes/in.png")]);
    assert_eq!(planned(folder.path(), "notes", "notes/n.md", text, true)[0], found("secret.png"));
    let absolute = format!("![](<{}>)", folder.path().join("secret.png").display());
    assert_eq!(planned(folder.path(), "notes", "notes/n.md", &absolute, false)[0].0, State::Outside);
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_the_folder() {
    let folder = folder(&["secret.png", "other.md", "notes/"]);
    std::os::unix::fs::symlink(folder.path().join("secret.png"), folder.path().join("notes/a.png")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("other.md"), folder.path().join("notes/o.md")).unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("notes/loop")).unwrap();
    let states = planned(folder.path(), "notes", "notes/n.md", "![](a.png) ![[secret.png]]", false);
    assert_eq!(states[0].0, State::Outside);
    assert_eq!(states[1].0, State::Missing);
    let request = MigrationRequest {
        path: folder.path().join("notes").display().to_string(),
        ..MigrationRequest::default()
    };
    let documents = Planner::new(&request, host()).unwrap().documents(&|| false).unwrap();
    let shown: Vec<_> = documents.iter().map(|document| document.file.path.as_str()).collect();
    assert_eq!(shown, ["n.md"]);
}

#[test]
fn a_single_file_may_use_what_its_repository_has() {
    let folder = folder(&[".git/", "assets/a.png", "docs/"]);
    let states = planned(folder.path(), "docs/n.md", "docs/n.md", "![](../assets/a.png)", false);
    assert_eq!(states, [found("assets/a.png")]);
}

#[test]
fn what_is_on_the_web_is_told_apart() {
    let folder = folder(&[]);
    let text = "![](https://img.example.com/b/2026/a.png?v=1) ![](https://elsewhere.example/a.png) \
                ![](data:image/png;base64,AA==) ![](app://x/a.png) ![](https://img.example.com/b/?v=1)";
    let states: Vec<State> =
        planned(folder.path(), "", "n.md", text, false).into_iter().map(|(state, _)| state).collect();
    assert_eq!(states, [State::InPlace, State::Left, State::Embedded, State::Foreign, State::Left]);
}

#[test]
fn only_what_was_read_is_replaced_and_the_permissions_stay() {
    let folder = folder(&["a.md"]);
    let path = folder.path().join("a.md");
    assert_eq!(replace(&path, b"something else", b"new").unwrap(), Replaced::ChangedMeanwhile);
    assert_eq!(std::fs::read(&path).unwrap(), b"a.md");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o664)).unwrap();
        assert_eq!(replace(&path, b"a.md", b"new").unwrap(), Replaced::Yes);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o664);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o444)).unwrap();
        assert_eq!(replace(&path, b"new", b"newer").unwrap_err().code, ErrorCode::FileUnreadable);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

/// Notes that a file goes from one text to another, as a run does before it writes.
fn announce(journal: &mut Journal, path: &Path, before: &str, after: &str) {
    let backup = journal.back_up(path, before.as_bytes()).unwrap();
    let written = WrittenFile {
        path: path.display().to_string(),
        before: sha256_hex(before.as_bytes()),
        after: sha256_hex(after.as_bytes()),
        backup: backup.file_name().unwrap().to_str().unwrap().to_owned(),
    };
    journal.add(&Entry::Writing(written)).unwrap();
}

#[test]
fn a_file_goes_back_through_all_that_a_run_wrote_to_it() {
    let folder = folder(&["runs/", "a.md"]);
    let real = std::fs::canonicalize(folder.path()).unwrap();
    let (runs, path) = (real.join("runs"), real.join("a.md"));
    let started = Started::new(real.display().to_string(), "f".into());
    let mut journal = Journal::begin(&runs, "1".into(), started).unwrap();
    announce(&mut journal, &path, "one", "two");
    announce(&mut journal, &path, "two", "three");
    announce(&mut journal, &path, "three", "never written");
    std::fs::write(&path, "three").unwrap();
    assert!(undo(&runs, &real).unwrap().files[0].restored);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
    assert_eq!(undo(&runs, &real).unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn what_a_person_changed_is_never_undone() {
    let folder = folder(&["runs/", "a.md", "b.md"]);
    let real = std::fs::canonicalize(folder.path()).unwrap();
    let (runs, a, b) = (real.join("runs"), real.join("a.md"), real.join("b.md"));
    let started = Started::new(real.display().to_string(), "f".into());
    let mut journal = Journal::begin(&runs, "1".into(), started).unwrap();
    announce(&mut journal, &a, "one", "two");
    announce(&mut journal, &b, "one", "two");
    // Between the two a person wrote "mine".
    announce(&mut journal, &b, "mine", "mine, moved");
    std::fs::write(&a, "two, and more").unwrap();
    std::fs::write(&b, "mine, moved").unwrap();
    let files = undo(&runs, &real).unwrap().files;
    assert!(
        !files[0].restored && files[0].error.as_ref().unwrap().hint.as_ref().unwrap().contains("00001-a.md")
    );
    assert!(files[1].restored);
    assert_eq!(std::fs::read_to_string(&a).unwrap(), "two, and more");
    assert_eq!(std::fs::read_to_string(&b).unwrap(), "mine");
}

#[test]
fn a_journal_that_was_cut_off_in_a_line_is_carried_on() {
    let folder = folder(&["runs/"]);
    let runs = folder.path().join("runs");
    let started = Started::new("/notes".into(), "f".into());
    let mut journal = Journal::begin(&runs, "1".into(), started.clone()).unwrap();
    journal
        .add(&Entry::Moved { source: "https://x/a.png".into(), address: "https://y/a.png".into() })
        .unwrap();
    let file = runs.join("1/journal.jsonl");
    let whole = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{whole}{{\"what\":\"mov")).unwrap();
    let record = records(&runs).remove(0);
    assert!(!record.ended && record.moved.len() == 1 && record.started == started);
    Journal::carry_on(&record).unwrap().add(&Entry::Ended).unwrap();
    assert!(records(&runs).remove(0).ended);
}

#[test]
fn what_a_killed_process_left_beside_a_file_goes_with_the_next_try() {
    let folder = folder(&["a.md"]);
    let left_over = format!(".new-{}", &picferry_core::digest::sha256_hex(b"a.md")[..16]);
    std::fs::write(folder.path().join(left_over), "half of i").unwrap();
    assert_eq!(replace(&folder.path().join("a.md"), b"a.md", b"new").unwrap(), Replaced::Yes);
    assert_eq!(std::fs::read(folder.path().join("a.md")).unwrap(), b"new");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
