//! Migrations, and the stamp that keeps the change feed true after a restore.

use anyhow::{Context as _, anyhow};
use diesel::{QueryableByName, sql_query, sql_types::BigInt};
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _,
    async_connection_wrapper::AsyncConnectionWrapper,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

/// Every migration, in order, each with its way back.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations");

/// Serialises two `migrate` runs on one database. The number is arbitrary but must stay.
const LOCK: &str = "SELECT pg_advisory_lock(7226133812)";

type SyncConnection = AsyncConnectionWrapper<AsyncPgConnection>;

fn establish_sync(url: &str) -> anyhow::Result<SyncConnection> {
    <SyncConnection as diesel::Connection>::establish(url).context("cannot reach the database")
}

/// Brings the database to the newest schema and stamps rows anew that a restore left in the future.
///
/// # Errors
/// If the database cannot be reached or a migration fails; each migration is one transaction.
pub async fn run(database_url: &str) -> anyhow::Result<()> {
    let url = database_url.to_owned();
    // The harness blocks, and blocking inside the runtime of `actix_web::main` panics (diesel_async#266).
    tokio::task::spawn_blocking(move || migrate_up(&url)).await.context("migrating")??;
    let mut conn = AsyncPgConnection::establish(database_url).await?;
    stamp_future_rows(&mut conn).await?;
    Ok(())
}

fn migrate_up(url: &str) -> anyhow::Result<()> {
    let mut conn = establish_sync(url)?;
    diesel::RunQueryDsl::execute(sql_query(LOCK), &mut conn)?;
    conn.run_pending_migrations(MIGRATIONS).map_err(|cause| anyhow!("{cause}"))?;
    Ok(())
}

/// Takes every migration back, newest first.
///
/// # Errors
/// If the database cannot be reached or a `down.sql` fails.
pub async fn revert_all(database_url: &str) -> anyhow::Result<()> {
    let url = database_url.to_owned();
    tokio::task::spawn_blocking(move || {
        let mut conn = establish_sync(&url)?;
        conn.revert_all_migrations(MIGRATIONS).map_err(|cause| anyhow!("{cause}"))?;
        Ok(())
    })
    .await
    .context("reverting")?
}

/// Whether migrations of this program are missing in the database.
///
/// # Errors
/// If the database cannot be reached.
pub async fn is_pending(database_url: &str) -> anyhow::Result<bool> {
    let url = database_url.to_owned();
    tokio::task::spawn_blocking(move || {
        let mut conn = establish_sync(&url)?;
        conn.has_pending_migration(MIGRATIONS).map_err(|cause| anyhow!("{cause}"))
    })
    .await
    .context("looking for migrations")?
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

const IN_THE_FUTURE: &str = "changed_in >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint";

/// How many tickets carry a transaction id that this cluster has not reached: a dump of another cluster, restored.
/// The feed would hide them until the counter gets there.
///
/// # Errors
/// If the database cannot be asked.
pub async fn count_future_rows(conn: &mut AsyncPgConnection) -> diesel::QueryResult<i64> {
    let sql = format!("SELECT count(*) AS count FROM tickets WHERE {IN_THE_FUTURE}");
    Ok(sql_query(sql).get_result::<Count>(conn).await?.count)
}

/// Gives rows from the future this transaction's id; the trigger on tickets does the stamping.
async fn stamp_future_rows(conn: &mut AsyncPgConnection) -> diesel::QueryResult<usize> {
    let sql = format!("UPDATE tickets SET edited_in = -1, answered_in = -1 WHERE {IN_THE_FUTURE}");
    sql_query(sql).execute(conn).await
}
