//! Rows to wire types, by noun. What a role may not see stops here.

mod event;
mod message;
mod staff;
mod ticket;

pub(crate) use event::event;
pub(crate) use message::message;
pub(crate) use staff::staff;
pub(crate) use ticket::{history_row, report, state, ticket, update};
