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
mod order;
mod redact;
mod status;
