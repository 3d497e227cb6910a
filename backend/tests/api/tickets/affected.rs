//! `POST DELETE /tickets/{id}/affected`: "me too", and what it tells.

use std::collections::BTreeSet;

use api_types::{Page, ProblemKind, Report, Status, Ticket, TicketId, paths};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::support::{Desk, Person};

async fn mine(person: &Person) -> Vec<Report> {
    person.get(paths::MY_REPORTS).send().await.read::<Page<Report>>(200).items
}

#[tokio::test]
async fn each_browser_counts_once_and_can_take_it_back() {
    let desk = Desk::start().await;
    let reporter = desk.user();
    let ticket = reporter.report(json!({ "description": "It drips" })).await;
    let (one, other, staff) = (desk.user(), desk.user(), desk.staff());
    assert_eq!(one.join(ticket.id).await, Ticket { affected: 1, ..ticket.clone() });
    for (affected, now) in [
        (1, one.join(ticket.id).await),
        (2, other.join(ticket.id).await),
        (3, staff.join(ticket.id).await),
        // The reporter has the problem anyway.
        (3, reporter.join(ticket.id).await),
        (2, one.leave(ticket.id).await),
        (2, one.leave(ticket.id).await),
        (2, reporter.leave(ticket.id).await),
        (1, staff.leave(ticket.id).await),
        (2, one.join(ticket.id).await),
    ] {
        assert_eq!(now, Ticket { affected, ..ticket.clone() });
    }
    // Nobody's number: the version is the same, and so is the time of the last change.
    let answer = one.get(&paths::ticket(ticket.id)).send().await;
    assert_eq!(answer.header("etag"), Some("\"1\""));
    assert_eq!(answer.read::<Ticket>(200), Ticket { affected: 2, ..ticket.clone() });
    assert_eq!(staff.history(ticket.id).await.len(), 1);
}

#[tokio::test]
async fn browsers_that_join_and_leave_at_once_are_all_counted() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    let people: Vec<Person> = (0..20).map(|_| desk.user()).collect();
    join_all(people.iter().chain(&people).map(|person| person.join(ticket.id))).await;
    assert_eq!(desk.user().find(ticket.id).await.affected, 20);
    join_all(people[..8].iter().map(|person| person.leave(ticket.id))).await;
    assert_eq!(desk.user().find(ticket.id).await.affected, 12);
}

#[tokio::test]
async fn a_closed_or_absent_ticket_cannot_be_joined_or_left() {
    let desk = Desk::start().await;
    let (user, staff) = (desk.user(), desk.staff());
    let ticket = desk.report("It drips").await;
    user.join(ticket.id).await;
    let closed = staff.close(&ticket, "Done.").await;
    for method in [Method::POST, Method::DELETE] {
        let ask = |person: &Person, id| person.call(method.clone(), &paths::affected(id)).send();
        ask(&user, closed.id).await.refused(ProblemKind::NotFound);
        ask(&staff, closed.id).await.refused(ProblemKind::Closed);
        for person in [&user, &staff] {
            ask(person, TicketId(999_999)).await.refused(ProblemKind::NotFound);
        }
    }
    assert_eq!(staff.find(closed.id).await.affected, 1);
}

#[tokio::test]
async fn without_a_browser_there_is_nobody_to_join() {
    let desk = Desk::start().await;
    let ticket = desk.report("It drips").await;
    for method in [Method::POST, Method::DELETE] {
        for id in [ticket.id, TicketId(999_999)] {
            let nameless = desk.user().bare(method.clone(), &paths::affected(id)).send().await;
            nameless.refused_field(ProblemKind::InvalidRequest, "Desk-Client");
        }
        let query = format!("{}?for=me", paths::affected(ticket.id));
        let answer = desk.user().call(method, &query).send().await;
        answer.refused_field(ProblemKind::InvalidRequest, "for");
    }
}

