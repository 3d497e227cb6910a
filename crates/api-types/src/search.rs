//! What people look for, and what the desk finds: tickets and articles.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Category, Status, instant, sets::closed_set};

closed_set!(
    /// What was found.
    HitKind, "kind", {
        /// A ticket.
        Ticket => "ticket",
        /// An article of the knowledge base.
        Article => "article",
    }
);

/// What to look for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct SearchQuery {
    /// Words, at most 500 characters; `"several words"` stand side by side, `-word` must not be there, `#123` is a ticket.
    pub q: String,
    /// Only tickets of this status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Only this category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// How many at most, 1–50; 20 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A report being written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimilarRequest {
    /// Its text so far, at most 10,200 characters.
    pub text: String,
    /// Its place so far, at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

/// What was found, best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchResult {
    /// Tickets and articles, best first.
    pub items: Vec<SearchHit>,
    /// How many of each kind were found, whatever was narrowed to.
    pub facets: Facets,
    /// Whether only the newest thousand were looked at because there are more.
    pub capped: bool,
    /// Whether nothing has all of the words, so that these have the most telling ones.
    pub partial: bool,
}

/// A report or an answer like the one being written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimilarHit {
    /// What it is.
    pub kind: HitKind,
    /// Its number among its kind.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Where a ticket stands; `null` for an article.
    pub status: Option<Status>,
    /// Where; `null` for an article.
    pub location: Option<String>,
    /// How many other browsers said "me too"; zero for an article.
    pub affected: i32,
}

/// Tickets found of each status and category; articles count under their category.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Facets {
    /// Open tickets.
    pub open: i64,
    /// Active tickets.
    pub active: i64,
    /// Closed tickets; none for users.
    pub closed: i64,
    /// Of facility management.
    pub facility: i64,
    /// Of technical IT.
    pub it: i64,
    /// Of services.
    pub services: i64,
}

/// One ticket or article that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchHit {
    /// What it is.
    pub kind: HitKind,
    /// Its number among its kind.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Where it matches; plain text in pieces, never markup.
    pub snippet: Vec<Fragment>,
    /// Where a ticket stands; `null` for an article.
    pub status: Option<Status>,
    /// Which desk it belongs to.
    pub category: Category,
    /// Where; `null` for an article.
    pub location: Option<String>,
    /// How many other browsers said "me too"; zero for an article.
    pub affected: i32,
    /// When it last changed.
    #[serde(with = "instant")]
    pub modified_at: DateTime<Utc>,
    /// What it is about, what was done and where it stands, in its own sentences; `null` for an article.
    pub summary: Option<Summary>,
}

/// A piece of a snippet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fragment {
    /// The text.
    pub text: String,
    /// Whether it is what was looked for.
    pub hit: bool,
}

/// A ticket in its own sentences: nothing is added to them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Summary {
    /// What is reported.
    pub reported: Option<String>,
    /// What was done, as staff last said.
    pub done: Option<String>,
    /// Where it stands: what was said last, or the resolution.
    pub now: Option<String>,
}
