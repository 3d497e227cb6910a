//! `PUT /tickets/{id}/category`: staff, and the reporting browser until staff decided.

use api_types::{Category, CategoryBy, ProblemKind, Ticket, paths};
use serde_json::json;

use crate::support::Desk;

fn other_than(category: Category) -> Category {
    if category == Category::It { Category::Facility } else { Category::It }
}

#[tokio::test]
async fn the_reporting_browser_corrects_until_staff_decide() {
    let desk = Desk::start().await;
    let reporter = desk.user();
    let ticket = reporter.report(json!({ "description": "The tap drips" })).await;
    let path = paths::category(ticket.id);
    let to = other_than(ticket.category);

    let corrected: Ticket =
        reporter.put(&path, json!({ "category": to })).at(1).send().await.read(200);
    assert_eq!((corrected.category, corrected.category_by), (to, CategoryBy::Reporter));
    assert_eq!((corrected.confidence, corrected.unsure, corrected.version), (None, false, 2));

    let staff = desk.staff();
    let decided: Ticket =
        staff.put(&path, json!({ "category": "services" })).at(2).send().await.read(200);
    assert_eq!((decided.category, decided.category_by), (Category::Services, CategoryBy::Staff));

    let late = reporter.put(&path, json!({ "category": to })).at(3).send().await;
    late.refused(ProblemKind::Forbidden);
    let words: Vec<_> = staff.history(ticket.id).await.into_iter().map(|line| line.2).collect();
    assert_eq!(words, [None, Some(to.to_string()), Some("services".to_owned())]);
}

#[tokio::test]
async fn another_browser_and_one_without_a_name_may_not() {
    let desk = Desk::start().await;
    let ticket = desk.report("The tap drips").await;
    let (path, body) = (paths::category(ticket.id), json!({ "category": "it" }));
    let stranger = desk.user().put(&path, body.clone()).at(1).send().await;
    stranger.refused(ProblemKind::Forbidden);
    let nameless = desk.user().bare(reqwest::Method::PUT, &path).json(body.clone()).at(1);
    nameless.send().await.refused(ProblemKind::Forbidden);

    // A ticket that no browser reported is nobody's to correct either.
    let nobodys = desk.user().bare(reqwest::Method::POST, paths::TICKETS);
    let nobodys: Ticket =
        nobodys.json(json!({ "description": "The tap drips" })).send().await.read(201);
    let path = paths::category(nobodys.id);
    for call in [
        desk.user().bare(reqwest::Method::PUT, &path).json(body.clone()),
        desk.user().put(&path, body),
    ] {
        call.at(1).send().await.refused(ProblemKind::Forbidden);
    }
    assert_eq!(desk.user().find(ticket.id).await, ticket);
}

#[tokio::test]
async fn staff_confirming_the_classifier_is_a_decision_that_shows_and_stays() {
    let desk = Desk::start().await;
    let reporter = desk.user();
    let ticket = reporter.report(json!({ "description": "The tap drips" })).await;
    let (path, body) = (paths::category(ticket.id), json!({ "category": ticket.category }));
    let confirm =
        async || -> Ticket { desk.staff().put(&path, body.clone()).at(1).send().await.read(200) };
    let confirmed = confirm().await;
    assert_eq!((confirmed.category_by, confirmed.confidence), (CategoryBy::Staff, None));
    // What the version counts has not changed.
    assert_eq!(confirmed.version, 1);
    assert_eq!(confirm().await, confirmed);
    assert_eq!(desk.staff().history(ticket.id).await.len(), 2);
    reporter.put(&path, body.clone()).at(1).send().await.refused(ProblemKind::Forbidden);
}

#[tokio::test]
async fn a_closed_ticket_keeps_its_category() {
    let desk = Desk::start().await;
    let reporter = desk.user();
    let ticket = reporter.report(json!({ "description": "The tap drips" })).await;
    let closed = desk.staff().close(&ticket, "Done.").await;
    let (path, body) = (paths::category(closed.id), json!({ "category": "it" }));
    let staff = desk.staff().put(&path, body.clone()).at(closed.version).send().await;
    staff.refused(ProblemKind::Closed);
    reporter.put(&path, body).at(closed.version).send().await.refused(ProblemKind::NotFound);
}

#[tokio::test]
async fn a_word_that_is_no_category_is_named() {
    let desk = Desk::start().await;
    let ticket = desk.report("The tap drips").await;
    for body in [json!({ "category": "cats" }), json!({ "category": null }), json!({})] {
        let answer = desk.staff().put(&paths::category(ticket.id), body).at(1).send().await;
        answer.refused_field(ProblemKind::InvalidInput, "category");
    }
}
