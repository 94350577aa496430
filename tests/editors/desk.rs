//! A home with a server for editors in it, and hands to send requests with.

use async_trait::async_trait;
use picferry_core::job::Source;
use picferry_engine::Engine;
use picferry_server::editors::{Clipboard, EditorOptions, EditorServer, Limits};
use picferry_tests::home::Home;
use serde_json::Value;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

/// Long enough for a busy machine; a test that waits this long has failed.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A clipboard that holds what it is given.
#[derive(Default)]
pub struct Held(Mutex<Vec<Source>>);

#[async_trait]
impl Clipboard for Held {
    async fn read(&self) -> picferry_core::Result<Vec<Source>> {
        let held = std::mem::take(&mut *self.0.lock().unwrap());
        if held.is_empty() {
            return Err(picferry_core::Error::new(
                picferry_core::ErrorCode::ClipboardEmpty,
                "The clipboard is empty.",
            ));
        }
        Ok(held)
    }
}

/// A home whose server listens.
pub struct Desk {
    pub home: Home,
    pub address: SocketAddr,
    clipboard: Arc<Held>,
    pictures: tempfile::TempDir,
    _close: oneshot::Sender<()>,
}

/// An answer, taken apart.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    fn of(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let body = if head.to_lowercase().contains("transfer-encoding: chunked") {
            dechunked(body)
        } else {
            body.to_owned()
        };
        Self { status, head: head.to_owned(), body }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (given, value) = line.split_once(':')?;
            given.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The links of a request that went well.
    pub fn links(&self) -> Vec<String> {
        let json = self.json();
        assert_eq!((self.status, &json["success"]), (200, &Value::Bool(true)), "{json:#}");
        json["result"].as_array().unwrap().iter().map(|link| link.as_str().unwrap().to_owned()).collect()
    }

    /// The words of a request that failed, which editors show.
    pub fn message(&self) -> String {
        let json = self.json();
        assert_eq!(json["success"], false, "{json:#}");
        json["message"].as_str().unwrap().to_owned()
    }
}

fn dechunked(body: &str) -> String {
    let mut rest = body;
    let mut whole = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 || after.len() < size {
            break;
        }
        whole.push_str(&after[..size]);
        rest = after[size..].trim_start_matches("\r\n");
    }
    whole
}

impl Desk {
    pub async fn new() -> Self {
        Self::with(Limits::default()).await
    }

    pub async fn with(limits: Limits) -> Self {
        let home = Home::new().await;
        // Homes of one run open side by side, and would all like the same port.
        home.engine.move_local_store(own_port()).await.unwrap();
        home.local_as_it_is().await;
        Self::in_home(home, limits).await
    }

    /// Opens the server of a home whose settings were made first.
    pub async fn in_home(home: Home, limits: Limits) -> Self {
        let clipboard = Arc::new(Held::default());
        let options = EditorOptions { port: Some(0), clipboard: Some(clipboard.clone()), limits };
        let server = EditorServer::open(Arc::clone(&home.engine), options).await.unwrap();
        let address = server.address();
        let (close, closed) = oneshot::channel::<()>();
        tokio::spawn(server.run(async {
            drop(closed.await);
        }));
        let pictures = tempfile::Builder::new().prefix("pictures").tempdir_in(home.path()).unwrap();
        Self { home, address, clipboard, pictures, _close: close }
    }

    pub fn engine(&self) -> &Arc<Engine> {
        &self.home.engine
    }

    pub fn hold(&self, sources: Vec<Source>) {
        *self.clipboard.0.lock().unwrap() = sources;
    }

    /// Whether nobody took what the clipboard holds.
    pub fn still_holds(&self) -> bool {
        !self.clipboard.0.lock().unwrap().is_empty()
    }

    pub fn folder(&self) -> &Path {
        self.pictures.path()
    }

    /// Writes a file beside the others.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.pictures.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Writes a picture; each seed gives another one.
    pub fn picture(&self, name: &str, seed: u64) -> PathBuf {
        self.file(name, picferry_tests::pictures::png(seed))
    }

    /// Sends bytes as they are and reads until the server closes the connection.
    pub async fn raw(&self, request: impl AsRef<[u8]>) -> Answer {
        Answer::of(&exchange(self.address, request.as_ref()).await)
    }

    /// Sends a request with these headers; `Host` and the length are filled in unless given.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Answer {
        let body = body.as_ref();
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        let has = |name: &str| headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
        if !has("host") {
            head.push_str(&format!("Host: {}\r\n", self.address));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n", body.len()));
        self.raw([head.as_bytes(), body].concat()).await
    }

    pub async fn post(&self, path: &str, body: impl AsRef<[u8]>) -> Answer {
        self.send("POST", path, &[], body).await
    }

    /// Uploads a list, as most editors do.
    pub async fn upload(&self, list: &[&str]) -> Answer {
        self.post("/upload", serde_json::json!({ "list": list }).to_string()).await
    }

    /// How many pictures there are in the history.
    pub async fn stored(&self) -> usize {
        let page = self.engine().history_page(Default::default(), None, 10_000).await.unwrap();
        page.rows.len()
    }

    /// Nothing was sent, tried or kept of what was refused.
    pub async fn is_untouched(&self) {
        assert_eq!(self.stored().await, 0);
        assert!(self.engine().jobs().is_empty(), "{:?}", self.engine().jobs());
    }
}

/// A port that no other test of this run uses, below those the system hands out by itself.
pub fn own_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = 11_000 + u16::try_from(std::process::id() % 100).unwrap_or(0) * 90;
    loop {
        let port = start + NEXT.fetch_add(1, Ordering::Relaxed);
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// One connection, one request.
pub async fn exchange(address: SocketAddr, request: &[u8]) -> String {
    let talk = async {
        let mut stream = TcpStream::connect(address).await?;
        // A server that refuses early may close before everything is sent.
        drop(stream.write_all(request).await);
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer).await);
        std::io::Result::Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    tokio::time::timeout(PATIENCE, talk).await.expect("an answer in time").unwrap()
}

/// What an address gives.
pub async fn fetch(url: &str) -> Vec<u8> {
    let client = picferry_providers::http::client_builder("none").unwrap().build().unwrap();
    client.get(url).send().await.unwrap().bytes().await.unwrap().to_vec()
}

/// A form with files, as browsers write it: field, name, bytes.
pub fn form(boundary: &str, files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, name, bytes) in files {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.as_bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").as_bytes());
    body
}
