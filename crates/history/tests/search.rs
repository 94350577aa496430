//! Search finds exactly what a plain look into every text would find.

mod common;

use common::{NOW, fresh, upload, walk, words};
use picferry_core::picture::PictureFormat;
use picferry_core::upload::{HistoryFilter, Upload};
use picferry_history::{History, NewUpload};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

fn named(number: u64, name: &str) -> NewUpload {
    NewUpload { name: name.into(), ..upload(number) }
}

fn found(history: &History, text: &str) -> Vec<String> {
    walk(history, &words(text), 3).into_iter().map(|row| row.name).collect()
}

fn with_names(names: &[&str]) -> (tempfile::TempDir, History) {
    let (folder, history) = fresh();
    let uploads: Vec<NewUpload> = (0..).zip(names).map(|(number, name)| named(number, name)).collect();
    history.add_uploads(&uploads).expect("uploads are recorded");
    (folder, history)
}

#[test]
fn one_chinese_character_is_enough() {
    let (_folder, history) =
        with_names(&["截图 2026.png", "流程图.png", "会议纪要.png", "Bildschirmfoto.png"]);
    assert_eq!(found(&history, "图"), ["流程图.png", "截图 2026.png"]);
    assert_eq!(found(&history, "截图"), ["截图 2026.png"]);
    assert_eq!(found(&history, "会议纪要"), ["会议纪要.png"]);
    assert_eq!(found(&history, "图截"), [""; 0]);
}

#[test]
fn parts_of_latin_words_are_found_without_regard_to_case() {
    let (_folder, history) = with_names(&["Screenshot.png", "ÉTÉ à Nîmes.jpg", "STRASSE.gif"]);
    assert_eq!(found(&history, "EENSH"), ["Screenshot.png"]);
    assert_eq!(found(&history, "sc"), ["Screenshot.png"]);
    assert_eq!(found(&history, "e\u{301}te\u{301}"), ["ÉTÉ à Nîmes.jpg"]);
    assert_eq!(found(&history, "straße"), ["STRASSE.gif"]);
}

#[test]
fn all_words_must_be_there_in_any_text_and_any_order() {
    let (_folder, history) = fresh();
    let noted =
        NewUpload {
            note: "for the 季度报告".into(), alt: "A red boat".into(), ..named(1, "IMG_0001.jpg")
        };
    history.add_uploads(&[noted, named(2, "boat.jpg")]).unwrap();
    assert_eq!(found(&history, "boat"), ["boat.jpg", "IMG_0001.jpg"]);
    assert_eq!(found(&history, "季度 img_ RED"), ["IMG_0001.jpg"]);
    assert_eq!(found(&history, "boat missing"), [""; 0]);
}

#[test]
fn an_address_is_found_as_it_is_written_and_as_it_is_read() {
    let (_folder, history) = fresh();
    let url = "https://img.example.com/2026/%E6%88%AA%E5%9B%BE%20%281%29.png";
    history.add_uploads(&[NewUpload { url: url.into(), ..named(1, "a.png") }, named(2, "b.png")]).unwrap();
    assert_eq!(found(&history, url), ["a.png"]);
    assert_eq!(found(&history, "2026/截图"), ["a.png"]);
    assert_eq!(found(&history, "(1)"), ["a.png"]);
}

#[test]
fn signs_of_query_languages_are_only_text() {
    let (_folder, history) =
        with_names(&["100%.png", "a_b.png", "say \"hi\".png", "x*y.png", "it's.png", "-f OR.png"]);
    assert_eq!(found(&history, "%"), ["100%.png"]);
    assert_eq!(found(&history, "a_b"), ["a_b.png"]);
    assert_eq!(found(&history, "\"hi\""), ["say \"hi\".png"]);
    assert_eq!(found(&history, "*"), ["x*y.png"]);
    assert_eq!(found(&history, "'"), ["it's.png"]);
    assert_eq!(found(&history, "-f"), ["-f OR.png"]);
    assert_eq!(found(&history, "OR"), ["-f OR.png"]);
    assert_eq!(found(&history, "a%b"), [""; 0]);
    assert_eq!(found(&history, "png* NOT ( NEAR"), [""; 0]);
}

#[test]
fn the_ends_of_two_words_do_not_make_a_third() {
    let (_folder, history) = with_names(&["xab abc.png"]);
    assert_eq!(found(&history, "xabc"), [""; 0]);
    assert_eq!(found(&history, "xab"), ["xab abc.png"]);
}

