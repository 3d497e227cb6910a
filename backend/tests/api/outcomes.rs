//! What came of searches and of reports that were begun: `GET POST /searches`, `GET POST /reports/outcomes`.

use api_types::{ArticleUse, Page, ProblemKind, SearchCount, paths};
use futures_util::future::join_all;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::Desk;

/// Every page of a list from long ago on.
async fn list<T: DeserializeOwned>(desk: &Desk, path: &str) -> Vec<T> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("{path}?from=2026-01-01{cursor}");
        let page: Page<T> = desk.staff().get(&path).send().await.read(200);
        items.extend(page.items);
        let Some(next) = page.next else { return items };
        let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        cursor = format!("&cursor={next}");
    }
}

async fn count(desk: &Desk, path: &str, body: Value) {
    let answer = desk.user().post(path, body).send().await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
}

async fn today(desk: &Desk) -> chrono::NaiveDate {
    let sql = desk.sql().await;
    sql.query_one("SELECT (now() AT TIME ZONE 'UTC')::date", &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_search_is_counted_by_its_words_whatever_they_look_like() {
    let desk = Desk::start().await;
    for (q, found, opened) in [
        ("projector library", true, false),
        ("  Projector,  LIBRARY!", true, true),
        ("projector library -hdmi", false, false),
        ("\"projector library\"", false, true),
        ("Wi-Fi", true, true),
        ("Café 1.07", true, false),
        ("-hdmi", true, true),
        ("", true, true),
        ("😀 & |", true, true),
    ] {
        count(&desk, paths::SEARCHES, json!({ "q": q, "found": found, "opened": opened })).await;
    }
    let counted: Vec<SearchCount> = list(&desk, paths::SEARCHES).await;
    let day = today(&desk).await;
    assert!(counted.iter().all(|row| row.day <= day), "{counted:?}");
    let rows: Vec<_> =
        counted.iter().map(|row| (row.query.as_str(), row.asked, row.empty, row.opened)).collect();
    let expected = [("café 1 07", 1, 0, 0), ("projector library", 4, 2, 1), ("wifi", 1, 0, 1)];
    assert_eq!(rows, expected);
}

#[tokio::test]
async fn searches_at_once_are_all_counted() {
    let desk = Desk::start().await;
    let body = json!({ "q": "lamp", "found": true, "opened": true });
    join_all((0..30).map(|_| count(&desk, paths::SEARCHES, body.clone()))).await;
    let counted: Vec<SearchCount> = list(&desk, paths::SEARCHES).await;
    let sum = |of: fn(&SearchCount) -> i32| counted.iter().map(of).sum::<i32>();
    assert_eq!((sum(|row| row.asked), sum(|row| row.opened)), (30, 30));
}

#[tokio::test]
async fn the_articles_beside_a_report_are_counted_and_drafts_are_not() {
    let desk = Desk::start().await;
    let staff = desk.staff();
    let [tap, lamp] = [staff.publish("Tap", "Text").await, staff.publish("Lamp", "Text").await];
    let draft = json!({ "title": "Draft", "body": "Text", "category": "it" });
    let draft: api_types::Article = staff.post(paths::ARTICLES, draft).send().await.read(201);
    for (shown, opened, sent) in [
        (vec![tap.id.0, lamp.id.0], vec![], true),
        (vec![tap.id.0], vec![tap.id.0], true),
        (vec![tap.id.0, lamp.id.0], vec![tap.id.0], false),
        // Shown twice is shown; what was opened without being shown was not.
        (vec![lamp.id.0, lamp.id.0, draft.id.0, 999_999], vec![tap.id.0, draft.id.0], false),
        (vec![], vec![], false),
    ] {
        let outcome = json!({ "shown": shown, "opened": opened, "sent": sent });
        count(&desk, paths::REPORT_OUTCOMES, outcome).await;
    }
    count(&desk, paths::REPORT_OUTCOMES, json!({ "shown": [lamp.id], "sent": true })).await;
    let uses: Vec<ArticleUse> = list(&desk, paths::REPORT_OUTCOMES).await;
    let rows: Vec<_> = uses
        .iter()
        .map(|row| (row.article, row.title.as_str(), row.shown, row.opened, row.stopped))
        .collect();
    assert_eq!(rows, [(tap.id, "Tap", 3, 2, 1), (lamp.id, "Lamp", 4, 0, 0)]);
    let day = today(&desk).await;
    assert!(uses.iter().all(|row| row.day <= day), "{uses:?}");
}

#[tokio::test]
async fn counts_are_read_from_a_day_on_and_page_by_page() {
    let desk = Desk::start().await;
    let insert = "INSERT INTO searches (day, query, asked) SELECT '2026-03-01'::date + n % 3, 'a.b ' || n, 1 + n % 5 \
                  FROM generate_series(1, 2500) n";
    desk.sql().await.batch_execute(insert).await.unwrap();
    let all: Vec<SearchCount> = list(&desk, paths::SEARCHES).await;
    assert_eq!(all.len(), 2_500);
    let keys: Vec<_> = all.iter().map(|row| (row.day, row.query.clone())).collect();
    let mut once = keys.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), 2_500, "each once");
    assert!(all.is_sorted_by_key(|row| row.day));
    for (from, rest) in [("2026-03-02", 1_000), ("2026-03-03", 833), ("2026-03-04", 0)] {
        let path = format!("{}?from={from}", paths::SEARCHES);
        let page: Page<SearchCount> = desk.staff().get(&path).send().await.read(200);
        assert_eq!((page.items.len(), page.next.is_some()), (rest, rest == 1_000), "{from}");
        assert!(page.items.iter().all(|row| row.day.to_string().as_str() >= from));
    }
}

