//! One action on many tickets.

use serde::{Deserialize, Serialize};

use crate::{AssigneeChange, CategoryChange, Problem, StatusChange, Ticket, TicketId};

/// What is done to every ticket named. On the wire `{"status": {…}}`, `{"category": {…}}` or `{"assignee": {…}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum BulkAction {
    /// Move one step.
    Status(StatusChange),
    /// Correct the category.
    Category(CategoryChange),
    /// Assign or give back.
    Assignee(AssigneeChange),
}

/// One ticket, at the version it was seen at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkItem {
    /// The ticket.
    pub id: TicketId,
    /// Its version; the action is refused with 412 if it has moved on.
    pub version: i64,
}

/// One action on up to 100 tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkRequest {
    /// What to do.
    pub action: BulkAction,
    /// To which tickets.
    pub items: Vec<BulkItem>,
}

/// What became of one ticket: the ticket where it worked, the problem where it did not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkItemResult {
    /// The ticket named.
    pub id: TicketId,
    /// The HTTP status the action alone would have had.
    pub status: u16,
    /// The ticket afterwards.
    pub ticket: Option<Ticket>,
    /// Why nothing was done to it.
    pub problem: Option<Problem>,
}

/// A result per item, in the order of the request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkResult {
    /// One per item.
    pub results: Vec<BulkItemResult>,
}
