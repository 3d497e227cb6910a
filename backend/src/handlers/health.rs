//! Whether the process runs and can answer, and what it measured.

use actix_web::{HttpResponse, web};

use super::answer::Answer;
use crate::{app::App, db::queries, error::AppError};

/// The process runs.
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "live" }))
}

/// The process can answer: the database does, and the feed moves.
pub(crate) async fn ready(app: web::Data<App>) -> Answer {
    let mut conn = app.db().await?;
    let horizon = queries::feed::read_horizon(&mut conn).await?;
    Ok(HttpResponse::Ok().json(serde_json::json!({
        "status": "ready",
        "version": env!("CARGO_PKG_VERSION"),
        "triage_model": app.classifier().model().version(),
        "feed_horizon_age_seconds": app.horizon_age(&horizon).as_secs_f64(),
    })))
}

/// Metrics in the text format of Prometheus.
pub(crate) async fn metrics() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(telemetry::render_metrics())
}

/// Any path that nobody serves.
pub(crate) async fn not_found() -> Answer {
    Err(AppError::not_found("path"))
}
