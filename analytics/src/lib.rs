//! The analytics service of Campus Desk: chart-ready answers about the tickets, read through the ticket API alone.
//!
//! The [`source`] follows the change feed of the API into a [`store`] of columns in memory. A [`mirror`] holds that
//! store for the readers and says how fresh it is. Each of the [`analyses`] is a named question that the store answers
//! within a moment, over the periods and buckets of the [`calendar`]. [`service`] puts an HTTP server around them.
//! [`learn`] is apart from all that: it makes the classifier's model file, on the command line.

pub mod analyses;
pub mod calendar;
pub mod clock;
pub mod config;
mod error;
mod handlers;
pub mod learn;
pub mod mirror;
pub mod outcomes;
mod routes;
pub mod service;
pub mod source;
pub mod store;
#[cfg(test)]
mod testing;
