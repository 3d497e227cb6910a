//! `POST /tickets/{id}/status`: open → active → closed.

use api_types::{ProblemKind, Status, Ticket, paths};
use serde_json::json;

use crate::support::Desk;

#[tokio::test]
async fn a_ticket_goes_from_open_to_active_to_closed_with_its_dates_and_its_resolution() {
    let desk = Desk::start().await;
    let (staff, ticket) = (desk.staff(), desk.report("It drips").await);
    let path = paths::status(ticket.id);

    let answer = staff.post(&path, json!({ "to": "active" })).at(1).send().await;
    let active: Ticket = answer.read(200);
    assert_eq!(answer.header("etag"), Some("\"2\""));
    assert_eq!((active.status, active.closed_at), (Status::Active, None));
    assert!(active.activated_at.is_some_and(|at| at >= active.opened_at));
    assert_eq!(active.activated_at, Some(active.modified_at));

    let body = json!({ "to": "closed", "resolution": " Washer replaced. " });
    let answer = staff.post(&path, body).at(2).send().await;
    let closed: Ticket = answer.read(200);
    assert_eq!(answer.header("etag"), Some("\"3\""));
    assert_eq!(closed.status, Status::Closed);
    assert_eq!(closed.resolution.as_deref(), Some("Washer replaced."));
    assert_eq!(closed.activated_at, active.activated_at);
    assert!(closed.closed_at >= closed.activated_at);
    assert_eq!(closed.closed_at, Some(closed.modified_at));
}

#[tokio::test]
async fn a_ticket_is_closed_without_a_resolution_too() {
    let desk = Desk::start().await;
    let active = desk.staff().step(&desk.report("It drips").await, json!({ "to": "active" })).await;
    let closed = desk.staff().step(&active, json!({ "to": "closed" })).await;
    assert_eq!(closed.resolution, None);
}

#[tokio::test]
async fn any_step_but_the_next_is_illegal_and_leaves_no_trace() {
    let desk = Desk::start().await;
    let staff = desk.staff();
    let open = desk.report("One").await;
    let active = staff.step(&desk.report("Two").await, json!({ "to": "active" })).await;
    let closed = desk.closed("Three").await;
    for (ticket, targets) in
        [(&open, ["open", "closed"]), (&active, ["open", "active"]), (&closed, ["open", "active"])]
    {
        for to in targets {
            let call = staff.post(&paths::status(ticket.id), json!({ "to": to }));
            call.at(ticket.version).send().await.refused(ProblemKind::IllegalStep);
        }
        let again = staff.post(&paths::status(ticket.id), json!({ "to": ticket.status }));
        again.at(ticket.version).send().await.refused(ProblemKind::IllegalStep);
        assert_eq!(staff.find(ticket.id).await, *ticket);
    }
    assert_eq!(staff.history(open.id).await.len(), 1);
}

#[tokio::test]
async fn a_resolution_belongs_to_closing_and_is_checked() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    for body in [
        json!({ "to": "active", "resolution": "Done" }),
        json!({ "to": "closed", "resolution": " " }),
        json!({ "to": "closed", "resolution": "r".repeat(2_001) }),
        json!({ "to": "closed", "resolution": 5 }),
    ] {
        let answer = desk.staff().post(&paths::status(ticket.id), body).at(1).send().await;
        answer.refused_field(ProblemKind::InvalidInput, "resolution");
    }
    for body in [json!({ "to": "done" }), json!({ "to": null }), json!({})] {
        let answer = desk.staff().post(&paths::status(ticket.id), body).at(1).send().await;
        answer.refused_field(ProblemKind::InvalidInput, "to");
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_keep_a_ticket_from_being_closed() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    let later = "UPDATE tickets SET status = 'active', activated_at = now() + interval '1 hour'";
    desk.sql().await.batch_execute(later).await.unwrap();
    let active = desk.staff().find(ticket.id).await;
    let closed = desk.staff().step(&active, json!({ "to": "closed" })).await;
    assert_eq!(closed.closed_at, closed.activated_at);
}
