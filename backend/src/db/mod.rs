//! Everything that speaks SQL: the pool, the migrations, the private PostgreSQL, rows and queries by noun.

pub mod bulk;
pub mod cluster;
pub mod listen;
pub mod migrate;
mod pool;
pub mod queries;
pub mod rows;
pub(crate) mod schema;
mod typed_sql;

pub use pool::{Connection, Pool};
pub use typed_sql::{Bind, TypedSql};
