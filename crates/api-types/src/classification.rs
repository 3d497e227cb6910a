//! What the classifier says about a text.

use serde::{Deserialize, Serialize};

use crate::Category;

/// A text to classify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassifyRequest {
    /// The text, as typed so far.
    pub text: String,
}

/// The classifier's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Classification {
    /// The most likely category.
    pub category: Category,
    /// Whether its probability is below the threshold of the model.
    pub unsure: bool,
    /// The probability of each category; they sum to one.
    pub probabilities: Probabilities,
    /// The terms that spoke most for the category, strongest first.
    pub reasons: Vec<Reason>,
}

/// A probability for each category, between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Probabilities {
    /// Facility management.
    pub facility: f64,
    /// Technical IT.
    pub it: f64,
    /// Services.
    pub services: f64,
}

impl Probabilities {
    /// The probability of one category.
    #[must_use]
    pub const fn of(&self, category: Category) -> f64 {
        match category {
            Category::Facility => self.facility,
            Category::It => self.it,
            Category::Services => self.services,
        }
    }
}

/// A term that spoke for the category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reason {
    /// The term, as the tokenizer sees it.
    pub term: String,
    /// How much it spoke for the category, in log-odds.
    pub weight: f64,
}
