//! What is no picture: each has its own reason, and none of it stops the others.

use crate::home::Home;
use crate::host::SlowHost;
use picferry_tests::pictures::png;
use serde_json::Value;

/// Uploads one bad thing beside a good picture and gives the error of the bad one.
fn error_of(home: &Home, bad: &str) -> Value {
    home.picture("good.png", 200);
    let ended = home.picferry(["upload", bad, "good.png", "--json"]).fails_with(1);
    let entries = ended.json();
    assert_eq!(entries[1]["ok"], true, "the good picture was stopped: {entries}");
    assert_eq!(entries[0]["ok"], false);
    assert_eq!(entries[0]["input"], bad);
    for unknown in ["url", "key", "bytes_out", "sha256"] {
        assert_eq!(entries[0][unknown], Value::Null, "{unknown}");
    }
    let message = entries[0]["error"]["message"].as_str().unwrap();
    assert!(message.ends_with('.') && message.len() > 15, "no sentence: {message}");
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    entries[0]["error"].clone()
}

#[test]
fn a_file_that_is_not_there() {
    assert_eq!(error_of(&Home::new(), "gone.png")["code"], "file_not_found");
}

#[test]
fn an_empty_file() {
    let home = Home::new();
    home.file("empty.png", "");
    assert_eq!(error_of(&home, "empty.png")["code"], "empty_file");
}

#[test]
fn a_file_that_is_no_picture() {
    let home = Home::new();
    home.file("notes.png", "Shopping list: bread, butter, and a picture frame.");
    assert_eq!(error_of(&home, "notes.png")["code"], "not_a_picture");
}

#[test]
fn a_picture_cut_short() {
    let home = Home::new();
    let whole = png(7);
    home.file("short.png", &whole[..whole.len() * 2 / 3]);
    assert_eq!(error_of(&home, "short.png")["code"], "damaged_picture");
}

#[test]
fn a_picture_of_60000_by_60000_pixels_in_a_small_file() {
    let home = Home::new();
    home.file("bomb.png", png_header(60_000, 60_000));
    let error = error_of(&home, "bomb.png");
    assert_eq!(error["code"], "too_many_pixels");
    assert!(error["message"].as_str().unwrap().contains("60000"), "{error}");
}

#[test]
fn a_folder() {
    let home = Home::new();
    std::fs::create_dir(home.path("holiday")).unwrap();
    assert_eq!(error_of(&home, "holiday")["code"], "not_a_file");
}

#[cfg(unix)]
#[test]
fn a_device_and_a_pipe_do_not_block() {
    let home = Home::new();
    assert_eq!(error_of(&home, "/dev/zero")["code"], "not_a_file");
    let made = std::process::Command::new("mkfifo").arg(home.path("pipe.png")).status().unwrap();
    assert!(made.success());
    assert_eq!(error_of(&home, "pipe.png")["code"], "not_a_file");
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_or_in_a_circle() {
    let home = Home::new();
    std::os::unix::fs::symlink(home.path("gone.png"), home.path("dangling.png")).unwrap();
    std::os::unix::fs::symlink(home.path("circle.png"), home.path("circle.png")).unwrap();
    assert_eq!(error_of(&home, "dangling.png")["code"], "file_not_found");
    assert_eq!(error_of(&home, "circle.png")["code"], "file_unreadable");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    home.picture("private.png", 3);
    std::fs::set_permissions(home.path("private.png"), std::fs::Permissions::from_mode(0o000)).unwrap();
    // The administrator may read everything; then there is nothing to refuse.
    if std::fs::read(home.path("private.png")).is_err() {
        assert_eq!(error_of(&home, "private.png")["code"], "file_unreadable");
    }
}

#[cfg(unix)]
#[test]
fn a_file_name_that_is_no_text() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt as _;
    let home = Home::new();
    let name = OsString::from_vec(b"caf\xe9.png".to_vec());
    std::fs::write(home.path("").join(&name), png(4)).unwrap();
    let ended = home.picferry(["upload".into(), name, "--json".into()]).fails_with(1);
    assert_eq!(ended.json()[0]["error"]["code"], "file_unreadable");
}

#[cfg(unix)]
#[test]
fn a_file_removed_while_it_waits_for_its_turn() {
    let home = Home::new();
    let host = SlowHost::start();
    home.profile("Slow", &host.endpoint, &[]);
    home.picture("first.png", 5).picture("second.png", 6);
    // Files of a temporary folder are copied when they are taken in; these must not count as such.
    let run = home
        .picferry(["upload", "first.png", "second.png", "--profile", "Slow", "--json"])
        .env("TMPDIR", "/nowhere")
        .start();
    host.next_request();
    std::fs::remove_file(home.path("second.png")).unwrap();
    host.refuse();
    let ended = crate::home::Ended::of(run).exits_with(1);
    let entries = ended.json();
    assert_eq!(entries[0]["error"]["code"], "access_denied", "{entries}");
    assert_eq!(entries[1]["error"]["code"], "file_not_found", "{entries}");
}

/// A PNG that says how large it is and holds next to nothing.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    // An empty deflate stream: valid, but no row of pixels comes out of it.
    let nothing = [0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01];
    for (kind, data) in [(b"IHDR", header.as_slice()), (b"IDAT", nothing.as_slice()), (b"IEND", &[])] {
        file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let checked: Vec<u8> = kind.iter().chain(data).copied().collect();
        file.extend(&checked);
        file.extend(crc32(&checked).to_be_bytes());
    }
    file
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}
