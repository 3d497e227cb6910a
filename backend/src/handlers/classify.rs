//! What the classifier would say.

use actix_web::{HttpResponse, web};
use api_types::{Classification, ClassifyRequest};

use super::answer::Answer;
use crate::{
    app::App,
    domain::text::check_report_text,
    extract::{Anyone, Body},
    rate_limit::WithinLimits,
};

/// Classify a text while somebody types it. Nothing is stored.
#[utoipa::path(post, path = "/api/v1/classify", tag = "reports", request_body = ClassifyRequest,
    responses((status = 200, body = Classification)))]
pub(crate) async fn classify(
    app: web::Data<App>,
    _limits: WithinLimits,
    Anyone(_): Anyone,
    Body(request): Body<ClassifyRequest>,
) -> Answer {
    check_report_text(&request.text)?;
    Ok(HttpResponse::Ok().json(app.classifier().model().classify(&request.text)))
}
