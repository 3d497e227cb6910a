//! One ticket: created, read, locked, changed.

use api_types::{Category, CategoryBy, Role, StaffId, Status, TicketId};
use chrono::{DateTime, Utc};
use diesel::{
    AsChangeset, ExpressionMethods as _, IntoSql as _, OptionalExtension as _, QueryDsl as _,
    QueryResult, Queryable, Selectable, SelectableHelper as _, pg::Pg,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use crate::db::{
    Bind, TypedSql,
    rows::{self, TicketSql},
    schema::tickets,
};

/// The columns of [`rows::Ticket`], in its order, of a ticket called `t`. The assignee's name is a sub-select, so that
/// no join can cost a list its order, unless the statement says otherwise.
macro_rules! columns {
    () => {
        columns!("(SELECT s.name FROM staff s WHERE s.id = t.assignee_id)")
    };
    ($assignee_name:literal) => {
        concat!(
            "t.id, t.title, t.description, t.location, t.status, t.category, t.category_by, \
             t.confidence, t.unsure, t.resolution, t.opened_at, t.modified_at, t.activated_at, \
             t.closed_at, t.assignee_id, ",
            $assignee_name,
            ", t.affected, t.messages, t.notes, t.merged_into, t.version, t.client, t.changed_in"
        )
    };
}
pub(super) use columns;

/// A report, ready to be stored.
#[derive(Debug, Clone)]
pub struct NewTicket {
    /// In a few words.
    pub title: String,
    /// What is wrong.
    pub description: String,
    /// Where.
    pub location: Option<String>,
    /// Which desk it belongs to.
    pub category: Category,
    /// Who decided that.
    pub category_by: CategoryBy,
    /// The classifier's confidence, where it decided.
    pub confidence: Option<f64>,
    /// Whether that is below its threshold.
    pub unsure: bool,
    /// What the classifier said, whoever decided.
    pub guess: Category,
    /// The version of its model.
    pub guess_model: String,
    /// The sentence of the description that says most.
    pub summary: Option<String>,
    /// The reporting browser.
    pub client: Option<Uuid>,
    /// Makes the request safe to repeat.
    pub idempotency: Option<(Uuid, Vec<u8>)>,
    /// As what it was reported.
    pub role: Role,
    /// By whom.
    pub name: Option<String>,
}

/// Stores a report, its first line of history and its place, in one statement and so in one round trip and one commit.
/// `None` if a ticket with this idempotency key is there already.
///
/// # Errors
/// If the database refuses.
pub async fn create_ticket(
    conn: &mut AsyncPgConnection,
    new: NewTicket,
) -> QueryResult<Option<rows::Ticket>> {
    let (key, hash) = new.idempotency.unzip();
    TypedSql::<TicketSql>::new("WITH t AS (INSERT INTO tickets (title, description, location, category, category_by, confidence, unsure, reported_confidence, reported_unsure, guess, guess_model, client, idempotency_key, idempotency_hash) VALUES (")
        .bind(Bind::Text(new.title)).sql(", ")
        .bind(Bind::Text(new.description)).sql(", ")
        .bind(Bind::OptionalText(new.location)).sql(", ")
        .bind(Bind::Text(new.category.to_string())).sql(", ")
        .bind(Bind::Text(new.category_by.to_string())).sql(", ")
        .bind(Bind::OptionalDouble(new.confidence)).sql(", ")
        .bind(Bind::Bool(new.unsure)).sql(", ")
        .bind(Bind::OptionalDouble(new.confidence)).sql(", ")
        .bind(Bind::Bool(new.unsure)).sql(", ")
        .bind(Bind::Text(new.guess.to_string())).sql(", ")
        .bind(Bind::Text(new.guess_model)).sql(", ")
        .bind(Bind::OptionalUuid(new.client)).sql(", ")
        .bind(Bind::OptionalUuid(key)).sql(", ")
        .bind(Bind::OptionalBytes(hash))
        .sql(") ON CONFLICT (idempotency_key) DO NOTHING RETURNING *), \
              e AS (INSERT INTO events (ticket_id, at, role, name, what) SELECT id, opened_at, ")
        .bind(Bind::Text(new.role.to_string())).sql(", ")
        .bind(Bind::OptionalText(new.name))
        .sql(", 'reported' FROM t), \
              s AS (INSERT INTO ticket_summaries (ticket_id, reported) SELECT id, ")
        .bind(Bind::OptionalText(new.summary))
        .sql(" FROM t), \
              l AS (INSERT INTO locations (name) SELECT location FROM t WHERE location IS NOT NULL ON CONFLICT DO NOTHING) \
              SELECT ")
        .sql(columns!())
        .sql(" FROM t")
        .get_result(conn)
        .await
        .optional()
}

/// What is remembered of a request that made a ticket.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = tickets, check_for_backend(Pg))]
pub struct FirstRequest {
    /// The ticket it made.
    pub id: TicketId,
    /// The hash of what it asked for.
    pub idempotency_hash: Option<Vec<u8>>,
    /// The confidence that its answer gave.
    pub reported_confidence: Option<f64>,
    /// Whether its answer was unsure.
    pub reported_unsure: Option<bool>,
}

/// The request that came with this key first.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_by_key(
    conn: &mut AsyncPgConnection,
    key: Uuid,
) -> QueryResult<Option<FirstRequest>> {
    tickets::table
        .filter(tickets::idempotency_key.eq(key))
        .select(FirstRequest::as_select())
        .first(conn)
        .await
        .optional()
}

