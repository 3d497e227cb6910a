//! A ticket in its own sentences.

use diesel::{Queryable, Selectable, pg::Pg};

use crate::db::schema::ticket_summaries;

/// A row of `ticket_summaries`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = ticket_summaries, check_for_backend(Pg))]
pub struct Summary {
    /// What is reported.
    pub reported: Option<String>,
    /// What was done.
    pub done: Option<String>,
    /// Where it stands.
    pub now: Option<String>,
}
