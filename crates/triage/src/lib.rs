//! Gives a text its category: facility, IT or services, with probabilities and the words that spoke for it.
//!
//! A text becomes *terms* ([`tokenizer`]: words, pairs of words, fragments of words), the terms that the *vocabulary*
//! ([`features`]) knows become a sparse vector of tf-idf values, and the [`Model`] weighs that vector for each category.
//! Everything learnt stands in a versioned file ([`file`]); the committed one is part of the binary
//! ([`Model::shipped`]), so that a ticket gets its category without asking anyone. Training lives elsewhere: this crate
//! performs no IO, and builds natively and for wasm.

pub mod features;
pub mod file;
mod model;
mod reasons;
mod stop_words;
mod ticket;
pub mod tokenizer;

pub use file::ModelError;
pub use model::{CATEGORIES, Model, most_probable, softmax};
pub use stop_words::is_stop_word;
pub use ticket::text_of_ticket;
