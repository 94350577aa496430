//! The gallery: pages in order, days in the person's calendar, sums.

mod common;

use common::{DAY, NOW, fresh, upload, walk};
use jiff::tz::TimeZone;
use picferry_core::picture::PictureFormat;
use picferry_core::upload::{HistoryFilter, Totals, Upload};
use picferry_history::{History, NewUpload};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn all() -> HistoryFilter {
    HistoryFilter::default()
}

fn names(rows: &[Upload]) -> Vec<&str> {
    rows.iter().map(|row| row.name.as_str()).collect()
}

fn add(history: &History, uploads: &[NewUpload]) -> Vec<Upload> {
    history.add_uploads(uploads).expect("uploads are recorded")
}

#[test]
fn an_empty_history_has_no_pages_days_or_bytes() {
    let (_folder, history) = fresh();
    let page = history.page(&all(), None, 100).unwrap();
    assert!(page.rows.is_empty() && page.next.is_none());
    assert_eq!(history.days(&all(), &TimeZone::UTC).unwrap(), []);
    assert_eq!(history.totals(&all()).unwrap(), Totals::default());
}

#[test]
fn what_is_recorded_comes_back_whole() {
    let (_folder, history) = fresh();
    let mut new = upload(1);
    new.url = "https://img.example.com/%E6%88%AA%E5%9B%BE%20(1).png".into();
    new.receipt.etag = Some("abc".into());
    new.receipt.extra = BTreeMap::from([("version".into(), "7".into())]);
    new.width = None;
    new.source_path = None;
    new.thumbnail = None;
    new.bytes_in = 5_000_000_000;
    let recorded = add(&history, std::slice::from_ref(&new)).remove(0);
    assert_eq!(recorded, new.with_id(recorded.id));
    assert_eq!(history.page(&all(), None, 1).unwrap().rows, [recorded]);
}

#[test]
fn the_newest_come_first_and_the_last_page_says_so() {
    let (_folder, history) = fresh();
    add(&history, &[upload(1), upload(2), upload(3)]);
    let first = history.page(&all(), None, 2).unwrap();
    assert_eq!(names(&first.rows), ["picture-3.png", "picture-2.png"]);
    let second = history.page(&all(), first.next, 2).unwrap();
    assert_eq!(names(&second.rows), ["picture-1.png"]);
    assert_eq!(second.next, None);
    assert_eq!(history.page(&all(), None, 3).unwrap().next, None, "a full last page is the last one too");
}

#[test]
fn a_picture_of_earlier_takes_its_place_by_time() {
    let (_folder, history) = fresh();
    // The clock was an hour ahead, and was set right; then twenty more in the same gap.
    add(&history, &[upload(10), upload(5000)]);
    for number in 11..40 {
        add(&history, &[upload(number)]);
    }
    let names: Vec<String> = walk(&history, &all(), 7).into_iter().map(|row| row.name).collect();
    let expected: Vec<String> =
        std::iter::once(5000).chain((10..40).rev()).map(|number| format!("picture-{number}.png")).collect();
    assert_eq!(names, expected);
    // Those that moved up are still found under their words.
    assert_eq!(walk(&history, &common::words("picture-5000"), 7).len(), 1);
    assert_eq!(walk(&history, &common::words("picture-1"), 7).len(), 10);
}

#[test]
fn a_cursor_holds_when_its_row_is_gone() {
    let (_folder, history) = fresh();
    let rows = add(&history, &(1..=6).map(upload).collect::<Vec<_>>());
    let page = history.page(&all(), None, 3).unwrap();
    history.mark_removed(&[rows[3].id], NOW).unwrap();
    assert_eq!(names(&history.page(&all(), page.next, 3).unwrap().rows)[0], "picture-3.png");
    history.delete_rows(&[rows[3].id, rows[2].id]).unwrap();
    assert_eq!(names(&history.page(&all(), page.next, 3).unwrap().rows)[0], "picture-2.png");
}

