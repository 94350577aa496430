//! Bad input: each a code and a sentence of its own, nothing lost, no panic.

use picferry_core::ErrorCode;
use picferry_core::job::{JobState, Source};
use picferry_tests::home::{Home, bytes, file};
use picferry_tests::pictures;
use std::path::Path;

async fn code_of(home: &Home, source: Source) -> ErrorCode {
    let local = home.engine.profile("local").unwrap();
    let job = home.ferry(&local, vec![source]).await.remove(0);
    assert_eq!(job.state, JobState::Failed, "{}: {:?}", job.name, job.url);
    let error = job.error.unwrap();
    assert!(!error.message.is_empty() && !error.message.contains("panicked"), "{error:?}");
    error.code
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_says_what_it_is() {
    let home = Home::new().await;
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let write = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        file(&path)
    };
    let picture = pictures::noise_png(1, 60, 60);
    let jpeg = pictures::noise_jpeg(1, 60, 60);
    std::os::unix::fs::symlink("/nowhere/at-all.png", folder.path().join("dangling.png")).unwrap();
    let cases = [
        ("missing", file(&folder.path().join("gone.png")), ErrorCode::FileNotFound),
        ("dangling", file(&folder.path().join("dangling.png")), ErrorCode::FileNotFound),
        ("0 bytes", write("empty.png", b""), ErrorCode::EmptyFile),
        ("text", write("text.png", b"hello, this is text"), ErrorCode::NotAPicture),
        ("truncated PNG", write("half.png", &picture[..picture.len() / 2]), ErrorCode::DamagedPicture),
        ("truncated JPEG", write("half.jpg", &jpeg[..jpeg.len() / 2]), ErrorCode::DamagedPicture),
        ("huge", write("huge.png", &pictures::png_header(60_000, 60_000)), ErrorCode::TooManyPixels),
        ("a folder", file(folder.path()), ErrorCode::NotAFile),
        ("a device", file(Path::new("/dev/zero")), ErrorCode::NotAFile),
        ("a page", Source::Url { url: "ftp://example.com/a.png".into() }, ErrorCode::UrlInvalid),
        ("nothing there", Source::Url { url: "http://127.0.0.1:9/a.png".into() }, ErrorCode::Network),
    ];
    for (what, source, expected) in cases {
        assert_eq!(code_of(&home, source).await, expected, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_larger_than_the_limit_is_not_read() {
    let home = Home::new().await;
    home.engine
        .change_settings(|settings| {
            settings.upload.max_file_bytes = 1000;
            Ok(())
        })
        .await
        .unwrap();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = folder.path().join("large.png");
    std::fs::write(&path, pictures::noise_png(1, 60, 60)).unwrap();
    assert_eq!(code_of(&home, file(&path)).await, ErrorCode::FileTooLarge);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_profile_is_refused_before_anything_is_taken_in() {
    let home = Home::new().await;
    let request = picferry_core::job::UploadRequest {
        sources: vec![bytes("a.png", pictures::png(1))],
        profile_id: Some("nobody".into()),
        ..picferry_core::job::UploadRequest::default()
    };
    let error = home.engine.upload(request).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::ProfileNotFound);
    assert!(home.engine.jobs().is_empty());
    assert_eq!(std::fs::read_dir(home.path().join("spool")).unwrap().count(), 0);
}
