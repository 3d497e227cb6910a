//! Typed HTTP client of the ticket API, for the analytics service, the tests and the load generator.
//!
//! A [`Client`] speaks as one role under one name. Each path of the API is one method; writes that may be sent again
//! take their idempotency key from the caller, writes to a ticket the version the caller saw. An answer that is not
//! complete is an error, never a shorter list.

mod error;
mod feed;
mod outcomes;
mod send;
mod staff;
mod tickets;
mod triage;

pub use error::ClientError;
pub use feed::FeedPage;
pub use send::Client;
