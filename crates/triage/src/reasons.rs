//! Which words spoke for the category.
//!
//! A fragment means nothing to a reader, so what a fragment contributes is credited to the words it was found in. The
//! contribution of a term that occurs more than once is shared evenly among its occurrences and summed again by word.

use std::collections::HashMap;

use api_types::Reason;

use crate::{
    features::{Entry, Vocabulary},
    stop_words::is_stop_word,
    tokenizer::{TermKind, Words},
};

const MOST_REASONS: usize = 5;
/// A term that speaks less than this share of the strongest one is noise to a reader: `the`, `in`.
const LEAST_SHARE: f64 = 0.2;

/// The words and pairs of words with the largest positive contributions, strongest first.
///
/// `advantage` gives, per column, the winning category's weight less the mean weight of the others.
pub(crate) fn explain(
    words: &Words,
    vocabulary: &Vocabulary,
    entries: &[Entry],
    advantage: impl Fn(u32) -> f64,
) -> Vec<Reason> {
    let per_occurrence = |hash: u64| {
        let column = vocabulary.column(hash)?;
        let at = entries.binary_search_by_key(&column, |entry| entry.column).ok()?;
        let entry = entries[at];
        Some(advantage(column) * entry.value / f64::from(entry.count))
    };
    let mut by_word: HashMap<&str, f64> = HashMap::with_capacity(words.len());
    let mut by_pair: HashMap<(&str, &str), f64> = HashMap::new();
    words.each_occurrence(|occurrence| {
        let Some(weight) = per_occurrence(occurrence.hash) else { return };
        let word = words.word(occurrence.word);
        match occurrence.kind {
            // What little a stop-word said is no reason that anybody would give.
            TermKind::Word | TermKind::Fragment if is_stop_word(word) => {}
            TermKind::Word | TermKind::Fragment => *by_word.entry(word).or_default() += weight,
            TermKind::Pair => {
                let next = words.word(occurrence.word + 1);
                if !(is_stop_word(word) && is_stop_word(next)) {
                    *by_pair.entry((word, next)).or_default() += weight;
                }
            }
        }
    });
    let mut strong: Vec<(f64, &str, Option<&str>)> = by_word
        .into_iter()
        .map(|(word, weight)| (weight, word, None))
        .chain(by_pair.into_iter().map(|((word, next), weight)| (weight, word, Some(next))))
        .filter(|(weight, ..)| *weight > 0.0)
        .collect();
    // Equal weights fall back to the spelling, so that the same text always gets the same answer.
    strong.sort_by(|left, right| {
        right.0.total_cmp(&left.0).then_with(|| (left.1, left.2).cmp(&(right.1, right.2)))
    });
    let least = strong.first().map_or(0.0, |(strongest, ..)| strongest * LEAST_SHARE);
    strong
        .into_iter()
        .take_while(|(weight, ..)| *weight >= least)
        .take(MOST_REASONS)
        .map(|(weight, word, next)| Reason {
            term: next.map_or_else(|| word.to_owned(), |next| format!("{word} {next}")),
            weight,
        })
        .collect()
}
