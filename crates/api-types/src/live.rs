//! What `GET /events` and presence say: which ticket changed, and who is at it. Readers fetch what is on their screen.

use serde::{Deserialize, Serialize};

use crate::{Category, Status, TicketId, sets::closed_set};

closed_set!(
    /// What an event is about.
    LiveKind, "kind", {
        /// The ticket itself changed, or is new.
        Ticket => "ticket",
        /// Its thread changed.
        Message => "message",
        /// Somebody came to a ticket or left it.
        Presence => "presence",
        /// Events were missed: fetch anew whatever is on the screen.
        Resync => "resync",
        /// Nothing happened for a while, and the stream is still there.
        Alive => "alive",
    }
);
closed_set!(
    /// What a staff member does at a ticket.
    PresenceState, "state", {
        /// Has it on the screen.
        Viewing => "viewing",
        /// Is writing under it.
        Answering => "answering",
    }
);

/// One event. `ticket` and `message` carry all of it, `presence` the number alone, `resync` and `alive` nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveEvent {
    /// What it is about.
    pub kind: LiveKind,
    /// Which ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<TicketId>,
    /// Where the ticket stands now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Its category now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// Its version now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

impl LiveEvent {
    /// Events were missed.
    pub const RESYNC: Self =
        Self { kind: LiveKind::Resync, id: None, status: None, category: None, version: None };

    /// The stream is still there.
    pub const ALIVE: Self = Self { kind: LiveKind::Alive, ..Self::RESYNC };

    /// Somebody came to a ticket or left it.
    #[must_use]
    pub const fn presence(id: TicketId) -> Self {
        Self { kind: LiveKind::Presence, id: Some(id), ..Self::RESYNC }
    }
}

/// Whose events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct RoleQuery {
    /// In place of `Desk-Role`, which an `EventSource` cannot send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<crate::Role>,
}

/// What a staff member says of themselves, again at least every 30 seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PresenceUpdate {
    /// What they do.
    pub state: PresenceState,
}

/// Somebody else at the same ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Present {
    /// By whom, as far as they said.
    pub name: Option<String>,
    /// What they do.
    pub state: PresenceState,
}
