//! A desk: an engine in a home of its own, and a desktop that remembers what was asked of it.

use async_trait::async_trait;
use picferry_core::job::Source;
use picferry_core::{Error, ErrorCode, Result};
use picferry_engine::{
    Engine, EngineOptions, MemorySecrets, Paths, RetryPolicy, Role, SystemClock, SystemRandom, WatchTiming,
};
use picferry_rpc::types::{DesktopState, HotkeyName, HotkeyState, WindowAction};
use picferry_rpc::{Context, DesktopHost, FolderPurpose, dispatch};
use picferry_tests::pictures::png;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// Long enough for a busy machine; a test that waits this long has failed.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What the desktop was asked to do, and what it is asked to answer.
#[derive(Default)]
pub struct Desktop {
    pub asked: Mutex<Vec<String>>,
    pub clipboard: Mutex<Vec<Source>>,
    pub chosen: Mutex<Vec<PathBuf>>,
    pub refuses_text: bool,
}

impl Desktop {
    fn note(&self, what: String) -> Result<()> {
        self.asked.lock().unwrap().push(what);
        Ok(())
    }

    /// The last thing it was asked.
    pub fn last(&self) -> String {
        self.asked.lock().unwrap().last().cloned().unwrap_or_default()
    }
}

#[async_trait]
impl DesktopHost for Desktop {
    async fn read_clipboard(&self) -> Result<Vec<Source>> {
        Ok(self.clipboard.lock().unwrap().clone())
    }

    async fn write_clipboard_text(&self, text: String) -> Result<()> {
        if self.refuses_text {
            return Err(Error::new(ErrorCode::ClipboardTimeout, "The clipboard does not answer."));
        }
        self.note(text)
    }

    async fn choose_files(&self) -> Result<Vec<PathBuf>> {
        Ok(self.chosen.lock().unwrap().clone())
    }

    async fn choose_folder(&self, purpose: FolderPurpose) -> Result<Option<PathBuf>> {
        self.note(format!("choose {purpose:?}"))?;
        Ok(self.chosen.lock().unwrap().first().cloned())
    }

    async fn choose_note(&self) -> Result<Option<PathBuf>> {
        Ok(self.chosen.lock().unwrap().first().cloned())
    }

    async fn capture_screen(&self) -> Result<Option<Source>> {
        Ok(self.clipboard.lock().unwrap().first().cloned())
    }

    async fn set_autostart(&self, on: bool) -> Result<()> {
        self.note(format!("autostart {on}"))
    }

    async fn open_address(&self, address: &str) -> Result<()> {
        self.note(format!("open {address}"))
    }

    async fn reveal(&self, file: &Path) -> Result<()> {
        self.note(format!("reveal {}", file.display()))
    }

    async fn open_folder(&self, folder: &Path) -> Result<()> {
        self.note(format!("folder {}", folder.display()))
    }

    async fn window(&self, action: WindowAction) -> Result<()> {
        self.note(format!("window {action:?}"))
    }

    fn hotkey(&self, _: HotkeyName) -> HotkeyState {
        HotkeyState::default()
    }

    async fn set_hotkey(&self, name: HotkeyName, accelerator: &str) -> Result<HotkeyState> {
        if accelerator == "Ctrl+C" {
            return Err(Error::new(ErrorCode::HotkeyTaken, "Another program has these keys."));
        }
        self.note(format!("hotkey {name:?} {accelerator}"))?;
        Ok(HotkeyState {
            accelerator: accelerator.to_owned(),
            registered: true,
            error: None,
            manual_command: None,
        })
    }

    fn state(&self) -> DesktopState {
        DesktopState::default()
    }
}

/// An engine with its desktop.
pub struct Desk {
    pub engine: Arc<Engine>,
    pub desktop: Arc<Desktop>,
    pub context: Context,
    pub folder: TempDir,
}

impl Desk {
    pub async fn new() -> Self {
        Self::with(Desktop::default()).await
    }

    pub async fn with(desktop: Desktop) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::open(EngineOptions {
            paths: Paths::in_folder(&folder.path().join("state")),
            // Serves its store only when an upload needs it, so that tests do not fight for a port.
            role: Role::Cli,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            secrets: Some(Arc::new(MemorySecrets::default())),
            retry: RetryPolicy::default(),
            watching: WatchTiming::default(),
        })
        .await
        .unwrap();
        engine.move_local_store(free_port()).await.unwrap();
        let desktop = Arc::new(desktop);
        let host: Arc<dyn DesktopHost> = Arc::clone(&desktop) as Arc<dyn DesktopHost>;
        let context = Context { engine: Arc::clone(&engine), host };
        Self { engine, desktop, context, folder }
    }

    /// Does a command as the window does.
    pub async fn ask(&self, command: &str, payload: Value) -> Result<Value> {
        dispatch(&self.context, command, payload).await
    }

    /// Does a command that must work.
    pub async fn get(&self, command: &str, payload: Value) -> Value {
        match self.ask(command, payload).await {
            Ok(answer) => answer,
            Err(error) => panic!("{command}: {}", error.report()),
        }
    }

    /// Writes a small picture and gives its path.
    pub fn picture(&self, name: &str, seed: u64) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, png(seed)).unwrap();
        path
    }

    /// The thumbnail of the newest picture, which is drawn beside the upload and may end after it.
    pub async fn newest_thumbnail(&self) -> String {
        let look = async {
            loop {
                let page = self.get("history_page", json!({ "filter": {}, "after": null, "limit": 1 })).await;
                if let Some(name) = page["rows"][0]["thumbnail"].as_str() {
                    return name.to_owned();
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, look).await.unwrap()
    }

    /// Uploads pictures of these names and waits for the batch, which it names.
    pub async fn upload(&self, names: &[&str], origin: &str) -> String {
        let paths: Vec<String> =
            (1..).zip(names).map(|(seed, name)| self.picture(name, seed).display().to_string()).collect();
        let accepted = self.get("upload_paths", json!({ "paths": paths, "origin": origin })).await;
        let batch = accepted["batch"].as_str().unwrap().to_owned();
        tokio::time::timeout(PATIENCE, self.engine.wait_for_batch(&batch)).await.unwrap();
        batch
    }
}

/// A port that no other test of this run uses.
fn free_port() -> u16 {
    use std::sync::atomic::{AtomicU16, Ordering};
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = 11_000 + u16::try_from(std::process::id() % 200).unwrap_or(0) * 50;
    loop {
        let port = start + NEXT.fetch_add(1, Ordering::Relaxed);
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
