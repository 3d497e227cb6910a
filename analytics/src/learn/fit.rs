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
    vocabulary::{Term, choose_terms, class_of, inverse_frequency},
};

/// What the training may be varied in. The defaults are those of cross-validation by theme: of the settings within one
/// standard error of the best the one with the strongest penalty, see docs/TRIAGE.md.
#[derive(Debug, Clone, Copy, PartialEq, clap::Args)]
pub struct Settings {
    /// At most this many terms get a column.
    #[arg(long = "columns", default_value_t = 16_384)]
    pub most_columns: usize,
    /// The strength of the L2 penalty on the weights.
    #[arg(long, default_value_t = 0.1)]
    pub penalty: f32,
    /// The solver stops after this many steps.
    #[arg(long = "steps", default_value_t = 60)]
    pub most_steps: u64,
}

/// The solver wants every cell, the empty ones too; more rows have fewer columns, so that they fit into this many bytes.
const MATRIX_BYTES: usize = 600 << 20;

/// Fits a model that has neither version nor threshold yet.
///
/// # Errors
/// Where the rows do not hold all three categories, share no term, or the solver gives up.
pub fn fit(rows: &[Row], settings: Settings) -> anyhow::Result<ModelFile> {
    let columns = (MATRIX_BYTES / size_of::<f32>() / rows.len().max(1)).min(settings.most_columns);
    let terms = choose_terms(rows, columns);
    ensure!(!terms.is_empty(), "no term stands in two rows");
    let unknown_idf = inverse_frequency(0, rows.len());
    let spelt = terms.iter().map(|term| (term.spelling.as_str(), term.idf));
    let vocabulary = Vocabulary::new(spelt, unknown_idf)
        .map_err(|term| anyhow::anyhow!("the hash of {term:?} is taken; reword the corpus"))?;
    let classes: Array1<usize> = rows.iter().map(class_of).collect();
    ensure!((0..3).all(|class| classes.iter().any(|c| *c == class)), "a category has no row");
    let dataset = Dataset::new(matrix(rows, &vocabulary), classes);
    let fitted = MultiLogisticRegression::<f32>::new()
        // Without anything known of a text, each category is as likely as the others: how many rows of each the corpus has is
        // no campus' own number.
        .with_intercept(false)
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
        unknown_idf,
        bias: [bias[0], bias[1], bias[2]].map(f64::from),
        terms: terms.into_iter().enumerate().map(|(at, term)| line(term, weights, at)).collect(),
    })
}

fn matrix(rows: &[Row], vocabulary: &Vocabulary) -> Array2<f32> {
    let mut matrix = Array2::zeros((rows.len(), vocabulary.len()));
    for (mut line, row) in matrix.rows_mut().into_iter().zip(rows) {
        for entry in vocabulary.vectorize(&Words::of(&row.text)) {
            line[entry.column as usize] = entry.value as f32;
        }
    }
    matrix
}

fn line(term: Term, weights: &Array2<f32>, at: usize) -> TermLine {
    let weight = |class| f64::from(weights[[at, class]]);
    TermLine(term.spelling, term.idf, weight(0), weight(1), weight(2))
}
