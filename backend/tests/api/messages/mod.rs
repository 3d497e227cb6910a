//! The thread under a ticket.

mod create;
mod list;
