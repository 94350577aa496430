//! A desktop without a screen: X server, session bus, window manager, keychain and tray.

use super::eventually;
use serde_json::Value;
use std::collections::HashMap;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};

/// One desktop at a time: a loaded machine makes people and tests impatient.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// A desktop that ends with the test.
pub struct Desktop {
    environment: HashMap<String, std::ffi::OsString>,
    holder: Child,
    /// Programs that held the clipboard.
    owners: std::sync::Mutex<Vec<Child>>,
    /// A folder for files of the test.
    pub folder: TempDir,
    _turn: MutexGuard<'static, ()>,
}

/// The scripts beside the tests.
fn kit(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("desktop/kit").join(name)
}

impl Desktop {
    /// A desktop with a tray.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// A desktop without a tray, as GNOME is.
    pub async fn without_tray() -> Self {
        Self::start_with(&[("WITHOUT_TRAY", "1")]).await
    }

    async fn start_with(variables: &[(&str, &str)]) -> Self {
        Self::start_by(&kit("headless.sh"), variables).await
    }

    /// The desktop that this script makes for a command.
    pub async fn start_by(script: &Path, variables: &[(&str, &str)]) -> Self {
        picferry_providers::http::install_tls();
        let turn = ONE_AT_A_TIME.lock().await;
        let folder = tempfile::tempdir().unwrap();
        let report = folder.path().join("environment");
        // The desktop stands as long as its standard input is open: it ends with this process,
        // however that ends.
        let command = r#"env -0 >"$1.part" && mv "$1.part" "$1" && exec cat >/dev/null"#;
        let holder = Command::new(script)
            .args(["bash", "-c", command, "holder"])
            .arg(&report)
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("the desktop's packages are installed (make test installs them)");
        let environment = eventually("the desktop comes up", async || read_environment(&report)).await;
        Self { environment, holder, owners: std::sync::Mutex::default(), folder, _turn: turn }
    }

    /// A script of the kit.
    pub fn kit(&self, name: &str) -> PathBuf {
        kit(name)
    }

