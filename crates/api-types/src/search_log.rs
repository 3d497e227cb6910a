//! What people looked for, counted by day: no word of who.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ArticleId;

/// A search that somebody is done with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchOutcome {
    /// What was looked for.
    pub q: String,
    /// Whether anything was found.
    pub found: bool,
    /// Whether a result was opened.
    pub opened: bool,
}

/// A report that was begun, and which articles stood beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportOutcome {
    /// The articles that were shown, at most 20.
    pub shown: Vec<ArticleId>,
    /// Those of them that were opened.
    #[serde(default)]
    pub opened: Vec<ArticleId>,
    /// Whether the report was sent, or another one joined.
    pub sent: bool,
}

/// From which day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct OutcomesQuery {
    /// The first day, as `2026-11-27` in UTC.
    pub from: NaiveDate,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// How often something was looked for on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchCount {
    /// The day, in UTC.
    pub day: NaiveDate,
    /// What was looked for, in small letters.
    pub query: String,
    /// How often.
    pub asked: i32,
    /// How often nothing was found.
    pub empty: i32,
    /// How often a result was opened.
    pub opened: i32,
}

/// How often an article stood beside a report on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArticleUse {
    /// The day, in UTC.
    pub day: NaiveDate,
    /// The article.
    pub article: ArticleId,
    /// Its title.
    pub title: String,
    /// How often it was shown.
    pub shown: i32,
    /// How often it was opened.
    pub opened: i32,
    /// How often the report was then not sent.
    pub stopped: i32,
}
