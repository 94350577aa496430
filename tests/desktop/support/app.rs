//! The app under test, with a home of its own.

use super::desktop::end_group;
use super::{Desktop, Page, SmallDisk, eventually};
use picferry_tests::binaries::picferry_app;
use serde_json::{Value, json};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;
use thirtyfour::{Capabilities, WebDriver};

/// How the app is set before it starts: past the welcome, in English, in the light.
pub struct Settings {
    /// `en` or `zh-CN`.
    pub language: &'static str,
    /// `light` or `dark`.
    pub appearance: &'static str,
    /// Whether the welcome was seen.
    pub onboarded: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { language: "en", appearance: "light", onboarded: true }
    }
}

/// The app: its home stays when it ends, so that it can be started again.
pub struct App<'a> {
    desktop: &'a Desktop,
    home: TempDir,
    disk: Option<SmallDisk>,
    running: Option<Child>,
    variables: Vec<(&'static str, &'static str)>,
    /// The port of the built-in store.
    pub store_port: u16,
}

impl<'a> App<'a> {
    /// A fresh home on that desktop; nothing runs yet.
    pub fn new(desktop: &'a Desktop, settings: &Settings) -> Self {
        let home = tempfile::tempdir().unwrap();
        let store_port = free_port();
        let file = json!({
            "language": settings.language,
            "appearance": settings.appearance,
            "onboarded": settings.onboarded,
            "desktop": { "local_store_port": store_port },
            "server": { "port": free_port() },
        });
        std::fs::write(home.path().join("settings.json"), file.to_string()).unwrap();
        Self { desktop, home, disk: None, running: None, variables: Vec::new(), store_port }
    }

    /// The same app with its home on a disk of its own of so many megabytes; nothing where the system
    /// lets this user mount no disk.
    pub fn on_small_disk(mut self, megabytes: u32) -> Option<Self> {
        // They are on the disk below from then on.
        let settings = self.settings();
        self.disk = Some(SmallDisk::mount(self.home(), megabytes)?);
        std::fs::write(self.home().join("settings.json"), settings.to_string()).unwrap();
        Some(self)
    }

    /// The disk of the home.
    pub fn disk(&self) -> &SmallDisk {
        self.disk.as_ref().expect("the home has a disk of its own")
    }

    /// The same app with one more variable in its environment.
    pub fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    /// The same app with one more part of its settings.
    pub fn set(self, section: &str, value: &Value) -> Self {
        let mut settings = self.settings();
        match (&mut settings[section], value) {
            (Value::Object(old), Value::Object(new)) => old.extend(new.clone()),
            (old, _) => *old = value.clone(),
        }
        std::fs::write(self.home().join("settings.json"), settings.to_string()).unwrap();
        self
    }

    /// The folder of everything the app keeps.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The settings as they are on the disk.
    pub fn settings(&self) -> Value {
        let text = std::fs::read_to_string(self.home().join("settings.json")).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Starts the app by itself.
    pub fn start(&mut self, arguments: &[&str]) {
        let mut command = self.command(&picferry_app());
        command.args(arguments).process_group(0);
        self.running = Some(command.spawn().expect("the app starts"));
    }

    /// Starts the app a second time and waits for that start to end, as it should at once.
    pub async fn start_again(&self, arguments: &[&str]) {
        let mut second = self.command(&picferry_app()).args(arguments).spawn().expect("the app starts");
        let status = eventually("the second start ends", async || second.try_wait().unwrap()).await;
        assert!(status.success(), "the second start ended with {status}");
    }

    /// Starts the app with eyes and hands in its window.
    pub async fn open(&mut self) -> Page {
        let page = self.open_with(&[]).await;
        page.is_drawn().await;
        page
    }

    /// Starts the app with these arguments, and with eyes and hands in the first window that it makes.
    pub async fn open_with(&mut self, arguments: &[&str]) -> Page {
        let port = free_port();
        let mut command = self.command(Path::new("WebKitWebDriver"));
        command.arg(format!("--port={port}")).env("TAURI_WEBVIEW_AUTOMATION", "true").process_group(0);
        self.running = Some(command.spawn().expect("WebKitWebDriver is installed (make test installs it)"));
        let mut capabilities = Capabilities::new();
        capabilities
            .set("webkitgtk:browserOptions", json!({ "binary": picferry_app(), "args": arguments }))
            .unwrap();
        let address = format!("http://127.0.0.1:{port}");
        eventually("the driver listens", async || TcpStream::connect(("127.0.0.1", port)).ok()).await;
        let driver = WebDriver::new(&address, capabilities).await.expect("the window opens");
        Page::new(driver)
    }

    /// Ends the app as a session's end does, and waits for it.
    pub async fn stop(&mut self, page: Page) {
        page.leave().await;
        self.kill();
    }

    /// Whether the app that was started by itself still runs.
    pub fn is_running(&mut self) -> bool {
        self.running.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    /// The process of the app that was started by itself.
    pub fn process(&self) -> u32 {
        self.running.as_ref().expect("the app was started").id()
    }

    /// Everything that the built-in store holds.
    pub fn stored_files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.home().join("store")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
                match path.is_dir() {
                    true => folders.push(path),
                    false if !is_hidden => files.push(path),
                    false => {}
                }
            }
        }
        files.sort();
        files
    }

    /// The log of the app, for failures that need explaining.
    pub fn log(&self) -> String {
        let files = std::fs::read_dir(self.home().join("logs")).into_iter().flatten().flatten();
        files.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect()
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = self.desktop.command(program);
        command
            .env("PICFERRY_HOME", self.home())
            .envs(self.variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Ends the app as a crash would.
    pub fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            end_group(&mut running);
        }
    }
}

impl Drop for App<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("the log of the app:\n{}", self.log());
            println!("the screen: {}", self.desktop.photograph().display());
        }
        self.kill();
        // Before the folder that it is mounted on.
        self.disk = None;
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap().port()
}

/// How many pages that process shows.
pub fn web_processes(process: u32) -> usize {
    let children = format!("/proc/{process}/task");
    let tasks = std::fs::read_dir(children).into_iter().flatten().flatten();
    tasks
        .filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok())
        .flat_map(|children| children.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .filter_map(|child| std::fs::read_to_string(format!("/proc/{child}/comm")).ok())
        .filter(|name| name.starts_with("WebKitWebProces"))
        .count()
}
