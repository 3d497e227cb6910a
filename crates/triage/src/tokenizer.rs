//! Cuts a text into terms: words, pairs of neighbouring words, and fragments of three to five characters.
//!
//! A *word* is a run of letters and digits, case-folded; an apostrophe inside a word is dropped, so that `doesn't` and
//! `doesnt` are one word, and every digit becomes `0`, since room 204 says nothing that room 310 does not. A *fragment*
//! lies within one word, whose beginning and end count as the characters `^` and `$`; fragments make `printr` and
//! `Drucker-printer` resemble `printer`. Terms are spelt `printer`, `hot water` and `~^prin`, so no two kinds collide.
//!
//! *Stop-words* (`the`, `is`, `my`) say little of what is wrong, and nothing where there is no other word: a text of
//! nothing else has no terms. A run of more than [`WORD_MAX`] characters is no word but a key, a
//! picture in letters or noise, and makes none either.
//!
//! Terms are passed around as hashes of their spelling; the spelling is made only where somebody wants to read it.

use std::ops::Range;

use crate::stop_words::is_stop_word;

/// Longer runs of letters and digits than this are no words.
const WORD_MAX: usize = 30;
const FRAGMENT_MIN: usize = 3;
const FRAGMENT_MAX: usize = 5;
const FRAGMENT_SIGN: char = '~';
const WORD_START: char = '^';
const WORD_END: char = '$';

/// A text cut into case-folded words.
#[derive(Debug, Clone)]
pub struct Words {
    /// Every word as `^word$`, one after the other.
    folded: String,
    /// Where each `^word$` stands in `folded`, and what it is good for.
    bounds: Vec<(Range<usize>, Worth)>,
}

/// What a word is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worth {
    /// It may say what is wrong.
    Full,
    /// It has terms like any other, beside words that may say what is wrong.
    StopWord,
    /// It has no terms.
    Noise,
}

/// One occurrence of a term in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// The hash of the term's spelling, as [`hash_term`] makes it.
    pub hash: u64,
    /// What kind of term it is.
    pub kind: TermKind,
    /// The number of the word it starts in.
    pub word: usize,
}

/// The kinds of terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TermKind {
    /// One word.
    Word,
    /// Two neighbouring words.
    Pair,
    /// A few characters of one word.
    Fragment,
}

impl TermKind {
    /// The kind that a spelling belongs to.
    #[must_use]
    pub fn of(term: &str) -> Self {
        if term.starts_with(FRAGMENT_SIGN) {
            Self::Fragment
        } else if term.contains(' ') {
            Self::Pair
        } else {
            Self::Word
        }
    }
}

impl Words {
    /// Cuts a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut words = Self {
            folded: String::with_capacity(text.len() + text.len() / 2 + 8),
            bounds: Vec::with_capacity(text.len() / 5 + 1),
        };
        let mut start = None;
        for character in text.chars() {
            if character.is_alphanumeric() {
                start.get_or_insert_with(|| words.begin());
                push_folded(&mut words.folded, character);
            } else if matches!(character, '\'' | '’') {
                // Neither part of a word nor the end of one.
            } else if let Some(from) = start.take() {
                words.end(from);
            }
        }
        if let Some(from) = start {
            words.end(from);
        }
        words
    }

    fn begin(&mut self) -> usize {
        self.folded.push(WORD_START);
        self.folded.len() - WORD_START.len_utf8()
    }

    fn end(&mut self, from: usize) {
        let word = &self.folded[from + WORD_START.len_utf8()..];
        let worth = if is_stop_word(word) {
            Worth::StopWord
        } else if word.len() > WORD_MAX && word.chars().count() > WORD_MAX {
            Worth::Noise
        } else {
            Worth::Full
        };
        self.folded.push(WORD_END);
        self.bounds.push((from..self.folded.len(), worth));
    }

    /// How many words there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bounds.len()
    }

    /// Whether the text has no word at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bounds.is_empty()
    }

    /// One word, case-folded.
    ///
    /// # Panics
    /// If there is no such word.
    #[must_use]
    pub fn word(&self, index: usize) -> &str {
        let marked = &self.folded[self.bounds[index].0.clone()];
        &marked[WORD_START.len_utf8()..marked.len() - WORD_END.len_utf8()]
    }

    /// Every word in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.word(index))
    }

    /// Calls `visit` with every occurrence of every term, without making their spellings.
    pub fn each_occurrence(&self, mut visit: impl FnMut(Occurrence)) {
        if !self.has_content() {
            return;
        }
        let sign = hash_term(FRAGMENT_SIGN.encode_utf8(&mut [0; 4]));
        for (index, (bounds, worth)) in self.bounds.iter().enumerate() {
            let hash = hash_term(self.word(index));
            if *worth != Worth::Noise {
                visit(Occurrence { hash, kind: TermKind::Word, word: index });
            }
            if self.is_pair(index) {
                let hash = extend(extend(hash, b" "), self.word(index + 1).as_bytes());
                visit(Occurrence { hash, kind: TermKind::Pair, word: index });
            }
            if *worth != Worth::Noise {
                each_fragment(&self.folded[bounds.clone()], |fragment| {
                    let hash = extend(sign, fragment.as_bytes());
                    visit(Occurrence { hash, kind: TermKind::Fragment, word: index });
                });
            }
        }
    }

    /// The spelling of every occurrence of every term, in the order of [`Words::each_occurrence`].
    #[must_use]
    pub fn terms(&self) -> Vec<String> {
        let mut terms = Vec::new();
        if !self.has_content() {
            return terms;
        }
        for (index, (bounds, worth)) in self.bounds.iter().enumerate() {
            if *worth != Worth::Noise {
                terms.push(self.word(index).to_owned());
            }
            if self.is_pair(index) {
                terms.push(self.pair(index));
            }
            if *worth != Worth::Noise {
                each_fragment(&self.folded[bounds.clone()], |fragment| {
                    terms.push(format!("{FRAGMENT_SIGN}{fragment}"));
                });
            }
        }
        terms
    }

    /// Whether there is a word that may say what is wrong.
    fn has_content(&self) -> bool {
        self.bounds.iter().any(|(_, worth)| *worth == Worth::Full)
    }

    /// Whether a word and the one after it make a term.
    fn is_pair(&self, index: usize) -> bool {
        let Some((_, next)) = self.bounds.get(index + 1) else { return false };
        ![self.bounds[index].1, *next].contains(&Worth::Noise)
    }

    /// The spelling of the pair that starts at a word.
    ///
    /// # Panics
    /// If there is no such word or none after it.
    #[must_use]
    pub fn pair(&self, index: usize) -> String {
        format!("{} {}", self.word(index), self.word(index + 1))
    }
}

