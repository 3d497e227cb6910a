//! Rows as PostgreSQL gives them. They stay inside the backend: `convert` makes wire types of them.

mod event;
mod message;
mod staff;
mod ticket;

pub use event::Event;
pub use message::Message;
pub use staff::Staff;
pub use ticket::{Report, Ticket, TicketSql};
