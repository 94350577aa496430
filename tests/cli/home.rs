//! A home of its own for each test, and the program run in it.

use crate::host::PATIENCE;
use picferry_tests::{binaries, pictures};
use serde_json::Value;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use tempfile::TempDir;

/// A folder with Picferry's state, and one with pictures in which the program runs.
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// An empty home whose built-in store has a port of its own.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("state")).unwrap();
        std::fs::create_dir(folder.path().join("work")).unwrap();
        let home = Self { folder };
        home.settings(&serde_json::json!({
            "desktop": { "local_store_port": free_port() },
            "server": { "port": free_port() },
        }));
        home
    }

    /// Writes the settings file.
    pub fn settings(&self, settings: &Value) -> &Self {
        std::fs::write(self.state().join("settings.json"), settings.to_string()).unwrap();
        self
    }

    /// Where Picferry keeps everything.
    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// A path in the folder with the pictures.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("work").join(name)
    }

    /// Writes any file.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.path(name), content).unwrap();
        self
    }

    /// Writes a small PNG; each seed gives another picture.
    pub fn picture(&self, name: &str, seed: u64) -> &Self {
        self.file(name, pictures::png(seed))
    }

    /// The program with these arguments, not started yet.
    pub fn picferry<I: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> Run {
        self.program(&binaries::picferry(), arguments)
    }

    /// The program by the name that editors know from PicGo: a link to it.
    #[cfg(unix)]
    pub fn picgo<I: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> Run {
        let link = self.folder.path().join("picgo");
        if !link.exists() {
            std::os::unix::fs::symlink(binaries::picferry(), &link).unwrap();
        }
        self.program(&link, arguments)
    }

    fn program<I: AsRef<std::ffi::OsStr>>(
        &self,
        program: &Path,
        arguments: impl IntoIterator<Item = I>,
    ) -> Run {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.folder.path().join("work"))
            .env("PICFERRY_HOME", self.state())
            .env("PICFERRY_SECRETS", "file")
            .env("TZ", "UTC")
            .env_remove("PICFERRY_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Run { command, input: None }
    }

    /// The files in the built-in store that people put there, by key.
    pub fn stored(&self) -> Vec<String> {
        let bucket = self.state().join("store");
        let mut found = Vec::new();
        collect(&bucket, &bucket, &mut found);
        found.sort();
        found
    }
}

/// Object files below a folder; the store's own bookkeeping begins with a dot.
fn collect(root: &Path, folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            found.push(path.strip_prefix(root).unwrap().to_string_lossy().into_owned());
        }
    }
}

/// A port that no other test of this run uses, below those the system hands out by itself.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = 21_000 + u16::try_from(std::process::id() % 200).unwrap_or(0) * 50;
    loop {
        let port = start + NEXT.fetch_add(1, Ordering::Relaxed);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// A run of the program, being prepared.
pub struct Run {
    command: Command,
    input: Option<Vec<u8>>,
}

impl Run {
    /// What it reads from standard input.
    pub fn stdin(mut self, input: impl AsRef<[u8]>) -> Self {
        self.input = Some(input.as_ref().to_vec());
        self.command.stdin(Stdio::piped());
        self
    }

    /// An environment variable.
    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// As on a computer without a keychain, where nobody chose a file for secrets.
    pub fn without_keychain(self) -> Self {
        self.env("PICFERRY_SECRETS", "")
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
            .env("XDG_RUNTIME_DIR", "/nowhere")
    }

    /// Starts it and leaves it running.
    pub fn start(mut self) -> Child {
        self.command.spawn().unwrap()
    }

    /// Runs it to its end.
    pub fn run(mut self) -> Ended {
        let mut child = self.command.spawn().unwrap();
        if let Some(input) = self.input {
            // A program that ends without reading all of it is fine.
            drop(child.stdin.take().unwrap().write_all(&input));
        }
        Ended::of(child)
    }

    /// Runs it and expects success.
    pub fn succeeds(self) -> Ended {
        self.run().exits_with(0)
    }

    /// Runs it and expects this exit code.
    pub fn fails_with(self, code: i32) -> Ended {
        self.run().exits_with(code)
    }
}

/// A run that ended.
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// Waits for a started program; one that does not end is ended, and has no exit code.
    pub fn of(child: Child) -> Self {
        let id = child.id();
        let (done, is_done) = std::sync::mpsc::channel::<()>();
        std::thread::spawn(move || {
            if is_done.recv_timeout(PATIENCE) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                drop(Command::new("kill").args(["-s", "KILL", &id.to_string()]).status());
            }
        });
        let output = child.wait_with_output().unwrap();
        drop(done);
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Expects this exit code.
    pub fn exits_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Expects nothing on standard error.
    pub fn quietly(self) -> Self {
        assert_eq!(self.stderr, "");
        self
    }

    /// Expects a text on standard error.
    pub fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "“{text}” is not in:\n{}", self.stderr);
        self
    }

    /// The lines of standard output.
    pub fn lines(&self) -> Vec<&str> {
        self.stdout.lines().collect()
    }

    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        match serde_json::from_str(&self.stdout) {
            Ok(value) => value,
            Err(error) => panic!("{error} in:\n{}", self.stdout),
        }
    }
}

impl Home {
    /// Adds a profile that sends to an S3 host of this computer, one picture at a time.
    pub fn profile(&self, name: &str, endpoint: &str, extra: &[&str]) {
        let mut arguments: Vec<String> = ["profile", "add", name, "--host", "s3"].map(str::to_owned).into();
        let endpoint = format!("endpoint={endpoint}");
        let fields = [endpoint.as_str(), "region=us-east-1", "bucket=pictures", "access_key_id=key"];
        let rest = ["path_style=path", "concurrency=1", "secret_access_key=@-"];
        for field in fields.iter().chain(&rest).chain(extra) {
            arguments.extend(["--set".to_owned(), (*field).to_owned()]);
        }
        self.picferry(arguments).stdin("a secret nobody sees\n").succeeds();
    }
}

/// Sends a signal to a program that runs.
#[cfg(unix)]
pub fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}
