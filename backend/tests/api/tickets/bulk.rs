//! `POST /tickets/bulk`: one action on many tickets, a result each.

use api_types::{BulkResult, ProblemKind, Status, TicketId, paths};
use serde_json::{Value, json};

use crate::support::Desk;

async fn change(desk: &Desk, action: Value, items: Value) -> BulkResult {
    let body = json!({ "action": action, "items": items });
    desk.staff().post(paths::BULK, body).send().await.read(200)
}

#[tokio::test]
async fn each_item_has_its_own_result_in_the_order_asked_for() {
    let desk = Desk::start().await;
    let (one, two) = (desk.report("One").await, desk.report("Two").await);
    let closed = desk.closed("Three").await;
    let items = json!([
        { "id": two.id, "version": 1 },
        { "id": 999_999, "version": 1 },
        { "id": one.id, "version": 7 },
        { "id": closed.id, "version": closed.version },
        { "id": two.id, "version": 1 },
    ]);
    let BulkResult { results } =
        change(&desk, json!({ "status": { "to": "active" } }), items).await;
    let kinds: Vec<_> = results
        .iter()
        .map(|result| (result.id, result.status, result.problem.as_ref().map(|p| p.kind)))
        .collect();
    assert_eq!(
        kinds,
        [
            (two.id, 200, None),
            (TicketId(999_999), 404, Some(ProblemKind::NotFound)),
            (one.id, 412, Some(ProblemKind::Stale)),
            (closed.id, 409, Some(ProblemKind::IllegalStep)),
            (two.id, 412, Some(ProblemKind::Stale)),
        ]
    );
    assert_eq!(results[0].ticket.as_ref(), Some(&desk.staff().find(two.id).await));
    let stale = results[2].problem.as_ref().and_then(|problem| problem.current.as_deref());
    assert_eq!(stale, Some(&one));
    assert_eq!(desk.staff().find(two.id).await.status, Status::Active);
    assert_eq!(desk.staff().find(one.id).await, one);
}

#[tokio::test]
async fn categories_and_assignees_are_changed_in_bulk_too() {
    let desk = Desk::start().await;
    let ada: api_types::Staff =
        desk.staff().post(paths::STAFF, json!({ "name": "Ada" })).send().await.read(201);
    let ticket = desk.user().report(json!({ "description": "Tap", "category": "facility" })).await;
    let item = |version: i64| json!([{ "id": ticket.id, "version": version }]);
    change(&desk, json!({ "category": { "category": "it" } }), item(1)).await;
    let done = change(&desk, json!({ "assignee": { "assignee": ada.id } }), item(2)).await;
    let changed = done.results[0].ticket.clone().unwrap();
    assert_eq!(changed.version, 3);
    assert_eq!(changed.assignee.map(|staff| staff.name).as_deref(), Some("Ada"));
    assert_eq!(changed.category, api_types::Category::It);
    assert_eq!(desk.staff().history(ticket.id).await.len(), 3);
}

#[tokio::test]
async fn a_hundred_items_are_changed_and_one_more_or_none_is_refused() {
    let desk = Desk::start().await;
    let mut items = Vec::new();
    for n in 0..100 {
        let ticket = desk.report(&format!("Number {n}")).await;
        items.push(json!({ "id": ticket.id, "version": 1 }));
    }
    let action = json!({ "status": { "to": "active" } });
    let done = change(&desk, action.clone(), json!(items)).await;
    assert!(done.results.iter().all(|result| result.status == 200));
    items.push(json!({ "id": 1, "version": 1 }));
    for items in [json!(items), json!([])] {
        let body = json!({ "action": action, "items": items });
        let answer = desk.staff().post(paths::BULK, body).send().await;
        answer.refused_field(ProblemKind::InvalidInput, "items");
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_action_itself_refuses_the_whole() {
    let desk = Desk::start().await;
    let ticket = desk.report("One").await;
    for (action, field) in [
        (json!({ "status": { "to": "done" } }), "action.status.to"),
        (json!({ "status": { "to": "active", "resolution": "x" } }), "resolution"),
        (json!({ "assignee": { "assignee": 999_999 } }), "assignee"),
        (json!({ "category": { "category": "it", "by": "me" } }), "by"),
        (json!({ "delete": {} }), "action"),
        (json!("status"), "action"),
    ] {
        let body = json!({ "action": action, "items": [{ "id": ticket.id, "version": 1 }] });
        let answer = desk.staff().post(paths::BULK, body).send().await;
        let problem = answer.refused(ProblemKind::InvalidInput);
        assert!(problem.fields[0].field.starts_with(field), "{}", answer.text);
    }
    assert_eq!(desk.staff().find(ticket.id).await, ticket);
}
