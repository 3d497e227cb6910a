//! `/tickets` and what changes one.

mod assignee;
mod bulk;
mod category;
mod create;
mod edit;
mod find;
mod list;
mod order;
mod redact;
mod status;
