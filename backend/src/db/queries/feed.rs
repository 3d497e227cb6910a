//! The change feed: each ticket once, at its newest position, below the oldest transaction that still runs.

use api_types::{Category, Status};
use diesel::{
    QueryResult,
    sql_types::{BigInt, Bool, Nullable, Oid, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use futures_util::stream::BoxStream;

use super::ticket::columns;
use crate::{
    db::{
        Bind, TypedSql,
        rows::{self, TicketSql},
    },
    domain::feed::{Lineage, Position},
};

/// How far the cluster is.
#[derive(Debug, Clone, Copy)]
pub struct Horizon {
    /// Which history transaction ids belong to.
    pub lineage: Lineage,
    /// The oldest transaction that still runs; what is below is settled.
    pub xmin: i64,
    /// The next transaction; nothing is at or above.
    pub xmax: i64,
}

/// Reads the horizon.
///
/// # Errors
/// If the database cannot answer.
pub async fn read_horizon(conn: &mut AsyncPgConnection) -> QueryResult<Horizon> {
    let (cluster, timeline, database, table, xmin, xmax) =
        TypedSql::<(BigInt, BigInt, Oid, Oid, BigInt, BigInt)>::new(
            "SELECT s.system_identifier, c.timeline_id::bigint, d.oid, 'tickets'::regclass::oid, \
             pg_snapshot_xmin(pg_current_snapshot())::text::bigint, \
             pg_snapshot_xmax(pg_current_snapshot())::text::bigint \
             FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d \
             WHERE d.datname = current_database()",
        )
        .get_result::<(i64, i64, u32, u32, i64, i64)>(conn)
        .await?;
    let (database, table) = (i64::from(database), i64::from(table));
    let lineage = Lineage { cluster, timeline, database, table };
    Ok(Horizon { lineage, xmin, xmax })
}

/// A ticket that moved in the feed, and which of its parts did.
#[derive(Debug, Clone, Copy)]
pub struct Move {
    /// Its place now.
    pub position: Position,
    /// Where it stands.
    pub status: Status,
    /// Its category.
    pub category: Category,
    /// Its version.
    pub version: i64,
    /// Whether the ticket itself changed since the position asked from.
    pub edited: bool,
    /// Whether the thread did, as everyone may see it.
    pub answered: bool,
}

/// What moved after a position, oldest first, as [`stream_changes`] gives it out.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_moves(
    conn: &mut AsyncPgConnection,
    after: Position,
    limit: i64,
) -> QueryResult<Vec<Move>> {
    type Row = (BigInt, BigInt, Text, Text, BigInt, Bool, Bool);
    let rows: Vec<(i64, i64, Status, Category, i64, bool, bool)> = TypedSql::<Row>::new(
        "SELECT t.changed_in, t.id, t.status, t.category, t.version, \
         (t.edited_in, t.id) > (p.changed_in, p.id), (t.answered_in, t.id) > (p.changed_in, p.id) \
         FROM (SELECT ",
    )
    .bind(Bind::BigInt(after.changed_in))
    .sql("::bigint AS changed_in, ")
    .bind(Bind::BigInt(after.ticket))
    .sql(
        "::bigint AS id) p, tickets t WHERE (t.changed_in, t.id) > (p.changed_in, p.id) \
         AND t.changed_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
         ORDER BY t.changed_in, t.id LIMIT ",
    )
    .bind(Bind::BigInt(limit))
    .load(conn)
    .await?;
    let moves = rows.into_iter().map(
        |(changed_in, ticket, status, category, version, edited, answered)| {
            let position = Position { changed_in, ticket };
            Move { position, status, category, version, edited, answered }
        },
    );
    Ok(moves.collect())
}

/// A ticket, what the classifier said of it, and the version of the model that did.
pub type Changed = (rows::Ticket, Option<Category>, Option<String>);
/// The SQL types of [`Changed`].
pub(super) type ChangedSql = (TicketSql, Nullable<Text>, Nullable<Text>);

/// Streams the changes after a position, oldest first, in the order of the index `tickets_by_change`.
///
/// # Errors
/// If the database cannot answer; also later, in the stream.
pub async fn stream_changes(
    conn: &mut AsyncPgConnection,
    after: Position,
    limit: u32,
) -> QueryResult<BoxStream<'static, QueryResult<Changed>>> {
    use futures_util::StreamExt as _;
    // A page has thousands of tickets and few assignees: a join remembers their names, a sub-select asks each time.
    let stream = TypedSql::<ChangedSql>::new(concat!(
        "SELECT ",
        columns!("s.name"),
        ", t.guess, t.guess_model FROM tickets t LEFT JOIN staff s ON s.id = t.assignee_id WHERE (t.changed_in, t.id) > ("
    ))
    .bind(Bind::BigInt(after.changed_in))
    .sql(", ")
    .bind(Bind::BigInt(after.ticket))
    // Ids come out of order: only what no running transaction can still slip below is given out.
    .sql(
        ") AND t.changed_in < pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
          ORDER BY t.changed_in, t.id LIMIT ",
    )
    .bind(Bind::BigInt(i64::from(limit)))
    .load_stream(conn)
    .await?;
    Ok(stream.boxed())
}