/// The hash of a term's spelling: FNV-1a with 64 bits, the same on every machine.
#[must_use]
pub fn hash_term(term: &str) -> u64 {
    extend(0xcbf2_9ce4_8422_2325, term.as_bytes())
}

fn extend(hash: u64, bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

fn push_folded(folded: &mut String, character: char) {
    if character.is_numeric() {
        folded.push('0');
    } else if character.is_ascii() {
        folded.push(character.to_ascii_lowercase());
    } else {
        folded.extend(character.to_lowercase());
    }
}

fn each_fragment<'a>(marked: &'a str, mut visit: impl FnMut(&'a str)) {
    for (from, _) in marked.char_indices() {
        let tail = &marked[from..];
        let ends = tail.char_indices().map(|(at, character)| at + character.len_utf8());
        for end in ends.take(FRAGMENT_MAX).skip(FRAGMENT_MIN - 1) {
            visit(&tail[..end]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        Words::of(text).iter().map(str::to_owned).collect()
    }

    #[test]
    fn words_are_runs_of_letters_and_digits_in_any_script_folded_in_case() {
        for (text, expected) in [
            ("The Wi-Fi is DOWN!!", vec!["the", "wi", "fi", "is", "down"]),
            ("ÜBERALL straße", vec!["überall", "straße"]),
            ("Принтер не работает", vec!["принтер", "не", "работает"]),
            ("打印机 坏了", vec!["打印机", "坏了"]),
            ("🚿🚿", vec![]),
            ("", vec![]),
            ("a\0b\tc", vec!["a", "b", "c"]),
        ] {
            assert_eq!(words(text), expected, "{text:?}");
        }
    }

    #[test]
    fn numbers_differ_only_in_how_many_digits_they_have() {
        assert_eq!(words("Room B204, 12.5 °C"), ["room", "b000", "00", "0", "c"]);
        assert_eq!(words("room b310"), words("ROOM B204"));
    }

    #[test]
    fn an_apostrophe_does_not_cut_a_word() {
        assert_eq!(words("doesn't can’t 'quoted'"), ["doesnt", "cant", "quoted"]);
    }

    #[test]
    fn terms_are_words_pairs_and_fragments_within_words() {
        assert_eq!(
            Words::of("Old ink").terms(),
            [
                "old", "old ink", "~^ol", "~^old", "~^old$", "~old", "~old$", "~ld$", "ink",
                "~^in", "~^ink", "~^ink$", "~ink", "~ink$", "~nk$"
            ]
        );
    }

    #[test]
    fn stop_words_say_nothing_where_there_is_no_other_word() {
        assert!(Words::of("it is what it is, and so are we").terms().is_empty());
        let terms = Words::of("log in to the IT desk").terms();
        for term in ["log in", "in to", "it desk", "the"] {
            assert!(terms.iter().any(|other| other == term), "{terms:?}");
        }
    }

    #[test]
    fn a_run_of_letters_that_no_language_has_makes_no_term() {
        let noise = "aGVsbG8gd29ybGQgdGhpcyBpcyBub2lzZQ".repeat(3);
        assert!(Words::of(&noise).terms().is_empty());
        assert!(Words::of(&"é".repeat(30)).terms().len() > 1);
    }

    #[test]
    fn every_occurrence_has_the_hash_and_the_kind_of_its_spelling() {
        let words = Words::of("Hot water in Zürich's 3rd lab: 没有 hot water");
        let mut occurrences = Vec::new();
        words.each_occurrence(|occurrence| occurrences.push(occurrence));
        let terms = words.terms();
        assert_eq!(occurrences.len(), terms.len());
        for (occurrence, term) in occurrences.iter().zip(&terms) {
            assert_eq!(occurrence.hash, hash_term(term), "{term}");
            assert_eq!(occurrence.kind, TermKind::of(term), "{term}");
        }
    }

    #[test]
    fn the_hash_never_changes() {
        assert_eq!(hash_term(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash_term("foobar"), 0x8594_4171_f739_67e8);
    }
}