#[test]
fn filters_narrow_by_profile_format_time_and_size() {
    let (_folder, history) = fresh();
    let uploads: Vec<NewUpload> = (0..40)
        .map(|number| NewUpload {
            profile_id: ["one", "two", "three"][usize::try_from(number % 3).unwrap()].into(),
            format: [PictureFormat::Png, PictureFormat::Jpeg][usize::try_from(number % 2).unwrap()],
            bytes_out: number * 100,
            ..upload(number)
        })
        .collect();
    let rows = add(&history, &uploads);
    let expect = |filter: HistoryFilter, keep: &dyn Fn(&Upload) -> bool| {
        let mut expected: Vec<Upload> = rows.iter().filter(|row| keep(row)).cloned().collect();
        expected.reverse();
        assert_eq!(walk(&history, &filter, 4), expected, "{filter:?}");
        assert_eq!(history.totals(&filter).unwrap().count, expected.len() as u64, "{filter:?}");
    };
    expect(HistoryFilter { profile_ids: vec!["one".into(), "three".into()], ..all() }, &|row| {
        row.profile_id != "two"
    });
    expect(HistoryFilter { formats: vec![PictureFormat::Jpeg], ..all() }, &|row| {
        row.format == PictureFormat::Jpeg
    });
    expect(
        HistoryFilter { profile_ids: vec!["two".into()], formats: vec![PictureFormat::Png], ..all() },
        &|row| row.profile_id == "two" && row.format == PictureFormat::Png,
    );
    expect(HistoryFilter { since: Some(NOW + 10_000), until: Some(NOW + 20_000), ..all() }, &|row| {
        (10..20).contains(&((row.created_at - NOW) / 1000))
    });
    expect(HistoryFilter { min_bytes: Some(500), max_bytes: Some(1000), ..all() }, &|row| {
        (500..=1000).contains(&row.bytes_out)
    });
    expect(
        HistoryFilter { max_bytes: Some(u64::MAX), text: "picture-1".into(), min_bytes: Some(1200), ..all() },
        &|row| row.name.contains("picture-1") && row.bytes_out >= 1200,
    );
    expect(HistoryFilter { since: Some(NOW + 1_000_000), ..all() }, &|_| false);
    expect(HistoryFilter { until: Some(NOW), ..all() }, &|_| false);
    expect(HistoryFilter { profile_ids: vec!["none such".into()], ..all() }, &|_| false);
}

#[test]
fn sums_count_what_the_gallery_shows() {
    let (_folder, history) = fresh();
    let rows = add(&history, &(0..10).map(upload).collect::<Vec<_>>());
    assert_eq!(history.totals(&all()).unwrap(), Totals { count: 10, bytes_in: 20_000, bytes_out: 10_000 });
    history.mark_removed(&[rows[0].id], NOW).unwrap();
    assert_eq!(
        history.profile_totals("local").unwrap(),
        Totals { count: 9, bytes_in: 18_000, bytes_out: 9_000 }
    );
    assert_eq!(history.profile_totals("other").unwrap(), Totals::default());
}

#[test]
fn days_follow_the_calendar_of_the_person() {
    let (_folder, history) = fresh();
    let at = |number: u64, created_at: i64| NewUpload { created_at, ..upload(number) };
    // 15:59 and 16:01 UTC: on both sides of midnight in Shanghai.
    let midnight = NOW + 16 * 3_600_000;
    add(&history, &[at(1, midnight - 60_000), at(2, midnight + 60_000), at(3, midnight + DAY * 3)]);
    let shanghai = TimeZone::fixed(jiff::tz::offset(8));
    let days = history.days(&all(), &shanghai).unwrap();
    let counted: Vec<(&str, u32)> = days.iter().map(|day| (day.day.as_str(), day.count)).collect();
    assert_eq!(counted, [("2026-11-26", 1), ("2026-11-23", 1), ("2026-11-22", 1)]);
    let utc = history.days(&all(), &TimeZone::UTC).unwrap();
    let counted: Vec<(&str, u32)> = utc.iter().map(|day| (day.day.as_str(), day.count)).collect();
    assert_eq!(counted, [("2026-11-25", 1), ("2026-11-22", 2)]);
}

#[test]
fn a_day_of_a_changed_clock_has_23_or_25_hours() {
    let (_folder, history) = fresh();
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let start = |text: &str| text.parse::<jiff::Zoned>().unwrap().timestamp().as_millisecond();
    let autumn = start("2026-10-25T00:00[Europe/Berlin]");
    let spring = start("2026-03-29T00:00[Europe/Berlin]");
    let hours = |from: i64, first: u64| {
        (0..30).map(move |hour| NewUpload {
            created_at: from + hour * 3_600_000,
            ..upload(first + hour.unsigned_abs())
        })
    };
    add(&history, &hours(spring, 0).chain(hours(autumn, 100)).collect::<Vec<_>>());
    let days = history.days(&all(), &berlin).unwrap();
    let counted: Vec<(&str, u32)> = days.iter().map(|day| (day.day.as_str(), day.count)).collect();
    assert_eq!(counted, [("2026-10-26", 5), ("2026-10-25", 25), ("2026-03-30", 7), ("2026-03-29", 23)]);
}

