//! SQL by noun. Functions take a connection, never a pool, so that callers own their transactions.

pub mod affected;
pub mod article;
pub mod event;
pub mod export;
pub mod feed;
pub mod image;
pub mod label;
pub mod listing;
pub mod location;
pub mod merge;
pub mod message;
pub mod outcome;
pub mod photo;
pub mod prediction_job;
pub mod redact;
pub mod search;
pub mod staff;
pub mod summary;
pub mod ticket;
pub mod triage_model;