/// One ticket.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_ticket(
    conn: &mut AsyncPgConnection,
    id: TicketId,
) -> QueryResult<Option<rows::Ticket>> {
    TypedSql::<TicketSql>::new(concat!("SELECT ", columns!(), " FROM tickets t WHERE t.id = "))
        .bind(Bind::BigInt(id.0))
        .get_result(conn)
        .await
        .optional()
}

/// One ticket, locked until the transaction ends.
///
/// # Errors
/// If the database cannot answer, or another transaction holds the ticket for longer than `lock_timeout`.
pub async fn lock_ticket(
    conn: &mut AsyncPgConnection,
    id: TicketId,
) -> QueryResult<Option<rows::Ticket>> {
    TypedSql::<TicketSql>::new(concat!("SELECT ", columns!(), " FROM tickets t WHERE t.id = "))
        .bind(Bind::BigInt(id.0))
        .sql(" FOR UPDATE OF t")
        .get_result(conn)
        .await
        .optional()
}

/// New values of some columns; `None` leaves a column alone. Version and `modified_at` follow by themselves.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = tickets)]
pub struct TicketUpdate {
    /// In a few words.
    pub title: Option<String>,
    /// What is wrong.
    pub description: Option<String>,
    /// Where; `Some(None)` clears it.
    pub location: Option<Option<String>>,
    /// Where it stands.
    pub status: Option<Status>,
    /// What was done.
    pub resolution: Option<String>,
    /// When work began.
    pub activated_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Which desk it belongs to.
    pub category: Option<Category>,
    /// Who decided that.
    pub category_by: Option<CategoryBy>,
    /// Whether nobody is sure of it.
    pub unsure: Option<bool>,
    /// The classifier's confidence.
    pub confidence: Option<f64>,
    /// What the classifier says of the new texts.
    pub guess: Option<Category>,
    /// The version of its model.
    pub guess_model: Option<String>,
    /// Who works on it; `Some(None)` gives it back.
    pub assignee_id: Option<Option<StaffId>>,
}

/// Changes a ticket.
///
/// # Errors
/// If the database refuses.
pub async fn update_ticket(
    conn: &mut AsyncPgConnection,
    id: TicketId,
    update: &TicketUpdate,
) -> QueryResult<()> {
    diesel::update(tickets::table.find(id.0)).set(update).execute(conn).await.map(drop)
}

/// The time that this transaction writes.
///
/// # Errors
/// If the database cannot answer.
pub async fn transaction_time(conn: &mut AsyncPgConnection) -> QueryResult<DateTime<Utc>> {
    diesel::select(diesel::dsl::now.into_sql::<diesel::sql_types::Timestamptz>())
        .get_result(conn)
        .await
}

/// What a browser reported or joined, newest first, going on below a ticket's number.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_reports(
    conn: &mut AsyncPgConnection,
    client: Uuid,
    below: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<rows::Report>> {
    TypedSql::<rows::ReportSql>::new(include_str!("../sql/my_reports.sql"))
        .value(Bind::OptionalUuid(Some(client)))
        .value(Bind::BigInt(below.unwrap_or(i64::MAX)))
        .value(Bind::BigInt(limit))
        .load(conn)
        .await
}
