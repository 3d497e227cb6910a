//! `GET /tickets/{id}/messages`.

use api_types::{Message, Page, ProblemKind, paths};
use serde_json::json;

use crate::support::Desk;

#[tokio::test]
async fn the_thread_is_read_page_by_page_oldest_first_and_without_notes_for_users() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    for n in 0..9 {
        desk.user().write(ticket.id, json!({ "body": format!("Message {n}") })).await;
        let note = json!({ "body": format!("Note {n}"), "internal": true });
        desk.staff().write(ticket.id, note).await;
    }
    for (person, expected) in [(desk.user(), 9_usize), (desk.staff(), 18)] {
        let (mut bodies, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let path = format!("{}?limit=4{cursor}", paths::messages(ticket.id));
            let page: Page<Message> = person.get(&path).send().await.read(200);
            pages += 1;
            bodies.extend(page.items.into_iter().map(|message| message.body));
            let Some(next) = page.next else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!((bodies.len(), pages), (expected, expected.div_ceil(4)));
        let said: Vec<_> = bodies.iter().filter(|body| body.starts_with("Message")).collect();
        assert_eq!(
            said,
            (0..9).map(|n| format!("Message {n}")).collect::<Vec<_>>().iter().collect::<Vec<_>>()
        );
    }
}

#[tokio::test]
async fn a_page_that_ends_with_a_note_shows_users_no_next_page_that_is_not_there() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    desk.user().write(ticket.id, json!({ "body": "One" })).await;
    desk.staff().write(ticket.id, json!({ "body": "Note", "internal": true })).await;
    let path = format!("{}?limit=1", paths::messages(ticket.id));
    let page: Page<Message> = desk.user().get(&path).send().await.read(200);
    assert_eq!((page.items.len(), page.next), (1, None));
}

#[tokio::test]
async fn a_wrong_page_is_refused_by_the_name_of_the_parameter() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    for base in [paths::messages(ticket.id), paths::history(ticket.id), paths::MY_REPORTS.into()] {
        for (query, parameter) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=-1", "limit"),
            ("limit=99999999999999999999", "limit"),
            ("cursor=x", "cursor"),
            ("cursor=-1", "cursor"),
            ("cursor=", "cursor"),
            ("cursor=99999999999999999999", "cursor"),
            ("page=2", "page"),
        ] {
            let answer = desk.user().get(&format!("{base}?{query}")).send().await;
            answer.refused_field(ProblemKind::InvalidRequest, parameter);
        }
    }
}