#[tokio::test]
async fn the_lists_are_for_staff_who_say_from_when() {
    let desk = Desk::start().await;
    for path in [paths::SEARCHES, paths::REPORT_OUTCOMES] {
        let from = format!("{path}?from=2026-11-27");
        desk.user().get(&from).send().await.refused(ProblemKind::Forbidden);
        assert_eq!(desk.staff().get(&from).send().await.status, 200);
        for (query, field) in [
            ("", "from"),
            ("from=", "from"),
            ("from=yesterday", "from"),
            ("from=2026-02-30", "from"),
            ("from=2026-11-27&cursor=", "cursor"),
            ("from=2026-11-27&cursor=x", "cursor"),
            ("from=2026-11-27&cursor=2026-02-30.1", "cursor"),
            ("from=2026-11-27&from=2026-11-27", "from"),
            ("from=2026-11-27&to=2026-11-28", "to"),
        ] {
            let answer = desk.staff().get(&format!("{path}?{query}")).send().await;
            answer.refused_field(ProblemKind::InvalidRequest, field);
        }
        for odd in [
            "from=-4713-01-01",
            "from=-9999-01-01",
            "from=-262143-01-01",
            "from=%2B262142-12-31",
            "from=9999-12-31",
            "from=2026-11-27&cursor=2026-11-27.%00",
            "from=2026-11-27&cursor=2026-11-27.-5",
            "from=2026-11-27&cursor=-9999-01-01.5",
            "from=2026-11-27&cursor=2026-11-27.",
            "from=2026-11-27&cursor=2026-11-27.'%3B--",
        ] {
            let answer = desk.staff().get(&format!("{path}?{odd}")).send().await;
            assert!(matches!(answer.status, 200 | 400), "{path}?{odd}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn an_outcome_that_is_none_is_refused_by_the_name_of_its_field() {
    let desk = Desk::start().await;
    let many: Vec<i64> = (1..=21).collect();
    for (path, body, field) in [
        (paths::SEARCHES, json!({}), "q"),
        (paths::SEARCHES, json!({ "q": 5, "found": true, "opened": true }), "q"),
        (paths::SEARCHES, json!({ "q": "x".repeat(501), "found": true, "opened": true }), "q"),
        (paths::SEARCHES, json!({ "q": "x", "opened": true }), "found"),
        (paths::SEARCHES, json!({ "q": "x", "found": 1, "opened": true }), "found"),
        (paths::SEARCHES, json!({ "q": "x", "found": true }), "opened"),
        (paths::SEARCHES, json!({ "q": "x", "found": true, "opened": true, "by": 1 }), "by"),
        (paths::REPORT_OUTCOMES, json!({}), "shown"),
        (paths::REPORT_OUTCOMES, json!({ "shown": [] }), "sent"),
        (paths::REPORT_OUTCOMES, json!({ "shown": many, "sent": true }), "shown"),
        (paths::REPORT_OUTCOMES, json!({ "shown": [], "opened": many, "sent": true }), "opened"),
        (paths::REPORT_OUTCOMES, json!({ "shown": ["x"], "sent": true }), "shown[0]"),
    ] {
        let answer = desk.user().post(path, body).send().await;
        answer.refused_field(ProblemKind::InvalidInput, field);
    }
    assert_eq!(list::<SearchCount>(&desk, paths::SEARCHES).await, []);
    // A letter that is two in lower case makes the longest search longer.
    let long = format!("{}{}", "a".repeat(480), "İb".repeat(10));
    count(&desk, paths::SEARCHES, json!({ "q": long, "found": true, "opened": true })).await;
    assert_eq!(list::<SearchCount>(&desk, paths::SEARCHES).await.len(), 1);
}
