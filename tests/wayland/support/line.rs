//! The command line on a Wayland desktop, with a home and a store of its own.

use super::{Desktop, eventually, free_port};
use picferry_tests::binaries::picferry;
use serde_json::json;
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// The command line; links lead somewhere as long as this stands.
pub struct CommandLine<'a> {
    desktop: &'a Desktop,
    home: TempDir,
    server: Child,
}

impl<'a> CommandLine<'a> {
    /// A fresh home whose store is up.
    pub async fn new(desktop: &'a Desktop) -> Self {
        let home = tempfile::tempdir().unwrap();
        let port = free_port();
        let settings = json!({
            "language": "en",
            "desktop": { "local_store_port": port },
            "server": { "port": free_port() },
        });
        std::fs::write(home.path().join("settings.json"), settings.to_string()).unwrap();
        let mut serve = command(desktop, &home);
        serve.arg("serve").stdout(Stdio::null()).stderr(Stdio::null());
        let line = Self { desktop, home, server: serve.spawn().expect("the server starts") };
        eventually("the store is up", async || TcpStream::connect(("127.0.0.1", port)).ok()).await;
        line
    }

    /// Uploads what is on the clipboard, untouched.
    pub fn upload_clipboard(&self) -> Output {
        let mut upload = command(self.desktop, &self.home);
        upload.args(["upload", "--clipboard", "--no-compress", "--quiet"]).output().unwrap()
    }

    /// Uploads what is on the clipboard and gives the links.
    pub fn links(&self) -> Vec<String> {
        let output = self.upload_clipboard();
        assert!(output.status.success(), "it failed: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    /// Fails to upload what is on the clipboard and gives what was said about that.
    pub fn complaint(&self) -> String {
        let output = self.upload_clipboard();
        assert_eq!(output.status.code(), Some(1), "it must fail");
        assert!(output.stdout.is_empty(), "no link is printed");
        String::from_utf8(output.stderr).unwrap()
    }
}

impl Drop for CommandLine<'_> {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

fn command(desktop: &Desktop, home: &TempDir) -> Command {
    let mut command = desktop.command(picferry());
    command.env("PICFERRY_HOME", home.path()).stdin(Stdio::null());
    command
}
