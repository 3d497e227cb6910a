//! `POST /tickets/{id}/messages`.

use api_types::{Message, ProblemKind, Role, headers, paths};
use futures_util::future::join_all;
use serde_json::json;
use uuid::Uuid;

use crate::support::Desk;

#[tokio::test]
async fn users_and_staff_write_under_a_ticket_with_their_names() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    let path = paths::messages(ticket.id);
    let answer = desk
        .user()
        .post(&path, json!({ "body": " Any news?\r\n " }))
        .header(headers::DESK_NAME, &headers::encode_name("Zoë Ångström"))
        .send()
        .await;
    let message: Message = answer.read(201);
    assert_eq!(answer.header("location"), Some(path.as_str()));
    assert_eq!((message.body.as_str(), message.internal), ("Any news?", false));
    assert_eq!(message.author_role, Role::User);
    assert_eq!(message.author_name.as_deref(), Some("Zoë Ångström"));

    desk.staff().write(ticket.id, json!({ "body": "Tomorrow." })).await;
    let now = desk.user().find(ticket.id).await;
    assert_eq!((now.messages, now.version), (2, 1));
    assert!(now.modified_at > ticket.modified_at);
}

#[tokio::test]
async fn messages_written_at_once_are_all_counted() {
    let desk = Desk::start().await;
    let (ticket, user, staff) = (desk.report("It drips").await, desk.user(), desk.staff());
    let talk =
        join_all((0..20).map(|n| user.write(ticket.id, json!({ "body": format!("Message {n}") }))));
    let notes =
        join_all((0..10).map(|n| {
            staff.write(ticket.id, json!({ "body": format!("Note {n}"), "internal": true }))
        }));
    tokio::join!(talk, notes);
    assert_eq!(user.find(ticket.id).await.messages, 20);
    assert_eq!(staff.find(ticket.id).await.messages, 30);
}

#[tokio::test]
async fn only_staff_write_internal_notes() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    let note = json!({ "body": "A regular.", "internal": true });
    let answer = desk.user().post(&paths::messages(ticket.id), note.clone()).send().await;
    answer.refused(ProblemKind::Forbidden);
    assert!(desk.staff().write(ticket.id, note).await.internal);
}

#[tokio::test]
async fn nobody_writes_under_a_closed_or_absent_ticket() {
    let desk = Desk::start().await;
    let closed = desk.closed("It drips").await;
    let body = json!({ "body": "Again?" });
    let path = paths::messages(closed.id);
    desk.staff().post(&path, body.clone()).send().await.refused(ProblemKind::Closed);
    desk.user().post(&path, body.clone()).send().await.refused(ProblemKind::NotFound);
    let note = json!({ "body": "Again?", "internal": true });
    desk.staff().post(&path, note).send().await.refused(ProblemKind::Closed);
    let absent = paths::messages(api_types::TicketId(999_999));
    for person in [desk.user(), desk.staff()] {
        person.post(&absent, body.clone()).send().await.refused(ProblemKind::NotFound);
    }
    assert_eq!(desk.staff().find(closed.id).await, closed);
}

#[tokio::test]
async fn the_same_message_sent_again_gets_the_first_answer_also_after_closing() {
    let desk = Desk::start().await;
    let (ticket, user, key) = (desk.report("It drips").await, desk.user(), Uuid::new_v4());
    let send =
        || user.post(&paths::messages(ticket.id), json!({ "body": "Any news?" })).key(key).send();
    let first = send().await;
    let again = send().await;
    desk.staff().close(&ticket, "Done.").await;
    let after_close = send().await;
    assert_eq!(first.header(headers::IDEMPOTENCY_REPLAYED), None);
    for answer in [again, after_close] {
        assert_eq!((answer.status, &answer.text), (201, &first.text));
        assert_eq!(answer.header(headers::IDEMPOTENCY_REPLAYED), Some("true"));
    }
    assert_eq!(desk.staff().find(ticket.id).await.messages, 1);
}

#[tokio::test]
async fn messages_sent_at_once_with_one_key_are_one_message() {
    let desk = Desk::start().await;
    let (ticket, user, key) = (desk.report("It drips").await, desk.user(), Uuid::new_v4());
    let send = || user.post(&paths::messages(ticket.id), json!({ "body": "Any?" })).key(key).send();
    let answers = join_all((0..16).map(|_| send())).await;
    let first: Message = answers[0].read(201);
    assert!(answers.iter().all(|answer| answer.read::<Message>(201) == first));
    assert_eq!(user.find(ticket.id).await.messages, 1);
}

#[tokio::test]
async fn a_key_that_came_with_another_message_is_refused() {
    let desk = Desk::start().await;
    let (ticket, other) = (desk.report("One").await, desk.report("Two").await);
    let (user, key) = (desk.user(), Uuid::new_v4());
    let send =
        |id, text: &str| user.post(&paths::messages(id), json!({ "body": text })).key(key).send();
    send(ticket.id, "Hello").await.read::<Message>(201);
    send(ticket.id, "Hello!").await.refused(ProblemKind::KeyReused);
    send(other.id, "Hello").await.refused(ProblemKind::KeyReused);
    assert_eq!(user.find(other.id).await.messages, 0);
}

#[tokio::test]
async fn the_text_of_a_message_is_checked() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    for (body, field) in [
        (json!({ "body": "" }), "body"),
        (json!({ "body": " \n " }), "body"),
        (json!({ "body": "x".repeat(10_001) }), "body"),
        (json!({ "body": "a\u{0}b" }), "body"),
        (json!({ "body": null }), "body"),
        (json!({}), "body"),
        (json!({ "body": "x", "internal": "yes" }), "internal"),
        (json!({ "body": "x", "author": "me" }), "author"),
    ] {
        let answer = desk.staff().post(&paths::messages(ticket.id), body).send().await;
        answer.refused_field(ProblemKind::InvalidInput, field);
    }
    assert_eq!(desk.user().find(ticket.id).await, ticket);
}
