//! The roster of staff.

use serde::{Deserialize, Serialize};

use crate::StaffId;

/// A member of the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Staff {
    /// The number in the roster.
    pub id: StaffId,
    /// The name, 1–80 characters, unique.
    pub name: String,
    /// Whether tickets may be assigned to them.
    pub active: bool,
}

/// A staff member as named on a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffRef {
    /// The number in the roster.
    pub id: StaffId,
    /// The name.
    pub name: String,
}

/// A new member of the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewStaff {
    /// The name, 1–80 characters, unique.
    pub name: String,
}

/// A change to a member of the roster; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffEdit {
    /// The new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether tickets may be assigned to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}
