//! The stream of live events.

use api_types::{Role, paths};
use web_sys::EventSource;

/// Opens the stream; `None` where this browser cannot. An `EventSource` sends no headers, so the role stands in the address.
pub(crate) fn open_events(role: Role) -> Option<EventSource> {
    EventSource::new(&format!("{}?role={role}", paths::EVENTS)).ok()
}
