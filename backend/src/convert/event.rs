//! Lines of history.

use api_types::{Event, EventKind};
use serde::{
    Deserialize as _,
    de::{IntoDeserializer as _, value::Error},
};

use crate::{db::rows, error::AppError};

/// A line of history as it is read.
pub(crate) fn event(row: rows::Event) -> Result<Event, AppError> {
    let what = EventKind::deserialize(row.what.as_str().into_deserializer())
        .map_err(|error: Error| AppError::Internal(format!("event {}: {error}", row.id)))?;
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
