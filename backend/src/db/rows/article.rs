//! Articles.

use api_types::{ArticleId, Category, TicketId};
use chrono::{DateTime, Utc};
use diesel::{Queryable, Selectable, pg::Pg};

use crate::db::schema::articles;

/// A row of `articles`, without its idempotency columns and its words.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = articles, check_for_backend(Pg))]
pub struct Article {
    /// Its number.
    pub id: ArticleId,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// Which desk it belongs to.
    pub category: Category,
    /// Whether everyone may read it.
    pub published: bool,
    /// The ticket it was made from.
    pub from_ticket: Option<TicketId>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it changed.
    pub modified_at: DateTime<Utc>,
    /// Counts its changes.
    pub version: i64,
    /// How many found it helpful.
    pub helpful: i32,
    /// How many did not.
    pub unhelpful: i32,
}

/// A row of `articles` for a list.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = articles, check_for_backend(Pg))]
pub struct ArticleEntry {
    /// Its number.
    pub id: ArticleId,
    /// Its title.
    pub title: String,
    /// Which desk it belongs to.
    pub category: Category,
    /// Whether everyone may read it.
    pub published: bool,
    /// When it changed.
    pub modified_at: DateTime<Utc>,
    /// How many found it helpful.
    pub helpful: i32,
    /// How many did not.
    pub unhelpful: i32,
}
