//! What the classifier would say.

use actix_web::{HttpResponse, web};
use api_types::{Classification, ClassifyRequest, FieldCode, FieldProblem, limits};

use super::answer::Answer;
use crate::{
    app::App,
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
    if request.text.chars().count() > limits::CLASSIFY_MAX {
        let message = format!("has more than {} characters", limits::CLASSIFY_MAX);
        return Err(FieldProblem::new("text", FieldCode::TooLong, message)
            .with_param("max", limits::CLASSIFY_MAX as i64)
            .into());
    }
    Ok(HttpResponse::Ok().json(app.classifier().model().classify(&request.text)))
}
