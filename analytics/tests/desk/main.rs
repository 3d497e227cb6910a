//! Analytics beside a real ticket API on a real PostgreSQL: every answer equals what SQL says of the same tickets.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod learning;
mod outcomes;
mod support;

use std::path::PathBuf;

use api_types::Chart;
use support::{Desk, Sql};

/// A million microseconds are lost nowhere: sums are exact, only the division is not.
fn same(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * right.abs().max(1.0)
}

#[track_caller]
fn assert_total(chart: &Chart, key: &str, sql: f64) {
    assert!(
        same(chart.totals[key], sql),
        "{} {key}: {} ≠ {sql}",
        chart.analysis,
        chart.totals[key]
    );
}

/// Compares every point of a series with rows of (x, y).
#[track_caller]
fn assert_series(chart: &Chart, key: &str, rows: &[(String, f64)]) {
    let points = support::points(chart, key);
    assert_eq!(points.len(), rows.len(), "{} {key}", chart.analysis);
    for ((x, y), (sql_x, sql_y)) in points.iter().zip(rows) {
        assert_eq!(x, sql_x, "{} {key}", chart.analysis);
        assert!(same(*y, *sql_y), "{} {key} at {x}: {y} ≠ {sql_y}", chart.analysis);
    }
}

async fn compare_everything(desk: &Desk) {
    let sql = desk.sql().await;
    compare_open_in_period(desk, &sql, "36h", "36 hours", "hour").await;
    compare_open_in_period(desk, &sql, "30d", "30 days", "day").await;
    compare_open_in_period(desk, &sql, "2000d", "2000 days", "month").await;
    compare_resolution_time(desk, &sql, "365d", "365 days").await;
    compare_resolution_time(desk, &sql, "3660d", "3660 days").await;
    let chart = desk.chart("active-by-category").await;
    for status in ["active", "open", "closed"] {
        let rows = sql
            .series(&format!(
                "SELECT c, count(id)::float8 FROM unnest(ARRAY['facility', 'it', 'services']) WITH ORDINALITY u(c, n) \
                 LEFT JOIN tickets ON category = c AND status = '{status}' GROUP BY c, n ORDER BY n"
            ))
            .await;
        assert_series(&chart, status, &rows);
    }
    assert_total(&chart, "all", sql.number("SELECT count(*)::float8 FROM tickets").await);
    compare_triage_accuracy(desk, &sql).await;
}

async fn compare_triage_accuracy(desk: &Desk, sql: &Sql) {
    let chart = desk.chart("triage-accuracy?last=365d").await;
    let now = desk.now();
    let judged = format!(
        "guess IS NOT NULL AND (category_by = 'staff' OR (category_by = 'automatic' AND status <> 'open')) \
         AND opened_at >= date_trunc('month', '{now}'::timestamptz - interval '365 days') AND opened_at <= '{now}'"
    );
    let rows = sql
        .series(&format!(
            "SELECT to_char(date_trunc('month', opened_at), 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), \
             100 * avg((guess = category)::int)::float8 FROM tickets WHERE {judged} GROUP BY 1 ORDER BY 1"
        ))
        .await;
    assert_series(&chart, "right", &rows);
    for (said, truth) in [("facility", "it"), ("it", "services"), ("services", "facility")] {
        let count = format!(
            "SELECT count(*)::float8 FROM tickets WHERE {judged} AND guess = '{said}' AND category = '{truth}'"
        );
        assert_total(&chart, &format!("{said}_to_{truth}"), sql.number(&count).await);
    }
}

async fn compare_open_in_period(desk: &Desk, sql: &Sql, last: &str, interval: &str, bucket: &str) {
    let chart = desk.chart(&format!("open-in-period?last={last}")).await;
    let now = desk.now();
    let inside = format!(
        "opened_at > '{now}'::timestamptz - interval '{interval}' AND opened_at <= '{now}'"
    );
    for status in ["open", "active"] {
        let rows = sql
            .series(&format!(
                "SELECT to_char(b AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), count(id)::float8 \
                 FROM generate_series(date_trunc('{bucket}', '{now}'::timestamptz - interval '{interval}'), \
                                      '{now}', interval '1 {bucket}') b \
                 LEFT JOIN tickets ON date_trunc('{bucket}', opened_at) = b AND status = '{status}' AND {inside} \
                 GROUP BY b ORDER BY b"
            ))
            .await;
        assert_series(&chart, status, &rows);
    }
    let total =
        format!("SELECT count(*)::float8 FROM tickets WHERE status <> 'closed' AND {inside}");
    assert_total(&chart, "total", sql.number(&total).await);
}

