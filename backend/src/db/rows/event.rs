//! One line of a ticket's history.

use api_types::{EventId, Role, TicketId};
use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable, pg::Pg};

use crate::db::schema::events;

/// A row of `events`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = events, check_for_backend(Pg))]
pub struct Event {
    /// Its number.
    pub id: EventId,
    /// Of which ticket.
    pub ticket_id: TicketId,
    /// When.
    pub at: DateTime<Utc>,
    /// As whom.
    pub role: Role,
    /// By whom.
    pub name: Option<String>,
    /// What changed: one of the words the table's CHECK allows.
    pub what: String,
    /// Before.
    pub from_value: Option<String>,
    /// After.
    pub to_value: Option<String>,
    /// For staff alone.
    pub internal: bool,
}
