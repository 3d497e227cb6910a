//! The ticket API over HTTP, on a real PostgreSQL: one desk, with a database of its own, per test.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod articles;
mod bad_input;
mod changes;
mod classify;
mod health;
mod history;
mod images;
mod live;
mod locations;
mod messages;
mod openapi;
mod outcomes;
mod privacy;
mod rate_limits;
mod reports;
mod roles;
mod search;
mod similar;
mod staff;
mod summary;
mod support;
mod tickets;
mod triage_model;
