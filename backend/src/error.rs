//! Every failure of the ticket API, and the problem document it is answered with.
//!
//! Handlers return [`AppError`] and use `?` throughout. What a person can mend is a [`Problem`]; everything else is a
//! cause that goes to the log and is answered as `internal` or `unavailable`.

use std::fmt;

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use api_types::{FieldCode, FieldProblem, Problem, ProblemKind, Ticket};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel_async::pooled_connection::deadpool::PoolError;

use crate::domain::{listing::ListingError, ticket::Refusal};

/// Why a request is not answered as asked.
#[derive(Debug)]
pub enum AppError {
    /// Return the problem as it is.
    Problem(Box<Problem>),
    /// Return `308`: the ticket was merged, and this is where to ask instead.
    Moved(String),
    /// Return `503`: a part is away for a moment. The cause goes to the log.
    Unavailable(String),
    /// Return `500`: a bug. The cause goes to the log.
    Internal(String),
}

/// The content type of every problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

impl AppError {
    /// A problem of this kind.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Problem::new(kind, detail).into()
    }

    /// Return `404`.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(ProblemKind::NotFound, format!("There is no such {what}."))
    }

    /// Return `403`.
    #[must_use]
    pub fn forbidden(detail: &str) -> Self {
        Self::new(ProblemKind::Forbidden, detail)
    }

    /// Return `409`: a closed ticket is read-only.
    #[must_use]
    pub fn closed() -> Self {
        Self::new(ProblemKind::Closed, "The ticket is closed and can only be read.")
    }

    /// Return `409`: somebody else is at it, and it may be tried again.
    #[must_use]
    pub fn in_progress() -> Self {
        Self::new(
            ProblemKind::InProgress,
            "Another request is changing the same thing. Please try again.",
        )
    }

    /// Return `400`, naming a query parameter, a header or a part of the path.
    #[must_use]
    pub fn invalid_request(field: FieldProblem) -> Self {
        let detail = format!("{} {}.", field.field, field.message);
        Problem::new(ProblemKind::InvalidRequest, detail).with_field(field).into()
    }

    /// Return `412` with the ticket as it stands.
    #[must_use]
    pub fn stale(current: Ticket) -> Self {
        let detail = format!("Ticket #{} is at version {} by now.", current.id, current.version);
        let mut problem = Problem::new(ProblemKind::Stale, detail);
        problem.current = Some(Box::new(current));
        problem.into()
    }

    /// The problem document of this failure; a cause stays inside.
    #[must_use]
    pub fn to_problem(&self) -> Problem {
        match self {
            Self::Problem(problem) => (**problem).clone(),
            Self::Moved(_) => Problem::new(ProblemKind::Merged, "The ticket was merged."),
            Self::Unavailable(_) => Problem::new(
                ProblemKind::Unavailable,
                "The desk cannot answer right now. Please try again in a moment.",
            ),
            Self::Internal(_) => Problem::new(
                ProblemKind::Internal,
                "Something went wrong on our side; the request id helps to find out what.",
            ),
        }
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem(problem) => problem.fmt(f),
            Self::Moved(cause) | Self::Unavailable(cause) | Self::Internal(cause) => {
                f.write_str(cause)
            }
        }
    }
}

impl std::error::Error for AppError {}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        let status = match self {
            Self::Problem(problem) => problem.status,
            Self::Moved(_) => 308,
            Self::Unavailable(_) => 503,
            Self::Internal(_) => 500,
        };
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Moved(location) => HttpResponse::PermanentRedirect()
                .insert_header((header::LOCATION, location.as_str()))
                .finish(),
            _ => problem_response(&self.to_problem()),
        }
    }
}

