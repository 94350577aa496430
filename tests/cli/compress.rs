//! `picferry compress`: smaller files beside the originals, and what each format would make of them.

use crate::home::Home;
use image::ImageReader;
use insta::assert_snapshot;
use picferry_tests::pictures::{noise_png, photo};
use serde_json::Value;
use std::path::Path;

fn size_of(path: &Path) -> (u32, u32) {
    ImageReader::open(path).unwrap().with_guessed_format().unwrap().into_dimensions().unwrap()
}

#[test]
fn a_smaller_file_is_written_under_its_true_type_and_the_input_stays() {
    let home = Home::new();
    let original = photo(1, 400, 300);
    home.file("harbour.jpg", &original);
    let arguments = ["compress", "harbour.jpg", "-o", "out", "--format", "webp", "--long-edge", "200"];
    let ended = home.picferry(arguments).succeeds().quietly();
    assert!(ended.stdout.contains("out/harbour.webp"), "{}", ended.stdout);
    let made = home.path("out/harbour.webp");
    assert_eq!(size_of(&made), (200, 150));
    assert!(std::fs::metadata(made).unwrap().len() * 4 < original.len() as u64);
    assert_eq!(std::fs::read(home.path("harbour.jpg")).unwrap(), original);
    assert!(!home.state().join("history.sqlite").exists(), "a home was opened for nothing");
}

#[test]
fn json_tells_everything_in_input_order() {
    let home = Home::new();
    home.file("a.jpg", photo(1, 300, 200)).file("b.jpg", photo(2, 300, 200)).file("text.png", "text");
    let arguments = ["compress", "b.jpg", "gone.jpg", "text.png", "a.jpg", "-o", "out", "--format", "jpeg"];
    let ended = home.picferry(arguments.into_iter().chain(["--json"])).fails_with(1);
    let mut entries = ended.json();
    for entry in entries.as_array_mut().unwrap() {
        if entry["ok"] == true {
            assert!(entry["bytes_out"].as_u64() < entry["bytes_in"].as_u64());
            assert!(entry["score"].as_f64().is_some_and(|score| score > 70.0), "{entry}");
            for measured in ["bytes_in", "bytes_out", "score"] {
                entry[measured] = "MEASURED".into();
            }
        }
    }
    assert_snapshot!("compress_json", serde_json::to_string_pretty(&entries).unwrap());
}

#[test]
fn nothing_that_exists_is_written_over_and_an_input_never() {
    let home = Home::new();
    home.file("a.jpg", photo(1, 200, 150));
    std::fs::create_dir(home.path("out")).unwrap();
    home.file("out/a.jpg", "mine");
    let write = |folder: &str, more: &[&str]| {
        let arguments = ["compress", "a.jpg", "-o", folder, "--format", "jpeg", "--quality", "70"];
        home.picferry(arguments.iter().chain(more))
    };
    write("out", &[]).fails_with(1).says("a.jpg exists already").says("--overwrite");
    assert_eq!(std::fs::read(home.path("out/a.jpg")).unwrap(), b"mine");
    write("out", &["--overwrite"]).succeeds();
    assert_eq!(size_of(&home.path("out/a.jpg")), (200, 150));
    let before = std::fs::read(home.path("a.jpg")).unwrap();
    write(".", &["--overwrite"]).fails_with(1).says("one of the inputs");
    assert_eq!(std::fs::read(home.path("a.jpg")).unwrap(), before);
}

#[test]
fn two_inputs_of_one_name_do_not_become_one_file() {
    let home = Home::new();
    std::fs::create_dir(home.path("other")).unwrap();
    home.file("a.jpg", photo(1, 200, 150)).file("other/a.jpg", photo(2, 200, 150));
    let arguments = ["compress", "a.jpg", "other/a.jpg", "-o", "out", "--overwrite", "--format", "jpeg"];
    home.picferry(arguments).fails_with(1).says("Another input already became");
}

#[test]
fn a_dry_run_shows_each_format_and_writes_nothing() {
    let home = Home::new();
    home.file("a.jpg", photo(1, 300, 200));
    let ended = home.picferry(["compress", "a.jpg", "--dry-run"]).succeeds().quietly();
    let lines = ended.lines();
    assert_eq!(lines.len(), 6, "{}", ended.stdout);
    assert!(lines[0].starts_with("a.jpg  jpeg"), "{}", lines[0]);
    for (line, rule) in lines[1..].iter().zip(["auto (", "avif", "webp", "jpeg", "png"]) {
        assert!(line.trim_start().starts_with(rule), "{line} is not about {rule}");
        assert!(line.contains(" %"), "{line}");
    }
    let entries = home.picferry(["compress", "a.jpg", "--dry-run", "--json"]).succeeds().json();
    let rules: Vec<&str> =
        entries[0]["results"].as_array().unwrap().iter().map(|one| one["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["auto", "avif", "webp", "jpeg", "png"]);
    assert_eq!(std::fs::read_dir(home.path("")).unwrap().count(), 1);
}

#[test]
fn a_wrong_option_ends_with_2_and_is_named_as_it_was_given() {
    let home = Home::new();
    home.file("a.jpg", photo(1, 60, 40));
    let run = |more: &[&str]| home.picferry(["compress", "a.jpg", "-o", "out"].iter().chain(more));
    run(&["--format", "gif"]).fails_with(2).says("--format: ").says("keep, auto, jpeg, png, webp or avif");
    run(&["--quality", "0"]).fails_with(2).says("--quality: ");
    run(&["--set", "image_rotate=45"]).fails_with(2).says("image_rotate: ").says("0, 90, 180, 270");
    run(&["--set", "bucket=x"]).fails_with(2).says("There is no field bucket").says("image_format");
    run(&["--profile", "Nowhere"]).fails_with(2).says("Nowhere");
    assert!(!home.path("out").exists());
}

#[test]
fn a_profile_gives_the_options_and_the_command_line_has_the_last_word() {
    let home = Home::new();
    home.file("a.png", noise_png(1, 80, 60));
    let profile = ["profile", "add", "Web", "--host", "s3", "--set", "endpoint=https://s3.example.com"];
    let more = ["--set", "bucket=b", "--set", "access_key_id=k", "--set", "secret_access_key=s"];
    let images = ["--set", "image_format=webp", "--set", "image_long_edge=40"];
    home.picferry(profile.into_iter().chain(more).chain(images)).succeeds();
    let arguments =
        ["compress", "a.png", "-o", "out", "--profile", "Web", "--set", "image_long_edge=20", "--json"];
    let entries: Value = home.picferry(arguments).succeeds().json();
    assert_eq!(entries[0]["format"], "webp");
    assert_eq!(size_of(&home.path("out/a.webp")), (20, 15));
}

#[test]
fn a_damaged_picture_that_stays_as_it_came_is_named() {
    let home = Home::new();
    let mut damaged = photo(1, 320, 200);
    let middle = damaged.len() / 2;
    damaged[middle..middle + 200].fill(0xa5);
    std::fs::write(home.path("damaged.jpg"), &damaged).unwrap();
    let ended = home.picferry(["compress", "damaged.jpg", "-o", "out", "--json"]).succeeds();
    assert_eq!(ended.json()[0]["ok"], true);
    ended.says("damaged.jpg is as it came: it is damaged.").says("image_when_impossible=refuse");
    home.picferry(["upload", "damaged.jpg"]).succeeds().says("is as it came: it is damaged.");
    let set = ["compress", "damaged.jpg", "-o", "new", "--set", "image_when_impossible=refuse"];
    home.picferry(set).fails_with(1).says("damaged");
}
