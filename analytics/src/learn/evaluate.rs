//! How good a model is: accuracy, macro-F1, precision and recall per category, who is taken for whom, what its
//! probabilities are worth, and its worst mistakes.

use std::{collections::BTreeMap, fmt, fs, path::PathBuf};

use anyhow::Context as _;
use api_types::{Category, Reason};
use triage::{CATEGORIES, Model};

use super::{
    calibration::Calibration,
    corpus::{self, Row},
    fit::Settings,
    train::cross_validate,
};

/// What to measure.
#[derive(Debug, Clone, clap::Args)]
pub struct EvaluateArgs {
    /// A CSV file with the columns `text` and `category`; a column `source` is broken down. Without one the corpus is
    /// measured in folds, each by a model that was taught no row of its themes.
    pub file: Option<PathBuf>,
    /// The model to measure instead of the one that is part of this program.
    #[arg(long, requires = "file")]
    pub model: Option<PathBuf>,
    /// The folder of labelled CSV files that is measured without a file.
    #[arg(long, default_value = "data/corpus")]
    pub corpus: PathBuf,
    /// Measures only what comes from this source.
    #[arg(long)]
    pub source: Option<String>,
    /// Shows so many of the worst mistakes.
    #[arg(long, default_value_t = 10)]
    pub mistakes: usize,
    /// How the models of the folds are trained.
    #[command(flatten)]
    pub settings: Settings,
}

/// Measures and prints the report.
///
/// # Errors
/// Where the file, the corpus or the model cannot be read.
pub fn run(args: &EvaluateArgs) -> anyhow::Result<()> {
    let (mut rows, predictions) = match &args.file {
        None => {
            let rows = corpus::read_folder(&args.corpus)?;
            let predictions = cross_validate(&rows, args.settings)?.calibrated();
            (rows, predictions)
        }
        Some(file) => {
            let rows = corpus::read_file(file)?;
            let predictions = match &args.model {
                None => predict(Model::shipped(), &rows),
                Some(path) => {
                    let bytes = fs::read(path);
                    let bytes = bytes.with_context(|| format!("cannot read {}", path.display()))?;
                    predict(&Model::parse(&bytes)?, &rows)
                }
            };
            (rows, predictions)
        }
    };
    let wanted = |row: &Row| args.source.is_none() || row.source == args.source;
    let (predictions, chosen): (Vec<_>, Vec<_>) =
        predictions.into_iter().zip(rows.drain(..)).filter(|(_, row)| wanted(row)).unzip();
    println!("{}\n{}", Report::of(&predictions), Calibration::of(&predictions));
    print!("{}", Mistakes::of(&predictions, &chosen, args.mistakes));
    Ok(())
}

/// What a model answers for every row.
#[must_use]
pub fn predict(model: &Model, rows: &[Row]) -> Vec<Prediction> {
    rows.iter()
        .map(|row| {
            let answer = model.classify(&row.text);
            Prediction {
                truth: row.category,
                probabilities: CATEGORIES.map(|category| answer.probabilities.of(category)),
                unsure: answer.unsure,
                source: row.source.clone(),
                reasons: answer.reasons,
            }
        })
        .collect()
}

/// One answer beside the truth.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// The category of the row.
    pub truth: Category,
    /// How probable the model held each of [`CATEGORIES`].
    pub probabilities: [f64; 3],
    /// Whether the model called its answer unsure.
    pub unsure: bool,
    /// Where the row comes from.
    pub source: Option<String>,
    /// The words that spoke for the answer.
    pub reasons: Vec<Reason>,
}

impl Default for Prediction {
    fn default() -> Self {
        Self {
            truth: CATEGORIES[0],
            probabilities: [1.0 / 3.0; 3],
            unsure: true,
            source: None,
            reasons: Vec::new(),
        }
    }
}

