//! Models of the classifier, as the desk keeps them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A model that the desk knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TriageModel {
    /// The hash of what it knows: equal versions answer alike.
    pub version: String,
    /// Whether tickets are classified with it now.
    pub active: bool,
    /// When it was published; `null` for the program's own.
    #[serde(default, with = "crate::instant::option")]
    pub published_at: Option<DateTime<Utc>>,
}
