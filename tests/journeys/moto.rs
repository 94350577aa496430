//! The whole crossing against an S3 server that others wrote.

use picferry_core::job::{JobState, Source};
use picferry_core::link::LinkFormat;
use picferry_core::profile::Profile;
use picferry_core::upload::HistoryFilter;
use picferry_engine::DeleteMode;
use picferry_tests::home::{Home, StoreAddress, bytes};
use picferry_tests::moto::Moto;
use picferry_tests::pictures;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const BUCKET: &str = "pictures";

async fn profile(home: &Home, endpoint: &str, fields: &[(&str, &str)]) -> Profile {
    let address = StoreAddress { endpoint, bucket: BUCKET, access_key: "key", secret_key: "secret" };
    // Moto shows readers only what is public.
    let mut all = vec![("acl", "public-read")];
    all.extend(fields);
    home.add_store("moto", &address, &all).await
}

/// Carries bytes to moto and back, and counts the requests that delete many.
struct Relay {
    endpoint: String,
    deletions: Arc<AtomicUsize>,
}

impl Relay {
    async fn to(moto: &Moto) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let target = moto.endpoint().trim_start_matches("http://").to_owned();
        let deletions = Arc::new(AtomicUsize::new(0));
        let counter = deletions.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&target).await.unwrap();
                tokio::spawn(carry(client, server, counter.clone()));
            }
        });
        Self { endpoint, deletions }
    }
}

