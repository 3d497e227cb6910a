//! Models of the classifier: kept, listed, and the one in use.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, QueryResult, insert_into,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::db::schema::{triage_activations, triage_models};

/// So many are listed.
const LISTED: i64 = 100;

/// Keeps a model; one that is there already stays as it is.
///
/// # Errors
/// If the database refuses.
pub async fn keep_model(
    conn: &mut AsyncPgConnection,
    version: &str,
    file: &[u8],
) -> QueryResult<()> {
    insert_into(triage_models::table)
        .values((triage_models::version.eq(version), triage_models::file.eq(file)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await
        .map(drop)
}

/// Makes a model the one in use, for every process.
///
/// # Errors
/// If the database refuses.
pub async fn activate_model(conn: &mut AsyncPgConnection, version: &str) -> QueryResult<()> {
    insert_into(triage_activations::table)
        .values(triage_activations::version.eq(version))
        .execute(conn)
        .await
        .map(drop)
}

/// The version in use; `None` while nobody chose one.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_active_version(conn: &mut AsyncPgConnection) -> QueryResult<Option<String>> {
    triage_activations::table
        .order(triage_activations::id.desc())
        .select(triage_activations::version)
        .first(conn)
        .await
        .optional()
}

/// The file of a version.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_file(
    conn: &mut AsyncPgConnection,
    version: &str,
) -> QueryResult<Option<Vec<u8>>> {
    triage_models::table.find(version).select(triage_models::file).first(conn).await.optional()
}

/// The versions that were published, newest first.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_models(
    conn: &mut AsyncPgConnection,
) -> QueryResult<Vec<(String, DateTime<Utc>)>> {
    triage_models::table
        .order((triage_models::published_at.desc(), triage_models::version))
        .limit(LISTED)
        .select((triage_models::version, triage_models::published_at))
        .load(conn)
        .await
}
