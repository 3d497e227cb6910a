//! The connection pools.

use std::time::Duration;

use deadpool::managed::{BuildError, QueueMode};
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{
    AsyncConnection as _, AsyncPgConnection, SimpleAsyncConnection as _,
    pooled_connection::{
        self, AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, deadpool::PoolError,
    },
};
use futures_util::{FutureExt as _, future::BoxFuture};
use thread_local::ThreadLocal;

type ThreadPool = pooled_connection::deadpool::Pool<AsyncPgConnection>;
/// One connection, given back when dropped.
pub type Connection = pooled_connection::deadpool::Object<AsyncPgConnection>;

/// How long a request waits for a free connection before it is answered 503.
const CHECKOUT_TIMEOUT: Duration = Duration::from_secs(5);

/// What every connection of ours promises, whatever the server's defaults are:
/// an acknowledged write is on disk, a lock is waited for at most two seconds (the first try of a repeated request may
/// still be running), and a forgotten transaction cannot hold the change feed back for long.
const SESSION: &str = "SET synchronous_commit = on; SET lock_timeout = '2s'; \
     SET idle_in_transaction_session_timeout = '60s'; SET timezone = 'UTC'; SET jit = off";

/// Connections to PostgreSQL, a few for each thread.
///
/// A connection is driven by a task of the thread that opened it. Lent to another thread, every statement would wake that
/// one and be woken by it, which costs as much as the statement.
pub struct Pool {
    database_url: String,
    connections_per_thread: usize,
    /// Should a thread break down, the one in its place finds these connections closed, each of them once.
    of_threads: ThreadLocal<ThreadPool>,
}

impl Pool {
    /// Prepares pools; connections are opened when first needed.
    #[must_use]
    pub const fn new(database_url: String, connections_per_thread: usize) -> Self {
        Self { database_url, connections_per_thread, of_threads: ThreadLocal::new() }
    }

    /// A connection, waited for at most a few seconds.
    ///
    /// # Errors
    /// If the database is away or every connection of this thread stays busy.
    pub async fn get(&self) -> Result<Connection, PoolError> {
        self.of_threads.get_or_try(|| self.create_thread_pool())?.get().await
    }

    fn create_thread_pool(&self) -> Result<ThreadPool, PoolError> {
        let mut config = ManagerConfig::default();
        // A broken connection shows itself in its next query; asking first would cost every request a round trip.
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(connect);
        let manager = AsyncDieselConnectionManager::new_with_config(&self.database_url, config);
        ThreadPool::builder(manager)
            .max_size(self.connections_per_thread)
            // The one used last has its statements and PostgreSQL's caches at hand.
            .queue_mode(QueueMode::Lifo)
            .wait_timeout(Some(CHECKOUT_TIMEOUT))
            .create_timeout(Some(CHECKOUT_TIMEOUT))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(|BuildError::NoRuntimeSpecified| PoolError::NoRuntimeSpecified)
    }
}

fn connect(url: &str) -> BoxFuture<'_, ConnectionResult<AsyncPgConnection>> {
    async move {
        let mut conn = AsyncPgConnection::establish(url).await?;
        conn.batch_execute(SESSION).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(conn)
    }
    .boxed()
}
