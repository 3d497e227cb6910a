//! The answers, from the feed to the wire.

use std::{collections::BTreeMap, time::Duration};

use analytics::{clock::Clock, service::Service};
use api_types::{Catalog, Chart, X, paths};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use reqwest::Method;
use tokio::time::timeout;

use crate::{
    fake_api::{FakeApi, ticket},
    requests::{ask, start},
};

fn noon() -> DateTime<Utc> {
    "2026-03-10T12:00:00Z".parse().unwrap()
}

async fn started_with(tickets: &[(&str, &str, &str)], tz: Tz) -> (FakeApi, Service) {
    let api = FakeApi::start();
    for (id, (status, category, opened_at)) in (1..).zip(tickets) {
        api.put(ticket(id, status, category, opened_at));
    }
    let service = start(&api, Clock::new(noon), tz);
    let caught_up = service.mirror.wait_until(|mirror| mirror.read(noon(), |_, _| ()).is_some());
    timeout(Duration::from_secs(20), caught_up).await.expect("the feed is read to its end");
    (api, service)
}

async fn chart(service: &Service, query: &str) -> Chart {
    let response = ask(service, Method::GET, &paths::analysis(query), "staff").await;
    assert_eq!(response.status(), 200, "{query}");
    response.json().await.unwrap()
}

/// The points of a series by where they stand.
fn points(chart: &Chart, key: &str) -> BTreeMap<String, f64> {
    let series = chart.series.iter().find(|series| series.key == key).unwrap();
    let place = |x: &X| match x {
        X::Time(at) => at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        X::Word(word) => word.clone(),
        X::Number(number) => number.to_string(),
    };
    series.points.iter().map(|point| (place(&point.0), point.1)).collect()
}

fn table<const N: usize>(rows: [(&str, f64); N]) -> BTreeMap<String, f64> {
    rows.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

#[actix_web::test]
async fn open_in_period_counts_what_is_not_closed_by_hour_of_report() {
    let tickets = [
        ("open", "it", "2026-03-10T08:59:59.999999Z"),
        ("open", "it", "2026-03-10T09:00:00Z"),
        ("open", "it", "2026-03-10T09:00:00.000001Z"),
        ("active", "it", "2026-03-10T09:59:59Z"),
        ("closed", "it", "2026-03-10T10:00:00Z"),
        ("open", "facility", "2026-03-10T11:00:00Z"),
        ("open", "facility", "2026-03-10T12:00:00Z"),
        ("open", "facility", "2026-03-10T12:00:00.000001Z"),
    ];
    let (_api, service) = started_with(&tickets, Tz::UTC).await;
    let chart = chart(&service, "open-in-period?last=3h").await;
    assert_eq!(
        points(&chart, "open"),
        table([
            ("2026-03-10T09:00:00Z", 1.0),
            ("2026-03-10T10:00:00Z", 0.0),
            ("2026-03-10T11:00:00Z", 1.0),
            ("2026-03-10T12:00:00Z", 1.0),
        ])
    );
    assert_eq!(points(&chart, "active")["2026-03-10T09:00:00Z"], 1.0);
    assert_eq!(chart.totals, table([("total", 4.0), ("open", 3.0), ("active", 1.0)]));
    assert_eq!((chart.as_of, chart.lag_seconds, chart.stale), (noon(), 0.0, false));
    service.stop().await;
}

#[actix_web::test]
async fn resolution_time_states_what_is_still_open_and_has_no_mean_of_nothing() {
    let tickets = [
        ("closed", "it", "2026-01-05T00:00:00Z"),
        ("closed", "it", "2026-01-31T00:30:00Z"),
        ("active", "it", "2026-01-20T00:00:00Z"),
        ("open", "it", "2026-02-10T00:00:00Z"),
    ];
    let (_api, service) = started_with(&tickets, Tz::Europe__Berlin).await;
    let chart = chart(&service, "resolution-time-by-month?last=60d").await;
    let (january, february, march) =
        ("2025-12-31T23:00:00Z", "2026-01-31T23:00:00Z", "2026-02-28T23:00:00Z");
    for key in ["mean", "median", "p90"] {
        assert_eq!(points(&chart, key), table([(january, 6.0)]), "{key}");
    }
    assert_eq!(points(&chart, "closed"), table([(january, 2.0), (february, 0.0), (march, 0.0)]));
    assert_eq!(
        points(&chart, "still_open"),
        table([(january, 1.0), (february, 1.0), (march, 0.0)])
    );
    let expected = [
        ("mean_hours", 6.0),
        ("median_hours", 6.0),
        ("p90_hours", 6.0),
        ("closed", 2.0),
        ("still_open", 2.0),
    ];
    assert_eq!(chart.totals, table(expected));
    assert_eq!(chart.tz, "Europe/Berlin");
    service.stop().await;
}

#[actix_web::test]
async fn active_by_category_has_every_category_also_the_empty_one() {
    let tickets =
        [("active", "it", "2026-03-01T00:00:00Z"), ("open", "facility", "2026-03-01T00:00:00Z")];
    let (_api, service) = started_with(&tickets, Tz::UTC).await;
    let chart = chart(&service, "active-by-category").await;
    assert_eq!(
        points(&chart, "active"),
        table([("facility", 0.0), ("it", 1.0), ("services", 0.0)])
    );
    assert_eq!(
        chart.totals,
        table([("active", 1.0), ("open", 1.0), ("closed", 0.0), ("all", 2.0)])
    );
    service.stop().await;
}

#[actix_web::test]
async fn an_empty_desk_has_answers_and_every_analysis_of_the_catalog_gives_one() {
    let (_api, service) = started_with(&[], Tz::UTC).await;
    let noon = chrono::Utc::now();
    service.outcomes.wait_until(|known| known.read(noon, |_, _| ()).is_some()).await;
    let response = ask(&service, Method::GET, paths::ANALYSES, "staff").await;
    let catalog: Catalog = response.json().await.unwrap();
    assert_eq!(catalog.analyses.len(), 6);
    for analysis in catalog.analyses {
        let chart = chart(&service, &analysis.name).await;
        assert_eq!(chart.title, analysis.title);
        for parameter in analysis.parameters {
            chart_with(&service, &analysis.name, &parameter.name, &parameter.default, &chart).await;
        }
    }
    service.stop().await;
}

/// Asking with the default is asking without it.
async fn chart_with(service: &Service, name: &str, parameter: &str, value: &str, same: &Chart) {
    let chart = chart(service, &format!("{name}?{parameter}={value}")).await;
    assert_eq!(chart.series, same.series);
}
