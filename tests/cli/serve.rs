//! `picferry serve`: the store and the queue without a window.
#![cfg(unix)]

use crate::home::{Ended, Home, signal};
use crate::host::{PATIENCE, SlowHost, fetch};
use picferry_tests::pictures::png;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::Child;
use std::time::{Duration, Instant};

/// Starts serving and waits for the first line, which says where.
fn serve(home: &Home) -> (Child, String) {
    first_line(home.picferry(["serve"]).start())
}

fn first_line(mut child: Child) -> (Child, String) {
    let mut line = String::new();
    let mut reader = BufReader::new(child.stdout.as_mut().unwrap());
    reader.read_line(&mut line).unwrap();
    (child, line.trim().to_owned())
}

fn stop(child: Child) {
    signal(&child, "TERM");
    Ended::of(child).exits_with(0);
}

#[test]
fn links_open_while_it_serves() {
    let home = Home::new();
    let (child, line) = serve(&home);
    assert!(line.starts_with("The built-in store listens on http://127.0.0.1:"), "{line}");
    home.picture("a.png", 1);
    let url = home.picferry(["upload", "a.png", "--format", "url"]).succeeds().quietly().stdout;
    let (status, body) = fetch(url.trim());
    assert_eq!(status, 200);
    assert_eq!(body, png(1), "a PNG without metadata arrives byte for byte");
    stop(child);
}

#[test]
fn names_that_break_links_elsewhere_arrive() {
    let home = Home::new();
    let (child, line) = serve(&home);
    let secrets: serde_json::Value =
        serde_json::from_slice(&std::fs::read(home.state().join("secrets.json")).unwrap()).unwrap();
    let local = home.picferry(["profile", "show", "local", "--json"]).succeeds().json();
    let endpoint = line.rsplit(' ').next().unwrap();
    let field = |key: &str| format!("{key}={}", local["fields"][key].as_str().unwrap());
    home.picferry([
        "profile",
        "add",
        "Names",
        "--host",
        "s3",
        "--set",
        &format!("endpoint={endpoint}"),
        "--set",
        &field("region"),
        "--set",
        &field("bucket"),
        "--set",
        &field("access_key_id"),
        "--set",
        &field("path_style"),
        "--set",
        "key_template={name}.{ext}",
        "--set",
        "secret_access_key=@-",
    ])
    .stdin(secrets["local/secret_access_key"].as_str().unwrap())
    .succeeds();
    for (seed, name) in (1..).zip(["a b+c%中文(1)#&=.png", "🚢 ferry.png", "cafe\u{301}.png"]) {
        home.picture(name, seed);
        let ended = home.picferry(["upload", name, "--profile", "Names", "--format", "url"]).succeeds();
        let (status, body) = fetch(ended.stdout.trim());
        assert_eq!((status, body), (200, png(seed)), "{name}: {}", ended.stdout);
    }
    stop(child);
}

/// Without a keychain the key of the store lives in the process that serves it.
#[cfg(target_os = "linux")]
#[test]
fn without_a_keychain_an_upload_beside_it_says_why_it_cannot_and_what_to_do() {
    let home = Home::new();
    home.picture("a.png", 1);
    let (child, line) = first_line(home.picferry(["serve"]).without_keychain().start());
    assert!(line.starts_with("The built-in store listens on"), "{line}");
    let ended = home.picferry(["upload", "a.png", "--json"]).without_keychain().fails_with(1);
    assert_eq!(ended.json()[0]["error"]["code"], "keychain_unavailable");
    let ended = ended.says("Another Picferry serves the built-in store").says("PICFERRY_SECRETS=file");
    assert!(!ended.stderr.contains("secret access key"), "nobody typed that key: {}", ended.stderr);
    home.picferry(["profile", "test", "This computer"])
        .without_keychain()
        .fails_with(1)
        .says("Another Picferry");
    let (second, _) = first_line(home.picferry(["serve"]).without_keychain().start());
    stop(second);
    stop(child);
    home.picferry(["upload", "a.png"]).without_keychain().succeeds();
}

