//! A message under a ticket.

use api_types::{MessageId, Role, TicketId};
use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable, pg::Pg};

use crate::db::schema::messages;

/// A row of `messages`, without its idempotency columns.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = messages, check_for_backend(Pg))]
pub struct Message {
    /// Its number.
    pub id: MessageId,
    /// Under which ticket.
    pub ticket_id: TicketId,
    /// As whom the author wrote.
    pub author_role: Role,
    /// The author's name.
    pub author_name: Option<String>,
    /// The text.
    pub body: String,
    /// Seen by staff alone.
    pub internal: bool,
    /// When.
    pub created_at: DateTime<Utc>,
    /// The ticket it was written under, where a merge brought it to another.
    pub origin: Option<TicketId>,
}
