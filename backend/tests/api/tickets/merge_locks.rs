//! Leaving and merging lock several tickets, and nobody waits for somebody who waits for them.

use api_types::{ProblemKind, TicketId, paths};
use serde_json::json;
use tokio_postgres::Client;

use crate::support::{Desk, wait_until};

/// Whether somebody waits for a lock in this database.
async fn is_awaited(sql: &Client) -> bool {
    let waiting = "SELECT count(*) FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    sql.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) > 0
}

async fn hold(sql: &Client, id: TicketId) {
    let hold = format!("BEGIN; SELECT FROM tickets WHERE id = {id} FOR UPDATE");
    sql.batch_execute(&hold).await.unwrap();
}

/// Whoever undoes a merge holds the lower of two tickets, and now wants the higher.
async fn take_at_once(sql: &Client, id: TicketId) {
    let take = format!("SELECT FROM tickets WHERE id = {id} FOR UPDATE NOWAIT; ROLLBACK");
    sql.batch_execute(&take).await.unwrap();
}

#[tokio::test]
async fn whoever_leaves_a_ticket_waits_for_its_merged_ones_before_it_holds_it() {
    let desk = Desk::start().await;
    let (child, parent) = (desk.report("A lamp").await.id, desk.report("A tap").await.id);
    let user = desk.user();
    user.join(child).await;
    desk.staff().merge(child, parent).await;
    let (undoing, watching) = (desk.sql().await, desk.sql().await);
    hold(&undoing, child).await;
    let undo = async {
        wait_until("the one who leaves", async || is_awaited(&watching).await).await;
        take_at_once(&undoing, parent).await;
    };
    let (left, ()) = tokio::join!(user.leave(parent), undo);
    assert_eq!((left.id, left.affected), (parent, 1));
}

#[tokio::test]
async fn the_count_of_a_merged_ticket_waits_for_the_lower_number_before_it_holds_the_higher() {
    let desk = Desk::start().await;
    let (parent, child) = (desk.report("A lamp").await.id, desk.report("A tap").await.id);
    desk.user().join(child).await;
    desk.staff().merge(child, parent).await;
    let (undoing, watching, leaving) = (desk.sql().await, desk.sql().await, desk.sql().await);
    hold(&undoing, parent).await;
    let undo = async {
        wait_until("the one who leaves", async || is_awaited(&watching).await).await;
        take_at_once(&undoing, child).await;
    };
    let (left, ()) = tokio::join!(leaving.batch_execute("DELETE FROM affected"), undo);
    left.unwrap();
    assert_eq!(desk.user().find(parent).await.affected, 1);
}

#[tokio::test]
async fn whoever_redacts_a_merged_ticket_waits_for_the_lower_number_before_it_holds_the_higher() {
    let desk = Desk::start().await;
    let (parent, child) = (desk.report("A lamp").await.id, desk.report("A tap").await.id);
    desk.staff().merge(child, parent).await;
    let (undoing, watching, staff) = (desk.sql().await, desk.sql().await, desk.staff());
    hold(&undoing, parent).await;
    let undo = async {
        wait_until("the one who redacts", async || is_awaited(&watching).await).await;
        take_at_once(&undoing, child).await;
    };
    let redact = staff.post(&paths::redact(child), json!({ "target": "title" })).send();
    let (redacted, ()) = tokio::join!(redact, undo);
    assert_eq!(redacted.status, 200, "{}", redacted.text);
}

#[tokio::test]
async fn whoever_waits_for_a_ticket_in_vain_is_asked_to_try_again() {
    let desk = Desk::start().await;
    let (child, parent) = (desk.report("A lamp").await.id, desk.report("A tap").await.id);
    desk.staff().merge(child, parent).await;
    let undoing = desk.sql().await;
    hold(&undoing, child).await;
    let left = desk.user().delete(&paths::affected(parent)).send().await;
    left.refused(ProblemKind::InProgress);
}

#[tokio::test]
async fn who_writes_while_a_merge_is_undone_is_asked_to_try_again() {
    let desk = Desk::start().await;
    let (child, parent) = (desk.report("A lamp").await.id, desk.report("A tap").await.id);
    desk.staff().merge(child, parent).await;
    let (undoing, watching, user) = (desk.sql().await, desk.sql().await, desk.user());
    let undo = format!("BEGIN; UPDATE tickets SET merged_into = NULL WHERE id = {child}");
    undoing.batch_execute(&undo).await.unwrap();
    let undo = async {
        wait_until("the one who writes", async || is_awaited(&watching).await).await;
        undoing.batch_execute("COMMIT").await.unwrap();
    };
    let write = || user.post(&paths::messages(child), json!({ "body": "Hello" })).send();
    let (written, ()) = tokio::join!(write(), undo);
    written.refused(ProblemKind::InProgress);
    assert_eq!(write().await.status, 201);
}
