//! A ticket with the name of its assignee.

use api_types::{Category, CategoryBy, StaffId, Status, TicketId};
use chrono::{DateTime, Utc};
use diesel::{
    Queryable,
    sql_types::{BigInt, Bool, Double, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use uuid::Uuid;

/// The SQL types of [`Ticket`], in order.
pub type TicketSql = (
    BigInt,
    Text,
    Text,
    Nullable<Text>,
    Text,
    Text,
    Text,
    Nullable<Double>,
    Bool,
    Nullable<Text>,
    Timestamptz,
    Timestamptz,
    Nullable<Timestamptz>,
    Nullable<Timestamptz>,
    Nullable<BigInt>,
    Nullable<Text>,
    Integer,
    Integer,
    Integer,
    Nullable<BigInt>,
    BigInt,
    Nullable<SqlUuid>,
    BigInt,
);

/// A row of `tickets`, in the order of `queries::ticket::COLUMNS`.
#[derive(Debug, Clone, Queryable)]
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
    /// What the classifier gave its category when it decided.
    pub confidence: Option<f64>,
    /// Whether that was below the threshold and nobody decided since.
    pub unsure: bool,
    /// What was done.
    pub resolution: Option<String>,
    /// When it was reported.
    pub opened_at: DateTime<Utc>,
    /// When it changed for everyone to see.
    pub modified_at: DateTime<Utc>,
    /// When work began.
    pub activated_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Who works on it.
    pub assignee_id: Option<StaffId>,
    /// Their name.
    pub assignee_name: Option<String>,
    /// How many said "me too".
    pub affected: i32,
    /// Messages that everyone may see.
    pub messages: i32,
    /// Internal notes.
    pub notes: i32,
    /// The ticket this one was merged into.
    pub merged_into: Option<TicketId>,
    /// Counts changes.
    pub version: i64,
    /// The browser that reported it: a secret.
    pub client: Option<Uuid>,
    /// The transaction that changed it last.
    pub changed_in: i64,
}

/// What a browser sees of a ticket it reported or joined.
#[derive(Debug, Clone, Queryable)]
pub struct Report {
    /// The ticket's number.
    pub id: TicketId,
    /// In a few words.
    pub title: String,
    /// Where it stands.
    pub status: Status,
    /// When it was reported.
    pub opened_at: DateTime<Utc>,
    /// When it changed.
    pub modified_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// What was done.
    pub resolution: Option<String>,
    /// Whether it was joined.
    pub joined: bool,
    /// The ticket that stands for it, where it was merged.
    pub merged_into: Option<TicketId>,
    /// What staff last answered.
    pub answer: Option<String>,
}

/// The SQL types of [`Report`], in order.
pub type ReportSql = (
    BigInt,
    Text,
    Text,
    Timestamptz,
    Timestamptz,
    Nullable<Timestamptz>,
    Nullable<Text>,
    Bool,
    Nullable<BigInt>,
    Nullable<Text>,
);