#[test]
fn a_changed_note_is_found_and_the_old_one_is_not() {
    let (_folder, history) = with_names(&["a.png", "b.png"]);
    let id = walk(&history, &words("a.png"), 9)[0].id;
    history.set_note(id, "旧 draft").unwrap();
    history.set_alt(id, "a boat").unwrap();
    assert_eq!(found(&history, "旧"), ["a.png"]);
    let changed = history.set_note(id, "新 final").unwrap();
    assert_eq!((changed.note.as_str(), changed.alt.as_str()), ("新 final", "a boat"));
    assert_eq!(found(&history, "旧"), [""; 0]);
    assert_eq!(found(&history, "boat 新"), ["a.png"]);
}

#[test]
fn what_is_removed_is_not_found_until_it_comes_back() {
    let (_folder, history) = with_names(&["a.png", "b.png"]);
    let id = walk(&history, &words("b.png"), 9)[0].id;
    history.mark_removed(&[id], NOW).unwrap();
    assert_eq!(found(&history, "png"), ["a.png"]);
    history.restore(&[id]).unwrap();
    assert_eq!(found(&history, "png"), ["b.png", "a.png"]);
    history.delete_rows(&[id]).unwrap();
    assert_eq!(found(&history, "png"), ["a.png"]);
}

/// Recorded as the engine does it, one by one: the index follows with the next search.
fn record_one_by_one(history: &History, names: &[&str]) -> Vec<i64> {
    let record = |(number, name): (u32, &&str)| {
        let job = common::job("batch", number);
        history.insert_jobs(std::slice::from_ref(&job)).expect("the job is taken in");
        let job_id = job.snapshot.id.clone();
        let upload = NewUpload { job_id, ..named(number.into(), name) };
        history.finish_job_with_upload(&job, &upload).expect("the upload is recorded").id
    };
    (0..).zip(names).map(record).collect()
}

#[test]
fn what_jobs_recorded_is_found_at_once_whatever_was_done_to_it_meanwhile() {
    let (_folder, history) = fresh();
    let ids = record_one_by_one(&history, &["kept.png", "noted.png", "removed.png", "deleted.png"]);
    history.set_note(ids[1], "旧 draft").unwrap();
    history.set_note(ids[1], "新 final").unwrap();
    history.mark_removed(&[ids[2]], NOW).unwrap();
    history.delete_rows(&[ids[3]]).unwrap();
    assert_eq!(found(&history, "png"), ["noted.png", "kept.png"]);
    assert_eq!((found(&history, "新"), found(&history, "旧")), (vec!["noted.png".into()], vec![]));
    history.restore(&[ids[2]]).unwrap();
    assert_eq!(found(&history, "png"), ["removed.png", "noted.png", "kept.png"]);
    let filter = words("png");
    assert_eq!(history.totals(&filter).unwrap().count, 3);
    assert_eq!(history.days(&filter, &jiff::tz::TimeZone::UTC).unwrap()[0].count, 3);
}

#[test]
fn a_search_finds_what_another_process_recorded() {
    let (folder, history) = fresh();
    let command = History::open(&folder.path().join("history.db")).unwrap();
    record_one_by_one(&command, &["a.png", "b.png"]);
    assert_eq!(found(&history, "png"), ["b.png", "a.png"]);
    let of_profile = HistoryFilter { profile_ids: vec!["local".into()], ..HistoryFilter::default() };
    assert_eq!(walk(&command, &of_profile, 1).len(), 2);
}

