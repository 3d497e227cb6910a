//! The feed while many write at once: transactions commit out of the order in which they began.

use futures_util::future::join_all;
use serde_json::json;

use super::{Reader, versions};
use crate::support::{Desk, Person};

const WRITERS: usize = 8;
const ROUNDS: usize = 12;

/// Reports, edits, moves and writes, each in its turn, on its own tickets and on one that all share.
async fn write(user: Person, staff: Person, writer: usize, shared: api_types::TicketId) {
    for round in 0..ROUNDS {
        let text = format!("Writer {writer}, round {round}");
        let ticket = user.report(json!({ "description": text })).await;
        let edited = user.edit(&ticket, json!({ "title": format!("Edited {round}") })).await;
        if round % 3 == 0 {
            staff.close(&edited, "Done.").await;
        }
        user.write(shared, json!({ "body": text })).await;
    }
}

/// Transactions that change a ticket early and commit late, so that ids and commits cross.
async fn commit_late(desk: &Desk, shared: &[i64]) {
    for (turn, id) in shared.iter().enumerate() {
        let sql = desk.sql().await;
        let slow = format!(
            "BEGIN; UPDATE tickets SET title = 'Late {turn}' WHERE id = {id}; SELECT pg_current_xact_id()"
        );
        sql.batch_execute(&slow).await.unwrap();
        // While it is open others commit with higher ids.
        for n in 0..3 {
            desk.report(&format!("Beside {turn}.{n}")).await;
        }
        sql.batch_execute("COMMIT").await.unwrap();
    }
}

#[tokio::test]
async fn a_reader_that_follows_beside_eight_writers_ends_with_exactly_the_database() {
    let desk = Desk::start().await;
    let sql = desk.sql().await;
    let shared = desk.report("Shared").await.id;
    let mut slow = Vec::new();
    for n in 0..6 {
        slow.push(desk.report(&format!("Slow {n}")).await.id.0);
    }
    let mut reader = Reader::new(desk.staff());
    let writers =
        join_all((0..WRITERS).map(|writer| write(desk.user(), desk.staff(), writer, shared)));
    let mut writing = std::pin::pin!(async { tokio::join!(writers, commit_late(&desk, &slow)) });
    let mut is_written = false;
    while !is_written {
        tokio::select! {
            () = reader.follow(7) => {}
            _ = &mut writing => is_written = true,
        }
    }
    reader.follow_until_complete(&sql, 7).await;
    assert_eq!(reader.tickets.len(), 1 + 6 + WRITERS * ROUNDS + 18);

    let mut fresh = Reader::new(desk.staff());
    fresh.follow(100).await;
    assert_eq!(fresh.versions(), versions(&sql).await);
    assert_eq!(fresh.read, fresh.tickets.len(), "each ticket once per full read");
    let kept: Vec<_> = reader.tickets.values().collect();
    assert_eq!(kept, fresh.tickets.values().collect::<Vec<_>>());
}
