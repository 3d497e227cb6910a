//! What is on a photo: vision services, a model of one's own, or what the desk has learned.
//!
//! A [`Labeller`] looks at a [`Photo`] and answers [`Prediction`]s, or a [`Failure`] that tells what to do next. There
//! are four: [`google`] and [`rekognition`] ask a service, [`onnx`] runs a model from a file, and [`learned`] goes by
//! the photos that staff have labelled. [`Guarded`] puts a time-out and a circuit breaker around any of them. Trying
//! again later, and keeping what was said, are the caller's.

pub mod google;
mod guarded;
mod http;
pub mod learned;
pub mod onnx;
mod picture;
mod prediction;
pub mod rekognition;

mod failure;

use api_types::LabelSource;
use bytes::Bytes;
use futures_util::future::BoxFuture;

pub use failure::{Failure, SetupError};
pub use google::GoogleVision;
pub use guarded::Guarded;
pub use learned::Learned;
pub use onnx::{OnnxError, OnnxModel};
pub use prediction::{MOST_LABELS, Prediction};
pub use rekognition::Rekognition;

/// A photo as a labeller gets it.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// The version that is shown: WebP, its longest side at most 1600 pixels, without metadata. It may be empty for a
    /// labeller that [does not need](Labeller::needs_picture) it.
    pub webp: Bytes,
    /// What it looks like, in numbers; the same picture has the same numbers.
    pub descriptor: Vec<f32>,
}

/// Says what is on a photo.
pub trait Labeller: Send + Sync {
    /// Who is asked.
    fn source(&self) -> LabelSource;

    /// Whether it looks at the picture itself, or at the descriptor alone.
    fn needs_picture(&self) -> bool {
        true
    }

    /// What is on the photo, surest first, at most [`MOST_LABELS`]; nothing is an answer too.
    ///
    /// # Errors
    /// A [`Failure`], which tells whether asking again may help.
    fn label<'a>(&'a self, photo: &'a Photo) -> BoxFuture<'a, Result<Vec<Prediction>, Failure>>;
}
