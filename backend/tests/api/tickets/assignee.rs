//! `PUT /tickets/{id}/assignee`.

use api_types::{FieldCode, ProblemKind, Staff, Ticket, paths};
use serde_json::json;

use crate::support::Desk;

async fn hire(desk: &Desk, name: &str) -> Staff {
    desk.staff().post(paths::STAFF, json!({ "name": name })).send().await.read(201)
}

#[tokio::test]
async fn a_ticket_is_assigned_handed_on_and_given_back() {
    let desk = Desk::start().await;
    let (ada, ben) = (hire(&desk, "Ada").await, hire(&desk, "Ben").await);
    let ticket = desk.report("It drips").await;
    let path = paths::assignee(ticket.id);
    let assign = async |to: serde_json::Value, version| -> Ticket {
        desk.staff().put(&path, json!({ "assignee": to })).at(version).send().await.read(200)
    };
    let first = assign(json!(ada.id), 1).await;
    assert_eq!(first.assignee.map(|staff| (staff.id, staff.name)), Some((ada.id, "Ada".into())));
    assert_eq!(assign(json!(ada.id), 2).await.version, 2, "the same assignee is no change");
    assert_eq!(assign(json!(ben.id), 2).await.version, 3);
    let back = assign(json!(null), 3).await;
    assert_eq!((back.assignee, back.version), (None, 4));
    let names: Vec<_> = desk
        .user()
        .history(ticket.id)
        .await
        .into_iter()
        .skip(1)
        .map(|(_, from, to)| (from.unwrap_or_default(), to.unwrap_or_default()))
        .collect();
    let expected = [("", "Ada"), ("Ada", "Ben"), ("Ben", "")];
    assert_eq!(names, expected.map(|(from, to)| (from.to_owned(), to.to_owned())));
}

#[tokio::test]
async fn only_an_active_member_of_the_roster_can_be_assigned() {
    let desk = Desk::start().await;
    let ada = hire(&desk, "Ada").await;
    let away = desk.staff().patch(&paths::staff_member(ada.id), json!({ "active": false }));
    away.send().await.read::<Staff>(200);
    let ticket = desk.report("It drips").await;
    for (who, code) in [
        (json!(ada.id), FieldCode::NotAllowed),
        (json!(999_999), FieldCode::NotFound),
        (json!(-1), FieldCode::NotFound),
        (json!("Ada"), FieldCode::InvalidFormat),
        (json!(1e40), FieldCode::InvalidFormat),
    ] {
        let body = json!({ "assignee": who });
        let answer = desk.staff().put(&paths::assignee(ticket.id), body).at(1).send().await;
        let problem = answer.refused_field(ProblemKind::InvalidInput, "assignee");
        assert_eq!(problem.fields[0].code, code);
    }
}

#[tokio::test]
async fn a_closed_ticket_keeps_its_assignee() {
    let desk = Desk::start().await;
    let ada = hire(&desk, "Ada").await;
    let closed = desk.closed("It drips").await;
    let call = desk.staff().put(&paths::assignee(closed.id), json!({ "assignee": ada.id }));
    call.at(closed.version).send().await.refused(ProblemKind::Closed);
}
