//! Passes `/analytics/**` on to the analytics service, so that a browser needs one origin.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use api_types::{Problem, headers};

use super::answer::Answer;
use crate::{app::App, error::AppError};

/// Analytics answers from memory; longer than this means that it is not there.
const TIMEOUT: Duration = Duration::from_secs(10);
/// What analytics may know of a request, and a browser of its answer.
const PASSED_ON: [&str; 2] = [headers::DESK_ROLE, "accept"];
const PASSED_BACK: [&str; 2] = ["content-type", "cache-control"];

/// Ask analytics.
pub(crate) async fn proxy(app: web::Data<App>, request: HttpRequest) -> Answer {
    let url = format!("{}{}", app.analytics_url(), request.uri());
    let mut question = app.http().get(url).timeout(TIMEOUT);
    for name in PASSED_ON {
        if let Some(value) = request.headers().get(name) {
            question = question.header(name, value.as_bytes());
        }
    }
    let away = |error: reqwest::Error| AppError::Unavailable(format!("analytics: {error}"));
    let answer = question.send().await.map_err(away)?;
    let status = StatusCode::from_u16(answer.status().as_u16())
        .map_err(|error| AppError::Internal(error.to_string()))?;
    if status.is_client_error() || status.is_server_error() {
        // A problem there is a problem here, with the id of this request.
        let problem: Problem = answer.json().await.map_err(away)?;
        return Err(problem.into());
    }
    let mut response = HttpResponse::build(status);
    for name in PASSED_BACK {
        if let Some(value) = answer.headers().get(name) {
            response.insert_header((name, value.as_bytes()));
        }
    }
    Ok(response.body(answer.bytes().await.map_err(away)?))
}
