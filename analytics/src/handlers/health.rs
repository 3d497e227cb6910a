//! Whether the process runs, whether it can answer, and what it measured.

use actix_web::{
    HttpResponse, Responder,
    http::header::ContentType,
    web::{Data, Json},
};
use serde::Serialize;

use super::App;
use crate::error::AppError;

/// The answer of `/health/live`.
#[derive(Debug, Serialize)]
pub(crate) struct Live {
    status: &'static str,
}

/// The answer of `/health/ready`.
#[derive(Debug, Serialize)]
pub(crate) struct Ready {
    caught_up: bool,
    tickets: usize,
    lag_seconds: f64,
    stale: bool,
}

/// `GET /health/live`
pub(crate) async fn report_live() -> Json<Live> {
    Json(Live { status: "live" })
}

/// `GET /health/ready`: a desk that is away does not make this one unready, since it has answers.
pub(crate) async fn report_ready(app: Data<App>) -> Result<Json<Ready>, AppError> {
    readiness(&app).map(Json).ok_or_else(AppError::catching_up)
}

/// `GET /metrics`
pub(crate) async fn show_metrics(app: Data<App>) -> impl Responder {
    if let Some(Ready { tickets, lag_seconds, .. }) = readiness(&app) {
        metrics::gauge!("analytics_tickets").set(tickets as f64);
        metrics::gauge!("analytics_feed_lag_seconds").set(lag_seconds);
    }
    HttpResponse::Ok().content_type(ContentType::plaintext()).body(telemetry::render_metrics())
}

/// `None` before the feed has been read to its end for the first time.
fn readiness(app: &App) -> Option<Ready> {
    app.mirror.read(app.clock.now(), |store, fresh| Ready {
        caught_up: true,
        tickets: store.len(),
        lag_seconds: fresh.lag_seconds,
        stale: fresh.stale,
    })
}
