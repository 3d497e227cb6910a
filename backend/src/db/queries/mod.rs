//! SQL by noun. Functions take a connection, never a pool, so that callers own their transactions.

pub mod event;
pub mod export;
pub mod feed;
pub mod listing;
pub mod location;
pub mod message;
pub mod redact;
pub mod staff;
pub mod ticket;
pub mod triage_model;