/// The answer that carries a problem.
#[must_use]
pub fn problem_response(problem: &Problem) -> HttpResponse {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = HttpResponse::build(status);
    answer.content_type(PROBLEM_JSON);
    // Both say "later", and both are over in a second or two.
    if matches!(problem.kind, ProblemKind::Unavailable | ProblemKind::InProgress) {
        answer.insert_header((header::RETRY_AFTER, "1"));
    }
    if let Some(seconds) = problem.fields.iter().find_map(|f| f.params.get("retry_after")) {
        answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    answer.body(serde_json::to_vec(problem).unwrap_or_default())
}

impl From<Problem> for AppError {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<FieldProblem> for AppError {
    fn from(field: FieldProblem) -> Self {
        vec![field].into()
    }
}

impl From<Vec<FieldProblem>> for AppError {
    fn from(fields: Vec<FieldProblem>) -> Self {
        let detail = fields
            .iter()
            .map(|field| format!("{} {}.", field.field, field.message))
            .collect::<Vec<_>>()
            .join(" ");
        let mut problem = Problem::new(ProblemKind::InvalidInput, detail);
        problem.fields = fields;
        problem.into()
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.kind, refusal.detail)
    }
}

impl From<ListingError> for AppError {
    fn from(error: ListingError) -> Self {
        match error {
            ListingError::Parameter(field) => Self::invalid_request(field),
            ListingError::Forbidden => Self::forbidden("Closed tickets are listed for staff only."),
        }
    }
}

impl From<PoolError> for AppError {
    fn from(error: PoolError) -> Self {
        Self::Unavailable(format!("no connection to the database: {error}"))
    }
}

impl From<DieselError> for AppError {
    fn from(error: DieselError) -> Self {
        let DieselError::DatabaseError(kind, info) = &error else {
            return match error {
                DieselError::NotFound => Self::not_found("thing"),
                // The server went away in the middle of a transaction.
                DieselError::BrokenTransactionManager => Self::Unavailable(error.to_string()),
                _ => Self::Internal(error.to_string()),
            };
        };
        match info.constraint_name() {
            Some("ticket_closed_is_read_only") => {
                return Self::closed();
            }
            Some("ticket_merged_is_read_only" | "ticket_merged_already") => {
                return Self::new(ProblemKind::Merged, "The ticket was merged.");
            }
            Some("ticket_images_most") => {
                let field = FieldProblem::new("images", FieldCode::TooLong, "are eight at most");
                return field.with_param("max", api_types::limits::IMAGES_MAX as i64).into();
            }
            Some("image_labels_most") => {
                let field = FieldProblem::new(
                    "label",
                    FieldCode::TooLong,
                    "is one too many: thirty are the most",
                );
                return field.with_param("max", 30).into();
            }
            Some("image_of_redacted_photo") => {
                let message = "was removed by staff and cannot be added again";
                return FieldProblem::new("image", FieldCode::NotAllowed, message).into();
            }
            // The same photo was there when it was looked up, and swept away since.
            Some("images_sha256_fkey") => return Self::Unavailable(error.to_string()),
            Some("staff_name_key") => {
                let field = FieldProblem::new("name", FieldCode::Taken, "is taken already");
                return Problem::new(ProblemKind::NameTaken, "Somebody has this name already.")
                    .with_field(field)
                    .into();
            }
            _ => {}
        }
        let message = info.message();
        // Of two that wait for each other the database refuses one (SQLSTATE 40P01).
        if message.contains("lock timeout") || message.contains("deadlock detected") {
            return Self::in_progress();
        }
        let is_away = matches!(kind, DatabaseErrorKind::ClosedConnection)
            || [
                "connection closed",
                "terminating connection",
                "the database system is",
                "error communicating",
            ]
            .iter()
            .any(|sign| message.contains(sign));
        if is_away {
            Self::Unavailable(error.to_string())
        } else {
            Self::Internal(error.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waited_for_a_lock_in_vain_is_asked_to_try_again() {
        for message in ["canceling statement due to lock timeout", "deadlock detected"] {
            let info = Box::new(message.to_owned());
            let error = DieselError::DatabaseError(DatabaseErrorKind::Unknown, info);
            assert_eq!(AppError::from(error).to_problem().kind, ProblemKind::InProgress);
        }
    }
}
