//! Tickets: as they are reported, read, changed and listed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    Category, CategoryBy, ImageId, MessageId, SortBy, StaffId, StaffRef, Status, TicketId, instant,
};

/// A report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewTicket {
    /// What is wrong, 1–10,000 characters.
    pub description: String,
    /// In a few words, 1–200 characters; made from the description unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The reporter's own answer; the classifier decides unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// Photos that this browser uploaded before, at most 8.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<ImageId>,
}

/// A ticket as the caller may see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ticket {
    /// Its number.
    pub id: TicketId,
    /// In a few words.
    pub title: String,
    /// What is wrong.
    pub description: String,
    /// Where.
    pub location: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Which desk it belongs to.
    pub category: Category,
    /// Who decided that.
    pub category_by: CategoryBy,
    /// The classifier's probability for the category, between 0 and 1; `null` where a person decided.
    pub confidence: Option<f64>,
    /// Whether that is below the model's threshold.
    pub unsure: bool,
    /// What was done, once closed.
    pub resolution: Option<String>,
    /// When it was reported.
    #[serde(with = "instant")]
    pub opened_at: DateTime<Utc>,
    /// When a text, its standing or its thread last changed.
    #[serde(with = "instant")]
    pub modified_at: DateTime<Utc>,
    /// When work began.
    #[serde(default, with = "instant::option")]
    pub activated_at: Option<DateTime<Utc>>,
    /// When it was closed; set exactly when status is closed.
    #[serde(default, with = "instant::option")]
    pub closed_at: Option<DateTime<Utc>>,
    /// Who works on it.
    pub assignee: Option<StaffRef>,
    /// How many other browsers said "me too".
    pub affected: i32,
    /// How many messages the caller may see.
    pub messages: i32,
    /// The ticket this one was merged into.
    pub merged_into: Option<TicketId>,
    /// Counts changes of title, description, location, status, category and assignee; the `ETag`.
    pub version: i64,
    /// In the change feed alone: what the classifier said of the texts as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guess: Option<Guess>,
}

/// What the classifier said of a ticket, whoever decided its category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Guess {
    /// The category.
    pub category: Category,
    /// The version of the model.
    pub model: String,
}

/// An edit of a ticket's texts; what is absent stays, `"location": null` clears it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketEdit {
    /// The new title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The new description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The new location; `Some(None)` clears it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub location: Option<Option<String>>,
}

/// Tells an explicit `null` from an absent field.
fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// The next step of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatusChange {
    /// The status to move to: the next one only.
    pub to: Status,
    /// What was done, 1–2,000 characters; only when closing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<String>,
}

/// A correction of the category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryChange {
    /// The right category.
    pub category: Category,
}

/// An assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssigneeChange {
    /// The staff member; `null` gives the ticket back. A field that is left out is no `null`: giving back is said.
    #[serde(deserialize_with = "Option::deserialize")]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub assignee: Option<StaffId>,
}

/// Which text of a ticket is overwritten for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RedactTarget {
    /// The title.
    Title,
    /// The description.
    Description,
    /// The location.
    Location,
    /// The resolution.
    Resolution,
    /// One message of the thread.
    Message(MessageId),
    /// One photo, wherever the same photo was added.
    Image(ImageId),
}

/// The redaction of one text or photo. On the wire `{"target": "title"}`, `{"target": {"message": 7}}` or `{"target": {"image": 7}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Redaction {
    /// What to overwrite, everywhere it was copied to.
    pub target: RedactTarget,
}

/// Where a ticket is merged into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Merge {
    /// The ticket that stays.
    pub into: TicketId,
}

/// What a browser reported or joined, as it may still see it after closing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Report {
    /// The ticket's number.
    pub id: TicketId,
    /// In a few words.
    pub title: String,
    /// Where it stands.
    pub status: Status,
    /// When it was reported.
    #[serde(with = "instant")]
    pub opened_at: DateTime<Utc>,
    /// When it last changed.
    #[serde(with = "instant")]
    pub modified_at: DateTime<Utc>,
    /// When it was closed.
    #[serde(default, with = "instant::option")]
    pub closed_at: Option<DateTime<Utc>>,
    /// What was done.
    pub resolution: Option<String>,
    /// Whether somebody else reported it, and this browser said "me too".
    pub joined: bool,
    /// The ticket that stands for it now, where it was merged into another; its status is given here.
    pub merged_into: Option<TicketId>,
    /// What staff last answered.
    pub answer: Option<String>,
}

/// Which tickets to list, and how. At most one of category, assignee, location and unsure; see docs/API.md.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct TicketQuery {
    /// Only this status. A user without it sees open and active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Only this category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// Only tickets of this staff member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<StaffId>,
    /// Only this location, spelled exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// `true`: only tickets of whose category the classifier was unsure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsure: Option<bool>,
    /// The order; newest first unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<SortBy>,
    /// How many at most, 1–100; 25 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
