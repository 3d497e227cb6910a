//! The middleware around every request.

use std::{
    cell::RefCell,
    collections::HashMap,
    time::{Duration, Instant},
};

use actix_web::{
    Error, HttpMessage as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
    middleware::Next,
};
use api_types::headers;
use metrics::Histogram;
use uuid::Uuid;

use crate::REQUEST_DURATION;

/// The id of one request, kept in its extensions and sent as `x-request-id`.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Gives the request an id, measures it, and logs the cause of a failure once.
///
/// # Errors
/// Only what the wrapped service returns.
pub async fn record_request(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let id = Uuid::now_v7().simple().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let mut response = next.call(request).await?;

    let status = response.status();
    let path = response.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    let duration = started.elapsed();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        // A part is away for a moment, which is no bug of ours.
        let cause = response.response().error().map(ToString::to_string).unwrap_or_default();
        tracing::warn!(request_id = %id, %method, path, cause, "request not answered");
    } else if status.is_server_error() {
        let cause = response.response().error().map(ToString::to_string).unwrap_or_default();
        tracing::error!(
            request_id = %id, %method, path, status = status.as_u16(),
            duration_ms = duration.as_secs_f64() * 1e3, cause, "request failed"
        );
    } else {
        tracing::debug!(
            request_id = %id, %method, path, status = status.as_u16(),
            duration_ms = duration.as_secs_f64() * 1e3, "request answered"
        );
    }
    record(Series { method: method_label(&method), path, status: status.as_u16() }, duration);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static(headers::REQUEST_ID), value);
    }
    Ok(response)
}

/// What requests are told apart by.
#[derive(PartialEq, Eq, Hash)]
struct Series {
    method: &'static str,
    path: String,
    status: u16,
}

thread_local! {
    /// Looking a histogram up by its labels costs more than recording does; there are few, and each worker keeps its own.
    static HISTOGRAMS: RefCell<HashMap<Series, Histogram>> = RefCell::default();
}

fn record(series: Series, duration: Duration) {
    HISTOGRAMS.with_borrow_mut(|histograms| {
        histograms.entry(series).or_insert_with_key(find_histogram).record(duration.as_secs_f64());
    });
}

fn find_histogram(series: &Series) -> Histogram {
    // A histogram that is found before there is a recorder would count nothing for good.
    let _ = crate::recorder();
    metrics::histogram!(
        REQUEST_DURATION,
        "method" => series.method,
        "path" => series.path.clone(),
        "status" => series.status.to_string()
    )
}

/// Any other method shares one label: a client must not be able to make up series.
fn method_label(method: &actix_web::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "HEAD" => "HEAD",
        _ => "other",
    }
}
