//! A page in a real browser tries everything it can. What arrives at a server that lets everybody in shows
//! that the browser really sent it.

use crate::desk::{Desk, PATIENCE};
use picferry_core::job::Source;
use picferry_tests::pictures::png;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

const PAGE: &str = include_str!("hostile_page.html");

/// Under whatever name this system has it.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// So often is a browser started before the test gives up.
const STARTS: u32 = 3;

/// The browser finds this name here; its pages are of another origin than 127.0.0.1.
const EVIL: &str = "evil.example";

struct Asked {
    head: String,
    body: String,
}

impl Asked {
    fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }
}

/// Reads one request whole.
async fn request(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut piece = [0; 8192];
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_lowercase().split("content-length: ").nth(1).map_or(0, |rest| {
                rest.lines().next().and_then(|length| length.trim().parse().ok()).unwrap_or(0)
            });
            if body.len() >= length {
                return Some(Asked { head: head.to_owned(), body: body.to_owned() });
            }
        }
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(length) => bytes.extend_from_slice(&piece[..length]),
        }
    }
}

/// Answers every request with what `answer` makes of it.
async fn serve(answer: impl Fn(&Asked) -> String + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = Arc::new(answer);
    tokio::spawn(async move {
        loop {
            let Ok((mut stream, _)) = listener.accept().await else {
                // Another test of this process holds all the connections there can be, for a moment.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            let answer = answer.clone();
            tokio::spawn(async move {
                if let Some(asked) = request(&mut stream).await {
                    drop(stream.write_all(answer(&asked).as_bytes()).await);
                }
            });
        }
    });
    port
}

fn page(media_type: &str, more: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n{more}Connection: close\r\n\r\n{body}",
        body.len()
    )
}

/// A server that lets everybody in, and remembers who came.
async fn open_door() -> (u16, Arc<Mutex<Vec<String>>>) {
    let came = Arc::new(Mutex::new(Vec::new()));
    let guests = came.clone();
    let port = serve(move |asked| {
        guests.lock().unwrap().push(format!("{} {}", asked.line(), asked.body));
        let all = "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: *\r\n";
        let media_type = if asked.line().contains("/events") { "text/event-stream" } else { "text/plain" };
        page(media_type, all, "data: come in\n\n")
    })
    .await;
    (port, came)
}

/// The page, and where its report arrives.
async fn hostile(plan: &Value) -> (u16, mpsc::UnboundedReceiver<String>) {
    let (report, reports) = mpsc::unbounded_channel();
    let shown = PAGE.replace("PLAN", &plan.to_string());
    let port = serve(move |asked| {
        if asked.line().starts_with("POST /report") {
            drop(report.send(asked.body.clone()));
        }
        page("text/html; charset=utf-8", "", &shown)
    })
    .await;
    (port, reports)
}

fn browse(address: &str, profile: &std::path::Path) -> Child {
    let open = |browser: &&str| {
        Command::new(browser)
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
            ])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(format!("--host-resolver-rules=MAP {EVIL} 127.0.0.1"))
            .arg(address)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .ok()
    };
    BROWSERS.iter().find_map(open).expect("Chromium or Chrome is installed")
}

/// What the page could read, as it reports itself. A browser that does not get going is started again.
async fn report_of(address: &str, reports: &mut mpsc::UnboundedReceiver<String>) -> String {
    for _ in 0..STARTS {
        let profile = tempfile::tempdir().unwrap();
        let browser = browse(address, profile.path());
        let report = tokio::time::timeout(PATIENCE / STARTS, reports.recv()).await;
        drop(browser);
        if let Ok(Some(report)) = report {
            return report;
        }
    }
    panic!("no report came in time");
}

#[tokio::test]
async fn a_hostile_page_in_a_real_browser_sends_reads_and_deletes_nothing() {
    let desk = Desk::new().await;
    let mine = desk.picture("mine.png", 1).display().to_string();
    let known = desk.upload(&[&mine]).await.json()["fullResult"][0].clone();
    desk.hold(vec![Source::Bytes { name: "private.png".into(), bytes: png(2).into() }]);
    let jobs = desk.engine().jobs().len();

    let (open_port, came) = open_door().await;
    let port = desk.address.port();
    let doors: Vec<String> =
        ["127.0.0.1", "localhost", EVIL].iter().map(|host| format!("http://{host}:{port}")).collect();
    let open = format!("http://127.0.0.1:{open_port}");
    let targets: Vec<&String> = doors.iter().chain([&open]).collect();
    let bait = desk.picture("bait.png", 3).display().to_string();
    let (page_port, mut reports) =
        hostile(&json!({ "targets": targets, "bait": bait, "known": known })).await;
    let report = report_of(&format!("http://{EVIL}:{page_port}/"), &mut reports).await;

    let read: BTreeMap<String, Vec<String>> = serde_json::from_str(&report).unwrap();
    for door in &doors {
        assert_eq!(read[door], [""; 0], "nothing of {door} could be read");
    }
    assert_eq!(desk.engine().jobs().len(), jobs, "nothing was sent: {:?}", desk.engine().jobs());
    assert_eq!(desk.stored().await, 1, "nothing was deleted");
    assert!(desk.still_holds(), "the clipboard was not read");
    // The same attacks reach a server without a guard.
    let came = came.lock().unwrap().clone();
    let arrived = |what: &str| came.iter().filter(|line| line.contains(what)).count();
    assert!(arrived("POST /upload") >= 10 && arrived("POST /delete") >= 3, "{came:#?}");
    assert!(arrived(&bait) >= 6 && arrived("GET /events") >= 1 && arrived("from=sandbox") >= 2, "{came:#?}");
    assert!(read[&open].len() >= 7, "{read:#?}");
}
