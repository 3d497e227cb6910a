//! What tests of the services stand on: a real PostgreSQL, and a database of its own for each test.
//!
//! ```no_run
//! # async fn example() {
//! let database = test_support::TestDatabase::new().await;
//! let client = database.connect().await;
//! # }
//! ```
//! Nothing has to be started or cleaned up by hand: the first [`TestDatabase`] of a test process starts
//! a server ([`server`]), and the server ends with the process, however that ends.

pub mod database;
pub mod programs;
pub mod server;

pub use database::TestDatabase;
pub use programs::find_program;
