//! The thread under a ticket.

use api_types::{Role, TicketId, limits::REDACTED};
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, QueryResult,
    SelectableHelper as _,
    sql_types::{BigInt, Bool, Nullable, Text, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use crate::db::{Bind, TypedSql, rows, schema::messages};

/// A message, ready to be stored.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Under which ticket.
    pub ticket_id: TicketId,
    /// As whom.
    pub role: Role,
    /// By whom.
    pub name: Option<String>,
    /// The text.
    pub body: String,
    /// For staff alone.
    pub internal: bool,
    /// The sentence of the text that says most.
    pub summary: Option<String>,
    /// Makes the request safe to repeat.
    pub idempotency: Option<(Uuid, Vec<u8>)>,
}

/// Stores a message and counts it on its ticket, in one statement. `None` if the ticket is closed, merged or absent, or if a
/// message with this idempotency key is there already: look first.
///
/// # Errors
/// If the database refuses.
pub async fn create_message(
    conn: &mut AsyncPgConnection,
    new: NewMessage,
) -> QueryResult<Option<rows::Message>> {
    type Row = (BigInt, BigInt, Text, Nullable<Text>, Text, Bool, Timestamptz, Nullable<BigInt>);
    let (key, hash) = new.idempotency.unzip();
    // The ticket is locked before the key is claimed: two tries of one request wait for each other here.
    TypedSql::<Row>::new("WITH t AS (SELECT id FROM tickets WHERE status <> 'closed' AND merged_into IS NULL AND id = ")
        .bind(Bind::BigInt(new.ticket_id.0))
        .sql(" FOR UPDATE), m AS (INSERT INTO messages (ticket_id, author_role, author_name, body, internal, idempotency_key, idempotency_hash) SELECT id, ")
        .bind(Bind::Text(new.role.to_string()))
        .sql(", ")
        .bind(Bind::OptionalText(new.name))
        .sql(", ")
        .bind(Bind::Text(new.body))
        .sql(", ")
        .bind(Bind::Bool(new.internal))
        .sql(", ")
        .bind(Bind::OptionalUuid(key))
        .sql(", ")
        .bind(Bind::OptionalBytes(hash))
        .sql(" FROM t ON CONFLICT (idempotency_key) DO NOTHING RETURNING *), s AS (SELECT ")
        .bind(Bind::OptionalText(new.summary))
        .sql(
            "::text AS said), \
             c AS (UPDATE tickets SET messages = messages + (NOT m.internal)::int, \
                   notes = notes + m.internal::int FROM m WHERE tickets.id = m.ticket_id), \
             u AS (INSERT INTO ticket_summaries AS old (ticket_id, done, now) \
                   SELECT m.ticket_id, CASE m.author_role WHEN 'staff' THEN s.said END, CASE m.author_role WHEN 'user' THEN s.said END \
                   FROM m, s WHERE NOT m.internal AND s.said IS NOT NULL \
                   ON CONFLICT (ticket_id) DO UPDATE SET done = coalesce(excluded.done, old.done), now = excluded.now) \
             SELECT id, ticket_id, author_role, author_name, body, internal, created_at, origin FROM m",
        )
        .get_result(conn)
        .await
        .optional()
}

/// The message that a repeated request made before, with the hash of that request.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_by_key(
    conn: &mut AsyncPgConnection,
    key: Uuid,
) -> QueryResult<Option<(rows::Message, Option<Vec<u8>>)>> {
    messages::table
        .filter(messages::idempotency_key.eq(key))
        .select((rows::Message::as_select(), messages::idempotency_hash))
        .first(conn)
        .await
        .optional()
}

/// A ticket's thread after a message, oldest first; without notes unless asked for.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_messages(
    conn: &mut AsyncPgConnection,
    ticket: TicketId,
    with_notes: bool,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<rows::Message>> {
    let mut query = messages::table
        .filter(messages::ticket_id.eq(ticket.0))
        .filter(messages::id.gt(after))
        .order(messages::id)
        .limit(limit)
        .select(rows::Message::as_select())
        .into_boxed();
    if !with_notes {
        query = query.filter(messages::internal.eq(false));
    }
    query.load(conn).await
}

/// The last message of a ticket by staff or by users that everyone may see, that has a word, and that was not redacted.
///
/// # Errors
/// If the database cannot answer.
pub async fn last_message(
    conn: &mut AsyncPgConnection,
    ticket: TicketId,
    by: Role,
) -> QueryResult<Option<rows::Message>> {
    messages::table
        .filter(messages::ticket_id.eq(ticket.0))
        .filter(messages::internal.eq(false))
        .filter(messages::author_role.eq(by.as_str()))
        .filter(messages::body.ne(REDACTED))
        .filter(diesel::dsl::sql::<Bool>("body ~ '[[:alnum:]]'"))
        .order(messages::id.desc())
        .select(rows::Message::as_select())
        .first(conn)
        .await
        .optional()
}
