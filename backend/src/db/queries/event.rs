//! History.

use api_types::{Role, TicketId};
use diesel::{
    ExpressionMethods as _, Insertable, QueryDsl as _, QueryResult, SelectableHelper as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::db::{rows, schema::events};

/// A line of history, ready to be stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = events)]
pub struct NewEvent {
    /// Of which ticket.
    pub ticket_id: TicketId,
    /// As whom.
    pub role: Role,
    /// By whom.
    pub name: Option<String>,
    /// What changed.
    pub what: &'static str,
    /// Before.
    pub from_value: Option<String>,
    /// After.
    pub to_value: Option<String>,
    /// For staff alone: what happened to something that only staff could see.
    pub internal: bool,
    /// Of a merge: the messages that it took along.
    pub moved: Option<Vec<i64>>,
}

/// Stores lines of history. Call it in the transaction of the change.
///
/// # Errors
/// If the database refuses.
pub async fn create_events(conn: &mut AsyncPgConnection, new: &[NewEvent]) -> QueryResult<()> {
    diesel::insert_into(events::table).values(new).execute(conn).await.map(drop)
}

/// A ticket's history from a line on, oldest first, with that of the tickets merged into it; without what is for staff
/// alone unless asked for.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_events(
    conn: &mut AsyncPgConnection,
    tickets: &[TicketId],
    with_internal: bool,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<rows::Event>> {
    let mut query = events::table
        .filter(events::ticket_id.eq_any(tickets.iter().map(|ticket| ticket.0)))
        .filter(events::id.gt(after))
        .order(events::id)
        .limit(limit)
        .select(rows::Event::as_select())
        .into_boxed();
    if !with_internal {
        query = query.filter(events::internal.eq(false));
    }
    query.load(conn).await
}
