//! A picture goes in, its link comes out, the link opens, the history has it.

use picferry_core::event::Event;
use picferry_core::job::{JobState, Source, UploadRequest};
use picferry_core::link::LinkFormat;
use picferry_core::upload::HistoryFilter;
use picferry_engine::Role;
use picferry_tests::fake_s3::FakeS3;
use picferry_tests::home::{Home, bytes, file};
use picferry_tests::pictures;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn without_any_account_a_picture_gets_a_link_that_opens() {
    let home = Home::new().await;
    let local = home.local_as_it_is().await;
    let picture = pictures::noise_png(1, 40, 30);
    let jobs = home.ferry(&local, vec![bytes("截图 1.png", picture.clone())]).await;

    assert_eq!(jobs[0].state, JobState::Done, "{:?}", jobs[0].error);
    let url = jobs[0].url.clone().unwrap();
    let answer = reqwest::get(&url).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(answer.bytes().await.unwrap(), picture);

    let page = home.engine.history_page(HistoryFilter::default(), None, 10).await.unwrap();
    let upload = &page.rows[0];
    assert_eq!((upload.name.as_str(), &upload.url), ("截图 1.png", &url));
    assert_eq!((upload.width, upload.height), (Some(40), Some(30)));
    let markdown = home.engine.links(vec![upload.id], Some("markdown".into())).await.unwrap();
    assert_eq!(markdown, [format!("![截图 1]({url})")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_thumbnail_is_made_from_local_bytes_and_the_address_is_never_fetched() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    let jobs = home.ferry(&profile, vec![bytes("a.png", pictures::noise_png(2, 900, 600))]).await;
    home.engine.close().await;

    let upload = home.engine.history_one(jobs[0].upload_id.unwrap()).await.unwrap();
    let thumbnail = home.engine.thumbnail(&upload.thumbnail.unwrap()).await.unwrap();
    let decoded = image::load_from_memory(&thumbnail).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (320, 213));
    assert_eq!(store.requests("GET"), 0, "the store was asked for the picture");
}

/// What lies in the system's temporary folder is copied first, because it may vanish.
fn lasting_folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_leaves_its_thumbnails_to_the_app() {
    let store = FakeS3::start().await;
    let home = Home::with_role(Role::App).await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    let command = home.open_another(Role::Cli).await.unwrap();
    let folder = lasting_folder();
    let sources = ["kept.png", "changed.png"].map(|name| {
        let path = folder.path().join(name);
        std::fs::write(&path, pictures::noise_png(name.len() as u64, 900, 600)).unwrap();
        Source::Path { path: path.display().to_string() }
    });
    let request = UploadRequest {
        sources: sources.to_vec(),
        profile_id: Some(profile.id.clone()),
        ..UploadRequest::default()
    };
    // The app must not be quicker than the change.
    home.engine.close().await;
    let accepted = command.upload(request).await.unwrap();
    let jobs = command.wait_for_batch(&accepted.batch).await;
    command.close().await;
    std::fs::write(folder.path().join("changed.png"), pictures::png(9)).unwrap();
    let home = home.restart_as(Role::App).await;
    let row = async |job: usize| home.engine.history_one(jobs[job].upload_id.unwrap()).await.unwrap();
    let drawn = async {
        while row(0).await.thumbnail.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), drawn).await.expect("it is drawn");
    let thumbnail = home.engine.thumbnail(&row(0).await.thumbnail.unwrap()).await.unwrap();
    let decoded = image::load_from_memory(&thumbnail).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (320, 213));
    home.engine.close().await;
    assert_eq!(row(1).await.thumbnail, None, "it is another picture by now");
    assert_eq!(store.requests("GET"), 0, "the store was asked for the picture");
}

