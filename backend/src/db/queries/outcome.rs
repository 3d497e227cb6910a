//! What people looked for and what came of it, counted by day (in UTC).

use api_types::{ArticleId, ArticleUse, SearchCount};
use chrono::NaiveDate;
use diesel::{
    QueryResult,
    sql_types::{BigInt, Date, Integer, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::db::{Bind, TypedSql};

/// Counts a search.
///
/// # Errors
/// If the database refuses.
pub async fn count_search(
    conn: &mut AsyncPgConnection,
    query: String,
    found: bool,
    opened: bool,
) -> QueryResult<()> {
    TypedSql::<()>::new(
        "INSERT INTO searches AS s (day, query, asked, empty, opened) \
         VALUES ((now() AT TIME ZONE 'UTC')::date, $1, 1, (NOT $2)::integer, ($2 AND $3)::integer) \
         ON CONFLICT (day, query) DO UPDATE SET asked = s.asked + 1, empty = s.empty + excluded.empty, opened = s.opened + excluded.opened",
    )
    .value(Bind::Text(query))
    .value(Bind::Bool(found))
    .value(Bind::Bool(opened))
    .execute(conn)
    .await
    .map(drop)
}

/// Counts the published articles that stood beside a report.
///
/// # Errors
/// If the database refuses.
pub async fn count_article_uses(
    conn: &mut AsyncPgConnection,
    shown: &[ArticleId],
    opened: &[ArticleId],
    sent: bool,
) -> QueryResult<()> {
    let numbers = |ids: &[ArticleId]| Bind::BigIntArray(ids.iter().map(|id| id.0).collect());
    // In the order of numbers, so that two of these do not wait for each other.
    TypedSql::<()>::new(
        "INSERT INTO article_uses AS u (day, article_id, shown, opened, stopped) \
         SELECT (now() AT TIME ZONE 'UTC')::date, a.id, 1, (a.id = ANY ($2))::integer, (a.id = ANY ($2) AND NOT $3)::integer \
         FROM articles a WHERE a.id = ANY ($1) AND a.published ORDER BY a.id \
         ON CONFLICT (day, article_id) DO UPDATE SET shown = u.shown + 1, opened = u.opened + excluded.opened, stopped = u.stopped + excluded.stopped",
    )
    .value(numbers(shown))
    .value(numbers(opened))
    .value(Bind::Bool(sent))
    .execute(conn)
    .await
    .map(drop)
}

/// Searches from a day on, after a search of a day.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_searches(
    conn: &mut AsyncPgConnection,
    (day, query): (NaiveDate, String),
    limit: i64,
) -> QueryResult<Vec<SearchCount>> {
    type Row = (Date, Text, Integer, Integer, Integer);
    let rows: Vec<(NaiveDate, String, i32, i32, i32)> = TypedSql::<Row>::new(
        "SELECT day, query, asked, empty, opened FROM searches WHERE (day, query) > ($1, $2) ORDER BY day, query LIMIT $3",
    )
    .value(Bind::Date(day))
    .value(Bind::Text(query))
    .value(Bind::BigInt(limit))
    .load(conn)
    .await?;
    let count =
        |(day, query, asked, empty, opened)| SearchCount { day, query, asked, empty, opened };
    Ok(rows.into_iter().map(count).collect())
}

/// Uses of articles from a day on, after an article of a day.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_article_uses(
    conn: &mut AsyncPgConnection,
    (day, article): (NaiveDate, i64),
    limit: i64,
) -> QueryResult<Vec<ArticleUse>> {
    type Row = (Date, BigInt, Text, Integer, Integer, Integer);
    let rows: Vec<(NaiveDate, ArticleId, String, i32, i32, i32)> = TypedSql::<Row>::new(
        "SELECT u.day, u.article_id, a.title, u.shown, u.opened, u.stopped FROM article_uses u JOIN articles a ON a.id = u.article_id \
         WHERE (u.day, u.article_id) > ($1, $2) ORDER BY u.day, u.article_id LIMIT $3",
    )
    .value(Bind::Date(day))
    .value(Bind::BigInt(article))
    .value(Bind::BigInt(limit))
    .load(conn)
    .await?;
    let uses = |(day, article, title, shown, opened, stopped)| ArticleUse {
        day,
        article,
        title,
        shown,
        opened,
        stopped,
    };
    Ok(rows.into_iter().map(uses).collect())
}
