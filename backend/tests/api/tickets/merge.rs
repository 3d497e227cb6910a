//! `POST DELETE /tickets/{id}/merge`: two tickets become one, and two again.

use api_types::{
    BulkResult, Event, Message, Page, ProblemKind, Status, Summary, Ticket, TicketId, paths,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Desk, Person};

async fn thread(person: &Person, id: TicketId) -> Vec<Message> {
    person.get(&paths::messages(id)).send().await.read::<Page<Message>>(200).items
}

async fn summary(person: &Person, id: TicketId) -> Summary {
    person.get(&paths::summary(id)).send().await.read(200)
}

async fn listed(person: &Person, query: &str) -> Vec<i64> {
    let path = format!("{}?{query}", paths::TICKETS);
    let page: Page<Ticket> = person.get(&path).send().await.read(200);
    page.items.iter().map(|ticket| ticket.id.0).collect()
}

/// A ticket with a question, an answer and a note under it, and one other browser that joined.
async fn busy(desk: &Desk, reporter: &Person, word: &str) -> Ticket {
    let ticket = reporter.report(json!({ "description": format!("The {word} is broken.") })).await;
    reporter.write(ticket.id, json!({ "body": format!("When is the {word} repaired?") })).await;
    desk.staff().write(ticket.id, json!({ "body": format!("We look at the {word}.") })).await;
    let note = json!({ "body": format!("Secret {word} plan"), "internal": true });
    desk.staff().write(ticket.id, note).await;
    desk.user().join(ticket.id).await;
    desk.staff().find(ticket.id).await
}

/// Everything of a ticket but when it last changed.
async fn state(desk: &Desk, id: TicketId) -> (Ticket, Vec<Message>, Summary, Vec<i64>) {
    let staff = desk.staff();
    let ticket = staff.find(id).await;
    let at_first = Ticket { modified_at: ticket.opened_at, ..ticket.clone() };
    let found = staff.search(&ticket.title).await;
    let found = found.items.iter().map(|hit| hit.id).collect();
    (at_first, thread(&staff, id).await, summary(&staff, id).await, found)
}

#[tokio::test]
async fn thread_people_and_history_come_along_and_say_where_from() {
    let desk = Desk::start().await;
    let (one, other) = (desk.user(), desk.user());
    let (lamp, tap) = (busy(&desk, &one, "lamp").await, busy(&desk, &other, "tap").await);
    let both = desk.user();
    both.join(lamp.id).await;
    both.join(tap.id).await;
    other.join(lamp.id).await;

    let target = desk.staff().merge(lamp.id, tap.id).await;
    // The lamp's reporter, one of each, and one of both; the tap's own reporter is none of them.
    assert_eq!((target.id, target.affected, target.messages), (tap.id, 4, 6));
    assert_eq!((target.version, target.merged_into), (tap.version, None));
    assert_eq!(desk.user().find(tap.id).await.messages, 4);
    let messages = thread(&desk.staff(), tap.id).await;
    let origins: Vec<_> = messages.iter().map(|message| message.origin).collect();
    let from = Some(lamp.id);
    assert_eq!(origins, [from, from, from, None, None, None]);
    assert_eq!(thread(&desk.user(), tap.id).await.len(), 4);

    let events: Page<Event> = desk.user().get(&paths::history(tap.id)).send().await.read(200);
    let lines: Vec<_> = events
        .items
        .iter()
        .map(|event| {
            (event.what.as_str(), event.from.as_deref(), event.to.as_deref(), event.origin)
        })
        .collect();
    assert_eq!(
        lines,
        [
            ("reported", None, None, from),
            ("reported", None, None, None),
            ("merged", None, Some("#2"), from),
            ("merged", Some("#1"), None, None),
        ]
    );
    let merged: Page<Ticket> = desk.user().get(&paths::merged(tap.id)).send().await.read(200);
    assert_eq!(merged.items.len(), 1);
    assert_eq!((merged.items[0].id, merged.items[0].merged_into), (lamp.id, Some(tap.id)));
    let said = summary(&desk.user(), tap.id).await;
    assert_eq!(said.reported.as_deref(), Some("The tap is broken."));
    assert_eq!(said.done.as_deref(), Some("We look at the tap."));
}

#[tokio::test]
async fn a_merged_ticket_is_asked_for_at_the_one_that_stands_for_it() {
    let desk = Desk::start().await;
    let (lamp, tap) = (desk.report("A lamp").await, desk.report("A tap").await);
    desk.staff().merge(lamp.id, tap.id).await;
    let kinds: [fn(TicketId) -> String; 5] =
        [paths::ticket, paths::messages, paths::history, paths::summary, paths::merged];
    for person in [desk.user(), desk.staff()] {
        for path in kinds {
            let answer = person.without_redirects().get(&path(lamp.id)).send().await;
            assert_eq!((answer.status, answer.text.as_str()), (308, ""));
            assert_eq!(answer.header("location"), Some(path(tap.id).as_str()));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(person.get(&path(lamp.id)).send().await.status, 200);
        }
        assert_eq!(person.find(lamp.id).await.id, tap.id);
    }
    let target = desk.staff().find(tap.id).await;
    desk.staff().close(&target, "Done.").await;
    for path in kinds {
        let answer = desk.user().without_redirects().get(&path(lamp.id)).send().await;
        answer.refused(ProblemKind::NotFound);
        let answer = desk.staff().without_redirects().get(&path(lamp.id)).send().await;
        assert_eq!(answer.status, 308);
    }
}

