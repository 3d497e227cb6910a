//! `/tickets` and what changes one.

mod affected;
mod assignee;
mod bulk;
mod category;
mod create;
mod edit;
mod find;
pub(crate) mod list;
mod merge;
mod merge_chain;
mod merge_locks;
mod merge_redaction;
mod order;
mod redact;
mod status;
