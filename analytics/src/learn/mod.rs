//! Learning: from labelled sentences to the model file of the ticket classifier, and how good that model is.
//!
//! [`corpus`] reads labelled rows, [`vocabulary`] chooses the terms worth a column, [`fit`] finds their weights with
//! linfa, [`folds`] keeps rows back to be judged by, [`calibration`] makes probabilities mean what they say,
//! [`threshold`] decides when an answer counts as unsure, [`train`] puts the file together and [`evaluate`] measures it. [`decided`] reads what staff
//! decided on a running desk, and [`improve`] learns from it. The text itself is always cut and weighed by the `triage` crate, so that training and the desk see the
//! same terms.

pub mod calibration;
pub mod corpus;
pub mod decided;
pub mod evaluate;
pub mod fit;
pub mod folds;
pub mod improve;
pub mod threshold;
pub mod train;
pub mod vocabulary;

#[cfg(test)]
mod corpus_tests;
