//! `GET /changes`, the feed: complete, in order, honest about what holds it back and after a restore.

mod concurrent;
mod horizon;
mod list;
mod restore;

use std::collections::BTreeMap;

use api_types::{Feed, Ticket, TicketId, paths};
use tokio_postgres::Client as Sql;

use crate::support::{Person, wait_until};

/// One page after a position.
async fn page(staff: &Person, after: Option<&str>, limit: u32) -> Feed<Ticket> {
    let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
    let path = format!("{}?limit={limit}{after}", paths::CHANGES);
    staff.get(&path).send().await.read(200)
}

/// A reader that keeps what it has read.
struct Reader {
    staff: Person,
    next: Option<String>,
    tickets: BTreeMap<TicketId, Ticket>,
    /// How many items it was given, repeats included.
    read: usize,
}

impl Reader {
    fn new(staff: Person) -> Reader {
        Reader { staff, next: None, tickets: BTreeMap::new(), read: 0 }
    }

    /// Follows `next` until a page is empty.
    async fn follow(&mut self, limit: u32) {
        loop {
            let page = page(&self.staff, self.next.as_deref(), limit).await;
            assert!(page.items.len() <= limit as usize);
            self.next = Some(page.next);
            self.read += page.items.len();
            let is_end = page.items.is_empty();
            for ticket in page.items {
                let version = ticket.version;
                if let Some(older) = self.tickets.insert(ticket.id, ticket) {
                    assert!(older.version <= version, "#{} went back", older.id);
                }
            }
            if is_end {
                return;
            }
        }
    }

    /// Follows until it knows exactly what the database holds.
    async fn follow_until_complete(&mut self, sql: &Sql, limit: u32) {
        let expected = versions(sql).await;
        let reader = tokio::sync::Mutex::new(self);
        wait_until("the whole database in the feed", async || {
            let mut reader = reader.lock().await;
            reader.follow(limit).await;
            reader.versions() == expected
        })
        .await;
    }

    fn versions(&self) -> BTreeMap<i64, (i64, i64)> {
        let of = |ticket: &Ticket| (ticket.version, i64::from(ticket.messages));
        self.tickets.iter().map(|(id, ticket)| (id.0, of(ticket))).collect()
    }
}

/// Version and number of messages of every ticket, as the database has them.
async fn versions(sql: &Sql) -> BTreeMap<i64, (i64, i64)> {
    let all = "SELECT id, version, (messages + notes)::bigint FROM tickets";
    let rows = sql.query(all, &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect()
}