#[tokio::test]
async fn whoever_asks_for_a_part_of_a_merged_ticket_is_sent_on_to_the_same_part() {
    let desk = Desk::start().await;
    let (lamp, tap) = (desk.report("A lamp").await, desk.report("A tap").await);
    desk.staff().merge(lamp.id, tap.id).await;
    for query in ["?limit=1", "?limit=1&cursor=7", "?cursor=%37"] {
        for path in [paths::messages, paths::history] {
            let asked = |id| format!("{}{query}", path(id));
            let answer = desk.user().without_redirects().get(&asked(lamp.id)).send().await;
            assert_eq!((answer.status, answer.text.as_str()), (308, ""));
            assert_eq!(answer.header("location"), Some(asked(tap.id).as_str()));
        }
    }
}

#[tokio::test]
async fn lists_and_search_leave_a_merged_ticket_out() {
    let desk = Desk::start().await;
    let report = |word: &str| json!({ "description": format!("A {word}"), "location": "Attic", "category": "facility" });
    let lamp = desk.user().report(report("lamp")).await;
    let tap = desk.user().report(report("tap")).await;
    desk.staff().merge(lamp.id, tap.id).await;
    for person in [desk.user(), desk.staff()] {
        for query in [
            "",
            "status=open",
            "sort=oldest",
            "sort=modified",
            "sort=affected",
            "category=facility",
            "location=Attic",
        ] {
            assert_eq!(listed(&person, query).await, [tap.id.0], "{query}");
        }
        for q in ["lamp", "tap", "attic"] {
            let result = person.search(q).await;
            let found: Vec<i64> = result.items.iter().map(|hit| hit.id).collect();
            assert_eq!((found, result.facets.open), (vec![tap.id.0], 1), "{q}");
        }
    }
}

#[tokio::test]
async fn nobody_writes_to_a_merged_ticket() {
    let desk = Desk::start().await;
    let (lamp, tap) = (desk.report("A lamp").await, desk.report("A tap").await);
    desk.staff().merge(lamp.id, tap.id).await;
    let id = lamp.id;
    let merge_back = json!({ "into": desk.report("A third").await.id });
    for (method, path, body) in [
        (Method::PATCH, paths::ticket(id), json!({ "title": "x" })),
        (Method::POST, paths::status(id), json!({ "to": "active" })),
        (Method::PUT, paths::category(id), json!({ "category": "services" })),
        (Method::PUT, paths::assignee(id), json!({ "assignee": null })),
        (Method::POST, paths::redact(id), json!({ "target": { "message": 1 } })),
        (Method::PUT, paths::presence(id), json!({ "state": "viewing" })),
        (Method::POST, paths::messages(id), json!({ "body": "Hello" })),
        (Method::POST, paths::messages(id), json!({ "body": "Hello", "internal": true })),
        (Method::POST, paths::affected(id), Value::Null),
        (Method::DELETE, paths::affected(id), Value::Null),
        (Method::POST, paths::merge(id), merge_back),
    ] {
        let call = desk.staff().without_redirects().call(method, &path);
        let call = if body.is_null() { call } else { call.json(body) };
        call.at(lamp.version).send().await.refused(ProblemKind::Merged);
    }
    let message = json!({ "body": "Hello" });
    let answer = desk.user().post(&paths::messages(id), message).send().await;
    answer.refused(ProblemKind::Merged);
    let action = json!({ "category": { "category": "services" } });
    let items = json!([{ "id": id, "version": lamp.version }]);
    let bulk = json!({ "action": action, "items": items });
    let results: BulkResult = desk.staff().post(paths::BULK, bulk).send().await.read(200);
    assert_eq!(results.results[0].problem.as_ref().unwrap().kind, ProblemKind::Merged);
    let back = desk.staff().unmerge(id).await;
    assert_eq!(Ticket { modified_at: lamp.modified_at, ..back }, lamp);
}

