//! Text → sparse tf-idf vector over a frozen vocabulary.
//!
//! The inverse document frequencies are those of the training corpus and never those of the text at hand: a single
//! ticket has no document frequencies of its own. Term frequency is sublinear (`1 + ln n`).
//!
//! The vector is scaled by the length of the *whole* text's, in which each unknown term counts like one of a single row of
//! the corpus. So a text of known terms has length 1, and the more of a text is unknown, the shorter is its vector and the
//! nearer its answer to no opinion.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use crate::tokenizer::{Words, hash_term};

/// The terms that a model knows, each with its column and its inverse document frequency.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    columns: HashMap<u64, u32, BuildHasherDefault<AlreadyHashed>>,
    idf: Vec<f64>,
    unknown_idf: f64,
}

/// One non-zero entry of a vector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    /// The column.
    pub column: u32,
    /// The tf-idf value.
    pub value: f64,
    /// How often the term occurs in the text.
    pub count: u32,
}

impl Vocabulary {
    /// A vocabulary of terms with their inverse document frequencies, in the order of the columns, and the frequency that
    /// an unknown term is held to have.
    ///
    /// # Errors
    /// The first term that stands there twice, or whose hash is that of an earlier one.
    pub fn new<'a>(
        terms: impl IntoIterator<Item = (&'a str, f64)>,
        unknown_idf: f64,
    ) -> Result<Self, String> {
        let mut columns = HashMap::default();
        let mut idf = Vec::new();
        for (column, (term, term_idf)) in (0_u32..).zip(terms) {
            if columns.insert(hash_term(term), column).is_some() {
                return Err(term.to_owned());
            }
            idf.push(term_idf);
        }
        Ok(Self { columns, idf, unknown_idf })
    }

    /// How many columns there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.idf.len()
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.idf.is_empty()
    }

    /// The column of a term by its hash, if the term is known.
    #[must_use]
    pub fn column(&self, hash: u64) -> Option<u32> {
        self.columns.get(&hash).copied()
    }

    /// The vector of a text, by ascending column; empty where no term is known.
    #[must_use]
    pub fn vectorize(&self, words: &Words) -> Vec<Entry> {
        let mut hits = Vec::with_capacity(words.len() * 8);
        let mut unknown = Vec::new();
        words.each_occurrence(|occurrence| match self.column(occurrence.hash) {
            Some(column) => hits.push(column),
            None => unknown.push(occurrence.hash),
        });
        hits.sort_unstable();
        unknown.sort_unstable();
        let mut entries: Vec<Entry> = hits
            .chunk_by(|left, right| left == right)
            .map(|run| {
                let value = term_frequency(run.len()) * self.idf[run[0] as usize];
                Entry { column: run[0], value, count: u32::try_from(run.len()).unwrap_or(u32::MAX) }
            })
            .collect();
        let known: f64 = entries.iter().map(|entry| entry.value * entry.value).sum();
        let unknown = unknown.chunk_by(|left, right| left == right);
        let unknown: f64 =
            unknown.map(|run| (term_frequency(run.len()) * self.unknown_idf).powi(2)).sum();
        let length = (known + unknown).sqrt();
        if length > 0.0 {
            for entry in &mut entries {
                entry.value /= length;
            }
        }
        entries
    }
}

fn term_frequency(count: usize) -> f64 {
    1.0 + (count as f64).ln()
}

/// Keys are good hashes already; hashing them again would only take time.
#[derive(Debug, Clone, Copy, Default)]
struct AlreadyHashed(u64);

impl Hasher for AlreadyHashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        Vocabulary::new([("water", 2.0), ("hot water", 3.0), ("~^wat", 1.0)], 4.0).unwrap()
    }

    #[test]
    fn a_vector_uses_the_frozen_idf_and_is_shorter_the_more_is_unknown() {
        let length = |text: &str| {
            let entries = vocabulary().vectorize(&Words::of(text));
            entries.iter().map(|entry| entry.value.powi(2)).sum::<f64>().sqrt()
        };
        let whole =
            Vocabulary::new(Words::of("tap").terms().iter().map(|t| (t.as_str(), 2.0)), 9.0);
        let whole = whole.unwrap().vectorize(&Words::of("tap"));
        let whole: f64 = whole.iter().map(|entry| entry.value.powi(2)).sum();
        assert!((whole - 1.0).abs() < 1e-12);
        assert!(length("Hot water!") > length("Hot water in the boiler room!"));

        let entries = vocabulary().vectorize(&Words::of("Hot water!"));
        assert_eq!(entries.iter().map(|entry| entry.column).collect::<Vec<_>>(), [0, 1, 2]);
        assert!((entries[1].value / entries[0].value - 1.5).abs() < 1e-12);
    }

    #[test]
    fn a_repeated_term_counts_less_each_time() {
        let entries = vocabulary().vectorize(&Words::of("water water water, no wine"));
        assert_eq!(entries[0].count, 3);
        let ratio = entries[0].value / entries[1].value;
        assert!((ratio - 2.0).abs() < 1e-12, "both repeat equally: {ratio}");
    }

    #[test]
    fn unknown_words_leave_an_empty_vector() {
        assert!(vocabulary().vectorize(&Words::of("zzz")).is_empty());
        assert!(vocabulary().vectorize(&Words::of("")).is_empty());
    }

    #[test]
    fn a_term_cannot_stand_in_the_vocabulary_twice() {
        assert_eq!(Vocabulary::new([("tap", 1.0), ("tap", 1.0)], 1.0).unwrap_err(), "tap");
    }
}
