//! Rows to wire types, by noun. What a role may not see stops here.

mod event;
mod message;
mod staff;
mod ticket;

pub(crate) use event::event;
pub(crate) use message::message;
pub(crate) use staff::staff;
pub(crate) use ticket::{changed_ticket, history_row, new_guess, report, state, ticket, update};
