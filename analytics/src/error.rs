//! Every error of the service, as a problem on the wire.

use actix_web::{
    Error, HttpMessage as _, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{ALLOW, CONTENT_TYPE, RETRY_AFTER},
    },
    middleware::Next,
};
use api_types::{FieldProblem, Problem, ProblemKind};
use telemetry::RequestId;

/// A problem on its way to the client.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct AppError(Box<Problem>);

impl AppError {
    fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self(Box::new(Problem::new(kind, detail)))
    }

    /// Returns `400 invalid_request`, naming a query parameter or header.
    pub(crate) fn invalid_request(field: FieldProblem) -> Self {
        let detail = format!("{}: {}.", field.field, field.message);
        Self(Box::new(Problem::new(ProblemKind::InvalidRequest, detail).with_field(field)))
    }

    /// Returns `403 forbidden`.
    pub(crate) fn staff_only() -> Self {
        Self::new(ProblemKind::Forbidden, "Analyses are for staff.")
    }

    /// Returns `404 not_found`.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(ProblemKind::NotFound, format!("There is no such {what}."))
    }

    /// Returns `405 method_not_allowed`.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(ProblemKind::MethodNotAllowed, "This path knows GET alone.")
    }

    /// Returns `503 unavailable` until the feed has been read to its end for the first time.
    pub(crate) fn catching_up() -> Self {
        Self::new(ProblemKind::Unavailable, "The tickets are still being read.")
    }
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        match self.0.kind {
            ProblemKind::Unavailable => response.insert_header((RETRY_AFTER, "1")),
            ProblemKind::MethodNotAllowed => response.insert_header((ALLOW, "GET")),
            _ => &mut response,
        };
        response.insert_header((CONTENT_TYPE, "application/problem+json"));
        response.body(serde_json::to_string(&self.0).unwrap_or_default())
    }
}

/// Writes the id of the request into every problem. An error itself does not know which request it belongs to.
///
/// # Errors
/// None of its own.
pub(crate) async fn name_request_in_problem(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let request_id = request.extensions().get::<RequestId>().map(|RequestId(id)| id.clone());
    let response = next.call(request).await?;
    let problem = response.response().error().and_then(|e| e.as_error::<AppError>()).map(|e| {
        let problem = Problem { request_id, ..(*e.0).clone() };
        serde_json::to_string(&problem).unwrap_or_default()
    });
    Ok(match problem {
        Some(body) => response.map_body(|_, _| BoxBody::new(body)),
        None => response.map_into_boxed_body(),
    })
}
