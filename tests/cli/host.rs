//! A host that does as it is told: keeps requests waiting, then takes or refuses them.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// Long enough for a busy machine; a test that waits this long has failed.
pub const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    Silent,
    Taking,
    Refusing,
}

/// An S3 host with a mood.
pub struct SlowHost {
    pub endpoint: String,
    arrived: Receiver<String>,
    mood: Arc<(Mutex<Mood>, Condvar)>,
}

impl SlowHost {
    /// A host that takes connections and does not answer.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let mood = Arc::new((Mutex::new(Mood::Silent), Condvar::new()));
        let (sender, arrived) = channel();
        let shared = Arc::clone(&mood);
        // Ends with the test program.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (sender, mood) = (sender.clone(), Arc::clone(&shared));
                std::thread::spawn(move || answer(stream, &sender, &mood));
            }
        });
        Self { endpoint, arrived, mood }
    }

    /// Waits for a request and gives its first line.
    pub fn next_request(&self) -> String {
        self.arrived.recv_timeout(PATIENCE).unwrap()
    }

    /// Whether a request arrives within a moment.
    pub fn is_asked(&self) -> bool {
        self.arrived.recv_timeout(Duration::from_millis(500)).is_ok()
    }

    /// Takes everything from now on.
    pub fn take(&self) {
        self.change(Mood::Taking);
    }

    /// Refuses everything from now on.
    pub fn refuse(&self) {
        self.change(Mood::Refusing);
    }

    fn change(&self, mood: Mood) {
        *self.mood.0.lock().unwrap() = mood;
        self.mood.1.notify_all();
    }
}

/// Reads one request whole, waits for a mood, answers, and closes.
fn answer(mut stream: TcpStream, arrived: &Sender<String>, mood: &(Mutex<Mood>, Condvar)) {
    let Some(request) = read_request(&stream) else { return };
    let is_head = request.starts_with("HEAD");
    // The test may have ended.
    drop(arrived.send(request));
    let mut now = mood.0.lock().unwrap();
    while *now == Mood::Silent {
        now = mood.1.wait(now).unwrap();
    }
    let refusal = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>";
    let response = match *now {
        Mood::Taking if is_head => {
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()
        }
        Mood::Taking => {
            "HTTP/1.1 200 OK\r\nETag: \"0\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()
        }
        _ if is_head => "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
        _ => format!(
            "HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{refusal}",
            refusal.len()
        ),
    };
    drop(now);
    drop(stream.write_all(response.as_bytes()));
}

fn read_request(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|length| *length > 0)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(first.trim().to_owned())
}

/// Fetches an `http://` address of this computer: the status and the body.
pub fn fetch(url: &str) -> (u16, Vec<u8>) {
    let rest = url.strip_prefix("http://").unwrap();
    let (authority, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(authority).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n").unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    let end = response.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&response[..end]).into_owned();
    let status = head.split_whitespace().nth(1).unwrap().parse().unwrap();
    (status, response[end + 4..].to_vec())
}
