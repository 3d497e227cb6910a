//! Why a request brought no answer, and how that is said to people.

use api_types::{FieldCode, FieldProblem, Problem, ProblemKind, Ticket};

use crate::texts::{Language, language, say};

/// Why a request brought no answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Failure {
    /// The desk answered with a problem.
    Problem {
        /// What it said.
        problem: Box<Problem>,
        /// After how many seconds it makes sense to try again.
        retry_after: Option<u32>,
    },
    /// No answer came, or one from something that stands in front of the desk. Whether a write happened is unknown.
    Unreachable,
    /// An answer came that this app does not understand.
    Unreadable {
        /// Its HTTP status.
        status: u16,
    },
}

impl Failure {
    /// What happened and what to do about it, for people.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Problem { problem, retry_after } => problem_sentence(problem, *retry_after),
            Self::Unreachable => say!(failure.unreachable).to_owned(),
            Self::Unreadable { status } => say!(failure.unreadable, status = status.to_string()),
        }
    }

    /// The problem's kind.
    pub(crate) fn kind(&self) -> Option<ProblemKind> {
        match self {
            Self::Problem { problem, .. } => Some(problem.kind),
            Self::Unreachable | Self::Unreadable { .. } => None,
        }
    }

    /// Whether there is no such thing, or none that one may see.
    pub(crate) fn is_missing(&self) -> bool {
        self.kind() == Some(ProblemKind::NotFound)
    }

    /// What is wrong with one field of the form.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let Self::Problem { problem, .. } = self else { return None };
        problem.fields.iter().find(|field| field.field == name).map(field_sentence)
    }

    /// Which rule a field broke.
    pub(crate) fn field_code(&self, name: &str) -> Option<FieldCode> {
        let Self::Problem { problem, .. } = self else { return None };
        problem.fields.iter().find(|field| field.field == name).map(|field| field.code)
    }

    /// The ticket as it stands now, where it had changed meanwhile.
    pub(crate) fn current(&self) -> Option<&Ticket> {
        match self {
            Self::Problem { problem, .. } => problem.current.as_deref(),
            Self::Unreachable | Self::Unreadable { .. } => None,
        }
    }

    /// Whether the desk said no for certain, so that nothing of the request was kept.
    pub(crate) fn is_certain(&self) -> bool {
        match self {
            Self::Problem { problem, .. } => {
                problem.status < 500
                    && !matches!(problem.kind, ProblemKind::InProgress | ProblemKind::RateLimited)
            }
            Self::Unreachable | Self::Unreadable { .. } => false,
        }
    }

    /// The id under which the desk's log knows the request.
    pub(crate) fn request_id(&self) -> Option<&str> {
        match self {
            Self::Problem { problem, .. } if problem.status >= 500 => problem.request_id.as_deref(),
            _ => None,
        }
    }
}

fn problem_sentence(problem: &Problem, retry_after: Option<u32>) -> String {
    let wait = || match retry_after {
        Some(seconds) => say!(failure.wait_seconds, seconds = seconds.to_string()),
        None => say!(failure.wait_moment).to_owned(),
    };
    let sentence = match problem.kind {
        ProblemKind::Forbidden => say!(failure.forbidden),
        ProblemKind::NotFound => say!(failure.not_found),
        ProblemKind::IllegalStep => say!(failure.illegal_step),
        ProblemKind::Closed => say!(failure.closed),
        ProblemKind::Merged => say!(failure.merged),
        ProblemKind::InProgress => return format!("{} {}", say!(failure.in_progress), wait()),
        ProblemKind::NameTaken => say!(failure.name_taken),
        ProblemKind::Stale => say!(failure.stale),
        ProblemKind::TooLarge => say!(failure.too_large),
        ProblemKind::InvalidInput if !problem.fields.is_empty() => {
            return problem.fields.iter().map(field_sentence).collect::<Vec<_>>().join(" ");
        }
        ProblemKind::RateLimited => return format!("{} {}", say!(failure.rate_limited), wait()),
        ProblemKind::Internal => say!(failure.internal),
        ProblemKind::Unavailable => return format!("{} {}", say!(failure.unavailable), wait()),
        // The rest is for programs; where people meet it, the desk's own words say most.
        _ => return problem.detail.clone(),
    };
    sentence.to_owned()
}

/// What is wrong with a field. The desk says it in English; in other languages its code does.
fn field_sentence(field: &FieldProblem) -> String {
    let limit = |name: &str| field.params.get(name).map_or(String::new(), ToString::to_string);
    let sentence = match field.code {
        _ if language() == Language::en => &field.message,
        FieldCode::Required => say!(failure.field.required),
        FieldCode::TooLong => return say!(failure.field.too_long, max = limit("max")),
        FieldCode::OutOfRange => say!(failure.field.out_of_range),
        FieldCode::InvalidCharacter => say!(failure.field.invalid_character),
        FieldCode::InvalidFormat => say!(failure.field.invalid_format),
        FieldCode::Unknown => say!(failure.field.unknown),
        FieldCode::NotFound => say!(failure.field.not_found),
        FieldCode::NotAllowed => say!(failure.field.not_allowed),
        FieldCode::Taken => say!(failure.field.taken),
    };
    sentence.to_owned()
}
