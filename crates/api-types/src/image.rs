//! Photos of a ticket, and what is on them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{ImageId, Role, TicketId, instant, sets::closed_set};

closed_set!(
    /// How far a photo's predictions are.
    PredictionState, "state", {
        /// Still to come.
        Pending => "pending",
        /// There are some.
        Ready => "ready",
        /// They could not be had.
        Failed => "failed",
        /// Nothing is said of this photo.
        None => "none",
    }
);

closed_set!(
    /// Who says what is on a photo.
    LabelSource, "source", {
        /// Google Cloud Vision.
        Google => "google",
        /// Amazon Rekognition.
        Rekognition => "rekognition",
        /// A model of the desk's own, in a file.
        Onnx => "onnx",
        /// What the desk has learned from its own photos.
        Learned => "learned",
        /// A person of the help desk.
        Staff => "staff",
    }
);

/// A photo of a ticket, or of a report that is still being written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Image {
    /// Its number.
    pub id: ImageId,
    /// The ticket it belongs to; `null` until the report is sent.
    pub ticket_id: Option<TicketId>,
    /// Width of the shown version in pixels.
    pub width: i32,
    /// Height of the shown version in pixels.
    pub height: i32,
    /// As what it was added.
    pub author_role: Role,
    /// By whom, if they gave a name.
    pub author_name: Option<String>,
    /// When it was added.
    #[serde(with = "instant")]
    pub created_at: DateTime<Utc>,
    /// Whether staff removed what was on it: there is nothing to be shown any more.
    pub redacted: bool,
    /// How far its predictions are.
    pub state: PredictionState,
    /// What is on it: what staff confirmed first, then what was predicted and not removed, surest first.
    pub labels: Vec<Label>,
}

/// One thing on a photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Label {
    /// The thing, in a word or a few.
    pub label: String,
    /// Whether staff said so.
    pub confirmed: bool,
    /// How sure the prediction is, 0–1; `null` where nothing predicted it.
    pub confidence: Option<f64>,
    /// Who said it first.
    pub source: LabelSource,
}

/// What a photo is predicted to show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Predictions {
    /// How far they are.
    pub state: PredictionState,
    /// Surest first.
    pub items: Vec<Prediction>,
}

/// One predicted thing on a photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Prediction {
    /// The thing, in a word or a few.
    pub label: String,
    /// How sure it is, 0–1.
    pub confidence: f64,
    /// Who says so.
    pub source: LabelSource,
}

/// What staff decide of one label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelDecision {
    /// The thing, 1–40 characters.
    pub label: String,
    /// Whether it is on the photo; `false` takes a label off.
    pub confirmed: bool,
}

/// What the desk's own photos have taught it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelKnowledge {
    /// Who labels new photos; `null` where nobody does.
    pub source: Option<LabelSource>,
    /// Labels of the newest 10,000 confirmations, commonest first, at most 200.
    pub labels: Vec<LabelCount>,
    /// On how many photos those confirmations were.
    pub photos: i64,
    /// On what share of photos that it had not seen the learned model was right, 0–1; `null` while it knows too little.
    pub accuracy: Option<f64>,
    /// How many photos it was measured on.
    pub measured_on: i64,
}

/// A label that staff confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelCount {
    /// The thing.
    pub label: String,
    /// On how many photos.
    pub photos: i64,
}
