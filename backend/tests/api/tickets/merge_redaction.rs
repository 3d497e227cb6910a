//! Texts of a merged ticket are shown and found where it went: they are redacted without undoing the merge.

use api_types::{Page, ProblemKind, Ticket, TicketId, limits::REDACTED, paths};
use serde_json::{Value, json};

use crate::support::Desk;

async fn redact(desk: &Desk, id: TicketId, target: Value) -> Ticket {
    let body = json!({ "target": target });
    desk.staff().post(&paths::redact(id), body).send().await.read(200)
}

/// A lamp, a tap and a door, each merged into the next; answers their numbers.
async fn chain(desk: &Desk) -> [TicketId; 3] {
    let report = json!({
        "title": "Zanzibar lamp", "description": "Quokka flickers", "location": "Xanadu",
    });
    let lamp = desk.user().report(report).await.id;
    let (tap, door) = (desk.report("A tap").await.id, desk.report("A door").await.id);
    desk.user().write(lamp, json!({ "body": "Wolperting" })).await;
    desk.staff().merge(lamp, tap).await;
    desk.staff().merge(tap, door).await;
    [lamp, tap, door]
}

async fn found(desk: &Desk, q: &str) -> Vec<i64> {
    desk.user().search(q).await.items.iter().map(|hit| hit.id).collect()
}

/// The word stands in no index of words, and nobody is offered it.
async fn assert_gone(desk: &Desk, word: &str) {
    for person in [desk.user(), desk.staff()] {
        assert_eq!(person.search(word).await.items, [], "{word}");
    }
    let left = format!(
        "SELECT (SELECT count(*) FROM known_words WHERE word = '{word}') \
         + (SELECT count(*) FROM ticket_words WHERE words::text ILIKE '%{word}%' OR staff_words::text ILIKE '%{word}%')"
    );
    let left: i64 = desk.sql().await.query_one(&left, &[]).await.unwrap().get(0);
    assert_eq!(left, 0, "{word}");
}

#[tokio::test]
async fn a_text_of_a_merged_ticket_is_gone_from_it_and_from_all_that_stand_for_it() {
    let desk = Desk::start().await;
    let [lamp, tap, door] = chain(&desk).await;
    for (target, word) in [("title", "zanzibar"), ("description", "quokka"), ("location", "xanadu")]
    {
        assert_eq!(found(&desk, word).await, [door.0], "{word}");
        let redacted = redact(&desk, lamp, json!(target)).await;
        assert_eq!((redacted.id, redacted.merged_into), (lamp, Some(tap)));
        assert_gone(&desk, word).await;
    }
    let merged = desk.user().get(&paths::merged(tap)).send().await;
    assert!(
        !merged.text.contains("Zanzibar") && !merged.text.contains("Xanadu"),
        "{}",
        merged.text
    );
    desk.staff().unmerge(tap).await;
    let merged: Page<Ticket> = desk.user().get(&paths::merged(tap)).send().await.read(200);
    let texts = (merged.items[0].title.as_str(), merged.items[0].description.as_str());
    assert_eq!((texts, merged.items[0].location.clone()), ((REDACTED, REDACTED), None));
    let history = desk.user().get(&paths::history(tap)).send().await;
    assert!(history.text.contains("redacted") && !history.text.contains("Zanzibar"));
    desk.staff().unmerge(lamp).await;
    for word in ["zanzibar", "quokka", "xanadu"] {
        assert_gone(&desk, word).await;
    }
}

#[tokio::test]
async fn a_text_of_a_ticket_merged_into_a_closed_one_is_redacted_too() {
    let desk = Desk::start().await;
    let [lamp, _, door] = chain(&desk).await;
    let target = desk.staff().find(door).await;
    desk.staff().close(&target, "Done.").await;
    redact(&desk, lamp, json!("title")).await;
    assert_gone(&desk, "zanzibar").await;
}

#[tokio::test]
async fn a_message_that_a_merge_took_along_is_redacted_where_it_went() {
    let desk = Desk::start().await;
    let [lamp, tap, door] = chain(&desk).await;
    let thread: Value = desk.staff().get(&paths::messages(door)).send().await.read(200);
    let target = json!({ "message": thread["items"][0]["id"] });
    for id in [lamp, tap] {
        let body = json!({ "target": target });
        let answer = desk.staff().post(&paths::redact(id), body).send().await;
        answer.refused(ProblemKind::Merged);
    }
    redact(&desk, door, target).await;
    assert_gone(&desk, "wolperting").await;
    let resolution = json!({ "target": "resolution" });
    let answer = desk.staff().post(&paths::redact(lamp), resolution).send().await;
    answer.refused(ProblemKind::NotFound);
}