#[tokio::test]
async fn the_list_goes_by_how_many_are_affected_page_by_page() {
    let desk = Desk::start().await;
    let insert = "INSERT INTO tickets (title, description, category, category_by, affected) \
                  SELECT 't', 'd', 'it', 'staff', n % 4 FROM generate_series(1, 30) n";
    let sql = desk.sql().await;
    sql.batch_execute(insert).await.unwrap();
    let first = desk.user().find(TicketId(1)).await;
    for _ in 0..6 {
        desk.user().join(TicketId(7)).await;
    }
    desk.staff().step(&first, json!({ "to": "active" })).await;
    let rows = sql.query("SELECT id FROM tickets ORDER BY affected DESC, id DESC", &[]).await;
    let expected: Vec<i64> = rows.unwrap().iter().map(|row| row.get(0)).collect();
    for person in [desk.user(), desk.staff()] {
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("{}?sort=affected&limit=4{cursor}", paths::TICKETS);
            let page: Page<Ticket> = person.get(&path).send().await.read(200);
            ids.extend(page.items.iter().map(|ticket| ticket.id.0));
            let Some(next) = page.next else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!((ids[0], ids.iter().collect::<BTreeSet<_>>().len()), (7, 30));
        assert_eq!(ids, expected);
    }
    let path = format!("{}?sort=affected&status=active", paths::TICKETS);
    assert_eq!(desk.user().get(&path).send().await.read::<Page<Ticket>>(200).items.len(), 1);
    for (query, field) in [
        ("sort=affected&category=it", "sort"),
        ("sort=affected&cursor=newest.1.1", "cursor"),
        ("sort=newest&cursor=affected.1.1", "cursor"),
        ("sort=affected&cursor=affected.99999999999.1", "cursor"),
        ("sort=affected&cursor=affected.1", "cursor"),
    ] {
        let answer = desk.staff().get(&format!("{}?{query}", paths::TICKETS)).send().await;
        answer.refused_field(ProblemKind::InvalidRequest, field);
    }
}

#[tokio::test]
async fn whoever_joined_reads_what_staff_answer_and_how_it_ends() {
    let desk = Desk::start().await;
    let (reporter, user, staff) = (desk.user(), desk.user(), desk.staff());
    let ticket = reporter.report(json!({ "title": "Tap", "description": "It drips" })).await;
    let own = user.report(json!({ "title": "Lamp", "description": "It hums" })).await;
    assert_eq!(mine(&user).await.len(), 1);
    user.join(ticket.id).await;
    user.join(own.id).await;
    reporter.join(ticket.id).await;
    let answer = async |person: &Person| {
        let reports = mine(person).await;
        let report = reports.into_iter().find(|report| report.id == ticket.id).unwrap();
        (report.joined, report.status, report.answer, report.resolution)
    };
    assert_eq!(answer(&user).await, (true, Status::Open, None, None));
    assert_eq!(answer(&reporter).await, (false, Status::Open, None, None));
    assert_eq!(
        mine(&user).await.iter().map(|report| report.id).collect::<Vec<_>>(),
        [own.id, ticket.id]
    );

    let first = staff.write(ticket.id, json!({ "body": "We come on Monday." })).await;
    reporter.write(ticket.id, json!({ "body": "Thanks!" })).await;
    staff.write(ticket.id, json!({ "body": "A regular.", "internal": true })).await;
    let told = Some("We come on Monday.".to_owned());
    assert_eq!(answer(&user).await, (true, Status::Open, told.clone(), None));
    assert_eq!(answer(&reporter).await, (false, Status::Open, told, None));
    let target = json!({ "target": { "message": first.id } });
    staff.post(&paths::redact(ticket.id), target).send().await.read::<Ticket>(200);
    assert_eq!(answer(&user).await, (true, Status::Open, None, None));

    staff.close(&ticket, "New washer.").await;
    let end = Some("New washer.".to_owned());
    assert_eq!(answer(&user).await, (true, Status::Closed, None, end));
    assert_eq!(mine(&desk.user()).await, []);
}

#[tokio::test]
async fn a_ticket_that_was_left_is_no_report_of_mine_and_pages_go_over_both_kinds() {
    let desk = Desk::start().await;
    let user = desk.user();
    for n in 0..9 {
        let description = json!({ "description": format!("Number {n}") });
        let reporter = if n % 3 == 0 { user.clone() } else { desk.user() };
        let ticket = reporter.report(description).await;
        user.join(ticket.id).await;
    }
    user.leave(TicketId(5)).await;
    let (mut reports, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("{}?limit=2{cursor}", paths::MY_REPORTS);
        let page: Page<Report> = user.get(&path).send().await.read(200);
        reports.extend(page.items.iter().map(|report| (report.id.0, report.joined)));
        let Some(next) = page.next else { break };
        cursor = format!("&cursor={next}");
    }
    let expected: Vec<_> =
        (1..=9).rev().filter(|id| *id != 5).map(|id| (id, id % 3 != 1)).collect();
    assert_eq!(reports, expected);
}
