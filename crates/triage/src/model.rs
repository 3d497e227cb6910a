//! The model: weights over the vocabulary, and what they say about a text.

use std::sync::OnceLock;

use api_types::{Category, Classification, Probabilities};

use crate::{
    features::{Entry, Vocabulary},
    file::{ModelError, ModelFile, TermLine},
    reasons,
    tokenizer::Words,
};

/// The categories in the order in which a model file holds their weights.
pub const CATEGORIES: [Category; 3] = [Category::Facility, Category::It, Category::Services];

static SHIPPED: &[u8] = include_bytes!("../../../data/model/triage-v1.json");

/// A trained classifier.
#[derive(Debug, Clone)]
pub struct Model {
    version: String,
    threshold: f64,
    bias: [f64; 3],
    vocabulary: Vocabulary,
    weights: Vec<[f64; 3]>,
}

impl Model {
    /// The model that is part of this program, read once.
    ///
    /// # Panics
    /// Never: a test reads the same bytes.
    pub fn shipped() -> &'static Self {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| Self::parse(SHIPPED).expect("the shipped model is parsed by a test"))
    }

    /// The file of [`Model::shipped`].
    #[must_use]
    pub const fn shipped_file() -> &'static [u8] {
        SHIPPED
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// [`ModelError`] where the bytes are no model file of the format that this program knows.
    pub fn parse(bytes: &[u8]) -> Result<Self, ModelError> {
        let file = ModelFile::parse(bytes)?;
        let terms = file.terms.iter().map(|TermLine(term, idf, ..)| (term.as_str(), *idf));
        let vocabulary =
            Vocabulary::new(terms, file.unknown_idf).map_err(ModelError::RepeatedTerm)?;
        let weights = file
            .terms
            .iter()
            .map(|TermLine(_, _, facility, it, services)| [*facility, *it, *services])
            .collect();
        Ok(Self {
            version: file.version,
            threshold: file.threshold,
            bias: file.bias,
            vocabulary,
            weights,
        })
    }

    /// Which model this is.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The top probability below which an answer is unsure.
    #[must_use]
    pub const fn threshold(&self) -> f64 {
        self.threshold
    }

    /// Gives a text its category. Any text has an answer; one without a known word gets an unsure one.
    #[must_use]
    pub fn classify(&self, text: &str) -> Classification {
        let words = Words::of(text);
        let entries = self.vocabulary.vectorize(&words);
        let (winner, mut answer) = self.decide(&entries);
        answer.reasons = reasons::explain(&words, &self.vocabulary, &entries, |column| {
            let weights = self.weights[column as usize];
            let others = (weights.iter().sum::<f64>() - weights[winner]) / 2.0;
            weights[winner] - others
        });
        answer
    }

    /// As [`Model::classify`], without the reasons: what a new ticket needs, in half the time.
    #[must_use]
    pub fn categorize(&self, text: &str) -> Classification {
        self.decide(&self.vocabulary.vectorize(&Words::of(text))).1
    }

    fn decide(&self, entries: &[Entry]) -> (usize, Classification) {
        let probabilities = softmax(self.scores(entries));
        let winner = most_probable(&probabilities);
        let [facility, it, services] = probabilities;
        let answer = Classification {
            category: CATEGORIES[winner],
            unsure: entries.is_empty() || probabilities[winner] < self.threshold,
            probabilities: Probabilities { facility, it, services },
            reasons: Vec::new(),
        };
        (winner, answer)
    }

    fn scores(&self, entries: &[Entry]) -> [f64; 3] {
        let mut scores = self.bias;
        for entry in entries {
            let weights = &self.weights[entry.column as usize];
            for (score, weight) in scores.iter_mut().zip(weights) {
                *score += weight * entry.value;
            }
        }
        scores
    }
}

/// The place of the most probable category, of the first where several are.
#[must_use]
pub fn most_probable(probabilities: &[f64; 3]) -> usize {
    (1..3).fold(0, |best, one| if probabilities[one] > probabilities[best] { one } else { best })
}