async fn carry(client: TcpStream, server: TcpStream, deletions: Arc<AtomicUsize>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
        // The head of a request comes at the beginning of a piece: the client waits for answers.
        let text = String::from_utf8_lossy(&buffer[..length]);
        if text.lines().next().is_some_and(|line| line.starts_with("POST ") && line.contains("?delete")) {
            deletions.fetch_add(1, Ordering::Relaxed);
        }
        if to_server.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_goes_in_its_link_opens_and_it_goes_again() {
    let moto = Moto::start(BUCKET).await;
    let home = Home::new().await;
    let profile = profile(&home, moto.endpoint(), &[]).await;
    let picture = pictures::noise_png(1, 60, 40);
    let first = home.ferry(&profile, vec![bytes("dawn.png", picture.clone())]).await;
    assert_eq!(first[0].state, JobState::Done, "{:?}", first[0].error);
    let url = first[0].url.clone().unwrap();
    let answer = reqwest::get(&url).await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &"image/png".parse().unwrap())
    );
    assert_eq!(answer.bytes().await.unwrap(), picture);

    let again = home.ferry(&profile, vec![bytes("dusk.png", picture)]).await;
    assert_eq!((again[0].reused, again[0].url.as_ref()), (true, Some(&url)));
    let markdown = LinkFormat::resolve("markdown", &[]).unwrap();
    assert_eq!(home.engine.job_links(&again, &markdown).await.unwrap(), [format!("![dusk]({url})")]);
    assert_eq!(home.engine.history_totals(HistoryFilter::default()).await.unwrap().count, 1);

    let id = first[0].upload_id.unwrap();
    let deleted = home.engine.delete(vec![id], DeleteMode::HostAndHere).await.unwrap();
    assert!(deleted[0].ok, "{:?}", deleted[0].error);
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 404);
    assert_eq!(home.engine.history_totals(HistoryFilter::default()).await.unwrap().count, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_under_a_name_is_never_replaced() {
    let moto = Moto::start(BUCKET).await;
    let home = Home::new().await;
    let profile = profile(&home, moto.endpoint(), &[("key_template", "{name}.{ext}")]).await;
    let pictures = [pictures::png(2), pictures::png(3), pictures::png(4)];
    let mut urls = Vec::new();
    for picture in &pictures {
        let jobs = home.ferry(&profile, vec![bytes("logo.png", picture.clone())]).await;
        assert_eq!(jobs[0].state, JobState::Done, "{:?}", jobs[0].error);
        urls.push(jobs[0].url.clone().unwrap());
    }
    for ((url, picture), end) in urls.iter().zip(&pictures).zip(["/logo.png", "/logo-1.png", "/logo-2.png"]) {
        assert!(url.ends_with(end), "{url}");
        assert_eq!(reqwest::get(url).await.unwrap().bytes().await.unwrap(), *picture, "{url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nasty_names_arrive_open_and_go() {
    let moto = Moto::start(BUCKET).await;
    let home = Home::new().await;
    let profile = profile(&home, moto.endpoint(), &[("key_template", "{name}.{ext}")]).await;
    let names = ["a b+c%中文(1)#?&=.png", "🛶 ferry 👩‍💻.png", "e\u{301}tude.png", "it's 100%25 ~*!.png"];
    let mut ids = Vec::new();
    let mut urls = Vec::new();
    for (number, name) in (10..).zip(names) {
        let picture = pictures::png(number);
        let jobs = home.ferry(&profile, vec![bytes(name, picture.clone())]).await;
        assert_eq!(jobs[0].state, JobState::Done, "{name}: {:?}", jobs[0].error);
        let url = jobs[0].url.clone().unwrap();
        let answer = reqwest::get(&url).await.unwrap();
        assert_eq!(answer.status(), 200, "{name}: {url}");
        assert_eq!(answer.bytes().await.unwrap(), picture, "{name}: {url}");
        ids.push(jobs[0].upload_id.unwrap());
        urls.push(url);
    }
    let deleted = home.engine.delete(ids, DeleteMode::HostAndHere).await.unwrap();
    assert!(deleted.iter().all(|result| result.ok), "{deleted:?}");
    for url in urls {
        assert_eq!(reqwest::get(&url).await.unwrap().status(), 404, "{url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_picture_goes_in_parts() {
    let moto = Moto::start(BUCKET).await;
    let home = Home::new().await;
    let profile = profile(&home, moto.endpoint(), &[("image_skip", "bmp")]).await;
    let picture = pictures::noise_bmp(20, 3800, 3200);
    let jobs = home.ferry(&profile, vec![bytes("large.bmp", picture.clone())]).await;
    assert_eq!(jobs[0].state, JobState::Done, "{:?}", jobs[0].error);
    let answer = reqwest::get(jobs[0].url.clone().unwrap()).await.unwrap();
    let etag = answer.headers()["etag"].to_str().unwrap().to_owned();
    assert!(etag.trim_matches('"').ends_with("-3"), "36 MB in parts of 16: {etag}");
    assert_eq!(answer.bytes().await.unwrap(), picture);
    let spooled = std::fs::read_dir(home.engine.paths().spool_dir()).unwrap().count();
    assert_eq!(spooled, 0, "nothing is left on this computer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_pictures_go_in_two_requests_and_each_has_its_line() {
    let moto = Moto::start(BUCKET).await;
    let relay = Relay::to(&moto).await;
    let home = Home::new().await;
    let profile = profile(&home, &relay.endpoint, &[("concurrency", "8")]).await;
    let sources: Vec<Source> = (0..1001).map(|number| bytes("x.png", pictures::png(number + 100))).collect();
    let jobs = home.ferry(&profile, sources).await;
    assert!(jobs.iter().all(|job| job.state == JobState::Done));
    let mut ids: Vec<i64> = jobs.iter().map(|job| job.upload_id.unwrap()).collect();
    ids.push(4711);
    let deleted = home.engine.delete(ids.clone(), DeleteMode::HostAndHere).await.unwrap();
    assert_eq!(deleted.iter().map(|result| result.id).collect::<Vec<_>>(), ids, "a line for each, in order");
    let (unknown, known) = deleted.split_last().unwrap();
    assert!(known.iter().all(|result| result.ok));
    assert!(!unknown.ok && unknown.error.is_some(), "it never was in the history");
    assert_eq!(relay.deletions.load(Ordering::Relaxed), 2, "a thousand at a time");
    for job in [&jobs[0], &jobs[1000]] {
        assert_eq!(reqwest::get(job.url.clone().unwrap()).await.unwrap().status(), 404);
    }
    assert_eq!(home.engine.history_totals(HistoryFilter::default()).await.unwrap().count, 0);
}
