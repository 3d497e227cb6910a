//! What can go wrong between asking and having the answer.

use api_types::{Problem, ProblemKind};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The API refused, and says why.
    #[error("{0}")]
    Problem(Box<Problem>),
    /// The API could not be reached, or the connection broke before the answer was complete.
    #[error("the ticket API did not answer: {0}")]
    Transport(#[from] reqwest::Error),
    /// The answer is not in the shape of the API.
    #[error("the answer with status {status} cannot be read: {reason}")]
    Malformed {
        /// The HTTP status.
        status: u16,
        /// What is wrong with the body.
        reason: String,
    },
}

impl ClientError {
    /// The kind of problem the API named, if it named one.
    #[must_use]
    pub fn kind(&self) -> Option<ProblemKind> {
        match self {
            Self::Problem(problem) => Some(problem.kind),
            Self::Transport(_) | Self::Malformed { .. } => None,
        }
    }
}
