//! One file per noun: extract, call domain and database, answer.

pub(crate) mod affected;
pub(crate) mod analytics;
mod answer;
pub(crate) mod articles;
pub(crate) mod bulk;
mod change;
pub(crate) mod changes;
pub(crate) mod classify;
pub(crate) mod events;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod images;
pub(crate) mod labels;
pub(crate) mod locations;
pub(crate) mod merge;
pub(crate) mod messages;
pub(crate) mod outcomes;
pub(crate) mod redact;
pub(crate) mod reports;
pub(crate) mod search;
pub(crate) mod spa;
pub(crate) mod staff;
pub(crate) mod summaries;
pub(crate) mod tickets;
pub(crate) mod triage_model;