#[test]
fn the_start_of_a_day_leads_to_its_first_row_even_when_newer_ones_join() {
    let (_folder, history) = fresh();
    let at = |number: u64, created_at: i64| NewUpload { created_at, ..upload(number) };
    add(&history, &[at(1, NOW), at(2, NOW + DAY), at(3, NOW + DAY + 1), at(4, NOW + 2 * DAY)]);
    let days = history.days(&all(), &TimeZone::UTC).unwrap();
    add(&history, &[at(5, NOW + DAY + 2)]);
    assert_eq!(days[1].day, "2026-11-23");
    let page = history.page(&all(), Some(days[1].start), 10).unwrap();
    assert_eq!(names(&page.rows), ["picture-5.png", "picture-3.png", "picture-2.png", "picture-1.png"]);
}

/// Times close together, so that many are equal and many come late.
fn times() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec((0_i64..40).prop_map(|step| NOW + step * DAY / 4), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn walking_sees_each_row_once_and_in_order_while_others_come_and_go(
        before in times(), during in times(), limit in 1_u32..9, gone in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let (_folder, history) = fresh();
        let new: Vec<NewUpload> =
            (0..).zip(&before).map(|(number, time)| NewUpload { created_at: *time, ..upload(number) }).collect();
        let present = add(&history, &new);
        let removed: Vec<i64> = gone.iter().map(|index| present[index.index(present.len())].id).collect();
        let mut late = (1000..).zip(during).map(|(number, created_at)| NewUpload { created_at, ..upload(number) });
        let mut to_remove = removed.iter();
        let mut seen: Vec<Upload> = Vec::new();
        let mut after = None;
        loop {
            let page = history.page(&all(), after, limit).unwrap();
            seen.extend(page.rows);
            after = page.next;
            if after.is_none() { break; }
            add(&history, &late.by_ref().take(2).collect::<Vec<_>>());
            if let Some(id) = to_remove.next() { history.mark_removed(&[*id], NOW).unwrap(); }
        }
        let order: Vec<(i64, i64)> = seen.iter().map(|row| (row.created_at, row.id)).collect();
        prop_assert!(order.windows(2).all(|pair| pair[0] > pair[1]), "newest first, none twice");
        for row in present.iter().filter(|row| !removed.contains(&row.id)) {
            prop_assert!(seen.contains(row), "a row that stayed was seen");
        }
    }

    #[test]
    fn days_add_up_and_their_starts_lead_to_their_rows(
        times in times(), offset in -12_i8..=14, word in prop::sample::select(vec!["", "picture", "-1", "nothing"]),
        since in prop::option::of(0_i64..40), until in prop::option::of(0_i64..40),
    ) {
        let (_folder, history) = fresh();
        let new: Vec<NewUpload> =
            (0..).zip(&times).map(|(number, time)| NewUpload { created_at: *time, ..upload(number) }).collect();
        add(&history, &new);
        let zone = TimeZone::fixed(jiff::tz::offset(offset));
        let filter = HistoryFilter {
            since: since.map(|step| NOW + step * DAY / 4), until: until.map(|step| NOW + step * DAY / 4),
            ..common::words(word)
        };
        let day_of = |row: &Upload| {
            zone.to_datetime(jiff::Timestamp::from_millisecond(row.created_at).unwrap()).date().to_string()
        };
        let rows = walk(&history, &filter, 1000);
        let days = history.days(&filter, &zone).unwrap();
        let mut expected: Vec<(String, u32)> = Vec::new();
        for row in &rows {
            match expected.last_mut() {
                Some((day, count)) if *day == day_of(row) => *count += 1,
                _ => expected.push((day_of(row), 1)),
            }
        }
        let counted: Vec<(String, u32)> = days.iter().map(|day| (day.day.clone(), day.count)).collect();
        prop_assert_eq!(counted, expected);
        for day in &days {
            let first = history.page(&filter, Some(day.start), 1).unwrap().rows.remove(0);
            prop_assert_eq!(day_of(&first), &day.day[..]);
            let before = rows.iter().take_while(|row| row.id != first.id).last();
            prop_assert!(before.is_none_or(|row| day_of(row) != day.day), "it is the first of its day");
        }
        prop_assert_eq!(history.totals(&filter).unwrap().count, rows.len() as u64);
    }
}
