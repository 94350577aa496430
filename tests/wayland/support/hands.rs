//! Hands and eyes that Wayland allows: through the compositor, never from window to window.

use super::{Desktop, eventually};
use picferry_tests::pictures;
use serde_json::Value;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Stdio};

/// A program that holds the clipboard until it is dropped.
pub struct Owner(Child);

impl Owner {
    /// Goes on holding the clipboard, and answers nobody any more.
    pub fn hangs(&self, desktop: &Desktop) {
        desktop.run("kill", &["-STOP", &self.0.id().to_string()]);
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A window as the compositor knows it.
pub struct Tile {
    /// Width and height.
    pub size: (u64, u64),
    /// Left and top.
    pub place: (u64, u64),
    /// How it came to the compositor: `xdg_shell` for Wayland.
    pub shell: String,
}

impl Desktop {
    /// A Wayland desktop with a tray.
    pub async fn on_wayland() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("wayland/kit/headless.sh");
        Self::start_by(&script, &[]).await
    }

    /// The windows with that title that are on the screen.
    pub fn tiles(&self, title: &str) -> Vec<Tile> {
        let tree: Value = serde_json::from_str(&self.run("swaymsg", &["-r", "-t", "get_tree"])).unwrap();
        let mut found = Vec::new();
        let mut waiting = vec![&tree];
        while let Some(node) = waiting.pop() {
            for children in ["nodes", "floating_nodes"] {
                waiting.extend(node[children].as_array().into_iter().flatten());
            }
            if node["name"] == title && node["shell"].is_string() && node["visible"] == true {
                let number = |key: &str| node["rect"][key].as_u64().unwrap_or_default();
                found.push(Tile {
                    size: (number("width"), number("height")),
                    place: (number("x"), number("y")),
                    shell: node["shell"].as_str().unwrap_or_default().to_owned(),
                });
            }
        }
        found
    }

    /// The window with that title, once it is on the screen.
    pub async fn tile(&self, title: &str) -> Tile {
        eventually(&format!("{title} is on the screen"), async || self.tiles(title).pop()).await
    }

    /// Waits until no window with that title is on the screen.
    pub async fn has_no_tile(&self, title: &str) {
        eventually(&format!("{title} is gone"), async || self.tiles(title).is_empty().then_some(())).await;
    }

    /// Asks the window with that title to close, as its button in a title bar does.
    pub fn close_tile(&self, title: &str) {
        self.run("swaymsg", &[&format!("[title=\"^{title}$\"] kill")]);
    }

    /// Presses Ctrl and a key in the window with that title.
    pub fn press_ctrl(&self, title: &str, key: &str) {
        self.run("swaymsg", &[&format!("[title=\"^{title}$\"] focus")]);
        self.run("wtype", &["-M", "ctrl", "-k", key, "-m", "ctrl"]);
    }

    /// Another program takes the clipboard with content in one form.
    pub async fn taken_clipboard(&self, form: &str, content: &[u8]) -> Owner {
        let file = self.file("copied", content);
        let owner = self
            .command("wl-copy")
            .args(["--foreground", "--type", form])
            .stdin(File::open(file).unwrap())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("wl-copy is installed (make test installs it)");
        let owner = Owner(owner);
        // What was there before may have the same form: only the content tells.
        eventually("the clipboard is taken", async || (self.pasted(form)? == content).then_some(())).await;
        owner
    }

    /// What the clipboard holds in that form; nothing where it has no such form.
    pub fn pasted(&self, form: &str) -> Option<Vec<u8>> {
        let mut paste = self.command("timeout");
        paste.args(["2", "wl-paste", "--no-newline", "--type", form]).stdin(Stdio::null());
        let output = paste.output().unwrap();
        output.status.success().then_some(output.stdout)
    }

    /// The link on the clipboard, once there is one.
    pub async fn pasted_link(&self) -> String {
        eventually("the link is on the clipboard", async || {
            let text = String::from_utf8(self.pasted("text/plain")?).ok()?;
            text.starts_with("![").then_some(text)
        })
        .await
    }

    /// Takes the clipboard with a picture that the seed makes.
    pub async fn holds_picture(&self, seed: u64) -> Owner {
        self.taken_clipboard("image/png", &pictures::noise_png(seed, 64, 48)).await
    }
}

/// The address in a Markdown link.
pub fn address_of(markdown: &str) -> &str {
    markdown.split_once("](").and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(markdown)
}

/// What a link leads to: its type and its bytes.
pub async fn fetched(link: &str) -> (String, Vec<u8>) {
    let answer = reqwest::get(address_of(link)).await.unwrap();
    assert_eq!(answer.status(), 200, "{link}");
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    (kind, answer.bytes().await.unwrap().to_vec())
}
