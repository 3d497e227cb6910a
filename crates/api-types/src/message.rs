//! Messages under a ticket.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{MessageId, Role, TicketId};

/// A message as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewMessage {
    /// The text, 1–10,000 characters.
    pub body: String,
    /// A note that only staff may write and see.
    #[serde(default)]
    pub internal: bool,
}

/// A message as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Its number.
    pub id: MessageId,
    /// As whom the author wrote.
    pub author_role: Role,
    /// The author's display name, if one was given.
    pub author_name: Option<String>,
    /// The text.
    pub body: String,
    /// Seen by staff alone.
    pub internal: bool,
    /// When it was written.
    #[serde(with = "crate::instant")]
    pub created_at: DateTime<Utc>,
    /// The ticket it was written under, where a merge brought it here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<TicketId>,
}
