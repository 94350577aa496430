//! Pictures on trial: opened, made smaller in every format, looked at, saved, forgotten. Nothing is sent.

use picferry_core::ErrorCode;
use picferry_core::compress::CompressPicture;
use picferry_core::job::Source;
use picferry_engine::{Events, ImageFields};
use picferry_tests::home::{Home, bytes, file};
use picferry_tests::pictures;
use std::time::Duration;

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

fn fields(pairs: &[(&str, &str)]) -> ImageFields {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// Waits until a picture is as wanted; events are only the sign to look.
async fn until(
    home: &Home,
    events: &mut Events,
    id: &str,
    is: impl Fn(&CompressPicture) -> bool,
) -> CompressPicture {
    let look = async {
        loop {
            let all = home.engine.compress_pictures();
            if let Some(picture) = all.into_iter().find(|picture| picture.id == id && is(picture)) {
                return picture;
            }
            drop(events.recv().await);
        }
    };
    tokio::time::timeout(PATIENCE, look).await.unwrap()
}

async fn open(home: &Home, sources: Vec<Source>) -> (Vec<String>, Events) {
    let mut events = home.engine.subscribe();
    let pictures = home.engine.compress_open(sources).await.unwrap();
    let ids: Vec<String> = pictures.into_iter().map(|picture| picture.id).collect();
    for id in &ids {
        until(home, &mut events, id, |picture| picture.bytes > 0 || picture.error.is_some()).await;
    }
    (ids, events)
}

fn spooled(home: &Home) -> usize {
    std::fs::read_dir(home.engine.paths().spool_dir()).unwrap().count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_shows_what_every_format_makes_of_it_and_what_it_tells() {
    let home = Home::new().await;
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = folder.path().join("harbour.jpg");
    std::fs::write(&path, pictures::photo(1, 480, 320)).unwrap();
    let (ids, mut events) =
        open(&home, vec![file(&path), bytes("from the clipboard.png", pictures::noise_png(2, 40, 30))]).await;

    let first = until(&home, &mut events, &ids[0], |picture| picture.thumbnail).await;
    assert_eq!((first.name.as_str(), first.width, first.height), ("harbour.jpg", Some(480), Some(320)));
    let metadata = first.metadata.unwrap();
    let position = metadata.position.unwrap();
    assert!((position.latitude - 54.57).abs() < 0.001 && (position.longitude + 3.15).abs() < 0.001);
    assert_eq!(metadata.device.as_deref(), Some("Box"));

    home.engine.compress_try(&ids[0], &fields(&[("image_format", "webp")])).unwrap();
    let made = until(&home, &mut events, &ids[0], |picture| !picture.working).await;
    assert_eq!(made.chosen, "webp");
    let mut rules: Vec<&str> = made.results.iter().map(|result| result.rule.as_str()).collect();
    rules.sort_unstable();
    assert_eq!(rules, ["auto", "avif", "jpeg", "png", "webp"]);
    let smallest = made.results.iter().map(|result| result.bytes).min().unwrap();
    assert!(smallest < made.bytes);
    let other = until(&home, &mut events, &ids[1], |picture| !picture.working).await;
    assert_eq!(other.results.iter().map(|result| result.rule.as_str()).collect::<Vec<_>>(), ["webp"]);

    for result in &made.results {
        let shown = home.engine.compress_shown(&ids[0], &result.file, false).await.unwrap();
        assert_eq!(shown.bytes.len() as u64, result.bytes, "{}", result.rule);
        assert_eq!(shown.media_type, result.format.media_type());
        let decoded = home.engine.compress_shown(&ids[0], &result.file, true).await.unwrap();
        assert_eq!(image::load_from_memory(&decoded.bytes).unwrap().width(), 480, "{}", result.rule);
    }
    assert_eq!(
        home.engine.compress_shown(&ids[0], "original", false).await.unwrap().media_type,
        "image/jpeg"
    );
    assert!(home.engine.compress_shown(&ids[0], "../settings.json", false).await.is_err());
    home.engine.compress_close();
    assert_eq!((home.engine.compress_pictures().len(), spooled(&home)), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn other_options_make_other_files_and_known_ones_are_there_at_once() {
    let home = Home::new().await;
    let (ids, mut events) = open(&home, vec![bytes("a.jpg", pictures::photo(1, 300, 200))]).await;
    let options = |edge: &str| fields(&[("image_format", "jpeg"), ("image_long_edge", edge)]);
    let mut files = Vec::new();
    for edge in ["150", "75"] {
        home.engine.compress_try(&ids[0], &options(edge)).unwrap();
        let made = until(&home, &mut events, &ids[0], |picture| !picture.working).await;
        let chosen = made.results.iter().find(|result| result.rule == made.chosen).unwrap();
        assert_eq!(chosen.width, Some(edge.parse().unwrap()));
        files.push(chosen.file.clone());
    }
    assert_ne!(files[0], files[1]);
    home.engine.compress_try(&ids[0], &options("150")).unwrap();
    let again = &home.engine.compress_pictures()[0];
    assert!(!again.working, "what was made is made again");
    assert!(again.results.iter().any(|result| result.file == files[0]));

    let wrong = home.engine.compress_try(&ids[0], &options("wide")).unwrap_err();
    assert_eq!((wrong.code, wrong.field.as_deref()), (ErrorCode::InvalidField, Some("image_long_edge")));
    assert_eq!(home.engine.compress_try("p999", &fields(&[])).unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_says_so_alone() {
    let home = Home::new().await;
    let sources = vec![
        Source::Path { path: "/nowhere/gone.png".into() },
        bytes("text.png", b"hello, this is text".to_vec()),
        bytes("good.png", pictures::noise_png(1, 30, 30)),
    ];
    let (ids, mut events) = open(&home, sources).await;
    let codes: Vec<Option<ErrorCode>> = home
        .engine
        .compress_pictures()
        .iter()
        .map(|picture| picture.error.as_ref().map(|error| error.code))
        .collect();
    assert_eq!(codes, [Some(ErrorCode::FileNotFound), Some(ErrorCode::NotAPicture), None]);
    home.engine.compress_try(&ids[2], &fields(&[("image_format", "png")])).unwrap();
    let made = until(&home, &mut events, &ids[2], |picture| !picture.working).await;
    assert!(made.results.iter().any(|result| result.rule == "png"));
    assert_eq!(home.engine.compress_remove(&ids[0]).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_are_saved_beside_what_is_there() {
    let home = Home::new().await;
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    std::fs::write(folder.path().join("a.webp"), b"mine").unwrap();
    let (ids, mut events) = open(&home, vec![bytes("a.jpg", pictures::photo(1, 200, 150))]).await;
    let options = fields(&[("image_format", "webp")]);
    home.engine.compress_try(&ids[0], &options).unwrap();
    let made = until(&home, &mut events, &ids[0], |picture| !picture.working).await;
    let wanted = made.results.iter().find(|result| result.rule == "webp").unwrap().bytes;
    let report = home.engine.compress_save(folder.path().to_owned(), options).await.unwrap();
    assert_eq!((report.saved, report.failed.len()), (1, 0));
    assert_eq!(std::fs::read(folder.path().join("a.webp")).unwrap(), b"mine");
    assert_eq!(std::fs::metadata(folder.path().join("a-1.webp")).unwrap().len(), wanted);
}

#[tokio::test(flavor = "multi_thread")]
async fn options_become_those_of_a_profile_and_defaults_are_not_written() {
    let home = Home::new().await;
    let options = fields(&[
        ("image_format", "webp"),
        ("image_quality", "80"),
        ("metadata", "keep"),
        ("bucket", "not about pictures"),
    ]);
    let profile = home.engine.use_image_fields("local", options).await.unwrap();
    assert_eq!(profile.fields.get("image_format").map(String::as_str), Some("webp"));
    assert_eq!(profile.fields.get("metadata").map(String::as_str), Some("keep"));
    assert!(!profile.fields.contains_key("image_quality"));
    assert_ne!(profile.fields.get("bucket").map(String::as_str), Some("not about pictures"));
    let back = home.engine.use_image_fields("local", fields(&[])).await.unwrap();
    assert!(!back.fields.contains_key("metadata"));
    let wrong = home.engine.use_image_fields("local", fields(&[("image_format", "gif")])).await.unwrap_err();
    assert_eq!(wrong.field.as_deref(), Some("image_format"));
}