#[test]
fn the_index_is_brought_up_to_date_a_few_rows_at_a_time_and_then_rests() {
    let (_folder, history) = fresh();
    let names: Vec<String> = (0..300).map(|number| format!("{number}.png")).collect();
    record_one_by_one(&history, &names.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(history.index_some().unwrap(), "300 are more than some");
    assert!(!history.index_some().unwrap());
    let elsewhere = History::open(history.path()).unwrap();
    let before = elsewhere.data_version().unwrap();
    assert!(!history.index_some().unwrap());
    assert_eq!(elsewhere.data_version().unwrap(), before, "nothing is written where nothing is missing");
    assert_eq!(found(&history, "299"), ["299.png"]);
}

#[test]
fn a_search_that_cannot_look_at_everything_says_so() {
    let (_folder, history) = fresh();
    history.add_uploads(&[named(1, "before.png")]).unwrap();
    record_one_by_one(&history, &["meanwhile.png"]);
    let other = rusqlite::Connection::open(history.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = history.page(&words("png"), None, 10).unwrap_err();
    assert!(refused.retryable, "{refused}");
    assert_eq!(walk(&history, &HistoryFilter::default(), 10).len(), 2, "what needs no index is shown");
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(found(&history, "png"), ["before.png", "meanwhile.png"]);
}

#[test]
fn a_long_pasted_text_finds_nothing_and_breaks_nothing() {
    let (_folder, history) = with_names(&["a.png"]);
    assert_eq!(found(&history, &"a".repeat(100_000)), [""; 0]);
    assert_eq!(found(&history, &"a ".repeat(100_000)), ["a.png"]);
    let many: String =
        (0..900).map(|number| format!("{} ", char::from_u32(0x4e00 + number).unwrap_or('x'))).collect();
    assert_eq!(found(&history, &many), [""; 0]);
}

/// The plain way: fold both, look into every text.
fn plainly_found(rows: &[Upload], filter: &HistoryFilter) -> Vec<i64> {
    let folded = |text: &str| -> String {
        let caseless: String =
            text.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
        caseless.nfkc().collect()
    };
    let query = folded(&filter.text);
    let matches = |row: &Upload| {
        let read = percent_encoding::percent_decode_str(&row.url).decode_utf8_lossy().into_owned();
        let texts = [&row.name, &row.key, &row.url, &read, &row.note, &row.alt].map(|text| folded(text));
        query.split_whitespace().all(|word| texts.iter().any(|text| text.contains(word)))
            && (filter.profile_ids.is_empty() || filter.profile_ids.contains(&row.profile_id))
            && (filter.formats.is_empty() || filter.formats.contains(&row.format))
    };
    let mut found: Vec<&Upload> = rows.iter().filter(|row| matches(row)).collect();
    found.sort_by_key(|row| std::cmp::Reverse((row.created_at, row.id)));
    found.into_iter().map(|row| row.id).collect()
}

/// Pieces that are short, alike, and nasty, so that many of their compositions match one another.
fn text(pieces: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        "ab",
        "ba",
        "A",
        "aab",
        "截",
        "图",
        "截图",
        "é",
        "e\u{301}",
        "ß",
        "SS",
        "ﬁ",
        "Σ",
        "ς",
        "İ",
        "ı",
        "\u{ff21}",
        "1",
        "%",
        "%41",
        "_",
        "\"",
        "'",
        "*",
        "-",
        " ",
        "\u{3000}",
        "\u{b4}",
        "/",
        "\0",
        "😀",
        "x",
        "p61",
        "tpng",
        "\n",
        "OR",
        "\u{ac00}",
        "\u{1100}\u{1161}",
    ]);
    prop::collection::vec(piece, pieces).prop_map(|pieces| pieces.concat())
}

prop_compose! {
    fn any_upload()(
        name in text(0..6), key in text(0..5), url in text(0..5), note in text(0..6), alt in text(0..3),
        created_at in NOW..NOW + 5, profile in 0..2, format in 0..2,
    ) -> NewUpload {
        NewUpload {
            name, key, url, note, alt, created_at,
            profile_id: ["a", "b"][usize::try_from(profile).unwrap_or(0)].into(),
            format: [PictureFormat::Png, PictureFormat::Gif][usize::try_from(format).unwrap_or(0)],
            ..upload(0)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn search_finds_what_a_plain_look_finds(
        uploads in prop::collection::vec(any_upload(), 1..25),
        queries in prop::collection::vec((text(0..4), 0..4, 0..4), 12),
        limit in 1_u32..5,
    ) {
        let (_folder, history) = fresh();
        let uploads: Vec<NewUpload> = (0..).zip(uploads)
            .map(|(number, upload): (u32, _)| NewUpload { job_id: format!("job-{number}"), ..upload }).collect();
        let rows = history.add_uploads(&uploads).unwrap();
        for (text, profile, format) in queries {
            let filter = HistoryFilter {
                text,
                profile_ids: if profile == 1 { vec!["a".into()] } else { Vec::new() },
                formats: match format {
                    1 => vec![PictureFormat::Gif],
                    2 => vec![PictureFormat::Png, PictureFormat::Gif],
                    _ => Vec::new(),
                },
                ..HistoryFilter::default()
            };
            let found: Vec<i64> = walk(&history, &filter, limit).into_iter().map(|row| row.id).collect();
            prop_assert_eq!(&found, &plainly_found(&rows, &filter), "{:?}", filter);
            prop_assert_eq!(history.totals(&filter).unwrap().count, found.len() as u64);
        }
    }
}
