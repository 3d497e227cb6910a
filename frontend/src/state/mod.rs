//! What outlives a page, kept in this browser: who one is, drafts, and filters in the address bar.

mod draft;
mod filters;
mod session;
mod storage;
mod uuid;

pub(crate) use draft::{Draft, ReportDraft, note_reported, was_reported_here};
pub(crate) use filters::{Narrow, narrow_of, parse_query, query_pairs, query_string, with_narrow};
pub(crate) use session::Session;
pub(crate) use uuid::new_uuid;