impl Prediction {
    /// The category the model gave: the first of the most probable ones.
    #[must_use]
    pub fn answer(&self) -> Category {
        CATEGORIES[triage::most_probable(&self.probabilities)]
    }

    /// How probable the model held its answer.
    #[must_use]
    pub fn probability(&self) -> f64 {
        self.probabilities[triage::most_probable(&self.probabilities)]
    }

    /// How probable it held the truth.
    #[must_use]
    pub fn probability_of_truth(&self) -> f64 {
        self.probabilities[place(self.truth)]
    }

    /// Whether the answer is the truth.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.truth == self.answer()
    }

    /// The same answer with all scores divided.
    #[must_use]
    pub fn at_temperature(&self, temperature: f64) -> Self {
        let scores = self.probabilities.map(|probability| probability.ln() / temperature);
        Self { probabilities: triage::softmax(scores), ..self.clone() }
    }
}

/// The figures of one evaluation; its `Display` is Markdown.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// `confusion[truth][answer]`, both in the order of [`CATEGORIES`].
    pub confusion: [[u32; 3]; 3],
    /// How many answers were unsure.
    pub unsure: u32,
    /// How many of the unsure answers were right all the same.
    pub unsure_right: u32,
    /// By source: rows, and right answers among them.
    pub sources: BTreeMap<String, (u32, u32)>,
}

impl Report {
    /// Counts predictions.
    #[must_use]
    pub fn of(predictions: &[Prediction]) -> Self {
        let mut report =
            Self { confusion: [[0; 3]; 3], unsure: 0, unsure_right: 0, sources: BTreeMap::new() };
        for prediction in predictions {
            report.confusion[place(prediction.truth)][place(prediction.answer())] += 1;
            if prediction.unsure {
                report.unsure += 1;
                report.unsure_right += u32::from(prediction.is_right());
            }
            if let Some(source) = &prediction.source {
                let (rows, right) = report.sources.entry(source.clone()).or_default();
                *rows += 1;
                *right += u32::from(prediction.is_right());
            }
        }
        report
    }

    /// How many rows were measured.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.confusion.iter().flatten().sum()
    }

    /// The share of right answers.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        ratio(self.right(), self.rows())
    }

    /// The share of right answers among those of a category.
    #[must_use]
    pub fn precision(&self, category: Category) -> f64 {
        let at = place(category);
        ratio(self.confusion[at][at], self.confusion.iter().map(|answers| answers[at]).sum())
    }

    /// The share of a category's rows that were found.
    #[must_use]
    pub fn recall(&self, category: Category) -> f64 {
        let at = place(category);
        ratio(self.confusion[at][at], self.confusion[at].iter().sum())
    }

    /// The harmonic mean of precision and recall.
    #[must_use]
    pub fn f1(&self, category: Category) -> f64 {
        let (precision, recall) = (self.precision(category), self.recall(category));
        if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
    }

    /// The mean F1 of the categories, each counting the same.
    #[must_use]
    pub fn macro_f1(&self) -> f64 {
        CATEGORIES.iter().map(|category| self.f1(*category)).sum::<f64>() / 3.0
    }

    fn right(&self) -> u32 {
        (0..3).map(|at| self.confusion[at][at]).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rows, sure) = (self.rows(), self.rows() - self.unsure);
        writeln!(
            f,
            "{rows} rows: accuracy {:.3}, macro-F1 {:.3}. Unsure: {} ({:.1} %), right in {:.3} of them; \
             the sure ones are right in {:.3}.\n",
            self.accuracy(),
            self.macro_f1(),
            self.unsure,
            100.0 * ratio(self.unsure, rows),
            ratio(self.unsure_right, self.unsure),
            ratio(self.right() - self.unsure_right, sure),
        )?;
        writeln!(f, "| category | precision | recall | F1 | → facility | → it | → services |")?;
        writeln!(f, "|---|---|---|---|---|---|---|")?;
        for category in CATEGORIES {
            let [facility, it, services] = self.confusion[place(category)];
            writeln!(
                f,
                "| {category} | {:.3} | {:.3} | {:.3} | {facility} | {it} | {services} |",
                self.precision(category),
                self.recall(category),
                self.f1(category),
            )?;
        }
        if !self.sources.is_empty() {
            writeln!(f, "\n| source | rows | accuracy |\n|---|---|---|")?;
            for (source, (rows, right)) in &self.sources {
                writeln!(f, "| {source} | {rows} | {:.3} |", ratio(*right, *rows))?;
            }
        }
        Ok(())
    }
}

