//! Who may call what: every operation of the document, and the answer each role gets.

use std::collections::BTreeSet;

use api_types::{ProblemKind, Role, paths};
use reqwest::Method;
use serde_json::json;

use crate::{openapi::documented, support::Desk};

/// Who may call an operation.
#[derive(Clone, Copy, PartialEq)]
enum May {
    All,
    Staff,
    /// Staff, and the browser that reported the ticket.
    StaffOrReporter,
    /// Whoever has the service token, whatever the role.
    Service,
}

const OPERATIONS: [(&str, May); 50] = [
    ("POST /api/v1/tickets", May::All),
    ("GET /api/v1/tickets", May::All),
    ("GET /api/v1/tickets/{id}", May::All),
    ("PATCH /api/v1/tickets/{id}", May::All),
    ("POST /api/v1/tickets/bulk", May::Staff),
    ("POST /api/v1/tickets/{id}/status", May::Staff),
    ("PUT /api/v1/tickets/{id}/category", May::StaffOrReporter),
    ("PUT /api/v1/tickets/{id}/assignee", May::Staff),
    ("POST /api/v1/tickets/{id}/redact", May::Staff),
    ("GET /api/v1/tickets/{id}/messages", May::All),
    ("POST /api/v1/tickets/{id}/messages", May::All),
    ("GET /api/v1/tickets/{id}/history", May::All),
    ("GET /api/v1/tickets/{id}/summary", May::All),
    ("GET /api/v1/tickets/{id}/merged", May::All),
    ("POST /api/v1/tickets/{id}/merge", May::Staff),
    ("DELETE /api/v1/tickets/{id}/merge", May::Staff),
    ("POST /api/v1/tickets/{id}/affected", May::All),
    ("DELETE /api/v1/tickets/{id}/affected", May::All),
    ("GET /api/v1/search", May::All),
    ("POST /api/v1/similar", May::All),
    ("POST /api/v1/searches", May::All),
    ("GET /api/v1/searches", May::Staff),
    ("POST /api/v1/reports/outcomes", May::All),
    ("GET /api/v1/reports/outcomes", May::Staff),
    ("GET /api/v1/articles", May::All),
    ("POST /api/v1/articles", May::Staff),
    ("GET /api/v1/articles/{id}", May::All),
    ("PATCH /api/v1/articles/{id}", May::Staff),
    ("PUT /api/v1/articles/{id}/vote", May::All),
    ("GET /api/v1/tickets/{id}/images", May::All),
    ("POST /api/v1/tickets/{id}/images", May::All),
    ("POST /api/v1/images", May::All),
    ("GET /api/v1/images/{id}", May::All),
    ("GET /api/v1/images/{id}/thumbnail", May::All),
    ("GET /api/v1/images/{id}/predictions", May::All),
    ("GET /api/v1/images/{id}/similar", May::All),
    ("PUT /api/v1/images/{id}/labels", May::Staff),
    ("GET /api/v1/images/labels", May::Staff),
    ("GET /api/v1/reports/mine", May::All),
    ("GET /api/v1/locations", May::All),
    ("POST /api/v1/classify", May::All),
    ("GET /api/v1/staff", May::All),
    ("POST /api/v1/staff", May::Staff),
    ("PATCH /api/v1/staff/{id}", May::Staff),
    ("GET /api/v1/changes", May::Staff),
    ("PUT /api/v1/tickets/{id}/presence", May::Staff),
    ("GET /api/v1/events", May::All),
    ("GET /api/v1/triage/model", May::Staff),
    ("PUT /api/v1/triage/model", May::Service),
    ("POST /api/v1/triage/model/{version}/activate", May::Service),
];

#[test]
fn every_operation_of_the_document_has_its_roles_listed_here() {
    let listed: BTreeSet<String> =
        OPERATIONS.iter().map(|(operation, _)| (*operation).to_owned()).collect();
    assert_eq!(listed, documented());
}

#[tokio::test]
async fn each_role_gets_through_where_it_may_and_403_where_it_may_not() {
    let desk = Desk::start().await;
    let reporter = desk.user();
    let ticket = reporter.report(json!({ "description": "It drips" })).await;
    for (operation, may) in OPERATIONS {
        let (method, path) = operation.split_once(' ').unwrap();
        if path == paths::EVENTS {
            // A stream has no end to wait for; `live` opens it in both roles.
            continue;
        }
        let method: Method = method.parse().unwrap();
        let path = path.replace("{id}", &ticket.id.to_string());
        let stranger = desk.user();
        let nobody = stranger.bare(method.clone(), &path);
        let callers = [
            ("staff", may != May::Service, desk.staff().call(method.clone(), &path)),
            (
                "reporter",
                matches!(may, May::All | May::StaffOrReporter),
                reporter.call(method.clone(), &path),
            ),
            ("user", may == May::All, stranger.call(method.clone(), &path)),
            // Who says nothing is a user.
            ("nobody", may == May::All, nobody),
        ];
        for (who, allowed, call) in callers {
            // A category that is fine, so that the ticket is looked at; no version, so that nothing is changed.
            let body =
                if path.ends_with("/category") { json!({ "category": "it" }) } else { json!({}) };
            let call = if method == Method::GET { call } else { call.json(body) };
            let answer = call.send().await;
            if allowed {
                assert_ne!(answer.status, 403, "{operation} by {who}: {}", answer.text);
                assert!(answer.status < 500, "{operation} by {who}: {}", answer.text);
            } else {
                answer.refused(ProblemKind::Forbidden);
            }
        }
    }
}

#[tokio::test]
async fn a_role_that_is_none_is_refused_by_the_name_of_the_header_on_every_path() {
    let desk = Desk::start().await;
    for (operation, _) in OPERATIONS {
        let (method, path) = operation.split_once(' ').unwrap();
        let (method, path): (Method, _) = (method.parse().unwrap(), path.replace("{id}", "1"));
        for role in ["admin", "Staff", "", "staff, user", "staff;"] {
            let call = desk.user().bare(method.clone(), &path).header("desk-role", role);
            let call = if method == Method::GET { call } else { call.json(json!({})) };
            call.send().await.refused_field(ProblemKind::InvalidRequest, "Desk-Role");
        }
        let twice = desk.user().bare(method.clone(), &path);
        let twice = twice.header("desk-role", "user").header("desk-role", Role::Staff.as_str());
        let twice = if method == Method::GET { twice } else { twice.json(json!({})) };
        twice.send().await.refused_field(ProblemKind::InvalidRequest, "Desk-Role");
    }
}

#[tokio::test]
async fn a_role_in_the_query_string_is_an_unknown_parameter() {
    let desk = Desk::start().await;
    for path in ["/api/v1/tickets?role=staff", "/api/v1/locations?role=staff"] {
        let answer = desk.user().get(path).send().await;
        answer.refused_field(ProblemKind::InvalidRequest, "role");
    }
    let feed = desk.user().get("/api/v1/changes?role=staff").send().await;
    feed.refused(ProblemKind::Forbidden);
}
