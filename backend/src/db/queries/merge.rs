//! Merging: what moves from one ticket to another, and back.

use api_types::TicketId;
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, QueryResult, sql_types::BigInt,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::ticket::columns;
use crate::db::{
    Bind, TypedSql,
    rows::{self, TicketSql},
    schema::{events, tickets},
};

/// A ticket and all that were merged into it, directly or through others, lowest number first.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_family(
    conn: &mut AsyncPgConnection,
    ticket: TicketId,
) -> QueryResult<Vec<TicketId>> {
    TypedSql::<BigInt>::new("WITH RECURSIVE family AS (SELECT ")
        .bind(Bind::BigInt(ticket.0))
        .sql(
            "::bigint AS id UNION ALL SELECT t.id FROM family f JOIN tickets t ON t.merged_into = f.id) \
             SELECT id FROM family ORDER BY id",
        )
        .load(conn)
        .await
}

/// A ticket and all that it was merged into, directly or through others, lowest number first.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_line(
    conn: &mut AsyncPgConnection,
    ticket: TicketId,
) -> QueryResult<Vec<TicketId>> {
    TypedSql::<BigInt>::new("WITH RECURSIVE line AS (SELECT ")
        .bind(Bind::BigInt(ticket.0))
        .sql(
            "::bigint AS id UNION ALL SELECT t.merged_into FROM line l JOIN tickets t ON t.id = l.id \
             WHERE t.merged_into IS NOT NULL) SELECT id FROM line ORDER BY id",
        )
        .load(conn)
        .await
}

/// Locks tickets until the transaction ends, lowest number first, as all do who lock several.
///
/// # Errors
/// If the database cannot answer, or another transaction holds one for longer than `lock_timeout`.
pub async fn lock_tickets(conn: &mut AsyncPgConnection, tickets: &[TicketId]) -> QueryResult<()> {
    let ids = tickets.iter().map(|ticket| ticket.0).collect();
    let _: Vec<i64> = TypedSql::<BigInt>::new("SELECT t.id FROM tickets t WHERE t.id = ANY (")
        .bind(Bind::BigIntArray(ids))
        .sql(") ORDER BY t.id FOR UPDATE OF t")
        .load(conn)
        .await?;
    Ok(())
}

/// Locks tickets and all that they were merged into, where the labels of their photos are found too; answers which.
///
/// # Errors
/// As [`lock_tickets`].
pub async fn lock_lines(
    conn: &mut AsyncPgConnection,
    tickets: &[TicketId],
) -> QueryResult<Vec<TicketId>> {
    let mut locked = Vec::new();
    loop {
        let lines = list_lines(conn, tickets).await?;
        // What was merged while one waited is locked as well.
        if lines == locked {
            return Ok(lines);
        }
        lock_tickets(conn, &lines).await?;
        locked = lines;
    }
}

async fn list_lines(
    conn: &mut AsyncPgConnection,
    tickets: &[TicketId],
) -> QueryResult<Vec<TicketId>> {
    TypedSql::<BigInt>::new(
        "WITH RECURSIVE line AS ( \
             SELECT t.id, t.merged_into FROM tickets t WHERE t.id = ANY ($1) \
             UNION \
             SELECT t.id, t.merged_into FROM line l JOIN tickets t ON t.id = l.merged_into \
         ) SELECT id FROM line ORDER BY id",
    )
    .value(Bind::BigIntArray(tickets.iter().map(|ticket| ticket.0).collect()))
    .load(conn)
    .await
}

/// The tickets merged directly into one, oldest first.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_merged(
    conn: &mut AsyncPgConnection,
    ticket: TicketId,
    limit: i64,
) -> QueryResult<Vec<rows::Ticket>> {
    TypedSql::<TicketSql>::new(concat!(
        "SELECT ",
        columns!(),
        " FROM tickets t WHERE t.merged_into = "
    ))
    .bind(Bind::BigInt(ticket.0))
    .sql(" ORDER BY t.id LIMIT ")
    .bind(Bind::BigInt(limit))
    .load(conn)
    .await
}

/// Merges a ticket into another: its thread goes along. Answers the messages that moved. Call it with both locked.
///
/// # Errors
/// If the database refuses.
pub async fn merge_ticket(
    conn: &mut AsyncPgConnection,
    ticket: TicketId,
    into: TicketId,
) -> QueryResult<Vec<i64>> {
    let moved = TypedSql::<BigInt>::new(
        "UPDATE messages SET origin = coalesce(origin, ticket_id), ticket_id = ",
    )
    .bind(Bind::BigInt(into.0))
    .sql(" WHERE ticket_id = ")
    .bind(Bind::BigInt(ticket.0))
    .sql(" RETURNING id")
    .load(conn)
    .await?;
    finish(conn, ticket, into, Some(into)).await?;
    Ok(moved)
}

/// Takes a merge back: the messages named return. Call it with both locked.
///
/// # Errors
/// If the database refuses.
pub async fn unmerge_ticket(
    conn: &mut AsyncPgConnection,
    ticket: TicketId,
    from: TicketId,
    moved: Vec<i64>,
) -> QueryResult<()> {
    // A message that was written under the ticket itself is at home again; one from a ticket merged before is not.
    let _: Vec<i64> = TypedSql::<BigInt>::new("UPDATE messages SET origin = nullif(origin, $1), ticket_id = $1 WHERE ticket_id = $2 AND id = ANY ($3) RETURNING id")
        .value(Bind::BigInt(ticket.0))
        .value(Bind::BigInt(from.0))
        .value(Bind::BigIntArray(moved))
        .load(conn)
        .await?;
    finish(conn, ticket, from, None).await
}

/// The database moves words and people itself when it sees where the ticket goes; the counts of messages follow here.
async fn finish(
    conn: &mut AsyncPgConnection,
    ticket: TicketId,
    other: TicketId,
    merged_into: Option<TicketId>,
) -> QueryResult<()> {
    diesel::update(tickets::table.find(ticket.0))
        .set(tickets::merged_into.eq(merged_into.map(|target| target.0)))
        .execute(conn)
        .await?;
    let _: Vec<i64> = TypedSql::<BigInt>::new(
        "UPDATE tickets t SET messages = c.messages, notes = c.notes FROM ( \
             SELECT n.id, count(m.id) FILTER (WHERE NOT m.internal) AS messages, count(m.id) FILTER (WHERE m.internal) AS notes \
             FROM unnest(ARRAY[$1, $2]::bigint[]) AS n (id) LEFT JOIN messages m ON m.ticket_id = n.id GROUP BY n.id \
         ) c WHERE c.id = t.id RETURNING t.id",
    )
    .value(Bind::BigInt(ticket.0))
    .value(Bind::BigInt(other.0))
    .load(conn)
    .await?;
    Ok(())
}

/// The messages that the last merge of a ticket took along.
///
/// # Errors
/// If the database cannot answer.
pub async fn last_moved(conn: &mut AsyncPgConnection, ticket: TicketId) -> QueryResult<Vec<i64>> {
    let moved: Option<Option<Vec<i64>>> = events::table
        .filter(events::ticket_id.eq(ticket.0))
        .filter(events::moved.is_not_null())
        .order(events::id.desc())
        .select(events::moved)
        .first(conn)
        .await
        .optional()?;
    Ok(moved.flatten().unwrap_or_default())
}
