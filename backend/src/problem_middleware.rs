//! Gives every error answer the shape of a problem document and its request's id, whoever made it.

use actix_web::{
    Error, HttpMessage as _, HttpResponse,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderValue, LOCATION},
    middleware::Next,
};
use api_types::{Problem, ProblemKind};
use telemetry::RequestId;

use crate::error::{AppError, problem_response};

/// Rewrites error answers, and carries the query string along to where a merged ticket is to be asked for; leaves all
/// others alone.
pub(crate) async fn finish_problem<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let mut response = next.call(request).await?;
    keep_query(&mut response);
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return Ok(response.map_into_left_body());
    }
    let (request, response) = response.into_parts();
    let known = response.error().and_then(|error| error.as_error::<AppError>());
    let mut problem = match known {
        Some(error) => error.to_problem(),
        // A proxied answer of analytics is a problem already.
        None if response.error().is_none() && has_body(&response) => {
            return Ok(ServiceResponse::new(request, response.map_into_left_body()));
        }
        None => problem_of(status.as_u16(), request.path()),
    };
    problem.request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    let mut answer = problem_response(&problem);
    for (name, value) in response.headers() {
        // What the refusal said besides its body (Allow, Retry-After) still holds.
        if name != "content-type" && name != "content-length" {
            answer.headers_mut().insert(name.clone(), value.clone());
        }
    }
    let answer = keep_cause(answer, known);
    Ok(ServiceResponse::new(request, answer.map_into_right_body()))
}

fn keep_query<B>(response: &mut ServiceResponse<B>) {
    let error = response.response().error().and_then(|error| error.as_error::<AppError>());
    let Some(AppError::Moved(path)) = error else { return };
    let query = response.request().query_string();
    if query.is_empty() {
        return;
    }
    if let Ok(location) = HeaderValue::from_str(&format!("{path}?{query}")) {
        response.headers_mut().insert(LOCATION, location);
    }
}

fn has_body<B: MessageBody>(response: &HttpResponse<B>) -> bool {
    !matches!(
        response.body().size(),
        actix_web::body::BodySize::None | actix_web::body::BodySize::Sized(0)
    )
}

/// The cause must still reach the log, which the outer middleware writes.
fn keep_cause(answer: HttpResponse, error: Option<&AppError>) -> HttpResponse {
    match error {
        Some(AppError::Internal(cause)) => {
            HttpResponse::from_error(AppError::Internal(cause.clone())).set_body(answer.into_body())
        }
        Some(AppError::Unavailable(cause)) => {
            HttpResponse::from_error(AppError::Unavailable(cause.clone()))
                .set_body(answer.into_body())
        }
        _ => answer,
    }
}

/// A problem for an error that the framework answered by itself.
fn problem_of(status: u16, path: &str) -> Problem {
    let kind =
        ProblemKind::ALL.iter().copied().find(|kind| kind.status() == status).unwrap_or(
            if status >= 500 { ProblemKind::Internal } else { ProblemKind::InvalidRequest },
        );
    Problem::new(kind, format!("{path}: {}", kind.title()))
}
