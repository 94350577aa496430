//! Rows of the history: the same bytes again, removing, bringing back, deleting for good.

mod common;

use common::{NOW, fresh, job, upload, walk};
use picferry_core::ErrorCode;
use picferry_core::upload::HistoryFilter;
use picferry_history::NewUpload;

#[test]
fn the_same_bytes_to_the_same_profile_are_known() {
    let (_folder, history) = fresh();
    let same = |number| NewUpload { sha256: "sent".into(), source_sha256: "source".into(), ..upload(number) };
    let elsewhere = NewUpload { profile_id: "other".into(), ..same(3) };
    let rows = history.add_uploads(&[same(1), same(2), elsewhere]).unwrap();
    assert_eq!(history.find_same("local", "source").unwrap().as_ref(), Some(&rows[1]), "the newest");
    assert_eq!(history.find_same("local", "sent").unwrap().as_ref(), Some(&rows[1]));
    assert_eq!(history.find_same("other", "sent").unwrap().as_ref(), Some(&rows[2]));
    assert_eq!(history.find_same("third", "sent").unwrap(), None);
    history.mark_removed(&[rows[1].id], NOW).unwrap();
    assert_eq!(
        history.find_same("local", "sent").unwrap().as_ref(),
        Some(&rows[0]),
        "what was removed is not reused"
    );
}

#[test]
fn rows_come_in_the_order_asked() {
    let (_folder, history) = fresh();
    let ids: Vec<i64> =
        history.add_uploads(&[upload(1), upload(2), upload(3)]).unwrap().iter().map(|row| row.id).collect();
    let asked = [ids[2], 999, ids[0], ids[2]];
    let got: Vec<i64> = history.get(&asked).unwrap().iter().map(|row| row.id).collect();
    assert_eq!(got, [ids[2], ids[0], ids[2]]);
}

#[test]
fn a_picture_that_is_not_there_cannot_be_changed() {
    let (_folder, history) = fresh();
    assert_eq!(history.set_alt(7, "a boat").unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(history.set_note(7, "draft").unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn removing_can_be_undone_and_leaves_no_trace_then() {
    let (_folder, history) = fresh();
    let rows = history.add_uploads(&(1..=5).map(upload).collect::<Vec<_>>()).unwrap();
    let before = walk(&history, &HistoryFilter::default(), 2);
    let some = [rows[1].id, rows[3].id, 999];
    assert_eq!(history.mark_removed(&some, NOW).unwrap(), some[..2]);
    assert_eq!(history.mark_removed(&some, NOW).unwrap(), [0; 0], "they are gone already");
    assert_eq!(walk(&history, &HistoryFilter::default(), 2).len(), 3);
    assert_eq!(history.get(&some).unwrap(), []);
    assert_eq!(history.restore(&some).unwrap(), some[..2]);
    assert_eq!(history.restore(&some).unwrap(), [0; 0], "they are back already");
    assert_eq!(walk(&history, &HistoryFilter::default(), 2), before);
}

#[test]
fn a_removed_picture_comes_back_to_its_place_after_others_moved() {
    let (_folder, history) = fresh();
    let ends = history.add_uploads(&[upload(1), upload(900)]).unwrap();
    history.mark_removed(&[ends[1].id], NOW).unwrap();
    // More than fit between the two: the removed one moves up with the rest.
    for number in 100..140 {
        history.add_uploads(&[upload(number)]).unwrap();
    }
    history.restore(&[ends[1].id]).unwrap();
    assert_eq!(walk(&history, &HistoryFilter::default(), 7)[0], ends[1]);
    assert_eq!(walk(&history, &common::words("picture-900"), 7), ends[1..]);
}

#[test]
fn what_was_removed_long_ago_goes_for_good_with_the_thumbnails_nobody_needs() {
    let (_folder, history) = fresh();
    let pictured =
        |number, thumbnail: &str| NewUpload { thumbnail: Some(thumbnail.into()), ..upload(number) };
    let rows = history
        .add_uploads(&[
            pictured(1, "alone"),
            pictured(2, "shared"),
            pictured(3, "shared"),
            pictured(4, "in the queue"),
        ])
        .unwrap();
    let mut waiting = job("batch", 0);
    waiting.snapshot.thumbnail = Some("in the queue".into());
    history.insert_jobs(&[waiting]).unwrap();
    history.mark_removed(&[rows[0].id, rows[1].id, rows[3].id], NOW).unwrap();
    assert_eq!(history.purge_removed(NOW).unwrap(), [""; 0], "not before its time");
    assert_eq!(history.purge_removed(NOW + 1).unwrap(), ["alone"]);
    assert_eq!(history.restore(&[rows[0].id]).unwrap(), [0; 0]);
    assert_eq!(history.delete_rows(&[rows[2].id]).unwrap(), ["shared"]);
    assert_eq!(walk(&history, &HistoryFilter::default(), 9), []);
}

#[test]
fn an_id_is_never_used_twice() {
    let (_folder, history) = fresh();
    let first = history.add_uploads(&[upload(1)]).unwrap()[0].id;
    history.delete_rows(&[first]).unwrap();
    assert!(history.add_uploads(&[upload(2)]).unwrap()[0].id > first);
}

#[test]
fn the_history_stays_sound_through_all_of_it() {
    let (_folder, history) = fresh();
    let rows = history.add_uploads(&(1..=50).map(upload).collect::<Vec<_>>()).unwrap();
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    history.mark_removed(&ids[..20], NOW).unwrap();
    history.restore(&ids[..10]).unwrap();
    history.delete_rows(&ids[5..25]).unwrap();
    history.set_note(ids[30], "note").unwrap();
    history.check().unwrap();
}
