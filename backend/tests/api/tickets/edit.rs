//! `PATCH /tickets/{id}`: the texts of a ticket.

use api_types::{Category, CategoryBy, ProblemKind, Ticket, paths};
use futures_util::future::join_all;
use serde_json::json;

use crate::support::Desk;

fn line(
    what: &str,
    from: Option<&str>,
    to: Option<&str>,
) -> (String, Option<String>, Option<String>) {
    (what.to_owned(), from.map(str::to_owned), to.map(str::to_owned))
}

#[tokio::test]
async fn anyone_edits_open_and_active_tickets_and_history_says_what_changed() {
    let desk = Desk::start().await;
    let report = json!({ "title": "Tap", "description": "It drips", "location": "Kitchen" });
    let ticket = desk.user().report(report).await;
    let other = desk.user();
    let answer = other
        .patch(&paths::ticket(ticket.id), json!({ "title": " Tap,  left ", "location": null }))
        .at(1)
        .header("desk-name", "Zo%C3%AB")
        .send()
        .await;
    let edited: Ticket = answer.read(200);
    assert_eq!(answer.header("etag"), Some("\"2\""));
    assert_eq!((edited.title.as_str(), edited.location.as_deref()), ("Tap, left", None));
    assert_eq!(edited.description, "It drips");
    assert!(edited.modified_at > ticket.modified_at);

    let active = desk.staff().step(&edited, json!({ "to": "active" })).await;
    let last = other.edit(&active, json!({ "description": "It pours" })).await;
    assert_eq!((last.version, last.description.as_str()), (4, "It pours"));
    assert_eq!(
        other.history(ticket.id).await,
        [
            line("reported", None, None),
            line("title", Some("Tap"), Some("Tap, left")),
            line("location", Some("Kitchen"), None),
            line("status", Some("open"), Some("active")),
            line("description", Some("It drips"), Some("It pours")),
        ]
    );
}

#[tokio::test]
async fn an_edit_that_changes_nothing_leaves_no_trace() {
    let desk = Desk::start().await;
    let ticket = desk.user().report(json!({ "title": "Tap", "description": "It drips" })).await;
    for body in [json!({}), json!({ "title": " Tap", "description": "It drips", "location": " " })]
    {
        assert_eq!(desk.user().edit(&ticket, body).await, ticket);
    }
    assert_eq!(desk.user().history(ticket.id).await.len(), 1);
}

#[tokio::test]
async fn of_edits_at_once_to_one_version_one_wins_and_the_others_learn_the_current_ticket() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    let user = desk.user();
    let edits = (0..12).map(|n| {
        let body = json!({ "title": format!("Edit {n}") });
        user.patch(&paths::ticket(ticket.id), body).at(1).send()
    });
    let answers = join_all(edits).await;
    let now = desk.user().find(ticket.id).await;
    let (won, lost): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(won.len(), 1);
    assert_eq!(won[0].read::<Ticket>(200), now);
    for answer in lost {
        let current = answer.refused(ProblemKind::Stale).current.unwrap();
        assert_eq!(*current, now);
    }
    assert_eq!(desk.user().history(ticket.id).await.len(), 2);
}

#[tokio::test]
async fn a_closed_ticket_is_read_only_for_staff_and_absent_for_users() {
    let desk = Desk::start().await;
    let closed = desk.closed("It drips").await;
    let edit = json!({ "title": "Reopened" });
    let path = paths::ticket(closed.id);
    let staff = desk.staff().patch(&path, edit.clone()).at(closed.version).send().await;
    staff.refused(ProblemKind::Closed);
    desk.user().patch(&path, edit).at(closed.version).send().await.refused(ProblemKind::NotFound);
    assert_eq!(desk.staff().find(closed.id).await, closed);
}

#[tokio::test]
async fn texts_of_an_edit_are_checked_as_those_of_a_report() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    for (body, field) in [
        (json!({ "title": " " }), "title"),
        (json!({ "title": "t".repeat(201) }), "title"),
        (json!({ "description": "" }), "description"),
        (json!({ "description": "d".repeat(10_001) }), "description"),
        (json!({ "location": "l".repeat(201) }), "location"),
        (json!({ "location": "a\u{0}b" }), "location"),
        (json!({ "title": 5 }), "title"),
        (json!({ "status": "closed" }), "status"),
        (json!({ "version": 7 }), "version"),
    ] {
        let answer = desk.user().patch(&paths::ticket(ticket.id), body).at(1).send().await;
        answer.refused_field(ProblemKind::InvalidInput, field);
    }
    assert_eq!(desk.user().find(ticket.id).await, ticket);
}

#[tokio::test]
async fn an_edit_waits_for_another_and_is_told_when_that_takes_too_long() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    let sql = desk.sql().await;
    sql.batch_execute("BEGIN; SELECT FROM tickets FOR UPDATE").await.unwrap();
    let edit = || desk.user().patch(&paths::ticket(ticket.id), json!({ "title": "Tap" })).at(1);
    let answer = edit().send().await;
    answer.refused(ProblemKind::InProgress);
    assert_eq!(answer.header("retry-after"), Some("1"));
    sql.batch_execute("ROLLBACK").await.unwrap();
    edit().send().await.read::<Ticket>(200);
}

#[tokio::test]
async fn an_edit_of_the_text_is_classified_again_unless_a_person_decided() {
    let desk = Desk::start().await;
    let (first, second) = ("The tap drips", "The wifi drops and my password is refused");
    let key = uuid::Uuid::new_v4();
    let report = json!({ "description": first });
    let reporter = desk.user();
    let answer = reporter.post(paths::TICKETS, report.clone()).key(key).send().await;
    let ticket: Ticket = answer.read(201);
    assert_eq!(ticket.category, Category::Facility);

    let new = json!({ "title": second, "description": second });
    let edited = desk.user().edit(&ticket, new).await;
    assert_eq!((edited.category, edited.category_by), (Category::It, CategoryBy::Automatic));
    assert_ne!(edited.confidence, ticket.confidence);
    let history = desk.user().history(ticket.id).await;
    assert_eq!(history.last(), Some(&line("reclassified", Some("facility"), Some("it"))));
    // Who never got the first answer gets it now, as it was.
    let again = reporter.post(paths::TICKETS, report).key(key).send().await;
    assert_eq!(again.read::<Ticket>(201), ticket);

    let path = paths::category(ticket.id);
    let decided: Ticket =
        desk.staff().put(&path, json!({ "category": "services" })).at(2).send().await.read(200);
    let last = desk.user().edit(&decided, json!({ "title": first, "description": first })).await;
    assert_eq!((last.category, last.category_by), (Category::Services, CategoryBy::Staff));
    assert!(desk.user().history(ticket.id).await.last().unwrap().0 != "reclassified");
}