    /// A program on this desktop.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(&self.environment);
        command
    }

    /// Runs a program on this desktop and gives what it printed.
    ///
    /// # Panics
    /// When it fails.
    pub fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.try_run(program, arguments);
        assert!(
            output.status.success(),
            "{program} {arguments:?} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    fn try_run(&self, program: &str, arguments: &[&str]) -> Output {
        self.command(program)
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap_or_else(|error| panic!("{program} is not installed: {error} (make test installs it)"))
    }

    /// Presses keys, as a person does; the window with the focus hears them.
    pub fn press(&self, keys: &str) {
        self.run("xdotool", &["key", "--clearmodifiers", keys]);
    }

    /// The visible windows with that title.
    pub fn visible_windows(&self, title: &str) -> Vec<String> {
        let pattern = format!("^{title}$");
        let output = self.try_run("xdotool", &["search", "--onlyvisible", "--name", &pattern]);
        String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
    }

    /// Drags files from another program onto a place of the app's window, and drops them.
    pub fn drop_files(&self, place: (u32, u32), files: &[&Path]) {
        self.drop_files_on("Picferry", place, files);
    }

    /// Drags files from another program onto a place of the window with that title, and drops them.
    pub fn drop_files_on(&self, title: &str, place: (u32, u32), files: &[&Path]) {
        let files: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
        self.drop_on(title, place, &files);
    }

    /// Drags what the arguments of `xdrag.sh` say onto a place of the window with that title.
    pub fn drop_on(&self, title: &str, (x, y): (u32, u32), what: &[&str]) {
        let (title, x, y) = (format!("^{title}$"), x.to_string(), y.to_string());
        let mut arguments = vec![title.as_str(), &x, &y];
        arguments.extend(what);
        self.run(kit("xdrag.sh").to_str().unwrap(), &arguments);
    }

    /// Drags files over a place of the window with that title and drops them there after a while; meanwhile
    /// the window can be looked at.
    pub fn drag_files_over(&self, title: &str, (x, y): (u32, u32), seconds: &str, file: &Path) -> Child {
        let (title, x, y) = (format!("^{title}$"), x.to_string(), y.to_string());
        let mut drag = self.command(kit("xdrag.sh"));
        drag.args([title.as_str(), &x, &y, "hold", seconds]).arg(file).spawn().unwrap()
    }

    /// Puts content on the clipboard, in one form, and gives the process that holds it from now on.
    pub async fn copy(&self, form: &str, content: &[u8]) -> u32 {
        let report = self.folder.path().join("clipboard-owner");
        let mut owner = self
            .command("xclip")
            .args(["-quiet", "-selection", "clipboard", "-t", form, "-i"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(File::create(&report).unwrap())
            .spawn()
            .unwrap();
        owner.stdin.take().unwrap().write_all(content).unwrap();
        let process = owner.id();
        self.owners.lock().unwrap().push(owner);
        eventually("the clipboard is taken", async || {
            std::fs::read_to_string(&report).ok().filter(|said| said.contains("Waiting")).map(drop)
        })
        .await;
        process
    }

    /// The text on the clipboard; nothing where there is none.
    pub fn clipboard_text(&self) -> Option<String> {
        let output =
            self.try_run("timeout", &["2", "xclip", "-selection", "clipboard", "-o", "-t", "UTF8_STRING"]);
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The text on the clipboard, once it passes.
    pub async fn clipboard_text_that(&self, what: &str, passes: impl Fn(&str) -> bool) -> String {
        eventually(what, async || self.clipboard_text().filter(|text| passes(text))).await
    }

    /// What the tray shows, as `sni_host.py` describes it.
    pub fn tray(&self) -> Option<Value> {
        let output = self.try_run("/usr/bin/python3", &[kit("sni_host.py").to_str().unwrap(), "dump"]);
        serde_json::from_slice(&output.stdout).ok()
    }

    /// What the tray shows, once it passes.
    pub async fn tray_that(&self, what: &str, passes: impl Fn(&Value) -> bool) -> Value {
        eventually(what, async || self.tray().filter(|tray| passes(tray))).await
    }

    /// Chooses an entry of the tray's menu.
    pub fn choose_in_tray(&self, path: &str) {
        self.run("/usr/bin/python3", &[kit("sni_host.py").to_str().unwrap(), "click", path]);
    }

    /// Where the window with that title is, and how large: left, top, width and height.
    pub fn geometry(&self, title: &str) -> Option<[i32; 4]> {
        let window = self.visible_windows(title).pop()?;
        let output = self.try_run("xdotool", &["getwindowgeometry", "--shell", &window]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.parse().ok());
        Some([value("X=")?, value("Y=")?, value("WIDTH=")?, value("HEIGHT=")?])
    }

    /// Moves the pointer to a place of the window with that title.
    pub fn point_at(&self, title: &str, (x, y): (i32, i32)) {
        let [left, top, ..] = self.geometry(title).expect("the window is there");
        self.run("xdotool", &["mousemove", &(left + x).to_string(), &(top + y).to_string()]);
    }

    /// Clicks on a place of the window with that title.
    pub fn click_at(&self, title: &str, place: (i32, i32)) {
        self.point_at(title, place);
        self.run("xdotool", &["click", "1"]);
    }

    /// Takes a picture of the window with that title, as the X server has it: the driver's own pictures
    /// wait for a frame that a page at rest never draws.
    pub fn photograph_window(&self, title: &str, file: &Path) {
        let windows = self.visible_windows(title);
        let window = windows.first().expect("the window is there");
        self.run("import", &["-window", window, file.to_str().unwrap()]);
    }

    /// Takes a picture of the whole screen and says where it is: for failures that need explaining.
    pub fn photograph(&self) -> PathBuf {
        let name = std::thread::current().name().unwrap_or("test").replace("::", "-");
        let file = std::env::temp_dir().join(format!("picferry-{name}.png"));
        let path = file.to_str().unwrap();
        drop(match self.environment.contains_key("WAYLAND_DISPLAY") {
            true => self.try_run("grim", &[path]),
            false => self.try_run("import", &["-window", "root", path]),
        });
        file
    }

    /// A file for the test with that content.
    pub fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        for owner in self.owners.get_mut().unwrap() {
            drop(owner.kill());
            drop(owner.wait());
        }
        drop(self.holder.stdin.take());
        for _ in 0..100 {
            if matches!(self.holder.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        end_group(&mut self.holder);
    }
}

/// Ends a process and everything it started.
pub fn end_group(leader: &mut Child) {
    let group = format!("-{}", leader.id());
    drop(Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status());
    drop(leader.wait());
}

fn read_environment(report: &Path) -> Option<HashMap<String, std::ffi::OsString>> {
    let bytes = std::fs::read(report).ok()?;
    let entries = bytes.split(|byte| *byte == 0).filter(|entry| !entry.is_empty());
    Some(
        entries
            .filter_map(|entry| {
                let middle = entry.iter().position(|byte| *byte == b'=')?;
                let name = String::from_utf8_lossy(&entry[..middle]).into_owned();
                Some((name, std::ffi::OsString::from_vec(entry[middle + 1..].to_vec())))
            })
            .collect(),
    )
}
