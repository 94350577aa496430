//! `kill -9` at random moments: every picture ends exactly once in the store and in the history.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

use picferry_tests::binaries::picferry;
use picferry_tests::fake_s3::FakeS3;
use picferry_tests::pictures;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Pictures in each batch.
const FILES: u64 = 50;

/// Batches that are killed.
const ROUNDS: u32 = 30;

struct Round<'a> {
    home: &'a Path,
    files: &'a [PathBuf],
}

impl Round<'_> {
    fn command(&self) -> Command {
        let mut command = Command::new(picferry());
        command
            .env("PICFERRY_HOME", self.home)
            .env("PICFERRY_SECRETS", "file")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    fn add_profile(&self, store: &FakeS3) {
        let secret = self.home.join("key.txt");
        std::fs::write(&secret, store.secret_key()).unwrap();
        let status = self
            .command()
            .args(["profile", "add", "box", "--host", "s3"])
            .args(["--set", &format!("endpoint={}", store.endpoint())])
            .args(["--set", &format!("bucket={}", store.bucket())])
            .args(["--set", "region=us-east-1", "--set", "path_style=path"])
            // A random name: a picture that is sent twice would be there twice.
            .args(["--set", "key_template={name}-{random:8}.{ext}"])
            .args(["--set", &format!("access_key_id={}", store.access_key())])
            .args(["--set", &format!("secret_access_key=@{}", secret.display())])
            .output()
            .unwrap();
        assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    }

    fn start_upload(&self) -> Child {
        self.command().args(["upload", "--profile", "box"]).args(self.files).spawn().unwrap()
    }

    fn upload_to_the_end(&self) {
        let output = self.start_upload().wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn names_in_history(&self) -> Vec<String> {
        let output = self
            .command()
            .args(["history", "list", "--json", "--limit", "1000"])
            .stdout(Stdio::piped())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let rows: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let mut names: Vec<String> =
            rows.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    }
}

/// How long a batch takes that nobody kills: kills are spread over that time.
fn undisturbed(store: &FakeS3, files: &[PathBuf]) -> Duration {
    let home = tempfile::tempdir().unwrap();
    let round = Round { home: home.path(), files };
    round.add_profile(store);
    let start = Instant::now();
    round.upload_to_the_end();
    start.elapsed()
}

#[test]
fn a_batch_that_is_killed_at_any_moment_ends_exactly_once() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let pictures_folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let files = pictures::write_many(pictures_folder.path(), FILES);
    let expected: Vec<String> = (0..FILES).map(|number| format!("picture-{number:03}.png")).collect();
    let measuring = runtime.block_on(FakeS3::start());
    let whole = undisturbed(&measuring, &files);
    let mut interrupted = 0;
    for round_number in 0..ROUNDS {
        let store = runtime.block_on(FakeS3::start());
        let home = tempfile::tempdir().unwrap();
        let round = Round { home: home.path(), files: &files };
        round.add_profile(&store);
        let settings = std::fs::read(home.path().join("settings.json")).unwrap();

        let mut child = round.start_upload();
        std::thread::sleep(whole.mul_f64(f64::from(round_number) / f64::from(ROUNDS)));
        child.kill().unwrap();
        interrupted += u32::from(!child.wait().unwrap().success());

        // The same command again: what was under way goes on, what was sent is found.
        round.upload_to_the_end();

        let objects = store.objects();
        let contents: BTreeSet<_> = objects.values().map(|object| object.body.clone()).collect();
        assert_eq!(objects.len(), expected.len(), "round {round_number}: objects {:?}", objects.keys());
        assert_eq!(contents.len(), expected.len(), "round {round_number}: a picture is there twice");
        assert_eq!(round.names_in_history(), expected, "round {round_number}");
        for (key, count) in store.accepted_puts() {
            assert_eq!(count, 1, "round {round_number}: {key} was sent {count} times");
        }
        let after = std::fs::read(home.path().join("settings.json")).unwrap();
        assert!(same_but_for_what_was_learned(&settings, &after), "round {round_number}: settings changed");
        assert_eq!(spooled(home.path()), 0, "round {round_number}: copies were left behind");
    }
    assert!(interrupted >= ROUNDS / 2, "only {interrupted} of {ROUNDS} batches were really interrupted");
}

fn same_but_for_what_was_learned(before: &[u8], after: &[u8]) -> bool {
    let read = |bytes| {
        let mut value: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        for profile in value["profiles"].as_array_mut().unwrap() {
            profile.as_object_mut().unwrap().remove("learned");
        }
        value
    };
    read(before) == read(after)
}

fn spooled(home: &Path) -> usize {
    std::fs::read_dir(home.join("spool")).unwrap().count()
}
