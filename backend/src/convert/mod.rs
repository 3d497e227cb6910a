//! Rows to wire types, by noun. What a role may not see stops here.

mod article;
mod event;
mod image;
mod message;
mod search;
mod staff;
mod ticket;

pub(crate) use article::{article, article_entry};
pub(crate) use event::event;
pub(crate) use image::{image, predictions};
pub(crate) use message::message;
pub(crate) use search::{article_hit, facets, similar_hit, similar_ticket, summary, ticket_hit};
pub(crate) use staff::staff;
pub(crate) use ticket::{
    changed_ticket, history_row, merge_side, new_guess, reclassification, report, state,
    summary_update, ticket, update,
};
