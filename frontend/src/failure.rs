//! Why a request brought no answer, and how that is said to people.

use api_types::{Problem, ProblemKind, Ticket};

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
            Self::Unreachable => {
                "The desk cannot be reached. Check your connection and try again; \
                                  what you typed is kept."
                    .to_owned()
            }
            Self::Unreadable { status } => format!(
                "The desk gave an answer that this page does not understand ({status}). \
                 Reload the page; it may be out of date."
            ),
        }
    }

    /// The problem's kind.
    pub(crate) fn kind(&self) -> Option<ProblemKind> {
        match self {
            Self::Problem { problem, .. } => Some(problem.kind),
            Self::Unreachable | Self::Unreadable { .. } => None,
        }
    }

    /// What is wrong with one field of the form.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let Self::Problem { problem, .. } = self else { return None };
        problem.fields.iter().find(|field| field.field == name).map(|field| field.message.clone())
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
    let wait = match retry_after {
        Some(1) => "Try again in a second.".to_owned(),
        Some(seconds) => format!("Try again in {seconds} seconds."),
        None => "Try again in a moment.".to_owned(),
    };
    match problem.kind {
        ProblemKind::Forbidden => {
            "This is for staff. Switch to staff at the top to do it.".to_owned()
        }
        ProblemKind::NotFound => {
            "There is no such thing here, or it is not open any more.".to_owned()
        }
        ProblemKind::IllegalStep => {
            "A ticket goes from open to active to closed, one step at a time.".to_owned()
        }
        ProblemKind::Closed => "This ticket is closed and can only be read.".to_owned(),
        ProblemKind::InProgress => format!("The desk is still working on it. {wait}"),
        ProblemKind::NameTaken => "Somebody on the roster has this name already.".to_owned(),
        ProblemKind::Stale => "Somebody changed this ticket while you looked at it.".to_owned(),
        ProblemKind::TooLarge => "This is too long to send. Shorten it and try again.".to_owned(),
        ProblemKind::InvalidInput => match problem.fields.as_slice() {
            [] => problem.detail.clone(),
            fields => {
                fields.iter().map(|field| field.message.clone()).collect::<Vec<_>>().join(" ")
            }
        },
        ProblemKind::RateLimited => format!("That was a lot in a short time. {wait}"),
        ProblemKind::Internal => {
            "Something went wrong at the desk; it was written down there. Try again.".to_owned()
        }
        ProblemKind::Unavailable => format!("The desk is away for a moment. {wait}"),
        // The rest is for programs; where people meet it, the desk's own words say most.
        _ => problem.detail.clone(),
    }
}
