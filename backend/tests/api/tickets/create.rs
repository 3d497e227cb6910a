//! `POST /tickets`: a report, and the same report sent again.

use api_types::{Category, CategoryBy, ProblemKind, Role, Status, Ticket, headers, paths};
use futures_util::future::join_all;
use serde_json::json;
use uuid::Uuid;

use crate::support::Desk;

#[tokio::test]
async fn a_report_is_answered_with_the_ticket_its_place_and_its_version() {
    let desk = Desk::start().await;
    let report = json!({
        "description": "  The projector in the lecture hall does not turn on.\r\nIt clicks twice. ",
        "location": " Lecture   hall B1 ",
    });
    let answer = desk.user().post(paths::TICKETS, report).send().await;
    let ticket: Ticket = answer.read(201);

    assert_eq!(answer.header("location"), Some(paths::ticket(ticket.id).as_str()));
    assert_eq!(answer.header("etag"), Some("\"1\""));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header(headers::IDEMPOTENCY_REPLAYED), None);
    assert_eq!(ticket.title, "The projector in the lecture hall does not turn on");
    assert_eq!(
        ticket.description,
        "The projector in the lecture hall does not turn on.\nIt clicks twice."
    );
    assert_eq!(ticket.location.as_deref(), Some("Lecture hall B1"));
    assert_eq!((ticket.status, ticket.version), (Status::Open, 1));
    assert_eq!(ticket.category_by, CategoryBy::Automatic);
    assert!(ticket.confidence.is_some_and(|confidence| (0.0..=1.0).contains(&confidence)));
    assert_eq!((ticket.messages, ticket.affected), (0, 0));
    assert_eq!((ticket.activated_at, ticket.closed_at), (None, None));
    assert_eq!(ticket.opened_at, ticket.modified_at);
    assert_eq!(desk.user().find(ticket.id).await, ticket);
}

#[tokio::test]
async fn the_reporters_own_category_counts_and_has_no_confidence() {
    let desk = Desk::start().await;
    let report = json!({ "description": "The wifi is down", "category": "services" });
    let ticket = desk.user().report(report).await;
    assert_eq!((ticket.category, ticket.category_by), (Category::Services, CategoryBy::Reporter));
    assert_eq!((ticket.confidence, ticket.unsure), (None, false));
}

#[tokio::test]
async fn the_longest_texts_that_are_allowed_are_stored_whole() {
    let desk = Desk::start().await;
    let (title, text, place) = ("ü".repeat(200), "日".repeat(10_000), "🏫".repeat(200));
    let report = json!({ "title": title, "description": text, "location": place });
    let ticket = desk.user().report(report).await;
    let found = desk.user().find(ticket.id).await;
    assert_eq!((found.title, found.description, found.location), (title, text, Some(place)));
}

#[tokio::test]
async fn the_same_report_sent_again_gets_the_first_answer_also_after_edits_and_closing() {
    let desk = Desk::start().await;
    let (user, staff, key) = (desk.user(), desk.staff(), Uuid::new_v4());
    let report = json!({ "title": "Tap", "description": "It drips", "location": "Kitchen" });
    let send = || user.post(paths::TICKETS, report.clone()).key(key).send();
    let first = send().await;
    let ticket: Ticket = first.read(201);

    let again = send().await;
    assert_eq!(again.header(headers::IDEMPOTENCY_REPLAYED), Some("true"));

    let edit = json!({ "title": "Taps", "description": "They drip", "location": null });
    let edited = user.edit(&ticket, edit).await;
    let call = staff.put(&paths::category(ticket.id), json!({ "category": "services" }));
    let recategorized: Ticket = call.at(edited.version).send().await.read(200);
    user.write(ticket.id, json!({ "body": "Any news?" })).await;
    let after_edit = send().await;
    staff.close(&recategorized, "Washer replaced.").await;
    let after_close = send().await;

    for answer in [&again, &after_edit, &after_close] {
        assert_eq!(answer.text, first.text);
        for name in ["etag", "location"] {
            assert_eq!(answer.header(name), first.header(name));
        }
        assert_eq!(answer.header(headers::IDEMPOTENCY_REPLAYED), Some("true"));
        assert_eq!(answer.status, 201);
    }
    let count = desk.sql().await.query_one("SELECT count(*) FROM tickets", &[]).await.unwrap();
    assert_eq!(count.get::<_, i64>(0), 1);
}

