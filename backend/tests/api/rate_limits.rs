//! Token buckets on creating requests: per browser and per address.

use api_types::{ProblemKind, Ticket, paths};
use serde_json::json;

use crate::support::{Answer, Desk, Person};

async fn report(person: &Person) -> Answer {
    person.post(paths::TICKETS, json!({ "description": "It drips" })).send().await
}

#[tokio::test]
async fn one_request_too_many_of_a_browser_is_told_when_to_come_back() {
    let desk = Desk::start_limited(3, 1_000).await;
    let user = desk.user();
    let ticket: Ticket = report(&user).await.read(201);
    report(&user).await.read::<Ticket>(201);
    user.post(paths::CLASSIFY, json!({ "text": "tap" })).send().await;
    for call in [
        user.post(paths::TICKETS, json!({ "description": "It drips" })),
        user.post(&paths::messages(ticket.id), json!({ "body": "Any news?" })),
        user.post(paths::CLASSIFY, json!({ "text": "tap" })),
        user.post(paths::STAFF, json!({ "name": "Ada" })),
    ] {
        let answer = call.send().await;
        answer.refused(ProblemKind::RateLimited);
        let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        // Three a minute are one in twenty seconds.
        assert!((1..=21).contains(&seconds), "{seconds}");
    }
    report(&desk.user()).await.read::<Ticket>(201);
}

#[tokio::test]
async fn an_address_has_a_limit_of_its_own_that_new_browsers_do_not_evade() {
    let desk = Desk::start_limited(1_000, 4).await;
    for _ in 0..4 {
        report(&desk.user()).await.read::<Ticket>(201);
    }
    report(&desk.user()).await.refused(ProblemKind::RateLimited);
    let nameless = desk.user().bare(reqwest::Method::POST, paths::TICKETS);
    let nameless = nameless.json(json!({ "description": "It drips" })).send().await;
    nameless.refused(ProblemKind::RateLimited);
}

#[tokio::test]
async fn reading_and_changing_are_never_limited() {
    let desk = Desk::start_limited(1, 1).await;
    let user = desk.user();
    let mut ticket: Ticket = report(&user).await.read(201);
    report(&user).await.refused(ProblemKind::RateLimited);
    for n in 0..10 {
        ticket = user.edit(&ticket, json!({ "title": format!("Edit {n}") })).await;
        for path in [paths::ticket(ticket.id), paths::TICKETS.into(), paths::MY_REPORTS.into()] {
            assert_eq!(user.get(&path).send().await.status, 200, "{path}");
        }
    }
}