#[test]
fn a_second_one_says_that_the_first_serves() {
    let home = Home::new();
    let (first, _) = serve(&home);
    let (second, line) = serve(&home);
    assert!(line.starts_with("Another Picferry serves the built-in store"), "{line}");
    stop(second);
    stop(first);
}

#[test]
fn it_finishes_what_a_killed_upload_left() {
    let home = Home::new();
    let host = SlowHost::start();
    home.profile("Slow", &host.endpoint, &[]);
    home.picture("a.png", 1);
    let mut upload = home.picferry(["upload", "a.png", "--profile", "Slow"]).start();
    host.next_request();
    upload.kill().unwrap();
    upload.wait().unwrap();
    assert_eq!(home.picferry(["profile", "list"]).succeeds().lines().len(), 2);
    host.take();
    let (child, _) = serve(&home);
    let began = Instant::now();
    loop {
        let rows = home.picferry(["history", "list"]).succeeds();
        if rows.lines().len() == 1 {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "the queue did not go on");
        std::thread::sleep(Duration::from_millis(200));
    }
    stop(child);
}

/// Any program of this computer may take the port while the store is off.
#[test]
fn a_program_that_says_what_the_store_says_is_sent_no_picture() {
    let home = Home::new();
    let (child, line) = serve(&home);
    let address = line.rsplit(' ').next().unwrap().to_owned();
    let (_, said) = fetch(&format!("{address}/-/picferry"));
    stop(child);
    let impostor = TcpListener::bind(address.trim_start_matches("http://")).unwrap();
    let (heard, hears) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for mut stream in impostor.incoming().flatten() {
            let mut head = [0; 4096];
            let length = stream.read(&mut head).unwrap_or(0);
            heard.send(String::from_utf8_lossy(&head[..length]).into_owned()).unwrap();
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", said.len());
            // Who only looked whether somebody listens is gone again.
            let _ = stream.write_all(&[answer.as_bytes(), &said].concat());
        }
    });
    home.picture("a.png", 1);
    let ended = home.picferry(["upload", "a.png", "--json"]).fails_with(1);
    assert_eq!(ended.json()[0]["error"]["code"], "port_taken");
    ended.says("does not know its key").says("poses as the store");
    let methods: Vec<String> =
        hears.try_iter().filter_map(|head| head.split(' ').next().map(str::to_owned)).collect();
    assert!(methods.iter().all(|method| method.is_empty() || method == "GET"), "{methods:?}");
}

/// The lines that it says until it listens.
fn lines(child: &mut Child, count: usize) -> Vec<String> {
    let reader = BufReader::new(child.stdout.as_mut().unwrap());
    reader.lines().take(count).map(|line| line.unwrap()).collect()
}

#[test]
fn editors_are_answered_while_it_serves() {
    let home = Home::new();
    home.picture("a.png", 1);
    let port = crate::home::free_port();
    let mut child = home.picferry(["serve", "--port", &port.to_string()]).start();
    let said = lines(&mut child, 2);
    let address = format!("http://127.0.0.1:{port}");
    assert_eq!(said[1], format!("Editors send pictures to {address}/upload"));
    let (status, body) = fetch(&format!("{address}/heartbeat"));
    assert_eq!(status, 200);
    assert!(String::from_utf8(body).unwrap().contains("alive"));
    let body = serde_json::json!({ "list": [home.path("a.png")] }).to_string();
    let request = format!(
        "POST /upload HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let answer = talk(port, request);
    assert!(answer.contains("\"success\":true"), "{answer}");
    assert_eq!(home.picferry(["history", "list"]).succeeds().lines().len(), 1);
    stop(child);
}

fn talk(port: u16, request: impl AsRef<[u8]>) -> String {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(request.as_ref()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// A form with one file, for a server that listens at that port.
fn form(port: u16, path: &str, file: &[u8]) -> Vec<u8> {
    let head = "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";
    let tail = "\r\n--X--\r\n";
    let length = head.len() + file.len() + tail.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: multipart/form-data; boundary=X\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{head}"
    );
    [request.as_bytes(), file, tail.as_bytes()].concat()
}

#[test]
fn a_picture_accepted_from_an_editor_arrives_although_the_server_is_killed() {
    let home = Home::new();
    let host = SlowHost::start();
    home.profile("Slow", &host.endpoint, &[]);
    let port = crate::home::free_port();
    let mut child = home.picferry(["serve", "--port", &port.to_string()]).start();
    lines(&mut child, 2);
    let request = form(port, "/upload?configName=Slow", &png(1));
    let waiting = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(&request).unwrap();
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer));
        answer
    });
    host.next_request();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(waiting.join().unwrap(), Vec::<u8>::new(), "nobody told the editor that it arrived");
    host.take();
    let (child, _) = serve(&home);
    let began = Instant::now();
    while home.picferry(["history", "list"]).succeeds().lines().len() != 1 {
        assert!(began.elapsed() < PATIENCE, "the queue did not go on");
        std::thread::sleep(Duration::from_millis(200));
    }
    stop(child);
}

