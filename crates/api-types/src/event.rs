//! Events: the lines of a ticket's history.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{EventId, Role, TicketId, sets::closed_set};

closed_set!(
    /// What an event is about.
    EventKind, "what", {
        /// The ticket was reported.
        Reported => "reported",
        /// The title changed.
        Title => "title",
        /// The description changed.
        Description => "description",
        /// The location changed.
        Location => "location",
        /// The status moved one step.
        Status => "status",
        /// The category was corrected.
        Category => "category",
        /// After an edit the classifier gave it another category.
        Reclassified => "reclassified",
        /// The ticket was assigned or given back.
        Assignee => "assignee",
        /// A text or a photo was overwritten for good; `to` names which.
        Redacted => "redacted",
        /// A photo was added; `to` is its number.
        Photo => "photo",
        /// The ticket was merged into another (`to`), or another into it (`from`).
        Merged => "merged",
        /// That was undone.
        Unmerged => "unmerged",
    }
);

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
    /// The ticket it happened to, where that was merged into the one asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<TicketId>,
}
