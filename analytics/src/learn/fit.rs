//! Weights for the chosen terms: multinomial logistic regression with linfa.

use anyhow::{Context as _, ensure};
use linfa::{Dataset, traits::Fit as _};
use linfa_logistic::MultiLogisticRegression;
use ndarray::{Array1, Array2};
use triage::{
    features::Vocabulary,
    file::{FORMAT, ModelFile, TermLine},
    tokenizer::Words,
};

use super::{
    corpus::Row,
    vocabulary::{Term, choose_terms, class_of},
};

/// What the training may be varied in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// At most this many terms get a column.
    pub most_columns: usize,
    /// The strength of the L2 penalty on the weights.
    pub penalty: f64,
    /// The solver stops after this many steps.
    pub most_steps: u64,
}

impl Default for Settings {
    /// The penalty is one of a few that did equally well in cross-validation, the one with the fewest unsure answers.
    fn default() -> Self {
        Self { most_columns: 4096, penalty: 0.3, most_steps: 200 }
    }
}

/// Fits a model that has neither version nor threshold yet.
///
/// # Errors
/// Where the rows do not hold all three categories, share no term, or the solver gives up.
pub fn fit(rows: &[Row], settings: Settings) -> anyhow::Result<ModelFile> {
    let terms = choose_terms(rows, settings.most_columns);
    ensure!(!terms.is_empty(), "no term stands in two rows");
    let vocabulary =
        Vocabulary::new(terms.iter().map(|term| (term.spelling.as_str(), term.idf)))
            .map_err(|term| anyhow::anyhow!("the hash of {term:?} is taken; reword the corpus"))?;
    let classes: Array1<usize> = rows.iter().map(class_of).collect();
    ensure!((0..3).all(|class| classes.iter().any(|c| *c == class)), "a category has no row");
    let dataset = Dataset::new(matrix(rows, &vocabulary), classes);
    let fitted = MultiLogisticRegression::default()
        .alpha(settings.penalty)
        .max_iterations(settings.most_steps)
        .gradient_tolerance(1e-4)
        .fit(&dataset)
        .context("the solver gave up")?;
    let bias = fitted.intercept();
    let weights = fitted.params();
    Ok(ModelFile {
        format: FORMAT,
        version: String::new(),
        threshold: 0.0,
        bias: [bias[0], bias[1], bias[2]],
        terms: terms.into_iter().enumerate().map(|(at, term)| line(term, weights, at)).collect(),
    })
}

fn matrix(rows: &[Row], vocabulary: &Vocabulary) -> Array2<f64> {
    let mut matrix = Array2::zeros((rows.len(), vocabulary.len()));
    for (mut line, row) in matrix.rows_mut().into_iter().zip(rows) {
        for entry in vocabulary.vectorize(&Words::of(&row.text)) {
            line[entry.column as usize] = entry.value;
        }
    }
    matrix
}

fn line(term: Term, weights: &Array2<f64>, at: usize) -> TermLine {
    TermLine(term.spelling, term.idf, weights[[at, 0]], weights[[at, 1]], weights[[at, 2]])
}
