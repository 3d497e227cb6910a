//! Tickets and articles by their words.
//!
//! A search takes two steps. The first asks what the words are to the database: their stems in each language, how rare they
//! are, and what a word that nobody ever wrote may be a slip for. The second looks the stems up in the index of words, the
//! newest shelf of tickets first and no more than a thousand matches, weighs those, and shows the best.
//!
//! Rarity is what PostgreSQL's own statistics say of the index of words; a word that is not among the common ones is rare.

use api_types::{Category, Role, Status, TicketId};
use chrono::{DateTime, Utc};
use diesel::{
    QueryResult,
    sql_types::{Array, BigInt, Bool, Double, Float, Integer, Nullable, Text, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    db::{Bind, TypedSql},
    domain::search::lookup::KnownTerm,
};

/// Looks words up for a role. `complete` and `correct` say, for each, whether words that begin like it or look like it are
/// wanted.
///
/// # Errors
/// If the database cannot answer.
pub async fn know_terms(
    conn: &mut AsyncPgConnection,
    role: Role,
    terms: Vec<String>,
    complete: Vec<String>,
    correct: Vec<String>,
) -> QueryResult<Vec<KnownTerm>> {
    type RowSql = (Array<Text>, Bool, Nullable<Float>, Bool, Array<Text>, Array<Text>);
    type Row = (Vec<String>, bool, Option<f32>, bool, Vec<String>, Vec<String>);
    let rows: Vec<Row> = TypedSql::<RowSql>::new(include_str!("../sql/know_terms.sql"))
        .value(Bind::TextArray(terms))
        .value(Bind::TextArray(complete))
        .value(Bind::TextArray(correct))
        .value(Bind::Bool(role == Role::Staff))
        .load(conn)
        .await?;
    let terms = rows.into_iter().map(|(queries, stop_word, share, known, longer, alike)| {
        KnownTerm { queries, stop_word, share, known, longer, alike }
    });
    Ok(terms.collect())
}

/// What to look up.
#[derive(Debug, Clone)]
pub struct Lookup {
    /// For whom: users find open and active tickets, and nothing of internal notes.
    pub role: Role,
    /// What a match must have, as a query on stems.
    pub matching: String,
    /// What no part of a ticket may have, as such a query; empty for nothing.
    pub excluded: String,
    /// Each term as such a query.
    pub terms: Vec<String>,
    /// What each term is worth.
    pub weights: Vec<f32>,
    /// The least worth of all terms that a match has.
    pub least: f32,
    /// Only this status.
    pub status: Option<Status>,
    /// Only this category.
    pub category: Option<Category>,
    /// Articles only where the title matches too: a long text has something of everything.
    pub by_title: bool,
    /// How many at most.
    pub limit: i64,
}

/// A ticket or article that was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its number.
    pub id: i64,
    /// How well it fits.
    pub score: f64,
    /// Its title.
    pub title: String,
    /// The text around the matches, each between [`HIT_START`] and [`HIT_END`].
    pub snippet: String,
    /// Where a ticket stands.
    pub status: Option<Status>,
    /// Which desk it belongs to.
    pub category: Category,
    /// Where.
    pub location: Option<String>,
    /// How many said "me too".
    pub affected: i32,
    /// When it changed.
    pub modified_at: DateTime<Utc>,
    /// Its sentences: reported, done, now.
    pub summary: [Option<String>; 3],
}

/// What was found, and what else there is.
#[derive(Debug, Clone, Default)]
pub struct Matches {
    /// The best of what was asked for.
    pub found: Vec<Found>,
    /// How many there are of each status and category, whatever was asked for: open, active, closed, facility, it, services.
    pub counts: Vec<i64>,
    /// Whether more tickets match than were weighed.
    pub capped: bool,
}

/// Stands before a match in a snippet; no text can hold it.
pub const HIT_START: char = '\u{2}';
/// Stands behind a match in a snippet.
pub const HIT_END: char = '\u{3}';

/// One row for each that was found, or one that has the counts alone.
type FoundSql = (
    Nullable<BigInt>,
    Nullable<Double>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Integer>,
    Nullable<Timestamptz>,
    Array<Nullable<Text>>,
    Array<BigInt>,
    Bool,
);
type FoundRow = (
    Option<i64>,
    Option<f64>,
    Option<String>,
    Option<String>,
    Option<Status>,
    Option<Category>,
    Option<String>,
    Option<i32>,
    Option<DateTime<Utc>>,
    Vec<Option<String>>,
    Vec<i64>,
    bool,
);

