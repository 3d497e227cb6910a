//! What was redacted is not found any more, by anyone, and its words are offered to nobody.

use api_types::{Ticket, TicketId, paths};
use serde_json::{Value, json};

use super::find;
use crate::support::Desk;

async fn redact(desk: &Desk, id: TicketId, target: Value) {
    let answer = desk.staff().post(&paths::redact(id), json!({ "target": target })).send().await;
    answer.read::<Ticket>(200);
}

/// Whether a word may be offered to whoever mistypes one.
async fn is_known(desk: &Desk, word: &str) -> bool {
    let count = "SELECT count(*) FROM known_words WHERE word = $1";
    desk.sql().await.query_one(count, &[&word]).await.unwrap().get::<_, i64>(0) > 0
}

/// Nobody finds a ticket by this word, by a slip of it or by its beginning.
async fn assert_gone(desk: &Desk, word: &str) {
    let slip = format!("{}{}", &word[..2], &word[3..]);
    for person in [desk.user(), desk.staff()] {
        for q in [word, &slip, &word[..5]] {
            let result = person.search(q).await;
            assert_eq!(result.items, [], "{q}");
            assert_eq!((result.facets.open, result.facets.closed), (0, 0), "{q}");
        }
    }
    assert!(!is_known(desk, word).await, "{word}");
}

#[tokio::test]
async fn a_redacted_text_place_or_message_is_found_by_nobody_any_more() {
    let desk = Desk::start().await;
    let report = json!({
        "title": "Zanzibar tap", "description": "Quokka drips", "location": "Xanadu",
    });
    let ticket = desk.user().report(report).await;
    let said = desk.user().write(ticket.id, json!({ "body": "Ask Wolpertinger" })).await;
    let note = json!({ "body": "Vladivostok", "internal": true });
    let note = desk.staff().write(ticket.id, note).await;
    for (target, word) in [
        (json!("title"), "zanzibar"),
        (json!("description"), "quokka"),
        (json!("location"), "xanadu"),
        (json!({ "message": said.id }), "wolpertinger"),
        (json!({ "message": note.id }), "vladivostok"),
    ] {
        assert_eq!(find(&desk.staff(), word).await, [ticket.id.0], "{word}");
        assert!(is_known(&desk, word).await, "{word}");
        redact(&desk, ticket.id, target).await;
        assert_gone(&desk, word).await;
    }
}

#[tokio::test]
async fn a_word_that_stands_elsewhere_is_still_known() {
    let desk = Desk::start().await;
    let (ticket, other) = (desk.report("The quokka drips").await, desk.report("A tap").await);
    let note = json!({ "body": "Quokkas again", "internal": true });
    let note = desk.staff().write(other.id, note).await;
    redact(&desk, ticket.id, json!("description")).await;
    redact(&desk, ticket.id, json!("title")).await;
    assert!(is_known(&desk, "quokkas").await);
    assert_eq!(find(&desk.staff(), "quokkass").await, [other.id.0]);
    assert_eq!(find(&desk.user(), "quokka").await, [0; 0]);
    redact(&desk, other.id, json!({ "message": note.id })).await;
    assert_gone(&desk, "quokka").await;
}

#[tokio::test]
async fn a_text_of_a_closed_ticket_and_one_deep_in_a_thread_are_gone_too() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    let mut messages = Vec::new();
    for n in 0..20 {
        let body = if n == 11 { "Wolperting".to_owned() } else { format!("Try {n}") };
        messages.push(desk.user().write(ticket.id, json!({ "body": body })).await);
    }
    let closed = desk.staff().close(&ticket, "Done.").await;
    assert_eq!(find(&desk.staff(), "wolperting").await, [closed.id.0]);
    redact(&desk, ticket.id, json!({ "message": messages[11].id })).await;
    assert_gone(&desk, "wolperting").await;
    assert_eq!(find(&desk.staff(), "drips").await, [closed.id.0]);
}

#[tokio::test]
async fn a_message_that_a_merge_brought_is_redacted_where_it_is_and_stays_so() {
    let desk = Desk::start().await;
    let (merged, target) = (desk.report("It drips").await, desk.report("A tap").await);
    let said = desk.user().write(merged.id, json!({ "body": "Wolperting" })).await;
    desk.staff().merge(merged.id, target.id).await;
    redact(&desk, target.id, json!({ "message": said.id })).await;
    assert_gone(&desk, "wolperting").await;
    desk.staff().unmerge(merged.id).await;
    assert_gone(&desk, "wolperting").await;
}

#[tokio::test]
async fn a_word_that_an_edit_took_away_is_offered_to_nobody() {
    let desk = Desk::start().await;
    let ticket = desk.report("The quokka drips").await;
    desk.user().edit(&ticket, json!({ "title": "Tap", "description": "It drips" })).await;
    assert_gone(&desk, "quokka").await;
    let article = desk.staff().publish("Zanzibar", "Quokka").await;
    let edit = json!({ "title": "Taps", "body": "Turn it off" });
    let answer = desk.staff().patch(&paths::article(article.id), edit).at(1).send().await;
    answer.read::<api_types::Article>(200);
    for word in ["zanzibar", "quokka"] {
        assert_gone(&desk, word).await;
    }
}

#[tokio::test]
async fn a_word_is_forgotten_in_whichever_language_it_was_read() {
    let desk = Desk::start().await;
    let german = "Die Lampe im Flur ist kaputt und nicht an";
    let report = json!({ "title": "Lampe", "description": german, "location": "Zanzibaren" });
    let ticket = desk.user().report(report).await;
    let said = desk.user().write(ticket.id, json!({ "body": "Quokkanesses flicker" })).await;
    let note = json!({ "body": "Der Xanadungen ist und nicht", "internal": true });
    let note = desk.staff().write(ticket.id, note).await;
    for (target, word) in [
        (json!("location"), "zanzibaren"),
        (json!({ "message": said.id }), "quokkanesses"),
        (json!({ "message": note.id }), "xanadungen"),
    ] {
        assert!(is_known(&desk, word).await, "{word}");
        assert_eq!(find(&desk.staff(), word).await, [ticket.id.0], "{word}");
        redact(&desk, ticket.id, target).await;
        assert_gone(&desk, word).await;
    }
}

#[tokio::test]
async fn a_word_that_is_left_in_a_note_alone_is_known_to_staff_alone() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    let said = desk.user().write(ticket.id, json!({ "body": "Wolpertinger" })).await;
    desk.staff().write(ticket.id, json!({ "body": "A wolpertinger!", "internal": true })).await;
    redact(&desk, ticket.id, json!({ "message": said.id })).await;
    let known = "SELECT array_agg(internal) FROM known_words WHERE word = 'wolpertinger'";
    let known: Vec<bool> = desk.sql().await.query_one(known, &[]).await.unwrap().get(0);
    assert_eq!(known, [true]);
}