async fn compare_resolution_time(desk: &Desk, sql: &Sql, last: &str, interval: &str) {
    let chart = desk.chart(&format!("resolution-time-by-month?last={last}")).await;
    let now = desk.now();
    let inside = format!(
        "opened_at >= date_trunc('month', '{now}'::timestamptz - interval '{interval}') AND opened_at <= '{now}'"
    );
    let hours = "extract(epoch FROM closed_at - opened_at)::float8 / 3600";
    let figures = [
        ("mean", format!("avg({hours})")),
        ("median", format!("percentile_cont(0.5) WITHIN GROUP (ORDER BY {hours})")),
        ("p90", format!("percentile_cont(0.9) WITHIN GROUP (ORDER BY {hours})")),
    ];
    for (key, figure) in &figures {
        let rows = sql
            .series(&format!(
                "SELECT to_char(date_trunc('month', opened_at), 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), {figure} \
                 FROM tickets WHERE status = 'closed' AND {inside} GROUP BY 1 ORDER BY 1"
            ))
            .await;
        assert_series(&chart, key, &rows);
        let total = format!("SELECT {figure} FROM tickets WHERE status = 'closed' AND {inside}");
        match sql.optional_number(&total).await {
            Some(total) => assert_total(&chart, &format!("{key}_hours"), total),
            // Nothing was closed: a figure of nothing is left out, not zero.
            None => assert!(!chart.totals.contains_key(&format!("{key}_hours"))),
        }
    }
    let open =
        format!("SELECT count(*)::float8 FROM tickets WHERE status <> 'closed' AND {inside}");
    assert_total(&chart, "still_open", sql.number(&open).await);
}

#[actix_web::test]
async fn every_answer_equals_what_sql_says_of_the_demonstration_desk() {
    let desk = Desk::start().await;
    desk.load_demo(5_000).await;
    desk.caught_up(5_000).await;
    compare_everything(&desk).await;
    desk.stop().await;
}

/// `CAMPUSDESK_TEST_IMPORT` names a file of one's own to compare on as well; without it a few lines of this test's do.
#[actix_web::test]
async fn every_answer_equals_what_sql_says_of_an_imported_file() {
    let desk = Desk::start().await;
    let (file, _keep) = match std::env::var_os("CAMPUSDESK_TEST_IMPORT") {
        Some(file) => (PathBuf::from(file), None),
        None => {
            let (file, keep) = support::small_file();
            (file, Some(keep))
        }
    };
    let imported = desk.import(&file).await;
    desk.caught_up(imported).await;
    compare_everything(&desk).await;
    let sql = desk.sql().await;
    let days = "extract(epoch FROM closed_at - opened_at)::float8 / 86400";
    println!(
        "{imported} tickets: mean {:.2} days, median {:.2} days",
        sql.number(&format!("SELECT avg({days}) FROM tickets")).await,
        sql.number(&format!(
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY {days}) FROM tickets"
        ))
        .await,
    );
    desk.stop().await;
}

#[actix_web::test]
async fn what_happens_to_a_ticket_moves_the_answers() {
    let desk = Desk::start().await;
    let ticket = desk.report("The projector in the seminar room shows a green picture").await;
    desk.caught_up(1).await;
    assert_eq!(desk.chart("active-by-category").await.totals["open"], 1.0);
    let ticket = desk.step(&ticket, api_types::Status::Active).await;
    desk.wait_for_total("active-by-category", "active", 1.0).await;
    desk.step(&ticket, api_types::Status::Closed).await;
    desk.wait_for_total("active-by-category", "closed", 1.0).await;
    desk.stop().await;
}
