//! What can go wrong, by what is to be done about it.

use std::time::Duration;

/// Why a photo has no labels.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The service has no room for another request now: ask again later.
    #[error("the service is busy")]
    Busy {
        /// How long it wants to be left alone, where it says so.
        retry_after: Option<Duration>,
    },
    /// The service, the way to it or our key for it does not work: ask again later. The photo is not at fault.
    #[error("the service cannot be asked: {0}")]
    Away(String),
    /// This photo will never be labelled: do not ask again.
    #[error("the photo is refused: {0}")]
    Refused(String),
    /// There was an answer that makes no sense, or only a part of one, or whoever looked at the photo broke down over it:
    /// ask again later, but not for ever.
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
}

impl Failure {
    /// Whether the service is at fault, so that another photo would fare no better.
    #[must_use]
    pub fn is_of_service(&self) -> bool {
        !matches!(self, Self::Refused(_))
    }
}

/// Why a service cannot be used at all: its settings are wrong.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The address is none.
    #[error("the address of the service cannot be used: {0}")]
    Url(String),
    /// The key holds characters that no header may hold.
    #[error("the key of the service holds characters that no key has")]
    Key,
    /// No HTTP client can be set up on this machine; one without the certificates of any authority is the usual case.
    #[error("no HTTP client can be set up: {0}")]
    Client(String),
}

/// Words of a service are passed on up to this many characters.
const MOST_WORDS: usize = 200;

/// What a service said, fit for an error text: short, and without what must stay secret.
pub(crate) fn quote_message(message: &str, secrets: &[&str]) -> String {
    // A service may well repeat what it was sent, so that the secrets are looked for before anything is cut.
    let hidden = secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .fold(message.to_owned(), |text, secret| text.replace(secret, "[secret]"));
    let words = hidden.split(|c: char| c.is_whitespace() || c.is_control());
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    line.chars().take(MOST_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_message_is_one_short_line_without_secrets() {
        let message = format!("bad key\n s3cret! {}", "long ".repeat(100));
        let quoted = quote_message(&message, &["s3cret!", ""]);
        assert!(quoted.starts_with("bad key [secret] long long"), "{quoted}");
        assert_eq!(quoted.chars().count(), MOST_WORDS);
    }
}
