//! The gallery at 100,000 pictures: every query it makes, from the first page to the last.

#[path = "../tests/common/mod.rs"]
mod common;

use common::{NOW, PROFILES, RARE_NAME, generated, walk, words};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use jiff::tz::TimeZone;
use picferry_core::picture::PictureFormat;
use picferry_core::upload::{Cursor, HistoryFilter};
use picferry_history::{History, NewUpload};
use std::hint::black_box;

const PICTURES: u64 = 100_000;
const PAGE: u32 = 100;

/// The generated history: recorded in pieces, as years of use would.
fn filled(folder: &tempfile::TempDir) -> History {
    let history = History::open(&folder.path().join("history.db")).expect("a new history");
    let uploads: Vec<NewUpload> = generated(PICTURES).collect();
    for piece in uploads.chunks(1000) {
        history.add_uploads(piece).expect("uploads are recorded");
    }
    history
}

/// A cursor with that many rows before it.
fn after(history: &History, rows: usize) -> Cursor {
    let row = &walk(history, &HistoryFilter::default(), 5000)[rows - 1];
    Cursor { created_at: row.created_at, id: row.id }
}

fn gallery(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let history = filled(&folder);
    let all = HistoryFilter::default();
    let middle = after(&history, 50_000);
    let near_the_end = after(&history, 99_900);
    let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC);
    let one_format = HistoryFilter {
        profile_ids: vec![PROFILES[0].into()],
        formats: vec![PictureFormat::Gif],
        ..HistoryFilter::default()
    };
    let rare_profile = HistoryFilter { profile_ids: vec![PROFILES[3].into()], ..one_format.clone() };

    let mut group = criterion.benchmark_group("gallery_100k");
    group.sample_size(50);
    let pages: [(&str, HistoryFilter, Option<Cursor>); 14] = [
        ("first_page", all.clone(), None),
        ("middle_page", all.clone(), Some(middle)),
        ("last_page", all.clone(), Some(near_the_end)),
        ("search_common_word", words("screenshot"), None),
        ("search_common_word_middle", words("screenshot"), Some(middle)),
        ("search_rare_word", words(RARE_NAME), None),
        ("search_nothing", words("no-such-word"), None),
        ("search_two_chinese_characters", words("截图"), None),
        ("search_one_chinese_character", words("图"), None),
        ("search_one_letter", words("e"), None),
        ("search_two_words", words("screenshot 1234"), None),
        ("profile_and_format", one_format, None),
        ("rare_profile_and_format", rare_profile, None),
        ("no_size_like_that", HistoryFilter { min_bytes: Some(1 << 40), ..all.clone() }, None),
    ];
    for (name, filter, cursor) in &pages {
        group.bench_function(*name, |bencher| {
            bencher.iter(|| black_box(history.page(filter, *cursor, PAGE)).expect("a page"));
        });
    }
    group.bench_function("days", |bencher| {
        bencher.iter(|| black_box(history.days(&all, &zone)).expect("days"))
    });
    group.bench_function("totals", |bencher| bencher.iter(|| black_box(history.totals(&all)).expect("sums")));
    group.bench_function("open", |bencher| {
        bencher.iter(|| black_box(History::open(history.path())).expect("an opened history"));
    });
    group.sample_size(10);
    group.bench_function("days_of_common_word", |bencher| {
        bencher.iter(|| black_box(history.days(&words("screenshot"), &zone)).expect("days"));
    });
    group.bench_function("totals_of_common_word", |bencher| {
        bencher.iter(|| black_box(history.totals(&words("screenshot"))).expect("sums"));
    });
    group.bench_function("walk_to_the_end", |bencher| {
        bencher.iter(|| black_box(walk(&history, &all, PAGE)).len())
    });
    // Last: it makes the history grow.
    let mut number = PICTURES;
    group.sample_size(50).bench_function("record_one", |bencher| {
        bencher.iter_batched(
            || {
                number += 1;
                NewUpload { created_at: NOW + i64::try_from(number).unwrap_or(0), ..common::upload(number) }
            },
            |upload| history.add_uploads(std::slice::from_ref(&upload)).expect("it is recorded"),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, gallery);
criterion_main!(benches);
