//! `/tickets` and what changes one.

mod affected;
mod assignee;
mod bulk;
mod category;
mod create;
mod edit;
mod find;
mod list;
mod merge;
mod order;
mod redact;
mod status;
