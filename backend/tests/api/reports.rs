//! `GET /reports/mine`.

use api_types::{Page, ProblemKind, Report, Status, paths};
use reqwest::Method;
use serde_json::json;

use crate::support::{Desk, Person};

async fn mine(person: &Person, query: &str) -> Page<Report> {
    person.get(&format!("{}{query}", paths::MY_REPORTS)).send().await.read(200)
}

#[tokio::test]
async fn a_browser_finds_its_own_reports_and_learns_how_they_ended() {
    let desk = Desk::start().await;
    let user = desk.user();
    let first = user.report(json!({ "title": "Tap", "description": "It drips" })).await;
    let second = user.report(json!({ "title": "Lamp", "description": "It flickers" })).await;
    desk.report("Somebody else's").await;
    let closed = desk.staff().close(&first, "Washer replaced.").await;

    let reports = mine(&user, "").await.items;
    assert_eq!(reports.iter().map(|report| report.id).collect::<Vec<_>>(), [second.id, first.id]);
    let report = &reports[1];
    assert_eq!((report.status, report.title.as_str()), (Status::Closed, "Tap"));
    assert_eq!(report.resolution.as_deref(), Some("Washer replaced."));
    assert_eq!(report.closed_at, closed.closed_at);
    assert_eq!(mine(&desk.user(), "").await.items, []);
}

#[tokio::test]
async fn reports_are_read_page_by_page() {
    let desk = Desk::start().await;
    let user = desk.user();
    for n in 0..9 {
        user.report(json!({ "description": format!("Number {n}") })).await;
    }
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = mine(&user, &format!("?limit=4{cursor}")).await;
        ids.extend(page.items.iter().map(|report| report.id.0));
        let Some(next) = page.next else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(ids, (1..=9).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn without_a_browser_there_is_nobody_to_answer() {
    let desk = Desk::start().await;
    let nameless = desk.user().bare(Method::GET, paths::MY_REPORTS).send().await;
    nameless.refused_field(ProblemKind::InvalidRequest, "Desk-Client");
}