fn matches(rows: Vec<FoundRow>) -> Matches {
    let mut matches = Matches::default();
    for row in rows {
        let (id, score, title, snippet, status, category, location, affected, at, summary, ..) =
            row;
        let found = || {
            Some(Found {
                id: id?,
                score: score?,
                title: title?,
                snippet: snippet?,
                status,
                category: category?,
                location,
                affected: affected?,
                modified_at: at?,
                summary: summary.try_into().unwrap_or_default(),
            })
        };
        matches.found.extend(found());
        (matches.counts, matches.capped) = (row.10, row.11);
    }
    matches
}

/// The statement that finds tickets.
#[must_use]
pub fn tickets_statement(lookup: &Lookup) -> TypedSql<FoundSql> {
    let sql = match lookup.role {
        Role::User => concat!(
            include_str!("../sql/search_terms.sql"),
            include_str!("../sql/walk_shelves.sql"),
            include_str!("../sql/match_for_users.sql"),
            include_str!("../sql/rank_tickets.sql")
        ),
        Role::Staff => concat!(
            include_str!("../sql/search_terms.sql"),
            include_str!("../sql/walk_shelves.sql"),
            include_str!("../sql/match_for_staff.sql"),
            include_str!("../sql/rank_tickets.sql")
        ),
    };
    let status = lookup.status.map(|status| status.to_string());
    statement(sql, lookup, status).value(Bind::Text(lookup.excluded.clone()))
}

/// The statement that finds articles.
#[must_use]
pub fn articles_statement(lookup: &Lookup) -> TypedSql<FoundSql> {
    let sql =
        concat!(include_str!("../sql/search_terms.sql"), include_str!("../sql/rank_articles.sql"));
    statement(sql, lookup, Some(lookup.role.to_string())).value(Bind::Bool(lookup.by_title))
}

/// With the values of `search_terms.sql`; the sixth is a status or, for articles, the role.
fn statement(sql: &'static str, lookup: &Lookup, sixth: Option<String>) -> TypedSql<FoundSql> {
    TypedSql::new(sql)
        .value(Bind::TextArray(lookup.terms.clone()))
        .value(Bind::FloatArray(lookup.weights.clone()))
        .value(Bind::OptionalDouble(Some(f64::from(lookup.least))))
        .value(Bind::Text(lookup.matching.clone()))
        .value(Bind::BigInt(lookup.limit))
        .value(Bind::OptionalText(sixth))
        .value(Bind::OptionalText(lookup.category.map(|category| category.to_string())))
}

/// Tickets, best first.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_tickets(conn: &mut AsyncPgConnection, lookup: &Lookup) -> QueryResult<Matches> {
    tickets_statement(lookup).load(conn).await.map(matches)
}

/// One ticket by its number, as a search shows it; a merged one by its target.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_number(conn: &mut AsyncPgConnection, id: TicketId) -> QueryResult<Option<Found>> {
    // One that was merged is found as the one that stands for it.
    let rows: Vec<FoundRow> = TypedSql::<FoundSql>::new(
        "WITH RECURSIVE chain AS (SELECT s.id, s.merged_into FROM tickets s WHERE s.id = $1 \
             UNION ALL SELECT n.id, n.merged_into FROM chain c JOIN tickets n ON n.id = c.merged_into) \
         SELECT t.id, 1::double precision, t.title, left(t.description, 240), t.status, t.category, t.location, t.affected, t.modified_at, \
         ARRAY[u.reported, u.done, u.now], ARRAY[]::bigint[], false \
         FROM chain c JOIN tickets t ON t.id = c.id LEFT JOIN ticket_summaries u ON u.ticket_id = t.id WHERE t.merged_into IS NULL",
    )
    .value(Bind::BigInt(id.0))
    .load(conn)
    .await?;
    Ok(matches(rows).found.pop())
}

/// Articles, best first; drafts for staff alone.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_articles(conn: &mut AsyncPgConnection, lookup: &Lookup) -> QueryResult<Matches> {
    articles_statement(lookup).load(conn).await.map(matches)
}