#[tokio::test]
async fn undoing_a_merge_gives_everything_back() {
    let desk = Desk::start().await;
    let lamp = busy(&desk, &desk.user(), "lamp").await;
    let tap = busy(&desk, &desk.user(), "tap").await;
    desk.user().write(lamp.id, json!({ "body": "The lamp hums as well." })).await;
    let before = [state(&desk, lamp.id).await, state(&desk, tap.id).await];
    for round in 1..=2 {
        desk.staff().merge(lamp.id, tap.id).await;
        let merged = desk.user().find(tap.id).await;
        assert_eq!((merged.messages, merged.affected), (5, 3));
        let back = desk.staff().unmerge(lamp.id).await;
        assert_eq!((back.id, back.merged_into), (lamp.id, None));
        assert_eq!([state(&desk, lamp.id).await, state(&desk, tap.id).await], before, "{round}");
    }
    let history = desk.staff().history(lamp.id).await;
    let what: Vec<&str> = history.iter().map(|(what, ..)| what.as_str()).collect();
    assert_eq!(what, ["reported", "merged", "unmerged", "merged", "unmerged"]);
    let merged: Page<Ticket> = desk.staff().get(&paths::merged(tap.id)).send().await.read(200);
    assert_eq!(merged.items, []);
}

#[tokio::test]
async fn what_comes_after_a_merge_stays_with_the_ticket_it_was_done_to() {
    let desk = Desk::start().await;
    let lamp = busy(&desk, &desk.user(), "lamp").await;
    let tap = busy(&desk, &desk.user(), "tap").await;
    desk.staff().merge(lamp.id, tap.id).await;
    desk.staff().write(tap.id, json!({ "body": "Both were repaired today." })).await;
    let target = desk.user().join(tap.id).await;
    desk.staff().close(&target, "All works again.").await;
    let back = desk.staff().unmerge(lamp.id).await;
    assert_eq!((back.status, back.messages, back.affected), (Status::Open, 3, 1));
    let target = desk.staff().find(tap.id).await;
    assert_eq!((target.status, target.messages, target.affected), (Status::Closed, 4, 2));
    let said = summary(&desk.staff(), tap.id).await;
    assert_eq!(said.done.as_deref(), Some("Both were repaired today."));
    assert_eq!(said.now.as_deref(), Some("All works again."));
    assert_eq!(summary(&desk.user(), lamp.id).await.done.as_deref(), Some("We look at the lamp."));
    desk.user().edit(&back, json!({ "title": "Lamp again" })).await;
}

#[tokio::test]
async fn what_cannot_be_merged_is_refused_by_its_reason() {
    let desk = Desk::start().await;
    let [open, merged, target] =
        [desk.report("One").await, desk.report("Two").await, desk.report("Three").await];
    let closed = desk.closed("Four").await;
    desk.staff().merge(merged.id, target.id).await;
    let ask = |id: TicketId, body: Value| desk.staff().post(&paths::merge(id), body).send();
    for into in [json!(open.id), json!(999_999), json!(-1), json!("2"), json!(null)] {
        let answer = ask(open.id, json!({ "into": into })).await;
        answer.refused_field(ProblemKind::InvalidInput, "into");
    }
    ask(open.id, json!({})).await.refused_field(ProblemKind::InvalidInput, "into");
    let more = json!({ "into": target.id, "why": "x" });
    ask(open.id, more).await.refused_field(ProblemKind::InvalidInput, "why");
    for (id, into, kind) in [
        (TicketId(999_999), open.id, ProblemKind::NotFound),
        (open.id, closed.id, ProblemKind::Closed),
        (closed.id, open.id, ProblemKind::Closed),
        (open.id, merged.id, ProblemKind::Merged),
        (merged.id, open.id, ProblemKind::Merged),
        (merged.id, target.id, ProblemKind::Merged),
        (target.id, merged.id, ProblemKind::Merged),
    ] {
        ask(id, json!({ "into": into })).await.refused(kind);
    }
    for id in [open.id, target.id, closed.id, TicketId(999_999)] {
        desk.staff().delete(&paths::merge(id)).send().await.refused(ProblemKind::NotFound);
    }
    for (id, into) in [(open.id, target.id), (open.id, open.id), (closed.id, open.id)] {
        let body = json!({ "into": into });
        desk.user().post(&paths::merge(id), body).send().await.refused(ProblemKind::Forbidden);
        desk.user().delete(&paths::merge(id)).send().await.refused(ProblemKind::Forbidden);
    }
    assert_eq!(desk.staff().find(open.id).await, open);
    assert_eq!(desk.staff().find(closed.id).await, closed);
    let gone = desk.user().get(&paths::merged(closed.id)).send().await;
    gone.refused(ProblemKind::NotFound);
}

#[tokio::test]
async fn of_two_merges_the_other_way_round_one_wins() {
    let desk = Desk::start().await;
    let (lamp, tap) = (desk.report("A lamp").await, desk.report("A tap").await);
    let staff = desk.staff();
    let ask = |id, into| staff.post(&paths::merge(id), json!({ "into": into })).send();
    let (one, other) = tokio::join!(ask(lamp.id, tap.id), ask(tap.id, lamp.id));
    let (won, lost) = if one.status == 200 { (one, other) } else { (other, one) };
    won.read::<Ticket>(200);
    lost.refused(ProblemKind::Merged);
}