/// Memory of a process, in bytes: `VmHWM` is the most that it ever had, `RssAnon` what it holds now beside
/// its program.
#[cfg(target_os = "linux")]
fn memory(child: &Child, field: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

#[cfg(target_os = "linux")]
fn peak(child: &Child) -> u64 {
    memory(child, "VmHWM:")
}

/// What sits in the tray all day must not keep what a photo took in the morning.
#[cfg(target_os = "linux")]
#[test]
fn memory_that_pictures_took_goes_back_to_the_system() {
    let home = Home::new();
    let port = crate::home::free_port();
    let mut child = home.picferry(["serve", "--port", &port.to_string()]).start();
    lines(&mut child, 2);
    for seed in 1..=3 {
        let answer = talk(port, form(port, "/upload", &picferry_tests::pictures::photo(seed, 1500, 1000)));
        assert!(answer.contains("\"success\":true"), "{answer}");
    }
    let most = peak(&child);
    assert!(most > 100_000_000, "photos that take {most} bytes at most prove nothing");
    // What is left lies between pieces that are in use; without giving back it is nearly half.
    let began = Instant::now();
    while memory(&child, "RssAnon:") > most / 3 {
        let held = memory(&child, "RssAnon:");
        assert!(began.elapsed() < PATIENCE, "{held} bytes are held of {most}");
        std::thread::sleep(Duration::from_millis(200));
    }
    stop(child);
}

#[cfg(target_os = "linux")]
#[test]
fn a_large_body_goes_to_disk_and_not_into_memory() {
    let home = Home::new();
    let port = crate::home::free_port();
    let mut child = home.picferry(["serve", "--port", &port.to_string()]).start();
    lines(&mut child, 2);
    talk(port, form(port, "/upload", &png(1)));
    let before = peak(&child);
    let large = vec![b'x'; 150_000_000];
    let answer = talk(port, form(port, "/upload", &large));
    assert!(answer.contains("is not a picture"), "{answer}");
    let grown = peak(&child) - before;
    assert!(grown < 50_000_000, "{grown} bytes more for a body of {}", large.len());
    stop(child);
}

#[test]
fn a_port_of_another_program_is_an_error_and_one_of_picferry_is_not() {
    let home = Home::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    home.picferry(["serve", "--port", &port]).fails_with(3).says("held by another program").says("hint: ");
    let mut first = home.picferry(["serve"]).start();
    assert!(lines(&mut first, 2)[1].starts_with("Editors send pictures to"));
    let mut second = home.picferry(["serve"]).start();
    let said = lines(&mut second, 2);
    assert!(said[1].contains("held by another Picferry"), "{said:?}");
    stop(second);
    stop(first);
}

#[test]
fn editors_are_not_answered_when_the_settings_say_no() {
    let home = Home::new();
    home.picferry(["config", "set", "server.enabled=false"]).succeeds();
    let port: u16 = home.picferry(["config", "get", "server.port"]).succeeds().stdout.trim().parse().unwrap();
    let (child, _) = serve(&home);
    // Asked twice: what comes after the store has had its time by then.
    home.picferry(["history", "list"]).succeeds();
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
    stop(child);
}
