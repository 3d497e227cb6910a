//! Redaction: a text is overwritten for good, wherever it was copied to.

use api_types::{EventKind, MessageId, TicketId, limits::REDACTED};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _,
    QueryResult, dsl::exists,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::db::{
    rows,
    schema::{events, locations, messages, tickets},
};

/// Overwrites one message; answers whether it was an internal note. `None` if the ticket has no such message.
///
/// # Errors
/// If the database refuses.
pub async fn redact_message(
    conn: &mut AsyncPgConnection,
    ticket: TicketId,
    message: MessageId,
) -> QueryResult<Option<bool>> {
    let internal = diesel::update(messages::table.find(message.0))
        .filter(messages::ticket_id.eq(ticket.0))
        .set(messages::body.eq(REDACTED))
        .returning(messages::internal)
        .get_result(conn)
        .await
        .optional()?;
    // The ticket moves in the feed, so that whoever copied the thread learns of it; of a note, staff alone.
    let ticket = diesel::update(tickets::table.find(ticket.0));
    match internal {
        Some(false) => ticket.set(tickets::answered_in.eq(-1)).execute(conn).await?,
        Some(true) => ticket.set(tickets::notes.eq(tickets::notes)).execute(conn).await?,
        None => 0,
    };
    Ok(internal)
}

/// Overwrites every copy of a field in a ticket's history.
///
/// # Errors
/// If the database refuses.
pub async fn redact_history(
    conn: &mut AsyncPgConnection,
    ticket: TicketId,
    what: EventKind,
) -> QueryResult<()> {
    let of_field = events::ticket_id.eq(ticket.0).and(events::what.eq(what.as_str()));
    diesel::update(events::table.filter(of_field).filter(events::from_value.is_not_null()))
        .set(events::from_value.eq(REDACTED))
        .execute(conn)
        .await?;
    diesel::update(events::table.filter(of_field).filter(events::to_value.is_not_null()))
        .set(events::to_value.eq(REDACTED))
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes a place out of the suggestions unless another ticket names it.
///
/// # Errors
/// If the database refuses.
pub async fn forget_location(conn: &mut AsyncPgConnection, location: &str) -> QueryResult<()> {
    let elsewhere = tickets::table.filter(tickets::location.eq(location));
    diesel::delete(locations::table.find(location))
        .filter(diesel::dsl::not(exists(elsewhere)))
        .execute(conn)
        .await
        .map(drop)
}

/// Every place a ticket has named so far, its present one included. Ask before history is overwritten.
///
/// # Errors
/// If the database cannot answer.
pub async fn past_locations(
    conn: &mut AsyncPgConnection,
    ticket: &rows::Ticket,
) -> QueryResult<Vec<String>> {
    let past: Vec<Option<String>> = events::table
        .filter(events::ticket_id.eq(ticket.id.0))
        .filter(events::what.eq(EventKind::Location.as_str()))
        .select(events::from_value)
        .load(conn)
        .await?;
    Ok(past.into_iter().chain([ticket.location.clone()]).flatten().collect())
}
