//! In which order a write to a ticket is refused: role 403, absent or hidden 404, no version 428, stale 412, state 409.

use api_types::{ProblemKind, Ticket, TicketId, paths};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Desk;

type Write = (Method, fn(TicketId) -> String, Value);

/// Every write that needs a version, with a body that is fine.
fn writes() -> Vec<Write> {
    vec![
        (Method::PATCH, paths::ticket, json!({ "title": "Other" })),
        (Method::POST, paths::status, json!({ "to": "active" })),
        (Method::PUT, paths::category, json!({ "category": "services" })),
        (Method::PUT, paths::assignee, json!({ "assignee": null })),
    ]
}

#[tokio::test]
async fn a_role_that_may_not_is_told_before_anything_else_is_looked_at() {
    let desk = Desk::start().await;
    for (method, path, _) in writes().into_iter().filter(|(method, ..)| *method != Method::PATCH) {
        let call = desk.user().bare(method, &path(TicketId(999_999))).json(json!({ "no": 1 }));
        // The body of a category change is read first: whose ticket it is decides.
        if path(TicketId(1)) == paths::category(TicketId(1)) {
            continue;
        }
        call.send().await.refused(ProblemKind::Forbidden);
    }
}

#[tokio::test]
async fn an_absent_ticket_is_told_before_a_missing_version() {
    let desk = Desk::start().await;
    for (method, path, body) in writes() {
        let call = desk.staff().call(method, &path(TicketId(999_999))).json(body);
        call.send().await.refused(ProblemKind::NotFound);
    }
}

#[tokio::test]
async fn a_missing_version_is_told_before_the_state() {
    let desk = Desk::start().await;
    let closed = desk.closed("It drips").await;
    for (method, path, body) in writes() {
        let call = desk.staff().call(method, &path(closed.id)).json(body);
        call.send().await.refused(ProblemKind::PreconditionRequired);
    }
}

#[tokio::test]
async fn a_stale_version_is_told_with_the_current_ticket_before_the_state() {
    let desk = Desk::start().await;
    let closed = desk.closed("It drips").await;
    for (method, path, body) in writes() {
        for seen in [0, 1, 99] {
            let call = desk.staff().call(method.clone(), &path(closed.id)).json(body.clone());
            let problem = call.at(seen).send().await.refused(ProblemKind::Stale);
            assert_eq!(problem.current.as_deref(), Some(&closed));
        }
    }
}

#[tokio::test]
async fn the_state_is_told_last() {
    let desk = Desk::start().await;
    let closed = desk.closed("It drips").await;
    for (method, path, body) in writes() {
        let is_step = path(closed.id) == paths::status(closed.id);
        let kind = if is_step { ProblemKind::IllegalStep } else { ProblemKind::Closed };
        let call = desk.staff().call(method, &path(closed.id)).json(body);
        call.at(closed.version).send().await.refused(kind);
    }
    assert_eq!(desk.staff().find(closed.id).await, closed);
}

#[tokio::test]
async fn a_version_that_is_no_etag_of_ours_is_named() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    for tag in ["1", "*", "\"x\"", "W/\"1\"", "\"1\", \"2\"", "\"99999999999999999999\"", ""] {
        for (method, path, body) in writes() {
            let call = desk.staff().call(method, &path(ticket.id)).json(body);
            let answer = call.header("if-match", tag).send().await;
            answer.refused_field(ProblemKind::InvalidRequest, "If-Match");
        }
    }
}

#[tokio::test]
async fn a_user_who_is_behind_sees_no_internal_note_in_the_current_ticket() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    desk.staff().write(ticket.id, json!({ "body": "A regular.", "internal": true })).await;
    let edited: Ticket = desk.user().edit(&ticket, json!({ "title": "Tap" })).await;
    let call = desk.user().patch(&paths::ticket(ticket.id), json!({ "title": "Pipe" })).at(1);
    let current = call.send().await.refused(ProblemKind::Stale).current.unwrap();
    assert_eq!((current.messages, edited.messages), (0, 0));
}
