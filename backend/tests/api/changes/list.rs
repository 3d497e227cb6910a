//! Pages of the feed, while nobody writes.

use std::time::Duration;

use api_types::{Role, Ticket, headers, paths};
use serde_json::json;

use super::{Reader, page};
use crate::support::{Desk, wait_until};

#[tokio::test]
async fn each_ticket_comes_once_at_its_newest_place_and_next_is_always_given() {
    let desk = Desk::start().await;
    let (staff, sql) = (desk.staff(), desk.sql().await);
    let empty = page(&staff, None, 10).await;
    assert_eq!(empty.items, []);
    let mut tickets = Vec::new();
    for n in 0..12 {
        tickets.push(desk.report(&format!("Number {n}")).await);
    }
    for ticket in &tickets[..4] {
        desk.user().edit(ticket, json!({ "title": "Edited" })).await;
    }
    desk.user().write(tickets[5].id, json!({ "body": "Any news?" })).await;
    desk.staff().write(tickets[6].id, json!({ "body": "Note", "internal": true })).await;
    for limit in [1, 5, 100] {
        let mut reader = Reader::new(staff.clone());
        reader.follow_until_complete(&sql, limit).await;
    }
    let mut reader = Reader::new(staff.clone());
    reader.follow(5).await;
    assert_eq!(reader.read, 12, "each once");
    // The place that an empty feed gave is a place as any other.
    let mut late = Reader::new(staff);
    late.next = Some(empty.next);
    late.follow(100).await;
    assert_eq!(late.versions(), reader.versions());
}

#[tokio::test]
async fn an_item_of_the_feed_is_the_ticket_as_staff_read_it() {
    let desk = Desk::start().await;
    let report = json!({ "description": "It \"drips\"\n<b>\u{1F4A7}", "location": "Kitchen" });
    let ticket = desk.user().report(report).await;
    desk.staff().write(ticket.id, json!({ "body": "Note", "internal": true })).await;
    let closed = desk.staff().close(&ticket, "Done.").await;
    let staff = desk.staff();
    wait_until("the closed ticket", async || {
        page(&staff, None, 10).await.items.iter().any(|item| item.version == closed.version)
    })
    .await;
    let [mut item]: [Ticket; 1] = page(&staff, None, 10).await.items.try_into().unwrap();
    // Who follows the feed is told besides what the classifier said.
    let guess = item.guess.take().unwrap();
    assert_eq!((guess.category, guess.model.len()), (ticket.category, 16));
    assert_eq!(item, desk.staff().find(ticket.id).await);
}

#[tokio::test]
async fn the_typed_client_reads_the_feed_and_its_age() {
    let desk = Desk::start().await;
    desk.report("It drips").await;
    let client = api_client::Client::new(desk.url(), Role::Staff, None, None).unwrap();
    wait_until("the ticket", async || {
        !client.changes::<Ticket>(None, 10).await.unwrap().items.is_empty()
    })
    .await;
    let page = client.changes::<Ticket>(None, 10).await.unwrap();
    assert!(page.horizon_age < Duration::from_secs(600));
    let answer = desk.staff().get(paths::CHANGES).send().await;
    assert!(answer.header(headers::FEED_HORIZON_AGE).is_some());
}

#[tokio::test]
async fn one_page_can_hold_ten_thousand_tickets() {
    let desk = Desk::start().await;
    let sql = desk.sql().await;
    let insert = "INSERT INTO tickets (title, description, category, category_by) \
                  SELECT 't', repeat('long ', 30), 'it', 'staff' FROM generate_series(1, 10500)";
    sql.batch_execute(insert).await.unwrap();
    let mut reader = Reader::new(desk.staff());
    reader.follow_until_complete(&sql, 10_000).await;
    let first = page(&desk.staff(), None, 10_000).await;
    assert_eq!(first.items.len(), 10_000);
    assert_eq!(page(&desk.staff(), Some(&first.next), 10_000).await.items.len(), 500);
}
