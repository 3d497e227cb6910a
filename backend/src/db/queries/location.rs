//! Places named before.

use diesel::{ExpressionMethods as _, QueryDsl as _, QueryResult, TextExpressionMethods as _};
use diesel::{define_sql_function, sql_types::Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::db::schema::locations;

define_sql_function! {
    /// Lower case, as the index has it.
    fn lower(text: Text) -> Text;
}

/// Places that begin with a text, whatever its case, in alphabetical order.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_locations(
    conn: &mut AsyncPgConnection,
    prefix: &str,
    limit: i64,
) -> QueryResult<Vec<String>> {
    let literal = prefix.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    locations::table
        .filter(lower(locations::name).like(lower(format!("{literal}%"))))
        .order((lower(locations::name), locations::name))
        .limit(limit)
        .select(locations::name)
        .load(conn)
        .await
}

/// Keeps a place for suggestions.
///
/// # Errors
/// If the database refuses.
pub async fn remember_location(conn: &mut AsyncPgConnection, name: &str) -> QueryResult<()> {
    diesel::insert_into(locations::table)
        .values(locations::name.eq(name))
        .on_conflict_do_nothing()
        .execute(conn)
        .await
        .map(drop)
}
