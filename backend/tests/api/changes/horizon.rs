//! A transaction that stays open: the feed waits for it, skips nothing, and says how long it has waited.

use api_types::{headers, paths};
use serde_json::Value;

use super::{Reader, page};
use crate::support::{Desk, wait_until};

#[tokio::test]
async fn nothing_is_given_out_past_an_open_transaction_and_nothing_skipped_after_it() {
    let desk = Desk::start().await;
    let (staff, sql) = (desk.staff(), desk.sql().await);
    let early = desk.report("Early").await;
    let mut reader = Reader::new(desk.staff());
    reader.follow_until_complete(&sql, 10).await;

    let open = "BEGIN; INSERT INTO tickets (title, description, category, category_by) \
                VALUES ('Held', 'back', 'it', 'staff')";
    sql.batch_execute(open).await.unwrap();
    let late = desk.report("Late").await;
    reader.follow(10).await;
    assert_eq!(reader.tickets.len(), 1, "what was reported later waits for what began before");
    let items = page(&staff, None, 10).await.items;
    assert_eq!(items.iter().map(|one| one.id).collect::<Vec<_>>(), [early.id]);

    let age = async || -> f64 {
        let answer = staff.get(paths::CHANGES).send().await;
        answer.header(headers::FEED_HORIZON_AGE).unwrap().parse().unwrap()
    };
    wait_until("the age in the header", async || age().await > 0.0).await;
    wait_until("the age in the health", async || {
        let ready: Value = staff.get(paths::HEALTH_READY).send().await.read(200);
        ready["feed_horizon_age_seconds"].as_f64() > Some(0.0)
    })
    .await;

    sql.batch_execute("COMMIT").await.unwrap();
    reader.follow_until_complete(&sql, 10).await;
    assert_eq!(reader.tickets.len(), 3);
    assert!(reader.tickets.contains_key(&late.id));
}

#[tokio::test]
async fn a_transaction_in_another_database_of_the_server_holds_the_feed_back_too() {
    let desk = Desk::start().await;
    let other = test_support::TestDatabase::new().await.connect().await;
    other.batch_execute("BEGIN; SELECT pg_current_xact_id()").await.unwrap();
    desk.report("Late").await;
    let staff = desk.staff();
    assert_eq!(page(&staff, None, 10).await.items, []);
    other.batch_execute("ROLLBACK").await.unwrap();
    wait_until("the ticket", async || !page(&staff, None, 10).await.items.is_empty()).await;
}

#[tokio::test]
async fn a_transaction_that_only_reads_does_not_hold_the_feed_back() {
    let desk = Desk::start().await;
    let other = desk.sql().await;
    other
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM tickets")
        .await
        .unwrap();
    desk.report("Meanwhile").await;
    let staff = desk.staff();
    wait_until("the ticket", async || !page(&staff, None, 10).await.items.is_empty()).await;
    other.batch_execute("ROLLBACK").await.unwrap();
}
