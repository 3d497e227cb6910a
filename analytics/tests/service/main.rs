//! The service against an API that fails in every way a network can: a small server that speaks the documented feed
//! and misbehaves on demand.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod analyses;
mod fake_api;
mod feed;
mod requests;
