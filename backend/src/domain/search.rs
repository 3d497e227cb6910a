//! What people type to find something, and what the database makes of it.

pub mod lookup;

use api_types::{FieldCode, FieldProblem, TicketId, limits};

/// As many terms of a search count; the rest says nothing more.
const TERMS_MAX: usize = 16;
/// As many words of a report are looked up; which of them count is decided by how rare they are.
const WORDS_MAX: usize = 64;
/// Only a word of this many letters is completed or corrected: a shorter one would fit everything.
const GUESSABLE_LENGTH: usize = 4;
const COMPLETABLE_LENGTH: usize = 3;

/// One thing that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// A word, or several that stand side by side, in small letters.
    pub text: String,
    /// It must not be there.
    pub excluded: bool,
    /// It was in quotes, and means what it says.
    pub quoted: bool,
    /// It may go on: the last word, while somebody types.
    pub unfinished: bool,
}

impl Term {
    /// Whether words that begin like it are meant too.
    #[must_use]
    pub fn may_be_completed(&self) -> bool {
        self.unfinished && self.is_word_of(COMPLETABLE_LENGTH)
    }

    /// Whether a word near it may be meant, where nobody ever wrote it.
    #[must_use]
    pub fn may_be_mistyped(&self) -> bool {
        !self.excluded && !self.quoted && self.is_word_of(GUESSABLE_LENGTH)
    }

    fn is_word_of(&self, letters: usize) -> bool {
        !self.quoted
            && self.text.chars().all(char::is_alphabetic)
            && self.text.chars().count() >= letters
    }
}

/// A search, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchText {
    /// What was asked for, in order.
    pub terms: Vec<Term>,
    /// The ticket it names, as `#123`.
    pub ticket: Option<TicketId>,
}

impl SearchText {
    /// Reads what somebody typed. Whatever is no letter and no digit only separates words, so that nothing in it can be
    /// taken for syntax of the database.
    ///
    /// # Errors
    /// If it is longer than a search may be.
    pub fn parse(raw: &str) -> Result<Self, FieldProblem> {
        if raw.chars().count() > limits::SEARCH_MAX {
            let message = format!("has more than {} characters", limits::SEARCH_MAX);
            return Err(FieldProblem::new("q", FieldCode::TooLong, message)
                .with_param("max", limits::SEARCH_MAX as i64));
        }
        let mut terms = Vec::new();
        for (index, piece) in raw.split('"').enumerate() {
            // Between an odd and an even quote; the last may still be open.
            if index % 2 == 1 {
                let excluded = raw_before(raw, index).ends_with('-');
                let words = words(piece).join(" ");
                push(&mut terms, Term { text: words, excluded, quoted: true, unfinished: false });
                continue;
            }
            for token in piece.split_whitespace() {
                let excluded = token.starts_with('-');
                let words = words(token);
                // A room such as 1.07 is one thing, not two numbers.
                let whole = token.chars().any(|c| c.is_ascii_digit()) && words.len() > 1;
                for text in if whole { vec![words.join(" ")] } else { words } {
                    push(&mut terms, Term { text, excluded, quoted: false, unfinished: false });
                }
            }
        }
        terms.truncate(TERMS_MAX);
        if raw.ends_with(char::is_alphanumeric)
            && let Some(last) = terms.last_mut()
        {
            last.unfinished = !last.quoted && !last.excluded;
        }
        Ok(Self { terms, ticket: parse_number(raw) })
    }

    /// The words as they are remembered: in small letters, one space apart, without what was excluded.
    #[must_use]
    pub fn normalised(&self) -> String {
        let wanted = self.terms.iter().filter(|term| !term.excluded);
        let words = wanted.map(|term| term.text.as_str()).collect::<Vec<_>>().join(" ");
        // «İ» falls apart in small letters, which may make it longer than a search may be.
        words.chars().take(limits::SEARCH_MAX).collect()
    }
}

/// The words of a report that is being written, each once.
#[must_use]
pub fn report_words(text: &str, location: Option<&str>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let mut words: Vec<String> = words(location.unwrap_or_default());
    words.extend(self::words(text));
    words.retain(|word| seen.insert(word.clone()));
    words.truncate(WORDS_MAX);
    words
}

