//! Uploads and jobs made up for the tests and the benchmark: always the same ones.
#![expect(dead_code, reason = "each test takes what it needs of this")]

use picferry_core::job::{JobSnapshot, JobState, Origin};
use picferry_core::picture::PictureFormat;
use picferry_core::provider::Receipt;
use picferry_core::upload::{Cursor, HistoryFilter, Upload};
use picferry_history::{History, JobRow, NewUpload, StoredSource};
use std::collections::BTreeMap;
use tempfile::TempDir;

/// 2026-11-22 00:00 UTC.
pub const NOW: i64 = 1_795_305_600_000;

/// One day in milliseconds.
pub const DAY: i64 = 86_400_000;

/// A new history in a folder that goes away with the first value.
pub fn fresh() -> (TempDir, History) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let history = History::open(&folder.path().join("history.db")).expect("a new history");
    (folder, history)
}

/// An upload like any other; the number makes it unique.
pub fn upload(number: u64) -> NewUpload {
    let key = format!("2026/11/{number:012x}.png");
    let url = format!("https://img.example.com/{key}");
    NewUpload {
        job_id: format!("job-{number}"),
        created_at: NOW + i64::try_from(number).unwrap_or(0) * 1000,
        profile_id: "local".into(),
        profile_name: "This computer".into(),
        host: "s3".into(),
        receipt: Receipt { key: key.clone(), url: url.clone(), etag: None, extra: BTreeMap::new() },
        key,
        url,
        name: format!("picture-{number}.png"),
        format: PictureFormat::Png,
        width: Some(1200),
        height: Some(800),
        animated: false,
        bytes_in: 2000,
        bytes_out: 1000,
        sha256: format!("{number:064x}"),
        source_sha256: format!("f{number:063x}"),
        score: None,
        alt: String::new(),
        note: String::new(),
        thumbnail: Some(format!("thumbnail-{number}")),
        origin: Origin::Drop,
        source_path: Some(format!("/pictures/picture-{number}.png")),
    }
}

/// A job as it is accepted.
pub fn job(batch: &str, position: u32) -> JobRow {
    let name = format!("picture-{position}.png");
    let path = format!("/pictures/{name}");
    let snapshot = JobSnapshot {
        id: format!("{batch}-{position}"),
        batch: batch.into(),
        position,
        name,
        input: path.clone(),
        origin: Origin::Window,
        profile_id: "local".into(),
        profile_name: "This computer".into(),
        state: JobState::Queued,
        stage: None,
        sent: 0,
        total: 0,
        bytes_in: 0,
        bytes_out: 0,
        format: None,
        key: None,
        url: None,
        thumbnail: None,
        sha256: None,
        notes: Vec::new(),
        score: None,
        reused: false,
        error: None,
        attempt: 0,
        retry_at: None,
        upload_id: None,
        created_at: NOW,
    };
    JobRow::new(snapshot, StoredSource::Path { path })
}

/// Everything a filter lets through, page by page.
pub fn walk(history: &History, filter: &HistoryFilter, limit: u32) -> Vec<Upload> {
    let mut rows = Vec::new();
    let mut after: Option<Cursor> = None;
    loop {
        let page = history.page(filter, after, limit).expect("a page");
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return rows;
        }
    }
}

/// A filter for words alone.
pub fn words(text: &str) -> HistoryFilter {
    HistoryFilter { text: text.into(), ..HistoryFilter::default() }
}

const LATIN: [&str; 16] = [
    "holiday", "invoice", "diagram", "kitchen", "report", "avatar", "banner", "draft", "logo", "chart",
    "map", "mountain", "river", "garden", "bridge", "window",
];

const HAN: [&str; 10] =
    ["截图", "照片", "发票", "流程图", "头像", "横幅", "草稿", "地图", "山水", "会议纪要"];

/// The name that one of [`generated`] has, at three fifths of its way.
pub const RARE_NAME: &str = "quetzalcoatl";

/// The profiles that [`generated`] uses; the last one is rare.
pub const PROFILES: [&str; 4] = [
    "0f8fad5b-d9cb-469f-a165-70867728950e",
    "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "550e8400-e29b-41d4-a716-446655440000",
    "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
];

/// A history as a busy person has it after some years: bursts and pauses, half of the names
/// screenshots, two languages, four profiles. Oldest first; the same every time.
pub fn generated(count: u64) -> impl Iterator<Item = NewUpload> {
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut time = NOW - 1200 * DAY;
    (0..count).map(move |number| {
        let mut draw = |below: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random % below
        };
        time += match draw(100) {
            0 => DAY / 2,
            1..20 => 900_000,
            _ => 2_000,
        };
        let word = match draw(10) {
            0..5 => "screenshot",
            5..8 => LATIN[usize::try_from(draw(16)).unwrap_or(0)],
            _ => HAN[usize::try_from(draw(10)).unwrap_or(0)],
        };
        let word = if number == count * 3 / 5 { RARE_NAME } else { word };
        let profile = match draw(200) {
            0 => 3,
            other => usize::try_from(other % 3).unwrap_or(0),
        };
        let format = [PictureFormat::Png, PictureFormat::Jpeg, PictureFormat::Webp, PictureFormat::Gif]
            [usize::try_from(draw(7) / 2).unwrap_or(0)];
        let hash =
            format!("{:016x}{:016x}{:016x}{:016x}", draw(u64::MAX), draw(u64::MAX), draw(u64::MAX), number);
        let key = format!("2026/11/{}.{}", &hash[..12], format.extension());
        let url = format!("https://img{profile}.example.com/{key}");
        NewUpload {
            created_at: time,
            profile_id: PROFILES[profile].into(),
            profile_name: format!("Bucket {profile}"),
            receipt: Receipt {
                key: key.clone(),
                url: url.clone(),
                etag: Some(hash[..32].into()),
                extra: BTreeMap::new(),
            },
            key,
            url,
            name: format!("{word} {number}.{}", format.extension()),
            format,
            bytes_in: 20_000 + draw(5_000_000),
            bytes_out: 10_000 + draw(2_000_000),
            thumbnail: Some(format!("{hash}.webp")),
            source_sha256: hash.chars().rev().collect(),
            sha256: hash,
            note: if number % 50 == 0 { "for the article about rivers".into() } else { String::new() },
            ..upload(number)
        }
    })
}
