//! Texts that people type, parsed once at the edge: trimmed, without characters that cannot be stored, of a known length.

use std::fmt;

use api_types::{FieldCode, FieldProblem, limits};

/// How a text may be laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Runs of white space become one space.
    OneLine,
    /// Line breaks stay.
    Lines,
}

/// Counts characters as PostgreSQL's `char_length` does, so that both refuse the same text.
fn parse_text(field: &str, raw: &str, max: usize, layout: Layout) -> Result<String, FieldProblem> {
    if raw.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(FieldProblem::new(
            field,
            FieldCode::InvalidCharacter,
            "holds a control character that cannot be stored",
        ));
    }
    let text = match layout {
        Layout::OneLine => raw.split_whitespace().collect::<Vec<_>>().join(" "),
        Layout::Lines => raw.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned(),
    };
    if text.is_empty() {
        return Err(FieldProblem::new(field, FieldCode::Required, "must not be empty or blank"));
    }
    let length = text.chars().count();
    if length > max {
        return Err(FieldProblem::new(
            field,
            FieldCode::TooLong,
            format!("has {length} characters; at most {max} are allowed"),
        )
        .with_param("max", max as i64));
    }
    Ok(text)
}

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $field:literal, $max:expr, $layout:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Reads what somebody typed.
            ///
            /// # Errors
            /// A problem with the field if the text is blank, too long or holds a character that cannot be stored.
            pub fn parse(raw: &str) -> Result<Self, FieldProblem> {
                parse_text($field, raw, $max, $layout).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, owned.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_type!(
    /// What is wrong, in a few words: one line of 1–200 characters.
    Title, "title", limits::TITLE_MAX, Layout::OneLine
);
text_type!(
    /// What is wrong: 1–10,000 characters.
    Description, "description", limits::DESCRIPTION_MAX, Layout::Lines
);
text_type!(
    /// A place on campus: one line of 1–200 characters.
    Location, "location", limits::LOCATION_MAX, Layout::OneLine
);
text_type!(
    /// A message of the thread: 1–10,000 characters.
    Body, "body", limits::MESSAGE_MAX, Layout::Lines
);
text_type!(
    /// The text of an article: 1–20,000 characters.
    ArticleBody, "body", limits::ARTICLE_MAX, Layout::Lines
);
text_type!(
    /// What was done: 1–2,000 characters.
    Resolution, "resolution", limits::RESOLUTION_MAX, Layout::Lines
);
text_type!(
    /// A person's name: one line of 1–80 characters.
    Name, "name", limits::NAME_MAX, Layout::OneLine
);

text_type!(
    /// What is on a photo: one line of 1–40 characters.
    Label, "label", limits::LABEL_MAX, Layout::OneLine
);

impl Label {
    /// The label as it is kept: in small letters, so that one thing has one label.
    #[must_use]
    pub fn into_lower_case(self) -> String {
        // A few letters become two; what is too long then is cut.
        self.0.to_lowercase().chars().take(limits::LABEL_MAX).collect()
    }
}

/// Whether a report that is being written, title and description together, is short enough to be looked at.
///
/// # Errors
/// A problem with `text` if it is too long.
pub fn check_report_text(text: &str) -> Result<(), FieldProblem> {
    let max = limits::CLASSIFY_MAX;
    if text.chars().count() <= max {
        return Ok(());
    }
    let message = format!("has more than {max} characters");
    Err(FieldProblem::new("text", FieldCode::TooLong, message).with_param("max", max as i64))
}

impl Location {
    /// Reads an optional place; blank means none.
    ///
    /// # Errors
    /// As [`Location::parse`], but for blank.
    pub fn parse_optional(raw: Option<&str>) -> Result<Option<Self>, FieldProblem> {
        raw.filter(|raw| !raw.trim().is_empty()).map(Self::parse).transpose()
    }
}

/// The most characters a title made from a description has.
const DERIVED_TITLE_MAX: usize = 80;

impl Title {
    /// A title for a report without one: its first sentence or line, cut at a word where it is long.
    #[must_use]
    pub fn from_description(description: &Description) -> Self {
        let line = description.as_str().lines().next().unwrap_or_default();
        // «Room 2.204» and «portal.example.org» go on after the full stop.
        let is_end = |(at, sign): &(usize, char)| {
            matches!(sign, '.' | '!' | '?')
                && line[at + 1..].chars().next().is_none_or(char::is_whitespace)
        };
        let end = line.char_indices().find(is_end);
        let sentence = end.map_or(line, |(at, _)| &line[..=at]);
        // A full stop after a letter or two is an abbreviation or a number, not the end of what is said.
        let start = if sentence.chars().count() < 12 { line } else { sentence };
        let words = start.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.chars().count() <= DERIVED_TITLE_MAX {
            let bare = words.trim_end_matches('.');
            return Self(if bare.is_empty() { words } else { bare.to_owned() });
        }
        let cut: String = words.chars().take(DERIVED_TITLE_MAX - 1).collect();
        let whole_words = cut.rfind(' ').map_or(cut.as_str(), |end| &cut[..end]);
        Self(format!("{whole_words}…"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_overlong_and_unstorable_texts_are_refused_by_name() {
        for (raw, code) in [
            ("", FieldCode::Required),
            (" \n\t ", FieldCode::Required),
            ("a\0b", FieldCode::InvalidCharacter),
            ("\u{1b}[31m", FieldCode::InvalidCharacter),
            (&*"é".repeat(10_001), FieldCode::TooLong),
        ] {
            let problem = Description::parse(raw).unwrap_err();
            assert_eq!((problem.field.as_str(), problem.code), ("description", code));
        }
        assert!(Description::parse(&"é".repeat(10_000)).is_ok());
    }

    #[test]
    fn a_title_is_the_first_sentence_cut_at_a_word() {
        for (description, title) in [
            ("The tap drips. It has for days.", "The tap drips"),
            ("No heat\nin the whole wing", "No heat"),
            ("Dr. Who's lamp is out", "Dr. Who's lamp is out"),
            ("The desk in Centre 2.204 wobbles. A lot.", "The desk in Centre 2.204 wobbles"),
            ("Cannot reach portal.example.org! Help", "Cannot reach portal.example.org!"),
            (".", "."),
            ("...", "..."),
        ] {
            let derived = Title::from_description(&Description::parse(description).unwrap());
            assert_eq!(
                Title::parse(derived.as_str()).map(Title::into_string),
                Ok(title.to_owned())
            );
        }
        let long = Title::from_description(&Description::parse(&"word ".repeat(60)).unwrap());
        assert!(long.as_str().ends_with("word…") && long.as_str().chars().count() <= 80);
    }
}
