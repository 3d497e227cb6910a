//! `GET /tickets/{id}/history`.

use api_types::{Event, EventKind, Page, Role, Ticket, headers, paths};
use serde_json::json;

use crate::support::Desk;

#[tokio::test]
async fn every_change_says_who_what_from_what_to_what_and_when() {
    let desk = Desk::start().await;
    let name = headers::encode_name("Zoë");
    let report = desk.user().post(paths::TICKETS, json!({ "description": "It drips" }));
    let ticket: Ticket = report.header(headers::DESK_NAME, &name).send().await.read(201);
    let step = desk.staff().post(&paths::status(ticket.id), json!({ "to": "active" })).at(1);
    let active: Ticket = step.header(headers::DESK_NAME, "Ada").send().await.read(200);
    desk.user().edit(&active, json!({ "title": "Tap" })).await;

    let page: Page<Event> = desk.user().get(&paths::history(ticket.id)).send().await.read(200);
    let lines: Vec<_> =
        page.items.iter().map(|event| (event.role, event.name.as_deref(), event.what)).collect();
    assert_eq!(
        lines,
        [
            (Role::User, Some("Zoë"), EventKind::Reported),
            (Role::Staff, Some("Ada"), EventKind::Status),
            (Role::User, None, EventKind::Title),
        ]
    );
    assert_eq!(page.items[0].at, ticket.opened_at);
    assert_eq!(Some(page.items[1].at), active.activated_at);
    assert_eq!(page.items[1].to.as_deref(), Some("active"));
}

#[tokio::test]
async fn history_is_read_page_by_page() {
    let desk = Desk::start().await;
    let mut ticket = desk.report("It drips").await;
    for n in 0..8 {
        ticket = desk.user().edit(&ticket, json!({ "title": format!("Edit {n}") })).await;
    }
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("{}?limit=4{cursor}", paths::history(ticket.id));
        let page: Page<Event> = desk.user().get(&path).send().await.read(200);
        ids.extend(page.items.iter().map(|event| event.id));
        let Some(next) = page.next else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(ids.len(), 9);
    assert!(ids.is_sorted());
}
