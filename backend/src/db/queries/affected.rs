//! Who has a ticket's problem too. The database counts them on the ticket.

use api_types::TicketId;
use diesel::{ExpressionMethods as _, QueryResult};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use crate::db::schema::affected;

/// Lets a browser join a ticket, once.
///
/// # Errors
/// If the database refuses.
pub async fn join_ticket(
    conn: &mut AsyncPgConnection,
    ticket: TicketId,
    client: Uuid,
) -> QueryResult<()> {
    diesel::insert_into(affected::table)
        .values((affected::ticket_id.eq(ticket.0), affected::client.eq(client)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await
        .map(drop)
}

/// Takes a browser off a ticket and all that were merged into it.
///
/// # Errors
/// If the database refuses.
pub async fn leave_tickets(
    conn: &mut AsyncPgConnection,
    tickets: &[TicketId],
    client: Uuid,
) -> QueryResult<()> {
    diesel::delete(affected::table)
        .filter(affected::ticket_id.eq_any(tickets.iter().map(|ticket| ticket.0)))
        .filter(affected::client.eq(client))
        .execute(conn)
        .await
        .map(drop)
}
