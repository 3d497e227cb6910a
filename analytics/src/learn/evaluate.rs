//! How good a model is: accuracy, macro-F1, precision and recall per category, and who is taken for whom.

use std::{collections::BTreeMap, fmt, fs, path::PathBuf};

use anyhow::Context as _;
use api_types::Category;
use triage::{CATEGORIES, Model};

use super::corpus::{self, Row};

/// Which file to measure with.
#[derive(Debug, Clone, clap::Args)]
pub struct EvaluateArgs {
    /// A CSV file with the columns `text` and `category`; a column `source` is broken down.
    pub file: PathBuf,
    /// The model to measure instead of the one that is part of this program.
    #[arg(long)]
    pub model: Option<PathBuf>,
}

/// Measures a model on a file and prints the report.
///
/// # Errors
/// Where the file or the model cannot be read.
pub fn run(args: &EvaluateArgs) -> anyhow::Result<()> {
    let rows = corpus::read_file(&args.file)?;
    let report = match &args.model {
        None => evaluate(Model::shipped(), &rows),
        Some(path) => {
            let bytes =
                fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            evaluate(&Model::parse(&bytes)?, &rows)
        }
    };
    println!("{report}");
    Ok(())
}

/// Asks a model about every row.
#[must_use]
pub fn evaluate(model: &Model, rows: &[Row]) -> Report {
    Report::of(&predict(model, rows))
}

/// What a model answers for every row.
#[must_use]
pub fn predict(model: &Model, rows: &[Row]) -> Vec<Prediction> {
    rows.iter()
        .map(|row| {
            let answer = model.classify(&row.text);
            Prediction {
                truth: row.category,
                answer: answer.category,
                probability: answer.probabilities.of(answer.category),
                unsure: answer.unsure,
                source: row.source.clone(),
            }
        })
        .collect()
}

/// One answer beside the truth.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// The category of the row.
    pub truth: Category,
    /// The category the model gave.
    pub answer: Category,
    /// How probable the model held its answer.
    pub probability: f64,
    /// Whether the model called its answer unsure.
    pub unsure: bool,
    /// Where the row comes from.
    pub source: Option<String>,
}

impl Prediction {
    /// Whether the answer is the truth.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.truth == self.answer
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
            report.confusion[place(prediction.truth)][place(prediction.answer)] += 1;
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
        Prediction { truth, answer, probability: 0.5, unsure: truth != answer, source }
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
