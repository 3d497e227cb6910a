//! Articles: what the desk knows.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{ArticleId, Category, TicketId, instant};

/// An article, as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Article {
    /// Its number.
    pub id: ArticleId,
    /// Its title.
    pub title: String,
    /// Its text, in a subset of Markdown; docs/API.md says which. It is text, never markup of a page.
    pub body: String,
    /// Which desk it belongs to.
    pub category: Category,
    /// Whether everyone may read it; a draft is for staff alone.
    pub published: bool,
    /// The ticket it was made from; `null` for users.
    pub from_ticket: Option<TicketId>,
    /// When it was written.
    #[serde(with = "instant")]
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    #[serde(with = "instant")]
    pub modified_at: DateTime<Utc>,
    /// Counts its changes; the `ETag`.
    pub version: i64,
    /// How many browsers found it helpful.
    pub helpful: i32,
    /// How many did not.
    pub unhelpful: i32,
}

/// An article in a list: everything but its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArticleEntry {
    /// Its number.
    pub id: ArticleId,
    /// Its title.
    pub title: String,
    /// Which desk it belongs to.
    pub category: Category,
    /// Whether everyone may read it.
    pub published: bool,
    /// When it last changed.
    #[serde(with = "instant")]
    pub modified_at: DateTime<Utc>,
    /// How many browsers found it helpful.
    pub helpful: i32,
    /// How many did not.
    pub unhelpful: i32,
}

/// A new article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewArticle {
    /// Its title, 1–200 characters.
    pub title: String,
    /// Its text, 1–20,000 characters.
    pub body: String,
    /// Which desk it belongs to.
    pub category: Category,
    /// Whether everyone may read it at once.
    #[serde(default)]
    pub published: bool,
    /// The ticket it is made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_ticket: Option<TicketId>,
}

/// A change of an article; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArticleEdit {
    /// The new title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The new text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Another desk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// Publish it, or make it a draft again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<bool>,
}

/// Whether an article helped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Vote {
    /// It did.
    pub helpful: bool,
}
