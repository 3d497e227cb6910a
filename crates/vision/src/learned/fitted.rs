//! One logistic regression for each label, and how far a photo is from those it was fitted on.

use linfa::{DatasetBase, traits::Fit as _};
use linfa_logistic::{FittedLogisticRegression, LogisticRegression, error::Error};
use ndarray::{Array1, Array2, ArrayView2, Axis};

use super::corpus::Corpus;

/// The strength of the L2 penalty on the weights; columns are scaled to a deviation of one. Without it the model would be
/// sure of everything as soon as there are as many columns as photos; with ten times as much it would say next to
/// nothing until a label has dozens of photos.
const PENALTY: f64 = 1.0;
/// The solver stops after this many steps; it mostly needs fewer.
const MOST_STEPS: u64 = 60;
/// The solver stops where the slope is less. A hundredth of it took longer and measured the same.
const FLAT: f64 = 0.1;
/// A column that varies less than this share of the usual counts as if it varied that much: what shows on hardly any
/// photo would otherwise outweigh everything on the few where it does.
const LEAST_DEVIATION: f64 = 0.5;

/// What was fitted on some photos.
#[derive(Debug)]
pub(super) struct Fitted {
    mean: Array1<f64>,
    /// One through the deviation of each column.
    scale: Array1<f64>,
    /// A column for each label.
    weights: Array2<f64>,
    intercepts: Array1<f64>,
    /// The photos themselves, scaled.
    known: Array2<f64>,
    /// The squared length of each.
    lengths: Array1<f64>,
}

impl Fitted {
    /// Fits on the photos of the chosen folds.
    pub(super) fn fit(corpus: &Corpus, is_chosen: impl Fn(usize) -> bool) -> Self {
        let folds = corpus.folds.iter().enumerate();
        let chosen: Vec<usize> =
            folds.filter(|(_, fold)| is_chosen(**fold)).map(|(at, _)| at).collect();
        let rows = corpus.rows.select(Axis(0), &chosen);
        let marks = corpus.marks.select(Axis(0), &chosen);
        let mean = rows.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(rows.ncols()));
        let scale = choose_scale(&rows.std_axis(Axis(0), 0.0));
        let known = (rows - &mean) * &scale;
        // The solver multiplies by the transposed matrix over and over, which is fast where columns are in one piece.
        let columns = known.t().as_standard_layout().into_owned().reversed_axes();
        let mut weights = Array2::zeros((known.ncols(), marks.ncols()));
        let mut intercepts = Array1::zeros(marks.ncols());
        for (at, own) in marks.columns().into_iter().enumerate() {
            let (line, intercept) = fit_label(columns.view(), own.to_owned());
            weights.column_mut(at).assign(&line);
            intercepts[at] = intercept;
        }
        let lengths = measure_lengths(&known);
        Self { mean, scale, weights, intercepts, known, lengths }
    }

    /// How many numbers describe a photo.
    pub(super) fn columns(&self) -> usize {
        self.mean.len()
    }

    /// How far a photo is from the nearest known one, and how likely each label is.
    pub(super) fn judge(&self, row: &Array1<f64>) -> (f64, Vec<f64>) {
        let scaled = (row - &self.mean) * &self.scale;
        let logits = scaled.dot(&self.weights) + &self.intercepts;
        let likely = logits.mapv(|logit| 1.0 / (1.0 + (-logit).exp()));
        // |a − b|² = |a|² + |b|² − 2ab: one product of matrices instead of a difference for each known photo.
        let squares = &self.lengths - 2.0 * self.known.dot(&scaled) + scaled.dot(&scaled);
        let nearest = squares.into_iter().fold(f64::INFINITY, f64::min);
        // Of a photo that is known the difference may come out a little below zero.
        (nearest.max(0.0).sqrt(), likely.to_vec())
    }
}

fn choose_scale(deviations: &Array1<f64>) -> Array1<f64> {
    let usual = (deviations.dot(deviations) / deviations.len().max(1) as f64).sqrt();
    let least = LEAST_DEVIATION * usual;
    // Photos that are all alike have no deviation at all, and nothing that could be scaled.
    deviations.mapv(|own| if own.max(least) > 0.0 { 1.0 / own.max(least) } else { 0.0 })
}

fn measure_lengths(rows: &Array2<f64>) -> Array1<f64> {
    rows.rows().into_iter().map(|row| row.dot(&row)).collect()
}

/// Weights and intercept of one label.
fn fit_label(rows: ArrayView2<f64>, marks: Array1<bool>) -> (Array1<f64>, f64) {
    let with = marks.iter().filter(|is_there| **is_there).count() as f64;
    let without = marks.len() as f64 - with;
    let fitted = LogisticRegression::<f64>::new()
        .alpha(PENALTY)
        .max_iterations(MOST_STEPS)
        .gradient_tolerance(FLAT)
        .fit(&DatasetBase::new(rows, marks));
    match fitted {
        Ok(fitted) if is_finite(&fitted) => {
            // The solver itself chooses which of the two answers is the one its numbers speak for.
            let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
            (fitted.params() * sign, fitted.intercept() * sign)
        }
        // All of these photos have the label, or none: it is as likely as it is common.
        Err(Error::TooFewClasses) => {
            (Array1::zeros(rows.ncols()), ((with + 1.0) / (without + 1.0)).ln())
        }
        // The solver gave up, or came out with no numbers: the label is never said.
        Ok(_) | Err(_) => (Array1::zeros(rows.ncols()), f64::NEG_INFINITY),
    }
}

fn is_finite(fitted: &FittedLogisticRegression<f64, bool>) -> bool {
    fitted.intercept().is_finite() && fitted.params().iter().all(|weight| weight.is_finite())
}
