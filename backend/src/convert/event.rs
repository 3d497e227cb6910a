//! Lines of history.

use api_types::{Event, ParseSetError, TicketId};

use crate::{db::rows, error::AppError};

/// A line of history as it is read, in the history of a ticket that may be another than the one it happened to.
pub(crate) fn event(row: rows::Event, of: TicketId) -> Result<Event, AppError> {
    let what = row
        .what
        .parse()
        .map_err(|error: ParseSetError| AppError::Internal(format!("event {}: {error}", row.id)))?;
    Ok(Event {
        id: row.id,
        at: row.at,
        role: row.role,
        name: row.name,
        what,
        from: row.from_value,
        to: row.to_value,
        origin: Some(row.ticket_id).filter(|ticket| *ticket != of),
    })
}
