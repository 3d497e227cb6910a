//! One database per test, cloned from a template that has been migrated once.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Client, NoTls};

use crate::server::{self, TEMPLATE};

/// A migrated, empty database that no other test sees.
///
/// All databases of a test process share one server, and so its transaction ids: a transaction left
/// open in one test holds the change feed back in all others. Wait for the feed on a condition.
///
/// Dropping it does nothing: the server and all its databases are thrown away with the process.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
}

impl TestDatabase {
    /// Clones the migrated template.
    ///
    /// # Panics  If there is no PostgreSQL on this machine or it refuses, with the reason.
    pub async fn new() -> TestDatabase {
        TestDatabase::create(TEMPLATE).await
    }

    /// A database without any table, for tests of the migrations themselves.
    ///
    /// # Panics  As [`TestDatabase::new`].
    pub async fn without_schema() -> TestDatabase {
        TestDatabase::create("template0").await
    }

    /// The connection string, for a pool, tokio-postgres or libpq's own tools.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A plain connection, for statements that the service would not send.
    ///
    /// # Panics  If the server refuses it.
    pub async fn connect(&self) -> Client {
        match open(&self.url).await {
            Ok(client) => client,
            Err(error) => panic!("the test database refused a connection: {error}"),
        }
    }

    async fn create(template: &str) -> TestDatabase {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let cluster = match server::start_once().await {
            Ok(cluster) => cluster,
            Err(error) => panic!("the test server could not be started: {error:#}"),
        };
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let made = async {
            let admin = open(&cluster.url("postgres")).await?;
            admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await
        };
        if let Err(error) = made.await {
            panic!("the test database could not be made: {error:?}");
        }
        TestDatabase { url: cluster.url(&name) }
    }
}

async fn open(url: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    // It ends with the client; what it reports then is of no use to a test.
    tokio::spawn(connection);
    Ok(client)
}
