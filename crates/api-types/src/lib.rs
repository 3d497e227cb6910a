//! Everything that crosses HTTP between the parts of Campus Desk: the nouns of the desk as they stand on the wire.
//!
//! A [`Ticket`] has a [`Status`] and a [`Category`], carries [`Message`]s and [`Event`]s, and may be assigned to a
//! [`Staff`] member. Lists come as [`Page`]s, charts as [`Chart`]s and every error as a [`Problem`]. The paths are in
//! [`paths`], the limits on lengths in [`limits`]. The crate builds natively and for wasm and names no framework
//! outside its features `openapi` and `sql`.

mod analysis;
mod article;
mod bulk;
mod chart;
mod classification;
mod event;
pub mod headers;
mod ids;
mod image;
pub mod instant;
pub mod limits;
mod live;
mod message;
mod page;
pub mod paths;
mod problem;
mod search;
mod search_log;
mod sets;
mod staff;
mod ticket;
mod triage_model;

pub use analysis::{AnalysisInfo, Catalog, ParameterInfo, ParameterKind};
pub use article::{Article, ArticleEdit, ArticleEntry, NewArticle, Vote};
pub use bulk::{BulkAction, BulkItem, BulkItemResult, BulkRequest, BulkResult};
pub use chart::{Axis, AxisKind, Chart, Point, Series, Unit, X, YAxis};
pub use classification::{Classification, ClassifyRequest, Probabilities, Reason};
pub use event::{Event, EventKind};
pub use ids::{ArticleId, EventId, ImageId, MessageId, StaffId, TicketId};
pub use image::{
    Image, Label, LabelCount, LabelDecision, LabelKnowledge, LabelSource, Prediction,
    PredictionState, Predictions,
};
pub use live::{LiveEvent, LiveKind, PresenceState, PresenceUpdate, Present, RoleQuery};
pub use message::{Message, NewMessage};
pub use page::{Feed, FeedQuery, LocationQuery, Page, PageQuery};
pub use problem::{FieldCode, FieldProblem, Problem, ProblemKind};
pub use search::{
    Facets, Fragment, HitKind, SearchHit, SearchQuery, SearchResult, SimilarHit, SimilarRequest,
    Summary,
};
pub use search_log::{ArticleUse, OutcomesQuery, ReportOutcome, SearchCount, SearchOutcome};
pub use sets::{Category, CategoryBy, ParseSetError, Role, SortBy, Status};
pub use staff::{NewStaff, Staff, StaffEdit, StaffRef};
pub use ticket::{
    AssigneeChange, CategoryChange, Guess, Merge, NewTicket, RedactTarget, Redaction, Report,
    StatusChange, Ticket, TicketEdit, TicketQuery,
};
pub use triage_model::TriageModel;
