//! Ticket lists. Each status is one ordered range of an index; a list over several merges them (`MergeAppend`), so a
//! page reads about as many rows as it shows, at any number of tickets.

use api_types::{SortBy, Status};
use diesel::QueryResult;
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::ticket::columns;
use crate::{
    db::{
        Bind, TypedSql,
        rows::{self, TicketSql},
    },
    domain::listing::{Filter, Key, Listing},
};

/// The page asked for and one ticket more, which tells whether there is a next page.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_tickets(
    conn: &mut AsyncPgConnection,
    listing: &Listing,
) -> QueryResult<Vec<rows::Ticket>> {
    let mut rows: Vec<rows::Ticket> = select(listing).load(conn).await?;
    rows.truncate(listing.limit as usize + 1);
    Ok(rows)
}

fn select(listing: &Listing) -> TypedSql<TicketSql> {
    let mut query = TypedSql::new(concat!("SELECT ", columns!(), " FROM ("));
    for (index, status) in listing.statuses.iter().enumerate() {
        query = query.sql(if index == 0 { "(" } else { " UNION ALL (" }).sql(match status {
            Status::Open => "SELECT * FROM tickets WHERE merged_into IS NULL AND status = 'open'",
            Status::Active => {
                "SELECT * FROM tickets WHERE merged_into IS NULL AND status = 'active'"
            }
            Status::Closed => {
                "SELECT * FROM tickets WHERE merged_into IS NULL AND status = 'closed'"
            }
        });
        query = narrow(query, &listing.filter);
        query = go_on(query, listing);
        // Each range says its order itself: the planner does not look into a branch for one that it could use.
        query = query.sql(order(listing.sort)).sql(limit(listing.limit)).sql(")");
    }
    query.sql(") t").sql(order(listing.sort)).sql(limit(listing.limit))
}

fn order(sort: SortBy) -> &'static str {
    match sort {
        SortBy::Newest => " ORDER BY opened_at DESC, id DESC",
        SortBy::Oldest => " ORDER BY opened_at, id",
        SortBy::Modified => " ORDER BY modified_at DESC, id DESC",
        SortBy::Affected => " ORDER BY affected DESC, id DESC",
    }
}

/// A bound limit would hide from the planner how little is wanted; two constants keep the statements few.
fn limit(wanted: u32) -> &'static str {
    if wanted <= 25 { " LIMIT 26" } else { " LIMIT 101" }
}

fn narrow(query: TypedSql<TicketSql>, filter: &Filter) -> TypedSql<TicketSql> {
    match filter {
        Filter::None => query,
        Filter::Category(category) => {
            query.sql(" AND category = ").bind(Bind::Text(category.to_string()))
        }
        Filter::Assignee(id) => query.sql(" AND assignee_id = ").bind(Bind::BigInt(id.0)),
        Filter::Location(location) => {
            query.sql(" AND location = ").bind(Bind::Text(location.to_string()))
        }
        Filter::Unsure => query.sql(" AND unsure"),
    }
}

fn go_on(query: TypedSql<TicketSql>, listing: &Listing) -> TypedSql<TicketSql> {
    let Some(after) = listing.after else { return query };
    query
        .sql(match listing.sort {
            SortBy::Newest => " AND (opened_at, id) < (",
            SortBy::Oldest => " AND (opened_at, id) > (",
            SortBy::Modified => " AND (modified_at, id) < (",
            SortBy::Affected => " AND (affected, id) < (",
        })
        .bind(match after.key {
            Key::At(at) => Bind::Timestamptz(at),
            Key::Count(count) => Bind::Integer(count),
        })
        .sql(", ")
        .bind(Bind::BigInt(after.id))
        .sql(")")
}