fn raw_before(raw: &str, quote: usize) -> &str {
    raw.match_indices('"').nth(quote - 1).map_or("", |(at, _)| &raw[..at])
}

fn push(terms: &mut Vec<Term>, term: Term) {
    let known =
        terms.iter().any(|known| known.text == term.text && known.excluded == term.excluded);
    if !term.text.is_empty() && !known {
        terms.push(term);
    }
}

/// Cuts a text as the database does (`spaced` in the migrations): what is no letter and no digit separates, but
/// `wi-fi` and `e-mail` are one word.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let mut words: Vec<String> = Vec::new();
    let mut glue = false;
    for piece in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        let joins = matches!(word, "wi" | "e") && piece.ends_with('-');
        match words.last_mut() {
            Some(last) if glue && !word.is_empty() => last.push_str(word),
            _ if word.is_empty() => {}
            _ => words.push(word.to_owned()),
        }
        glue = joins;
    }
    words
}

fn parse_number(raw: &str) -> Option<TicketId> {
    let digits = raw.trim().strip_prefix('#')?;
    digits.parse().ok().filter(|number| *number > 0).map(TicketId)
}

/// Letters that have to be added, left out, changed or swapped with their neighbour to make one word of the other, if
/// that is few enough to be a slip: one in a short word, two in a long one.
///
/// # Source
/// The optimal string alignment distance, as the crate `strsim` has it.
#[must_use]
pub fn slip_distance(typed: &str, word: &str) -> Option<usize> {
    let allowed = if typed.chars().count() <= 5 { 1 } else { 2 };
    Some(strsim::osa_distance(typed, word)).filter(|distance| *distance <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(raw: &str) -> Vec<String> {
        let show = |term: Term| {
            let sign = if term.excluded { "-" } else { "" };
            let quote = if term.quoted { "\"" } else { "" };
            let more = if term.unfinished { "…" } else { "" };
            format!("{sign}{quote}{}{quote}{more}", term.text)
        };
        SearchText::parse(raw).unwrap().terms.into_iter().map(show).collect()
    }

    #[test]
    fn quotes_minus_and_the_word_being_typed_are_read() {
        for (raw, terms) in [
            ("Projector Library", vec!["projector", "library…"]),
            ("projector ", vec!["projector"]),
            ("\"no signal\" hdmi -mac", vec!["\"no signal\"", "hdmi", "-mac"]),
            ("printer -\"paper jam\"", vec!["printer", "-\"paper jam\""]),
            ("\"never closed", vec!["\"never closed\""]),
            ("Wi-Fi e-mail on-site 1.07", vec!["wifi", "email", "on", "site", "1 07…"]),
            ("tap tap TAP", vec!["tap…"]),
            ("' | & ! ( ) : * <-> \\ %", vec![]),
            ("😀 \u{0}", vec![]),
        ] {
            assert_eq!(texts(raw), terms, "{raw:?}");
        }
    }

    #[test]
    fn a_number_with_its_sign_names_a_ticket() {
        let number = |raw| SearchText::parse(raw).unwrap().ticket;
        assert_eq!(number(" #123 "), Some(TicketId(123)));
        assert_eq!(number("123"), None);
        assert_eq!(number("#0"), None);
        assert_eq!(number("#99999999999999999999"), None);
    }

    #[test]
    fn a_slip_is_one_letter_of_a_short_word_and_two_of_a_long_one() {
        assert_eq!(slip_distance("pirnter", "printer"), Some(1));
        assert_eq!(slip_distance("projetr", "projector"), Some(2));
        assert_eq!(slip_distance("heat", "meet"), None);
        assert_eq!(slip_distance("lamb", "lamp"), Some(1));
    }

    #[test]
    fn a_search_that_is_too_long_is_refused_by_name() {
        let problem = SearchText::parse(&"a".repeat(limits::SEARCH_MAX + 1)).unwrap_err();
        assert_eq!((problem.field.as_str(), problem.code), ("q", FieldCode::TooLong));
    }
}
