//! Summaries of tickets.

use api_types::TicketId;
use diesel::{
    AsChangeset, ExpressionMethods as _, Insertable, OptionalExtension as _, QueryDsl as _,
    QueryResult, SelectableHelper as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::db::{rows, schema::ticket_summaries};

/// New sentences; `None` leaves one alone, `Some(None)` takes it away.
#[derive(Debug, Clone, Default, Insertable, AsChangeset)]
#[diesel(table_name = ticket_summaries)]
pub struct SummaryUpdate {
    /// What is reported.
    pub reported: Option<Option<String>>,
    /// What was done.
    pub done: Option<Option<String>>,
    /// Where it stands.
    pub now: Option<Option<String>>,
}

impl SummaryUpdate {
    /// Whether it would change nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.reported.is_none() && self.done.is_none() && self.now.is_none()
    }
}

/// Writes some sentences of a summary. Call it in the transaction of the change.
///
/// # Errors
/// If the database refuses.
pub async fn update_summary(
    conn: &mut AsyncPgConnection,
    ticket: TicketId,
    update: &SummaryUpdate,
) -> QueryResult<()> {
    if update.is_empty() {
        return Ok(());
    }
    diesel::insert_into(ticket_summaries::table)
        .values((ticket_summaries::ticket_id.eq(ticket.0), update))
        .on_conflict(ticket_summaries::ticket_id)
        .do_update()
        .set(update)
        .execute(conn)
        .await
        .map(drop)
}

/// The summary of a ticket, if it has one.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_summary(
    conn: &mut AsyncPgConnection,
    ticket: TicketId,
) -> QueryResult<Option<rows::Summary>> {
    ticket_summaries::table
        .find(ticket.0)
        .select(rows::Summary::as_select())
        .first(conn)
        .await
        .optional()
}
