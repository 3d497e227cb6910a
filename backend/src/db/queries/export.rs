//! The whole desk, in the order of ticket numbers.

use api_types::TicketId;
use diesel::{ExpressionMethods as _, QueryDsl as _, QueryResult, SelectableHelper as _};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::{
    feed::{Changed, ChangedSql},
    ticket::columns,
};
use crate::db::{
    Bind, TypedSql, rows,
    schema::{events, messages},
};

/// Tickets after a number.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_tickets(
    conn: &mut AsyncPgConnection,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<Changed>> {
    TypedSql::<ChangedSql>::new(concat!(
        "SELECT ",
        columns!(),
        ", t.guess, t.guess_model FROM tickets t WHERE t.id > "
    ))
    .bind(Bind::BigInt(after))
    .sql(" ORDER BY t.id LIMIT ")
    .bind(Bind::BigInt(limit))
    .load(conn)
    .await
}

/// The threads of a range of tickets.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_messages(
    conn: &mut AsyncPgConnection,
    (first, last): (TicketId, TicketId),
) -> QueryResult<Vec<rows::Message>> {
    messages::table
        .filter(messages::ticket_id.between(first.0, last.0))
        .order((messages::ticket_id, messages::id))
        .select(rows::Message::as_select())
        .load(conn)
        .await
}

/// The histories of a range of tickets.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_events(
    conn: &mut AsyncPgConnection,
    (first, last): (TicketId, TicketId),
) -> QueryResult<Vec<(TicketId, rows::Event)>> {
    events::table
        .filter(events::ticket_id.between(first.0, last.0))
        .order((events::ticket_id, events::id))
        .select((events::ticket_id, rows::Event::as_select()))
        .load(conn)
        .await
}
