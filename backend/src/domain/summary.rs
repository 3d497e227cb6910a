//! A ticket in two or three of its own sentences: what is reported, what was done, where it stands.
//!
//! Extractive, and the same for the same texts. Each sentence is chosen from one text alone when that text is written,
//! so that nothing has to be read again to know it.

use api_types::{
    Role,
    limits::{REDACTED, SUMMARY_MAX},
};

/// A sentence that opens like this greets, thanks or takes leave.
const COURTESIES: [&str; 22] = [
    "hello",
    "hi",
    "hey",
    "dear",
    "good morning",
    "good afternoon",
    "thank",
    "thanks",
    "many thanks",
    "regards",
    "kind regards",
    "best",
    "cheers",
    "sorry",
    "please let",
    "let us know",
    "hallo",
    "guten",
    "liebe",
    "danke",
    "viele",
    "mit freundlichen",
];
/// More words than these say nothing more.
const WORDS_MAX: usize = 14;
/// Words from this many letters on say something, as a rule.
const TELLING_LENGTH: usize = 4;

/// The sentence of a text that says most: the one with the most telling words that neither greets nor asks; the
/// earlier of two. `None` for a text that was redacted.
#[must_use]
pub fn telling_sentence(text: &str) -> Option<String> {
    if text == REDACTED {
        return None;
    }
    let sentences = sentences(text);
    let best = sentences.iter().enumerate().max_by_key(|(place, sentence)| {
        // Of two with the same words the earlier one is larger.
        (worth(sentence), std::cmp::Reverse(*place))
    });
    best.map(|(_, sentence)| shorten(sentence))
}

/// What was done and where it stands, by a thread that everyone may see, oldest first, and the resolution: the sentence of
/// the last answer of staff, and that of what users said since.
#[must_use]
pub fn summarise_thread<'a>(
    thread: impl Iterator<Item = (Role, &'a str)>,
    resolution: Option<&str>,
) -> (Option<String>, Option<String>) {
    let (mut done, mut now) = (None, None);
    let says = |text: &str| text != REDACTED && text.chars().any(char::is_alphanumeric);
    for (role, text) in thread.filter(|(_, text)| says(text)) {
        match role {
            Role::Staff => (done, now) = (Some(text), None),
            Role::User => now = Some(text),
        }
    }
    (done.and_then(telling_sentence), resolution.or(now).and_then(telling_sentence))
}

fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let followed_by_space = characters.peek().is_none_or(|(_, next)| next.is_whitespace());
        let end = at + c.len_utf8();
        if c == '\n' || (matches!(c, '.' | '!' | '?' | '؟') && followed_by_space) {
            sentences.push(text[start..end].trim());
            start = end;
        }
    }
    sentences.push(text[start..].trim());
    sentences.retain(|sentence| sentence.chars().any(char::is_alphanumeric));
    sentences
}

fn worth(sentence: &str) -> usize {
    let lower = sentence.to_lowercase();
    let telling =
        |word: &&str| word.chars().filter(|c| c.is_alphanumeric()).count() >= TELLING_LENGTH;
    let words = lower.split_whitespace().filter(telling).count().min(WORDS_MAX);
    let courteous = COURTESIES.iter().any(|opening| {
        lower.strip_prefix(opening).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    });
    let asks = sentence.ends_with(['?', '؟']);
    // Doubled, so that a question with as many words as a statement stands behind it.
    let words = 2 * words + usize::from(!asks);
    if courteous { words / 4 } else { words }
}

/// Cut at a word, in one line.
fn shorten(sentence: &str) -> String {
    let line = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SUMMARY_MAX {
        return line;
    }
    let cut: String = line.chars().take(SUMMARY_MAX - 1).collect();
    let cut = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{cut}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greetings_thanks_and_questions_give_way_to_what_is_said() {
        for (text, sentence) in [
            (
                "Hello, thanks for telling us about it. We replaced the bulb this morning. Anything else we can do for you today?",
                "We replaced the bulb this morning.",
            ),
            ("It drips", "It drips"),
            (
                "Room 1.07 is cold. The radiator below the window never gets warm",
                "The radiator below the window never gets warm",
            ),
            ("Thanks!", "Thanks!"),
            ("Is anybody working on this?", "Is anybody working on this?"),
        ] {
            assert_eq!(telling_sentence(text).as_deref(), Some(sentence));
        }
    }

    #[test]
    fn a_redacted_text_and_one_without_words_say_nothing() {
        assert_eq!(telling_sentence(REDACTED), None);
        assert_eq!(telling_sentence("… !! ??"), None);
    }

    #[test]
    fn a_long_sentence_is_cut_at_a_word_and_fits() {
        let cut = telling_sentence(&"radiator ".repeat(100)).unwrap();
        assert!(cut.ends_with("radiator…") && cut.chars().count() <= SUMMARY_MAX, "{cut}");
        let cut = telling_sentence(&"x".repeat(1_000)).unwrap();
        assert_eq!(cut.chars().count(), SUMMARY_MAX);
    }
}