/// The mistakes that a model was surest of; its `Display` is Markdown.
pub struct Mistakes<'rows> {
    worst: Vec<(&'rows Prediction, &'rows str)>,
}

impl<'rows> Mistakes<'rows> {
    /// Finds so many of them.
    #[must_use]
    pub fn of(predictions: &'rows [Prediction], rows: &'rows [Row], most: usize) -> Self {
        let texts = rows.iter().map(|row| row.text.as_str());
        let wrong = predictions.iter().zip(texts).filter(|(prediction, _)| !prediction.is_right());
        let mut worst: Vec<_> = wrong.collect();
        worst.sort_by(|left, right| right.0.probability().total_cmp(&left.0.probability()));
        worst.truncate(most);
        Self { worst }
    }
}

impl fmt::Display for Mistakes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.worst.is_empty() {
            return Ok(());
        }
        writeln!(f, "The worst mistakes:\n")?;
        for (prediction, text) in &self.worst {
            let reasons = prediction.reasons.iter().map(|reason| reason.term.as_str());
            let reasons = reasons.collect::<Vec<_>>().join(", ");
            let (truth, answer) = (prediction.truth, prediction.answer());
            let probability = prediction.probability();
            writeln!(f, "- {truth} taken for {answer} with {probability:.2} ({reasons}): {text}")?;
        }
        Ok(())
    }
}

fn place(category: Category) -> usize {
    CATEGORIES.iter().position(|known| *known == category).unwrap_or_default()
}

fn ratio(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prediction(truth: Category, answer: Category, source: &str) -> Prediction {
        let source = (!source.is_empty()).then(|| source.to_owned());
        let probabilities = CATEGORIES.map(|one| if one == answer { 0.5 } else { 0.25 });
        Prediction { truth, probabilities, unsure: truth != answer, source, reasons: Vec::new() }
    }

    #[test]
    fn the_figures_are_those_worked_out_by_hand() {
        use Category::{Facility, It, Services};
        let report = Report::of(&[
            prediction(Facility, Facility, "a"),
            prediction(Facility, Facility, "a"),
            prediction(Facility, It, "b"),
            prediction(It, It, ""),
            prediction(Services, Services, ""),
            prediction(Services, Facility, ""),
        ]);
        assert!((report.accuracy() - 4.0 / 6.0).abs() < 1e-12);
        assert!((report.precision(Facility) - 2.0 / 3.0).abs() < 1e-12);
        assert!((report.recall(Services) - 0.5).abs() < 1e-12);
        assert!((report.f1(It) - 2.0 / 3.0).abs() < 1e-12);
        assert!((report.macro_f1() - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!((report.unsure, report.unsure_right), (2, 0));
        assert_eq!(report.sources["b"], (1, 0));
        let markdown = report.to_string();
        assert!(
            markdown.contains("| facility | 0.667 | 0.667 | 0.667 | 2 | 1 | 0 |"),
            "{markdown}"
        );
        assert!(markdown.contains("| a | 2 | 1.000 |"), "{markdown}");
    }

    #[test]
    fn nothing_to_measure_gives_zeros_and_no_nan() {
        let report = Report::of(&[]);
        assert!(report.accuracy() == 0.0 && report.macro_f1() == 0.0);
        assert!(!report.to_string().contains("NaN"));
    }
}
