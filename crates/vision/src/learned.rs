//! What the desk has learned from the photos that staff have labelled.
//!
//! One logistic regression for each label says how likely that label is, from the numbers that describe a photo.
//! [`train`] measures what comes of it on photos that a model has not seen, and gives no model where that is too
//! little: a desk with few labelled photos says nothing rather than something wrong. [`Learned`] is the labeller.
//!
//! When a model speaks:
//!
//! - It knows the labels that at least [`LEAST_PHOTOS`] photos have, the [`MOST_KNOWN`] commonest. It needs two of
//!   them, and [`LEAST_IN_ALL`] photos that have any label, not all of the same numbers.
//! - The photos are dealt into five folds, and each is predicted by a model trained on the other four. The share of
//!   photos whose surest label is one of theirs is the *accuracy*; below [`LEAST_ACCURACY`] there is no model. A photo
//!   that has only rare labels counts as wrong, for such photos come in as well.
//! - A label is said if its probability reaches the *threshold*: the lowest one, from 0.5 up, at which
//!   [`LEAST_PRECISION`] of all that is said of those held-out photos is right, and would be with one more wrong. Without
//!   such a threshold there is no model.
//! - Of a photo that is *unlike* the known ones nothing is said: one whose nearest known photo is farther away than
//!   that of 95 in 100 held-out photos.
//!
//! Photos of the same numbers share a fold, so that none is predicted by its own copy. There is no chance in any of
//! this: the same examples give the same model in every process, whatever their order; only the last digits may differ
//! between processors of another kind.

mod corpus;
mod fitted;
mod measure;

use std::{
    panic,
    sync::{Arc, PoisonError, RwLock},
};

use api_types::LabelSource;
use futures_util::{FutureExt as _, future::BoxFuture};
use ndarray::ArrayView1;
use tracing::error;

use crate::{Failure, Labeller, Photo, Prediction, prediction::rank_predictions};
use corpus::Corpus;
use fitted::Fitted;
use measure::HeldOut;

/// A label is learned once so many photos have it.
pub const LEAST_PHOTOS: usize = 8;
/// So many photos must have a label, whichever, before anything is learned.
pub const LEAST_IN_ALL: usize = 24;
/// So many labels are learned at most, the commonest.
pub const MOST_KNOWN: usize = 50;
/// So many examples are learned from at most, which bounds how long it takes.
pub const MOST_EXAMPLES: usize = 2_000;
/// A model that is right of fewer photos is not used.
pub const LEAST_ACCURACY: f64 = 0.6;
/// Of what a model says at least so much was right.
pub const LEAST_PRECISION: f64 = 0.8;

/// One photo that staff have labelled.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// What it looks like, in numbers.
    pub descriptor: Vec<f32>,
    /// What is on it.
    pub labels: Vec<String>,
}

/// What came of learning.
#[derive(Debug, Clone, Default)]
pub struct Training {
    /// What was learned; `None` if that is too little to say anything.
    pub model: Option<Model>,
    /// On how many photos the accuracy was measured; 0 if there was too little to learn from.
    pub measured_on: usize,
    /// The share of photos, none of them seen before, whose surest label was one of theirs; `None` if not measured.
    pub accuracy: Option<f64>,
}

/// What was learned. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Model(Arc<Learnt>);

#[derive(Debug)]
struct Learnt {
    labels: Vec<String>,
    fitted: Fitted,
    threshold: f64,
    farthest: f64,
}

/// Learns from photos that staff have labelled, newest first; only the first [`MOST_EXAMPLES`] count. Those without a
/// label, with a number that is none, or described by another count of numbers than most are passed over.
///
/// This keeps a processor busy: a quarter of a second for 500 photos of 100 numbers with ten labels, about five seconds
/// for the most photos and labels there can be. It never panics: what cannot be learned from teaches nothing.
#[must_use]
pub fn train(examples: &[Example]) -> Training {
    // The solver is other people's code with unwraps in it, and one that failed would fail again on the same examples.
    panic::catch_unwind(|| learn(examples)).unwrap_or_else(|_| {
        error!(examples = examples.len(), "nothing is learned: the solver broke down");
        Training::default()
    })
}

fn learn(examples: &[Example]) -> Training {
    let Some(corpus) = Corpus::of(examples) else {
        return Training::default();
    };
    let held_out = HeldOut::measure(&corpus);
    let accuracy = held_out.accuracy(&corpus);
    let farthest = held_out.farthest();
    let threshold = held_out.threshold(&corpus, farthest).filter(|_| accuracy >= LEAST_ACCURACY);
    let model = threshold.map(|threshold| {
        let fitted = Fitted::fit(&corpus, |_| true);
        Model(Arc::new(Learnt { labels: corpus.labels.clone(), fitted, threshold, farthest }))
    });
    Training { model, measured_on: corpus.rows.nrows(), accuracy: Some(accuracy) }
}

impl Model {
    /// The labels it knows.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.0.labels
    }

    /// What is on the photo that these numbers describe: nothing if they are unlike all that is known, or no label is
    /// likely enough.
    #[must_use]
    pub fn predict(&self, descriptor: &[f32]) -> Vec<Prediction> {
        let Learnt { labels, fitted, threshold, farthest } = &*self.0;
        if descriptor.len() != fitted.columns() || descriptor.iter().any(|value| !value.is_finite())
        {
            return Vec::new();
        }
        let row = ArrayView1::from(descriptor).mapv(f64::from);
        let (distance, probabilities) = fitted.judge(&row);
        if distance > *farthest {
            return Vec::new();
        }
        let said = labels.iter().zip(probabilities).filter(|(_, likely)| likely >= threshold);
        rank_predictions(said.map(|(label, likely)| (label, likely as f32)))
    }
}

/// Says of a photo what the desk has learned; nothing until there is a model.
#[derive(Debug, Default)]
pub struct Learned {
    training: RwLock<Arc<Training>>,
}

impl Learned {
    /// A labeller that knows nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes over what was learned, for every photo from now on.
    pub fn replace(&self, training: Training) {
        *self.training.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(training);
    }

    /// What it goes by.
    #[must_use]
    pub fn training(&self) -> Arc<Training> {
        Arc::clone(&self.training.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Labeller for Learned {
    fn source(&self) -> LabelSource {
        LabelSource::Learned
    }

    fn needs_picture(&self) -> bool {
        false
    }

    fn label<'a>(&'a self, photo: &'a Photo) -> BoxFuture<'a, Result<Vec<Prediction>, Failure>> {
        let training = self.training();
        async move {
            let said = training.model.as_ref().map(|model| model.predict(&photo.descriptor));
            Ok(said.unwrap_or_default())
        }
        .boxed()
    }
}
