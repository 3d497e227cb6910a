//! The connection pool.

use std::time::Duration;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, SimpleAsyncConnection as _,
    pooled_connection::{self, AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod},
};
use futures_util::{FutureExt as _, future::BoxFuture};

/// Connections to PostgreSQL, shared by every worker.
pub type Pool = pooled_connection::deadpool::Pool<AsyncPgConnection>;
/// One connection, given back when dropped.
pub type Connection = pooled_connection::deadpool::Object<AsyncPgConnection>;

/// How long a request waits for a free connection before it is answered 503.
const CHECKOUT_TIMEOUT: Duration = Duration::from_secs(5);

/// What every connection of ours promises, whatever the server's defaults are:
/// an acknowledged write is on disk, a lock is waited for at most two seconds (the first try of a repeated request may
/// still be running), and a forgotten transaction cannot hold the change feed back for long.
const SESSION: &str = "SET synchronous_commit = on; SET lock_timeout = '2s'; \
     SET idle_in_transaction_session_timeout = '60s'; SET timezone = 'UTC'; SET jit = off";

/// Prepares a pool; connections are opened when first needed.
///
/// # Errors
/// Only if the pool's own settings contradict each other.
pub fn create_pool(
    database_url: &str,
    max_connections: usize,
) -> Result<Pool, deadpool::managed::BuildError> {
    let mut config = ManagerConfig::default();
    // A broken connection shows itself in its next query; asking first would cost every request a round trip.
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(connect);
    let manager = AsyncDieselConnectionManager::new_with_config(database_url, config);
    Pool::builder(manager)
        .max_size(max_connections)
        .wait_timeout(Some(CHECKOUT_TIMEOUT))
        .create_timeout(Some(CHECKOUT_TIMEOUT))
        .runtime(deadpool::Runtime::Tokio1)
        .build()
}

fn connect(url: &str) -> BoxFuture<'_, ConnectionResult<AsyncPgConnection>> {
    async move {
        let mut conn = AsyncPgConnection::establish(url).await?;
        conn.batch_execute(SESSION).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(conn)
    }
    .boxed()
}
