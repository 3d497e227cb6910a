//! Events: the lines of a ticket's history.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{EventId, Role};

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum EventKind {
    /// The ticket was reported.
    Reported,
    /// The title changed.
    Title,
    /// The description changed.
    Description,
    /// The location changed.
    Location,
    /// The status moved one step.
    Status,
    /// The category was corrected.
    Category,
    /// The ticket was assigned or given back.
    Assignee,
    /// A text was overwritten for good; `to` names which.
    Redacted,
}

impl EventKind {
    /// The one spelling of this kind, on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Title => "title",
            Self::Description => "description",
            Self::Location => "location",
            Self::Status => "status",
            Self::Category => "category",
            Self::Assignee => "assignee",
            Self::Redacted => "redacted",
        }
    }
}

/// One line of a ticket's history: who changed what, from what, to what, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    /// Its number.
    pub id: EventId,
    /// When it happened.
    #[serde(with = "crate::instant")]
    pub at: DateTime<Utc>,
    /// As whom.
    pub role: Role,
    /// By whom, if a name was given.
    pub name: Option<String>,
    /// What changed.
    pub what: EventKind,
    /// The value before; `null` where there was none.
    pub from: Option<String>,
    /// The value after; `null` where there is none.
    pub to: Option<String>,
}
