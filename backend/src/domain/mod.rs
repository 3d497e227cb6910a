//! The rules of the desk: parsing, transitions and who may see what. Nothing here performs IO.

pub mod caller;
pub mod feed;
pub mod listing;
pub mod merge;
pub mod search;
pub mod summary;
pub mod text;
pub mod ticket;