/// Scores → probabilities that sum to 1.
#[must_use]
pub fn softmax(scores: [f64; 3]) -> [f64; 3] {
    // Taking the largest away keeps exp from overflowing.
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers = scores.map(|score| (score - largest).exp());
    let sum: f64 = powers.iter().sum();
    powers.map(|power| power / sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(probabilities: Probabilities) -> f64 {
        CATEGORIES.iter().map(|category| probabilities.of(*category)).sum()
    }

    #[test]
    fn the_shipped_model_parses() {
        let model = Model::parse(SHIPPED).unwrap();
        assert!(!model.version().is_empty());
        assert!(model.threshold() > 1.0 / 3.0 && model.threshold() < 0.95);
        assert!(SHIPPED.len() <= 2 * 1024 * 1024, "{} bytes travel in every binary", SHIPPED.len());
    }

    #[test]
    fn any_text_gets_probabilities_that_sum_to_one() {
        let long = "the tap drips ".repeat(700);
        for text in
            ["", " ", "🚿", "wifi", "\u{0}\u{202e}", "نص عربي", "ß".repeat(300).as_str(), &long]
        {
            let answer = Model::shipped().classify(text);
            assert!((sum(answer.probabilities) - 1.0).abs() < 1e-9, "{text:.20}");
            let top = answer.probabilities.of(answer.category);
            let bare = Classification { reasons: Vec::new(), ..answer.clone() };
            assert_eq!(Model::shipped().categorize(text), bare);
            assert!(CATEGORIES.iter().all(|c| answer.probabilities.of(*c) <= top));
        }
    }

    #[test]
    fn words_of_another_category_do_not_mislead_the_shipped_model() {
        use Category::{Facility, It, Services};
        for (text, category) in [
            ("the canteen ceiling drips", Facility),
            ("the printer room is freezing", Facility),
            ("the roof of the bus shelter leaks", Facility),
            ("AC in the computer lab is broken", Facility),
            ("account locked", It),
            ("exam registration page does not load", It),
            ("Wi-Fi down in canteen", It),
            ("library website is down", It),
            ("accounts office", Services),
            ("the IT desk was rude", Services),
            ("library fine is wrong", Services),
            ("parking permit refused", Services),
        ] {
            let answer = Model::shipped().classify(text);
            assert_eq!(answer.category, category, "{text}: {answer:?}");
        }
    }

    #[test]
    fn reasons_are_words_of_the_text_with_the_strongest_first() {
        let answer = Model::shipped().classify("My PRINTER is out of toner again");
        assert_eq!(answer.category, Category::It);
        let strongest = [0, 1].map(|at| answer.reasons[at].term.as_str());
        assert!(strongest.contains(&"printer") && strongest.contains(&"toner"), "{strongest:?}");
        assert!(answer.reasons.len() <= 5);
        assert!(answer.reasons.is_sorted_by(|left, right| left.weight >= right.weight));
        assert!(answer.reasons.iter().all(|reason| reason.weight > 0.0));
    }

    #[test]
    fn a_text_without_a_known_word_is_unsure_and_has_no_reasons() {
        for text in ["", "   \n", "🚿🚿🚿", "…!?"] {
            let answer = Model::shipped().classify(text);
            assert!(answer.unsure, "{text:?}");
            assert!(answer.reasons.is_empty());
        }
    }

    #[test]
    fn an_unknown_format_is_refused() {
        let refused = Model::parse(br#"{"format":9}"#).unwrap_err();
        assert!(refused.to_string().contains("format 9"), "{refused}");
    }

    #[test]
    fn a_model_with_a_term_twice_is_refused() {
        let line = r#"["tap",1.0,1.0,0.0,0.0]"#;
        let file = format!(
            r#"{{"format":2,"version":"x","threshold":0.5,"unknown_idf":5,"bias":[0,0,0],"terms":[{line},{line}]}}"#
        );
        assert!(matches!(Model::parse(file.as_bytes()), Err(ModelError::RepeatedTerm(_))));
    }

    #[test]
    fn softmax_bears_huge_scores() {
        let [first, second, third] = softmax([1000.0, -1000.0, 999.0]);
        assert!((first + second + third - 1.0).abs() < 1e-12 && first > 0.7);
    }
}
