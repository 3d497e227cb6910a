//! What outlives a page: who one is, drafts, filters in the address bar, what waits to be
//! sent, and the stream of live events.

mod draft;
mod filters;
mod follow;
mod language;
mod live;
mod loaded;
mod lock;
mod outbox;
mod session;
mod storage;
mod theme;
mod uuid;
mod views;

pub(crate) use draft::{
    Draft, EditDraft, ReportDraft, TicketTexts, note_joined, note_reported, was_joined_here,
    was_reported_here,
};
pub(crate) use filters::{Narrow, narrow_of, parse_query, query_pairs, query_string, with_narrow};
pub(crate) use follow::follow;
pub(crate) use language::LanguageChoice;
pub(crate) use live::Live;
pub(crate) use loaded::Loaded;
pub(crate) use lock::alone;
pub(crate) use outbox::{Outbox, Waiting};
pub(crate) use session::Session;
pub(crate) use theme::{ColourChoice, Colours};
pub(crate) use uuid::new_uuid;
pub(crate) use views::{
    Density, SavedView, add_view, keep_keys, keep_views, load_keys, load_views,
};
