//! Rows as PostgreSQL gives them. They stay inside the backend: `convert` makes wire types of them.

mod article;
mod event;
mod image;
mod message;
mod staff;
mod summary;
mod ticket;

pub use article::{Article, ArticleEntry};
pub use event::Event;
pub use image::{Image, ImageRow, LabelDecision, Photo, Prediction, ShownImage};
pub use message::Message;
pub use staff::Staff;
pub use summary::Summary;
pub use ticket::{Report, ReportSql, Ticket, TicketSql};
