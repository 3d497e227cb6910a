//! The analyses: named questions, each answered from the [`Store`] in one go. [`catalog`] lists them.

pub mod catalog;

mod active_by_category;
mod answers_before_filing;
mod open_in_period;
mod resolution_time_by_month;
mod searches_without_answer;
mod triage_accuracy;

use std::collections::BTreeMap;

use api_types::{AnalysisInfo, Axis, ParameterInfo, ParameterKind, Point, Series, X, YAxis};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::{calendar::Period, outcomes::Outcomes, store::Store};

/// One analysis.
#[derive(Debug)]
pub struct Analysis {
    /// The name in the path.
    pub name: &'static str,
    /// The question in a few words.
    pub title: &'static str,
    /// What exactly is counted.
    pub definition: &'static str,
    /// What it looks at.
    pub scope: Scope,
}

/// What an analysis looks at, and how it finds its answer there.
#[derive(Debug)]
pub enum Scope {
    /// The desk as it is now.
    Now {
        /// Finds the answer.
        answer: fn(&Store) -> Answer,
    },
    /// What people looked for in a period that ends now, given as `last`.
    Outcomes {
        /// The period unless one is given.
        default: &'static str,
        /// Finds the answer.
        answer: fn(&Outcomes, &Window) -> Answer,
    },
    /// A period that ends now, given as `last`.
    Last {
        /// The period unless one is given.
        default: &'static str,
        /// Finds the answer.
        answer: fn(&Store, &Window) -> Answer,
    },
}

/// A period that ends now.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// How long it is.
    pub period: Period,
    /// When it ends.
    pub now: DateTime<Utc>,
    /// The zone that cuts it into hours, days and months.
    pub tz: Tz,
}

impl Window {
    /// When the period begins.
    #[must_use]
    pub fn start(&self) -> DateTime<Utc> {
        self.now - self.period.duration()
    }
}

/// The part of a chart that only the analysis knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: YAxis,
    /// The data.
    pub series: Vec<Series>,
    /// The numbers that matter, by key.
    pub totals: BTreeMap<String, f64>,
}

impl Analysis {
    /// The analysis as the catalog describes it.
    #[must_use]
    pub fn info(&self) -> AnalysisInfo {
        let parameters = match &self.scope {
            Scope::Now { .. } => Vec::new(),
            Scope::Last { default, .. } | Scope::Outcomes { default, .. } => vec![ParameterInfo {
                name: "last".to_owned(),
                label: "Period".to_owned(),
                kind: ParameterKind::Period,
                default: (*default).to_owned(),
            }],
        };
        AnalysisInfo {
            name: self.name.to_owned(),
            title: self.title.to_owned(),
            definition: self.definition.to_owned(),
            parameters,
        }
    }
}

fn series(key: &str, name: &str, points: impl IntoIterator<Item = (X, f64)>) -> Series {
    Series {
        key: key.to_owned(),
        name: name.to_owned(),
        points: points.into_iter().map(|(x, y)| Point(x, y)).collect(),
    }
}

fn totals<const N: usize>(pairs: [(&str, f64); N]) -> BTreeMap<String, f64> {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// As many bars still have room for their words.
const WORDS_MAX: usize = 6;
/// A longer word is cut.
const WORD_LENGTH: usize = 24;

/// What names of anything read as below their bars; two that would read the same are told apart by a number.
fn short(words: &[&str]) -> Vec<X> {
    let cut = |word: &str| match word.char_indices().nth(WORD_LENGTH) {
        None => word.to_owned(),
        Some(_) => word.chars().take(WORD_LENGTH - 1).chain(['…']).collect(),
    };
    let mut shown: Vec<String> = Vec::new();
    for word in words {
        let same = cut(word);
        let before = shown.iter().filter(|known| known.starts_with(&same)).count();
        shown.push(if before == 0 { same } else { format!("{same} ({})", before + 1) });
    }
    shown.into_iter().map(X::Word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_long_words_that_begin_alike_stay_two() {
        let one = "the projector in the lecture hall is dark";
        let other = "the projector in the lecture hall hums";
        let words = short(&[one, other, "tap"]);
        assert_eq!(words.len(), 3);
        assert_ne!(words[0], words[1]);
        assert_eq!(words[2], X::Word("tap".into()));
    }
}
