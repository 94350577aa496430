//! What becomes of pictures on their way: smaller, without what is nobody's business, under the right name.

use picferry_core::ErrorCode;
use picferry_core::images::{KeptWhy, PictureNote};
use picferry_core::job::JobState;
use picferry_core::upload::HistoryFilter;
use picferry_tests::home::{Home, bytes};
use picferry_tests::pictures;

fn holds_position(file: &[u8]) -> bool {
    file.windows(pictures::POSITION.len()).any(|window| window == pictures::POSITION)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_arrives_smaller_without_its_position_under_its_true_extension() {
    let home = Home::new().await;
    let local = home.engine.profile("local").unwrap();
    let photo = pictures::photo(1, 900, 600);
    assert!(holds_position(&photo), "the photo of this test has no position");
    let job = home.ferry(&local, vec![bytes("harbour.jpg", photo.clone())]).await.remove(0);

    assert_eq!(job.state, JobState::Done, "{:?}", job.error);
    assert!(job.bytes_out * 2 < job.bytes_in, "{} of {} bytes", job.bytes_out, job.bytes_in);
    assert!(job.notes.contains(&PictureNote::Compressed), "{:?}", job.notes);
    let format = job.format.unwrap();
    let url = job.url.unwrap();
    assert!(url.ends_with(&format!(".{}", format.extension())), "{url} is {format:?}");
    let answer = reqwest::get(&url).await.unwrap();
    assert_eq!(answer.headers()["content-type"], format.media_type());
    let stored = answer.bytes().await.unwrap();
    assert!(!holds_position(&stored));
    assert_eq!(picferry_imaging::inspect(&stored).unwrap().width, Some(900));

    let upload = home.engine.history_one(job.upload_id.unwrap()).await.unwrap();
    assert!(upload.score.is_some_and(|score| score >= 75), "{:?}", upload.score);
    let totals = home.engine.history_totals(HistoryFilter::default()).await.unwrap();
    assert_eq!((totals.bytes_in, totals.bytes_out), (photo.len() as u64, job.bytes_out));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_keeps_formats_and_metadata_sends_the_file_as_it_is() {
    let home = Home::new().await;
    let fields = [("image_format", "keep"), ("metadata", "keep"), ("image_skip", "jpg")];
    let profile = home.add_store_like_local("Originals", &fields).await;
    let photo = pictures::photo(2, 300, 200);
    let job = home.ferry(&profile, vec![bytes("a.jpg", photo.clone())]).await.remove(0);
    assert_eq!(job.notes, [PictureNote::Skipped]);
    assert_eq!(reqwest::get(job.url.unwrap()).await.unwrap().bytes().await.unwrap(), photo);
}

#[tokio::test(flavor = "multi_thread")]
async fn options_of_the_profile_hold_and_other_options_send_the_same_picture_again() {
    let home = Home::new().await;
    let profile = home
        .add_store_like_local(
            "Web",
            &[("image_format", "webp"), ("image_long_edge", "200"), ("image_skip", "")],
        )
        .await;
    let photo = pictures::photo(3, 600, 400);
    let first = home.ferry(&profile, vec![bytes("a.jpg", photo.clone())]).await.remove(0);
    assert!(first.notes.contains(&PictureNote::Resized { width: 200, height: 133 }), "{:?}", first.notes);
    assert!(first.url.as_ref().unwrap().ends_with(".webp"));

    let again = home.ferry(&profile, vec![bytes("a.jpg", photo.clone())]).await.remove(0);
    assert!(again.reused);
    let fields = [("image_format", "jpeg"), ("image_long_edge", "100")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()));
    let profile = home.engine.use_image_fields(&profile.id, fields.into()).await.unwrap();
    let other = home.ferry(&profile, vec![bytes("a.jpg", photo)]).await.remove(0);
    assert!(!other.reused);
    assert!(other.url.unwrap().ends_with(".jpg"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drawing_passes_and_one_with_a_script_is_refused_and_says_why() {
    let home = Home::new().await;
    let local = home.engine.profile("local").unwrap();
    let drawing = |inside: &str| {
        format!("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{inside}</svg>").into_bytes()
    };
    let plain = drawing("<path d='M0 0h9v9z'/>");
    let scripted = drawing("<script>alert(1)</script>");
    let jobs = home.ferry(&local, vec![bytes("plain.svg", plain), bytes("scripted.svg", scripted)]).await;
    assert_eq!(jobs[0].state, JobState::Done, "{:?}", jobs[0].error);
    assert!(
        jobs[0].notes.contains(&PictureNote::KeptOriginal { why: KeptWhy::Vector }),
        "{:?}",
        jobs[0].notes
    );
    assert_eq!(jobs[1].state, JobState::Failed);
    let error = jobs[1].error.as_ref().unwrap();
    assert_eq!(error.code, ErrorCode::Unsupported);
    assert!(error.message.contains("script"), "{}", error.message);
    assert!(error.hint.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watermark_that_cannot_be_read_is_told_with_its_field() {
    let home = Home::new().await;
    let profile =
        home.add_store_like_local("Marked", &[("watermark", "/nowhere/mark.png"), ("image_skip", "")]).await;
    let job = home.ferry(&profile, vec![bytes("a.jpg", pictures::photo(4, 60, 40))]).await.remove(0);
    let error = job.error.unwrap();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidField, Some("watermark")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_was_sent_with_a_watermark_is_known_again_and_not_marked_twice() {
    let home = Home::new().await;
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark.png");
    std::fs::write(&mark, pictures::png(40)).unwrap();
    let fields = [("watermark", mark.to_str().unwrap()), ("image_skip", ""), ("image_format", "jpeg")];
    let profile = home.add_store_like_local("Marked", &fields).await;
    let job = home.ferry(&profile, vec![bytes("a.jpg", pictures::photo(5, 600, 400))]).await.remove(0);
    assert!(job.notes.contains(&PictureNote::Watermarked), "{:?}", job.notes);
    let sent = reqwest::get(job.url.clone().unwrap()).await.unwrap().bytes().await.unwrap();

    let again = home.ferry(&profile, vec![bytes("a.jpg", sent.to_vec())]).await.remove(0);
    assert!(again.reused);
    assert_eq!(again.url, job.url);
}
