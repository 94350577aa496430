//! A disk that is full or read-only: a clear message, nothing lost, and all is well once it is mended.

use picferry_tests::binaries::picferry;
use picferry_tests::pictures;
use std::path::Path;
use std::process::{Command, Output};

/// Runs a script that sees a disk of 2 MB of its own at `$DISK`. As root a mount namespace is
/// enough; others need a user namespace, where they are root of their own.
fn with_small_disk(folder: &Path, script: &str) -> Output {
    let disk = folder.join("disk");
    std::fs::create_dir_all(&disk).unwrap();
    let is_root =
        std::fs::metadata("/proc/self").is_ok_and(|it| std::os::unix::fs::MetadataExt::uid(&it) == 0);
    let flags: &[&str] = if is_root { &["--mount"] } else { &["--mount", "--map-root-user"] };
    Command::new("unshare")
        .args(flags)
        .args(["sh", "-eu", "-c", &format!("mount -t tmpfs -o size=2m tmpfs \"$DISK\"\n{script}")])
        .env("DISK", &disk)
        .env("PICFERRY_HOME", disk.join("home"))
        .env("PICFERRY_SECRETS", "file")
        .env("PICFERRY", picferry())
        .env("FOLDER", folder)
        .output()
        .expect("unshare, of util-linux, is there")
}

#[test]
fn a_full_disk_is_told_and_nothing_is_lost() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    std::fs::write(folder.path().join("first.png"), pictures::png(1)).unwrap();
    std::fs::write(folder.path().join("second.png"), pictures::noise_png(2, 400, 400)).unwrap();
    let output = with_small_disk(
        folder.path(),
        r#"
        "$PICFERRY" upload "$FOLDER/first.png" --format url
        cp "$PICFERRY_HOME/settings.json" "$FOLDER/settings.json"
        dd if=/dev/zero of="$DISK/filler" bs=4k 2>/dev/null || true
        if "$PICFERRY" upload "$FOLDER/second.png" --format url; then echo "SENT ON A FULL DISK"; fi
        rm "$DISK/filler"
        cmp "$PICFERRY_HOME/settings.json" "$FOLDER/settings.json" && echo "SETTINGS INTACT"
        "$PICFERRY" upload "$FOLDER/second.png" --format url
        "$PICFERRY" history list
        "#,
    );
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{out}\n{err}");
    assert!(!out.contains("SENT ON A FULL DISK"), "{out}\n{err}");
    assert!(err.contains("disk is full"), "{err}");
    assert!(err.contains("hint: Free some space"), "{err}");
    assert!(!err.contains("panicked"), "{err}");
    assert!(out.contains("SETTINGS INTACT"), "{out}");
    assert!(out.contains("first.png") && out.contains("second.png"), "{out}");
}

/// Files of temporary folders are copied first. The disk has room for the queue, not for the copy.
#[test]
fn a_disk_too_full_for_a_copy_of_a_large_file_stops_neither_it_nor_the_others() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("small.png"), pictures::png(1)).unwrap();
    std::fs::write(folder.path().join("large.png"), pictures::noise_png(2, 700, 700)).unwrap();
    let output = with_small_disk(
        folder.path(),
        r#"
        "$PICFERRY" upload "$FOLDER/small.png" --format url > "$FOLDER/first"
        for size in 700 400 200; do dd if=/dev/zero of="$DISK/filler-$size" bs=1k count=$size 2>/dev/null || true; done
        "$PICFERRY" upload "$FOLDER/large.png" "$FOLDER/small.png" --json > "$FOLDER/batch" || true
        "#,
    );
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{err}");
    let first = std::fs::read_to_string(folder.path().join("first")).unwrap();
    let batch = std::fs::read_to_string(folder.path().join("batch")).unwrap();
    let batch: serde_json::Value = serde_json::from_str(&batch).unwrap();
    assert_eq!(batch[1]["ok"], true, "{batch}");
    assert_eq!(batch[1]["url"], first.trim());
    assert!(batch[0]["ok"] == true || batch[0]["error"]["code"] == "disk_full", "{batch}");
}

#[test]
fn a_home_that_became_read_only_is_told_and_stays_as_it_is() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    std::fs::write(folder.path().join("first.png"), pictures::png(1)).unwrap();
    std::fs::write(folder.path().join("second.png"), pictures::png(2)).unwrap();
    let output = with_small_disk(
        folder.path(),
        r#"
        "$PICFERRY" upload "$FOLDER/first.png" --format url
        mount -o remount,ro "$DISK"
        if "$PICFERRY" upload "$FOLDER/second.png" --format url; then echo "SENT FROM A READ-ONLY HOME"; fi
        mount -o remount,rw "$DISK"
        "$PICFERRY" upload "$FOLDER/second.png" --format url
        "$PICFERRY" history list
        "#,
    );
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{out}\n{err}");
    assert!(!out.contains("SENT FROM"), "{out}\n{err}");
    assert!(err.contains("read-only") || err.contains("cannot be written"), "{err}");
    assert!(err.contains("hint:"), "{err}");
    assert!(!err.contains("panicked"), "{err}");
    assert!(out.contains("first.png") && out.contains("second.png"), "{out}");
}