#[tokio::test(flavor = "multi_thread")]
async fn results_keep_the_order_of_the_inputs_whatever_the_host_does() {
    let store = FakeS3::start().await;
    store.answer_slowly_at_random(40);
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[("key_template", "{name}.{ext}")]).await;
    let sources: Vec<Source> =
        (0..24).map(|number| bytes(&format!("{number:02}.png"), pictures::png(number + 10))).collect();
    let jobs = home.ferry(&profile, sources).await;
    let keys: Vec<String> = jobs.iter().map(|job| job.key.clone().unwrap()).collect();
    let expected: Vec<String> = (0..24).map(|number| format!("{number:02}.png")).collect();
    assert_eq!(keys, expected);
    assert!(jobs.iter().all(|job| job.state == JobState::Done));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_pictures_are_sent_at_once_than_the_profile_allows() {
    let store = FakeS3::start().await;
    store.answer_slowly_at_random(30);
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[("concurrency", "3")]).await;
    let sources = (0..20).map(|number| bytes("x.png", pictures::png(number + 50))).collect();
    home.ferry(&profile, sources).await;
    assert!(store.most_at_once() <= 3, "{} at once", store.most_at_once());
    assert!(store.most_at_once() >= 2, "nothing was sent side by side");
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_counts_real_bytes_and_ends_with_all_of_them() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    // The store takes its time, so that the network's buffers cannot swallow everything at once.
    store.change(|flaws| flaws.slow_body = std::time::Duration::from_millis(20));
    let mut events = home.engine.subscribe();
    let jobs = home.ferry(&profile, vec![bytes("large.png", pictures::noise_png(3, 2000, 1500))]).await;
    let mut seen = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let Event::JobChanged { job } = event {
            seen.push(job);
        }
    }
    let sent: Vec<u64> = seen.iter().map(|job| job.sent).collect();
    assert!(sent.is_sorted(), "progress went backwards: {sent:?}");
    let last = seen.last().unwrap();
    assert_eq!((last.sent, last.state), (jobs[0].bytes_out, JobState::Done));
    assert!(sent.iter().any(|sent| *sent > 0 && *sent < jobs[0].bytes_out), "nothing between: {sent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_picture_is_sent_once_and_its_link_used_again() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[("key_template", "{random:10}.{ext}")]).await;
    let picture = pictures::png(70);
    let together = (0..5).map(|number| bytes(&format!("{number}.png"), picture.clone())).collect();
    let first = home.ferry(&profile, together).await;
    let later = home.ferry(&profile, vec![bytes("again.png", picture)]).await;
    let urls: std::collections::BTreeSet<_> = first.iter().chain(&later).map(|job| job.url.clone()).collect();
    assert_eq!(urls.len(), 1, "{urls:?}");
    assert_eq!(store.objects().len(), 1);
    assert!(later[0].reused);
    assert_eq!(home.engine.history_totals(HistoryFilter::default()).await.unwrap().count, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_a_picture_that_was_there_has_the_name_it_came_with_now() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    let markdown = LinkFormat::resolve("markdown", &[]).unwrap();
    let picture = pictures::png(72);
    let first = home.ferry(&profile, vec![bytes("IMG_0417.png", picture.clone())]).await;
    let later = home.ferry(&profile, vec![bytes("harbour.png", picture.clone())]).await;
    let url = first[0].url.clone().unwrap();
    let jobs = [later[0].clone(), first[0].clone()];
    let links = home.engine.job_links(&jobs, &markdown).await.unwrap();
    assert_eq!(links, [format!("![harbour]({url})"), format!("![IMG_0417]({url})")]);

    // Words that somebody wrote about the picture are better than any file name.
    home.engine.set_alt(first[0].upload_id.unwrap(), "Boats at dawn".into()).await.unwrap();
    let links = home.engine.job_links(&jobs[..1], &markdown).await.unwrap();
    assert_eq!(links, [format!("![Boats at dawn]({url})")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_bucket_changed_the_same_picture_is_sent_again() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    let picture = pictures::png(71);
    home.ferry(&profile, vec![bytes("a.png", picture.clone())]).await;
    let mut draft = picferry_engine::ProfileDraft::of(&profile);
    draft.fields.insert("bucket".into(), "another-bucket".into());
    let profile = home.engine.save_profile(draft).await.unwrap();
    let jobs = home.ferry(&profile, vec![bytes("a.png", picture)]).await;
    assert!(!jobs[0].reused);
}

#[tokio::test(flavor = "multi_thread")]
async fn nasty_names_survive_from_the_file_to_the_link_and_back() {
    let local_home = Home::new().await;
    let profile = local_home.add_store_like_local("nasty", &[("key_template", "{name}.{ext}")]).await;
    for (number, name) in ["a b+c%中文(1)#?&=.png", "🛶 ferry.png", "e\u{301}tude.png"].iter().enumerate()
    {
        let picture = pictures::png(80 + number as u64);
        let jobs = local_home.ferry(&profile, vec![bytes(name, picture.clone())]).await;
        assert_eq!(jobs[0].state, JobState::Done, "{name}: {:?}", jobs[0].error);
        let answer = reqwest::get(jobs[0].url.clone().unwrap()).await.unwrap();
        assert_eq!(answer.status(), 200, "{name}: {:?}", jobs[0].url);
        assert_eq!(answer.bytes().await.unwrap(), picture, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_fetched_from_its_address() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let local = home.engine.profile("local").unwrap();
    let picture = pictures::png(90);
    let first = home.ferry(&local, vec![bytes("a.png", picture)]).await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    let url = first[0].url.clone().unwrap();
    let jobs = home.ferry(&profile, vec![Source::Url { url }]).await;
    assert_eq!(jobs[0].state, JobState::Done, "{:?}", jobs[0].error);
    assert_eq!(store.objects().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_temporary_folder_may_vanish_once_it_is_accepted() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shot.png");
    std::fs::write(&path, pictures::png(91)).unwrap();
    let request = UploadRequest {
        sources: vec![file(&path)],
        profile_id: Some(profile.id.clone()),
        ..UploadRequest::default()
    };
    let accepted = home.engine.upload(request).await.unwrap();
    drop(folder);
    let jobs = home.engine.wait_for_batch(&accepted.batch).await;
    assert_eq!(jobs[0].state, JobState::Done, "{:?}", jobs[0].error);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_was_deleted_at_the_host_is_sent_again() {
    let store = FakeS3::start().await;
    let home = Home::new().await;
    let profile = home.add_store("box", &store.address(), &[]).await;
    let picture = pictures::png(72);
    let first = home.ferry(&profile, vec![bytes("a.png", picture.clone())]).await;
    store.remove_object(first[0].key.as_deref().unwrap());
    let again = home.ferry(&profile, vec![bytes("a.png", picture)]).await;
    assert!(!again[0].reused);
    assert_eq!(store.objects().len(), 1);
}
