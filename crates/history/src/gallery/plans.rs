//! How SQLite goes through the rows: never through all of them to find a page, never sorting.

use super::*;
use picferry_core::picture::PictureFormat;

fn opened() -> (tempfile::TempDir, History) {
    let folder = tempfile::tempdir().unwrap();
    let history = History::open(&folder.path().join("history.db")).unwrap();
    (folder, history)
}

fn plan(history: &History, sql: &str, parameters: Vec<Value>) -> String {
    let steps: Vec<String> = history
        .read(|connection| {
            connection
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?
                .query_map(params_from_iter(parameters), |row| row.get(3))?
                .collect()
        })
        .unwrap();
    steps.join("\n")
}

fn scope(expression: Option<&str>) -> Scope {
    Scope { first: 0, last: 9, expression: expression.map(str::to_owned), sizes: Some((0, 9)) }
}

#[test]
fn a_page_without_words_walks_the_narrow_index_from_the_newest_on() {
    let (_folder, history) = opened();
    let scope = scope(None);
    let plan = plan(&history, &scope.page_sql(101), scope.parameters().collect());
    assert_eq!(plan, "SEARCH uploads USING INDEX uploads_listed (place>? AND place<?)");
}

#[test]
fn a_page_of_finds_follows_the_search_index_in_its_order() {
    let (_folder, history) = opened();
    let filter =
        HistoryFilter {
            text: "截图".into(), formats: vec![PictureFormat::Png], ..HistoryFilter::default()
        };
    let scope = scope(search::expression(&filter).as_deref());
    let plan = plan(&history, &scope.page_sql(101), scope.parameters().collect());
    let (index, rows) = plan.split_once('\n').unwrap();
    // 192 stands for the order of rows, descending; M for the expression; < and > for the places.
    let left_to_the_index = index.strip_prefix("SCAN upload_grams VIRTUAL TABLE INDEX 192:").expect(&plan);
    assert!(["M", "<", ">"].iter().all(|sign| left_to_the_index.contains(sign)), "{plan}");
    assert!(rows.starts_with("SEARCH uploads USING INDEX uploads_listed (place=?"), "{plan}");
    assert!(!rows.contains('\n'), "{plan}");
}

#[test]
fn sums_and_counts_walk_the_narrow_index_and_sort_nothing() {
    let (_folder, history) = opened();
    for sql in [Scope::totals_sql, Scope::times_sql, Scope::newest_sql, Scope::count_sql] {
        for scope in [scope(None), scope(Some("\"61\""))] {
            let plan = plan(&history, &sql(&scope), scope.parameters().collect());
            assert!(plan.contains("SEARCH uploads USING INDEX uploads_listed"), "{plan}");
            assert!(!plan.contains("SCAN uploads") && !plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}

#[test]
fn a_step_between_time_and_place_is_one_look_into_an_index() {
    let (_folder, history) = opened();
    for sql in [place::FIRST_SINCE, place::LAST_BEFORE, place::LAST_BEFORE_AT_THAT_TIME] {
        let parameters = vec![Value::Integer(0); sql.matches('?').count()];
        let plan = plan(&history, sql, parameters);
        assert!(
            plan.starts_with("SEARCH uploads USING ") && plan.contains("INDEX uploads_by_time"),
            "{plan}"
        );
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
}
