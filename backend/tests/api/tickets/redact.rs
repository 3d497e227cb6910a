//! `POST /tickets/{id}/redact`: a text is gone for good, wherever it was copied to.

use api_types::{Message, Page, ProblemKind, Ticket, limits::REDACTED, paths};
use serde_json::{Value, json};

use crate::support::{Desk, wait_until};

/// Where a word still stands in the database: every text column of every table is searched.
async fn search(desk: &Desk, word: &str) -> Vec<String> {
    let sql = desk.sql().await;
    let columns = "SELECT table_name::text, column_name::text FROM information_schema.columns \
                   WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb', 'json')";
    let mut found = Vec::new();
    for column in sql.query(columns, &[]).await.unwrap() {
        let (table, column): (String, String) = (column.get(0), column.get(1));
        let count = format!("SELECT count(*) FROM {table} WHERE {column}::text ILIKE '%{word}%'");
        if sql.query_one(&count, &[]).await.unwrap().get::<_, i64>(0) > 0 {
            found.push(format!("{table}.{column}"));
        }
    }
    found
}

async fn redact(desk: &Desk, ticket: &Ticket, target: Value) -> Ticket {
    let body = json!({ "target": target });
    desk.staff().post(&paths::redact(ticket.id), body).send().await.read(200)
}

#[tokio::test]
async fn each_text_is_overwritten_in_the_ticket_its_history_and_the_suggestions() {
    let desk = Desk::start().await;
    for field in ["title", "description", "location"] {
        let word = format!("secret{field}");
        let mut report =
            json!({ "title": "Tap", "description": "It drips", "location": "Kitchen" });
        report[field] = json!(format!("{word} one"));
        let ticket = desk.user().report(report).await;
        let ticket = desk.user().edit(&ticket, json!({ field: format!("{word} two") })).await;
        let ticket = desk.user().edit(&ticket, json!({ field: "harmless" })).await;
        let ticket = desk.user().edit(&ticket, json!({ field: format!("{word} three") })).await;
        assert!(!search(&desk, &word).await.is_empty());

        let redacted = redact(&desk, &ticket, json!(field)).await;
        assert_eq!(search(&desk, &word).await, [""; 0], "{field}");
        assert_eq!(redacted.version, ticket.version + 1);
        let last = desk.user().history(ticket.id).await.pop();
        assert_eq!(last, Some(("redacted".into(), None, Some(field.to_owned()))));
        let now: Value = desk.user().get(&paths::ticket(ticket.id)).send().await.read(200);
        let left = if field == "location" { Value::Null } else { json!(REDACTED) };
        assert_eq!(now[field], left);
    }
}

#[tokio::test]
async fn a_place_that_another_ticket_names_is_still_suggested() {
    let desk = Desk::start().await;
    let ticket = desk.user().report(json!({ "description": "One", "location": "Kitchen" })).await;
    desk.user().report(json!({ "description": "Two", "location": "Kitchen" })).await;
    redact(&desk, &ticket, json!("location")).await;
    let places: Page<String> =
        desk.user().get(&format!("{}?prefix=kit", paths::LOCATIONS)).send().await.read(200);
    assert_eq!(places.items, ["Kitchen"]);
}

#[tokio::test]
async fn texts_of_a_closed_ticket_are_redacted_too() {
    let desk = Desk::start().await;
    let report = json!({
        "title": "hush title", "description": "hush description", "location": "hush place",
    });
    let ticket = desk.user().report(report).await;
    let message = desk.user().write(ticket.id, json!({ "body": "hush message" })).await;
    let closed = desk.staff().close(&ticket, "hush resolution").await;
    for target in ["title", "description", "location", "resolution"] {
        redact(&desk, &closed, json!(target)).await;
    }
    redact(&desk, &closed, json!({ "message": message.id })).await;
    assert_eq!(search(&desk, "hush").await, [""; 0]);
    let now = desk.staff().find(closed.id).await;
    assert_eq!(now.resolution.as_deref(), Some(REDACTED));
    assert_eq!((now.closed_at, now.status), (closed.closed_at, closed.status));
    let thread: Page<Message> =
        desk.staff().get(&paths::messages(closed.id)).send().await.read(200);
    assert_eq!(thread.items[0].body, REDACTED);
    assert_eq!(thread.items[0].created_at, message.created_at);
}

#[tokio::test]
async fn the_feed_carries_a_redaction_also_of_a_message() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    let message = desk.user().write(ticket.id, json!({ "body": "My number is 555" })).await;
    let feed = async |after: &str| -> api_types::Feed<Ticket> {
        desk.staff().get(&format!("{}?{after}", paths::CHANGES)).send().await.read(200)
    };
    wait_until("the ticket in the feed", async || !feed("").await.items.is_empty()).await;
    let before = feed("").await.next;
    redact(&desk, &ticket, json!({ "message": message.id })).await;
    let after = format!("after={before}");
    wait_until("the redaction in the feed", async || {
        feed(&after).await.items.iter().any(|changed| changed.id == ticket.id)
    })
    .await;
}

#[tokio::test]
async fn the_first_answer_to_a_repeated_report_does_not_bring_a_redacted_text_back() {
    let desk = Desk::start().await;
    let (user, key) = (desk.user(), uuid::Uuid::new_v4());
    let report =
        json!({ "title": "hush title", "description": "hush words", "location": "hush place" });
    let send = || user.post(paths::TICKETS, report.clone()).key(key).send();
    let ticket: Ticket = send().await.read(201);
    let edited = user.edit(&ticket, json!({ "title": "Tap", "location": "Kitchen" })).await;
    for target in ["title", "description", "location"] {
        redact(&desk, &edited, json!(target)).await;
    }
    let again = send().await;
    assert_eq!(again.status, 201);
    assert!(!again.text.contains("hush"), "{}", again.text);
}

#[tokio::test]
async fn what_is_not_there_cannot_be_redacted() {
    let desk = Desk::start().await;
    let (ticket, other) = (desk.report("One").await, desk.report("Two").await);
    let message = desk.user().write(other.id, json!({ "body": "Hello" })).await;
    let ask = |id, target: Value| {
        desk.staff().post(&paths::redact(id), json!({ "target": target })).send()
    };
    ask(ticket.id, json!("resolution")).await.refused(ProblemKind::NotFound);
    ask(ticket.id, json!({ "message": 999_999 })).await.refused(ProblemKind::NotFound);
    // A message of another ticket is not this ticket's to redact.
    ask(ticket.id, json!({ "message": message.id })).await.refused(ProblemKind::NotFound);
    ask(api_types::TicketId(999_999), json!("title")).await.refused(ProblemKind::NotFound);
    ask(ticket.id, json!("version")).await.refused_field(ProblemKind::InvalidInput, "target");
    let thread: Page<Message> = desk.user().get(&paths::messages(other.id)).send().await.read(200);
    assert_eq!(thread.items[0].body, "Hello");
}
