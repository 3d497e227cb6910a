//! An internal note never reaches a user, neither by itself nor by what it moves.

use api_types::{Event, Message, Page, headers, paths};
use serde_json::json;

use crate::support::{Desk, Person};

/// Everything a user can ask that has to do with a ticket, as it is answered: status, headers, body.
async fn look(
    user: &Person,
    id: api_types::TicketId,
) -> Vec<(String, u16, Vec<(String, String)>, String)> {
    let mut seen = Vec::new();
    for path in [
        paths::ticket(id),
        paths::messages(id),
        paths::history(id),
        paths::summary(id),
        paths::merged(id),
        paths::TICKETS.to_owned(),
        format!("{}?q=drips", paths::SEARCH),
        format!("{}?q=complain", paths::SEARCH),
        format!("{}?q=%23{id}", paths::SEARCH),
        format!("{}?sort=modified", paths::TICKETS),
        format!("{}?status=open&limit=1", paths::TICKETS),
        format!("{}?category=facility", paths::TICKETS),
        paths::MY_REPORTS.to_owned(),
        paths::LOCATIONS.to_owned(),
        paths::STAFF.to_owned(),
        paths::CHANGES.to_owned(),
    ] {
        let answer = user.get(&path).send().await;
        let told_apart = ["date", headers::REQUEST_ID];
        let mut kept: Vec<_> = answer
            .headers
            .iter()
            .filter(|(name, _)| !told_apart.contains(&name.as_str()))
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        kept.sort();
        let id = answer.header(headers::REQUEST_ID).unwrap_or_default();
        seen.push((path, answer.status, kept, answer.text.replace(id, "")));
    }
    seen
}

#[tokio::test]
async fn what_a_user_sees_before_and_after_a_note_is_the_same_to_the_byte() {
    let desk = Desk::start().await;
    let user = desk.user();
    let report =
        json!({ "description": "It drips", "location": "Kitchen", "category": "facility" });
    let ticket = user.report(report).await;
    user.report(json!({ "description": "Another", "category": "facility" })).await;
    user.write(ticket.id, json!({ "body": "Any news?" })).await;
    let before = look(&user, ticket.id).await;

    let note = json!({ "body": "They complain every week.", "internal": true });
    let note = desk.staff().write(ticket.id, note).await;
    assert_eq!(look(&user, ticket.id).await, before, "after the note");

    let target = json!({ "target": { "message": note.id } });
    let answer = desk.staff().post(&paths::redact(ticket.id), target).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(look(&user, ticket.id).await, before, "after the redaction of the note");
}

#[tokio::test]
async fn a_users_and_a_staff_members_view_differ_in_the_note_alone() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let ticket = user.report(json!({ "description": "It drips" })).await;
    user.write(ticket.id, json!({ "body": "Any news?" })).await;
    let note = json!({ "body": "They complain every week.", "internal": true });
    staff.write(ticket.id, note).await;

    let (theirs, ours) = (user.find(ticket.id).await, staff.find(ticket.id).await);
    assert_eq!((theirs.messages, ours.messages), (1, 2));
    assert_eq!(theirs.modified_at, ours.modified_at);
    let etag = async |person: &Person| {
        let answer = person.get(&paths::ticket(ticket.id)).send().await;
        answer.header("etag").map(str::to_owned)
    };
    assert_eq!(etag(&user).await, etag(&staff).await);

    let thread = async |person: &Person| -> Vec<Message> {
        let page: Page<Message> = person.get(&paths::messages(ticket.id)).send().await.read(200);
        page.items
    };
    let (theirs, ours) = (thread(&user).await, thread(&staff).await);
    assert_eq!(theirs, ours[..1]);
    assert!(ours[1].internal);
}

#[tokio::test]
async fn staff_find_the_redaction_of_a_note_in_history_and_users_do_not() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let ticket = user.report(json!({ "description": "It drips" })).await;
    let note = staff.write(ticket.id, json!({ "body": "Rude.", "internal": true })).await;
    let said = user.write(ticket.id, json!({ "body": "My number is 555" })).await;
    for id in [note.id, said.id] {
        let target = json!({ "target": { "message": id } });
        staff.post(&paths::redact(ticket.id), target).send().await.read::<api_types::Ticket>(200);
    }
    assert_eq!(staff.history(ticket.id).await.len(), 3);
    let theirs = user.history(ticket.id).await;
    assert_eq!(theirs.len(), 2);
    assert_eq!(theirs[1].2.as_deref(), Some("message"));
    // Nor does the number of lines show in how pages are cut.
    let path = format!("{}?limit=2", paths::history(ticket.id));
    let page: Page<Event> = user.get(&path).send().await.read(200);
    assert_eq!((page.items.len(), page.next), (2, None));
}

#[tokio::test]
async fn the_secret_of_a_browser_is_in_no_answer() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let ticket = user.report(json!({ "description": "It drips" })).await;
    user.write(ticket.id, json!({ "body": "Any news?" })).await;
    let other = desk.user();
    other.join(ticket.id).await;
    let secret = user.browser.to_string();
    let feed = async || staff.get(paths::CHANGES).send().await.text;
    crate::support::wait_until("the ticket in the feed", async || feed().await.contains("drips"))
        .await;
    assert!(!feed().await.contains(&secret));
    for (_, _, headers, text) in look(&staff, ticket.id).await {
        for secret in [&secret, &other.browser.to_string()] {
            assert!(!text.contains(secret) && !format!("{headers:?}").contains(secret), "{text}");
        }
    }
}
