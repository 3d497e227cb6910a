//! Photos.

use api_types::{ImageId, LabelSource, PredictionState, Role, Status, TicketId};
use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable, pg::Pg};
use uuid::Uuid;

use crate::db::schema::{image_labels, images, photos, predictions};

/// The content of a photo.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = photos, check_for_backend(Pg))]
pub struct Photo {
    /// The hash of what was uploaded.
    pub sha256: Vec<u8>,
    /// Where its objects lie in the store.
    pub place: String,
    /// Width of the shown version.
    pub width: i32,
    /// Height of the shown version.
    pub height: i32,
    /// How far its predictions are.
    pub state: PredictionState,
    /// Since when nothing of it is kept.
    pub redacted_at: Option<DateTime<Utc>>,
}

/// A row of `images`, without its idempotency columns.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = images, check_for_backend(Pg))]
pub struct ImageRow {
    /// Its number.
    pub id: ImageId,
    /// The ticket it belongs to.
    pub ticket_id: Option<TicketId>,
    /// The browser that added it.
    pub client: Option<Uuid>,
    /// As what.
    pub author_role: Role,
    /// By whom.
    pub author_name: Option<String>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A photo under a ticket with its content.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(check_for_backend(Pg))]
pub struct Image {
    /// Where it stands.
    #[diesel(embed)]
    pub image: ImageRow,
    /// What it shows.
    #[diesel(embed)]
    pub photo: Photo,
}

/// A row of `predictions`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = predictions, check_for_backend(Pg))]
pub struct Prediction {
    /// Of which photo.
    pub sha256: Vec<u8>,
    /// The thing.
    pub label: String,
    /// How sure it is.
    pub confidence: f64,
    /// Who says so.
    pub source: LabelSource,
}

/// What staff decided of a label.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = image_labels, check_for_backend(Pg))]
pub struct LabelDecision {
    /// Of which photo.
    pub image_id: ImageId,
    /// The thing.
    pub label: String,
    /// Whether it is there.
    pub confirmed: bool,
}

/// What decides who may see a photo.
#[derive(Debug, Clone)]
pub struct ShownImage {
    /// Where its objects lie in the store.
    pub place: String,
    /// Whether nothing of it is kept.
    pub redacted: bool,
    /// The browser that added it.
    pub client: Option<Uuid>,
    /// The ticket it is shown under, which stands for its own if that was merged; `None` until the report is sent.
    pub standing: Option<TicketId>,
    /// Where that ticket stands.
    pub status: Option<Status>,
}
