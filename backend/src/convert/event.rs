//! Lines of history.

use api_types::{Event, ParseSetError};

use crate::{db::rows, error::AppError};

/// A line of history as it is read.
pub(crate) fn event(row: rows::Event) -> Result<Event, AppError> {
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
    })
}
