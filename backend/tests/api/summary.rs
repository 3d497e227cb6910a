//! `GET /tickets/{id}/summary`: what is reported, what was done and where it stands.

use api_types::{ProblemKind, Summary, Ticket, TicketId, paths};
use serde_json::{Value, json};

use crate::support::{Desk, Person};

/// What a summary says: reported, done, now.
type Said = (Option<String>, Option<String>, Option<String>);

async fn read(person: &Person, id: TicketId) -> Said {
    let summary: Summary = person.get(&paths::summary(id)).send().await.read(200);
    (summary.reported, summary.done, summary.now)
}

fn said(reported: &str, done: &str, now: &str) -> Said {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    (some(reported), some(done), some(now))
}

/// The same for everyone, on its own and beside a result of a search.
async fn assert_says(desk: &Desk, id: TicketId, expected: Said) {
    for person in [desk.user(), desk.staff()] {
        assert_eq!(read(&person, id).await, expected);
        let hit = person.search(&format!("#{id}")).await.items.remove(0);
        let summary = hit.summary.unwrap();
        assert_eq!((summary.reported, summary.done, summary.now), expected);
    }
}

async fn redact(desk: &Desk, id: TicketId, target: Value) {
    let answer = desk.staff().post(&paths::redact(id), json!({ "target": target })).send().await;
    answer.read::<Ticket>(200);
}

const REPORTED: &str = "The tap in the tea kitchen drips all night.";
const DONE: &str = "A technician replaces the washer on Monday.";
const NOW: &str = "Since yesterday the water runs without pause.";

#[tokio::test]
async fn a_summary_follows_what_is_reported_answered_asked_and_decided() {
    let desk = Desk::start().await;
    let ticket = desk.report(&format!("Hello! {REPORTED} Thanks a lot for your help.")).await;
    let id = ticket.id;
    assert_says(&desk, id, said(REPORTED, "", "")).await;
    desk.user().write(id, json!({ "body": "Hi, any news about it?" })).await;
    assert_says(&desk, id, said(REPORTED, "", "Hi, any news about it?")).await;
    // An answer of staff is what was done; nothing was said since.
    let answer = format!("Thank you for the report. {DONE} Kind regards, Ada");
    desk.staff().write(id, json!({ "body": answer })).await;
    assert_says(&desk, id, said(REPORTED, DONE, "")).await;
    desk.user().write(id, json!({ "body": format!("{NOW}\nIs that so?") })).await;
    assert_says(&desk, id, said(REPORTED, DONE, NOW)).await;
    let note =
        json!({ "body": "They complain every single week about that tap.", "internal": true });
    desk.staff().write(id, note).await;
    assert_says(&desk, id, said(REPORTED, DONE, NOW)).await;

    let ticket = desk.user().edit(&ticket, json!({ "description": "Everything is wet." })).await;
    assert_says(&desk, id, said("Everything is wet.", DONE, NOW)).await;
    let ticket = desk.user().edit(&ticket, json!({ "title": "Tap", "location": "Attic" })).await;
    assert_says(&desk, id, said("Everything is wet.", DONE, NOW)).await;
    desk.staff().close(&ticket, "The washer was replaced. Bye!").await;
    let closed = said("Everything is wet.", DONE, "The washer was replaced.");
    assert_eq!(read(&desk.staff(), id).await, closed);
}

#[tokio::test]
async fn what_is_redacted_is_gone_from_the_summary() {
    let desk = Desk::start().await;
    let ticket = desk.report(REPORTED).await;
    let id = ticket.id;
    let first = desk.staff().write(id, json!({ "body": "We come today." })).await;
    desk.user().write(id, json!({ "body": "Nobody came." })).await;
    let second = desk.staff().write(id, json!({ "body": DONE })).await;
    let last = desk.user().write(id, json!({ "body": NOW })).await;
    let note = json!({ "body": "Complains.", "internal": true });
    let note = desk.staff().write(id, note).await;
    for (target, left) in [
        (json!({ "message": note.id }), said(REPORTED, DONE, NOW)),
        (json!({ "message": last.id }), said(REPORTED, DONE, "")),
        (json!({ "message": second.id }), said(REPORTED, "We come today.", "Nobody came.")),
        (json!({ "message": first.id }), said(REPORTED, "", "Nobody came.")),
        (json!("title"), said(REPORTED, "", "Nobody came.")),
        (json!("description"), said("", "", "Nobody came.")),
    ] {
        redact(&desk, id, target.clone()).await;
        assert_eq!(read(&desk.staff(), id).await, left, "{target}");
    }
    let ticket = desk.user().find(id).await;
    desk.staff().close(&ticket, "Call 555 for more.").await;
    assert_eq!(read(&desk.staff(), id).await, said("", "", "Call 555 for more."));
    redact(&desk, id, json!("resolution")).await;
    assert_eq!(read(&desk.staff(), id).await, said("", "", ""));
}

#[tokio::test]
async fn a_ticket_that_is_closed_without_a_word_stands_where_it_stood() {
    let desk = Desk::start().await;
    let ticket = desk.report(REPORTED).await;
    desk.user().write(ticket.id, json!({ "body": NOW })).await;
    let active = desk.staff().step(&ticket, json!({ "to": "active" })).await;
    desk.staff().step(&active, json!({ "to": "closed" })).await;
    assert_eq!(read(&desk.staff(), ticket.id).await, said(REPORTED, "", NOW));
}

#[tokio::test]
async fn what_has_no_words_changes_nothing_by_itself_or_by_a_redaction() {
    let desk = Desk::start().await;
    let ticket = desk.report(REPORTED).await;
    desk.staff().write(ticket.id, json!({ "body": DONE })).await;
    let asked = desk.user().write(ticket.id, json!({ "body": NOW })).await;
    let thumb = desk.staff().write(ticket.id, json!({ "body": "👍" })).await;
    desk.user().write(ticket.id, json!({ "body": "…" })).await;
    assert_says(&desk, ticket.id, said(REPORTED, DONE, NOW)).await;
    redact(&desk, ticket.id, json!({ "message": thumb.id })).await;
    assert_says(&desk, ticket.id, said(REPORTED, DONE, NOW)).await;
    redact(&desk, ticket.id, json!({ "message": asked.id })).await;
    assert_says(&desk, ticket.id, said(REPORTED, DONE, "")).await;
}

#[tokio::test]
async fn a_summary_is_read_by_whoever_may_read_the_ticket() {
    let desk = Desk::start().await;
    let closed = desk.closed(REPORTED).await;
    let path = paths::summary(closed.id);
    desk.user().get(&path).send().await.refused(ProblemKind::NotFound);
    assert_eq!(read(&desk.staff(), closed.id).await, said(REPORTED, "", "Done."));
    for person in [desk.user(), desk.staff()] {
        let absent = person.get(&paths::summary(TicketId(999_999))).send().await;
        absent.refused(ProblemKind::NotFound);
    }
    let answer = desk.staff().get(&format!("{path}?long=1")).send().await;
    answer.refused_field(ProblemKind::InvalidRequest, "long");
}

#[tokio::test]
async fn a_ticket_from_before_there_were_summaries_has_an_empty_one() {
    let desk = Desk::start().await;
    let insert = "INSERT INTO tickets (title, description, category, category_by) VALUES ('t', 'd', 'it', 'staff')";
    desk.sql().await.batch_execute(insert).await.unwrap();
    assert_says(&desk, TicketId(1), said("", "", "")).await;
    desk.staff().write(TicketId(1), json!({ "body": DONE })).await;
    assert_says(&desk, TicketId(1), said("", DONE, "")).await;
}