#[tokio::test]
async fn a_key_that_came_with_another_body_browser_or_role_is_refused() {
    let desk = Desk::start().await;
    let (user, key) = (desk.user(), Uuid::new_v4());
    let report = json!({ "description": "It drips" });
    user.post(paths::TICKETS, report.clone()).key(key).send().await.read::<Ticket>(201);
    let other = json!({ "description": "It drips more" });
    for call in [
        user.post(paths::TICKETS, other),
        desk.user().post(paths::TICKETS, report.clone()),
        user.acting_as(Role::Staff).post(paths::TICKETS, report.clone()),
    ] {
        call.key(key).send().await.refused(ProblemKind::KeyReused);
    }
}

#[tokio::test]
async fn the_same_body_spelled_differently_is_the_same_request() {
    let desk = Desk::start().await;
    let (user, key) = (desk.user(), Uuid::new_v4());
    let call = |body: &'static str| {
        user.call(reqwest::Method::POST, paths::TICKETS).raw(body).key(key).send()
    };
    let first: Ticket = call(r#"{"description": "It drips", "title": null}"#).await.read(201);
    let again: Ticket = call(r#"{ "description":"It drips" }"#).await.read(201);
    assert_eq!(first, again);
}

#[tokio::test]
async fn reports_sent_at_once_with_one_key_make_one_ticket() {
    let desk = Desk::start().await;
    let (user, key) = (desk.user(), Uuid::new_v4());
    let send = || user.post(paths::TICKETS, json!({ "description": "It drips" })).key(key).send();
    let answers = join_all((0..24).map(|_| send())).await;
    let ids: Vec<_> = answers.iter().map(|answer| answer.read::<Ticket>(201).id).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let fresh =
        answers.iter().filter(|answer| answer.header(headers::IDEMPOTENCY_REPLAYED).is_none());
    assert_eq!(fresh.count(), 1);
    let count = desk.sql().await.query_one("SELECT count(*) FROM events", &[]).await.unwrap();
    assert_eq!(count.get::<_, i64>(0), 1);
}

#[tokio::test]
async fn a_second_request_waits_for_the_first_and_is_told_when_that_takes_too_long() {
    let desk = Desk::start().await;
    let (user, key) = (desk.user(), Uuid::new_v4());
    let sql = desk.sql().await;
    let unfinished = format!(
        "BEGIN; INSERT INTO tickets (title, description, category, category_by, idempotency_key, idempotency_hash) \
         VALUES ('t', 'd', 'it', 'automatic', '{key}', '')"
    );
    sql.batch_execute(&unfinished).await.unwrap();
    let send = || user.post(paths::TICKETS, json!({ "description": "It drips" })).key(key).send();
    let answer = send().await;
    answer.refused(ProblemKind::InProgress);
    assert_eq!(answer.header("retry-after"), Some("1"));
    sql.batch_execute("ROLLBACK").await.unwrap();
    send().await.read::<Ticket>(201);
}

#[tokio::test]
async fn every_wrong_field_of_a_report_is_named_at_once() {
    let desk = Desk::start().await;
    let report =
        json!({ "description": " ", "title": "t".repeat(201), "location": "l".repeat(201) });
    let problem =
        desk.user().post(paths::TICKETS, report).send().await.refused(ProblemKind::InvalidInput);
    let fields: Vec<_> = problem.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, ["description", "title", "location"]);
    assert_eq!(problem.fields[1].params["max"], 200);
}
