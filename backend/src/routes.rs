//! The one table of routes.

use actix_web::{
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderValue},
    middleware::{Next, from_fn},
    web::{self, PayloadConfig, resource, scope},
};
use api_types::{FieldCode, FieldProblem, limits, paths};

use crate::{
    app::App,
    error::AppError,
    handlers::{
        affected, analytics, articles, bulk, changes, classify, events, health, history, images,
        labels, locations, merge, messages, outcomes, redact, reports, search, spa, staff,
        summaries, tickets, triage_model,
    },
    openapi,
    problem_middleware::finish_problem,
};

/// Mounts everything on an actix application.
pub fn configure(config: &mut web::ServiceConfig, app: web::Data<App>) {
    let api = scope(paths::API)
        .wrap(from_fn(finish_answer))
        .service(resource("/tickets").get(tickets::list_tickets).post(tickets::create_ticket))
        .service(resource("/tickets/bulk").post(bulk::change_tickets))
        .service(resource("/tickets/{id}").get(tickets::find_ticket).patch(tickets::edit_ticket))
        .service(resource("/tickets/{id}/status").post(tickets::change_status))
        .service(resource("/tickets/{id}/category").put(tickets::change_category))
        .service(resource("/tickets/{id}/assignee").put(tickets::change_assignee))
        .service(
            resource("/tickets/{id}/affected")
                .post(affected::join_ticket)
                .delete(affected::leave_ticket),
        )
        .service(
            resource("/tickets/{id}/merge").post(merge::merge_ticket).delete(merge::unmerge_ticket),
        )
        .service(resource("/tickets/{id}/merged").get(merge::list_merged))
        .service(resource("/tickets/{id}/summary").get(summaries::find_summary))
        .service(resource("/tickets/{id}/redact").post(redact::redact))
        .service(
            resource("/tickets/{id}/messages")
                .get(messages::list_messages)
                .post(messages::create_message),
        )
        .service(
            resource("/tickets/{id}/images")
                .get(images::list_images)
                .post(images::create_ticket_image),
        )
        .service(resource("/images").post(images::create_image))
        .service(resource("/images/labels").get(labels::find_knowledge))
        .service(resource("/images/{id}").get(images::find_image))
        .service(resource("/images/{id}/thumbnail").get(images::find_thumbnail))
        .service(resource("/images/{id}/predictions").get(labels::list_predictions))
        .service(resource("/images/{id}/labels").put(labels::decide_label))
        .service(resource("/images/{id}/similar").get(labels::list_similar))
        .service(resource("/tickets/{id}/presence").put(events::enter_ticket))
        .service(resource("/events").get(events::stream_events))
        .service(resource("/tickets/{id}/history").get(history::list_events))
        .service(resource("/reports/mine").get(reports::list_my_reports))
        .service(resource("/locations").get(locations::list_locations))
        .service(resource("/search").get(search::search))
        .service(resource("/searches").get(outcomes::list_searches).post(outcomes::count_search))
        .service(
            resource("/reports/outcomes")
                .get(outcomes::list_article_uses)
                .post(outcomes::count_report),
        )
        .service(resource("/similar").post(search::find_similar))
        .service(resource("/articles").get(articles::list_articles).post(articles::create_article))
        .service(
            resource("/articles/{id}").get(articles::find_article).patch(articles::edit_article),
        )
        .service(resource("/articles/{id}/vote").put(articles::vote))
        .service(resource("/classify").post(classify::classify))
        .service(
            resource("/triage/model")
                .app_data(PayloadConfig::new(limits::MODEL_MAX_BYTES))
                .get(triage_model::list_models)
                .put(triage_model::publish_model),
        )
        .service(resource("/triage/model/{version}/activate").post(triage_model::activate_model))
        .service(resource("/staff").get(staff::list_staff).post(staff::create_staff))
        .service(resource("/staff/{id}").patch(staff::edit_staff))
        .service(resource("/changes").get(changes::list_changes))
        .service(resource("/openapi.json").get(openapi::document))
        .default_service(web::to(health::not_found));
    config.service(
        scope("")
            .app_data(app)
            .app_data(PayloadConfig::new(limits::BODY_MAX_BYTES))
            .app_data(web::PathConfig::default().error_handler(|error, _| bad_path(&error)))
            .wrap(from_fn(finish_problem))
            .wrap(from_fn(telemetry::record_request))
            .service(api)
            .service(resource("/analytics/v1/{tail:.*}").get(analytics::proxy))
            .service(resource(paths::HEALTH_LIVE).get(health::live))
            .service(resource(paths::HEALTH_READY).get(health::ready))
            .service(resource(paths::METRICS).get(health::metrics))
            .service(web::redirect("/api/docs", "/api/docs/"))
            .service(openapi::browsable())
            .service(resource("/{file:.*}").get(spa::serve).route(web::head().to(spa::serve)))
            .default_service(web::to(health::not_found)),
    );
}

/// No answer of the API is kept by anyone on the way, and whatever wrote and succeeded has committed: one place that no
/// handler can forget.
async fn finish_answer<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let writes = !request.method().is_safe()
        && ![paths::CLASSIFY, paths::SIMILAR, paths::SEARCHES, paths::REPORT_OUTCOMES]
            .contains(&request.path());
    let mut response = next.call(request).await?;
    if !response.headers().contains_key(header::CACHE_CONTROL) {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if writes && response.status().is_success() {
        App::of(response.request())?.note_commit();
    }
    Ok(response)
}

/// An id that is no number, or beyond 64 bits.
fn bad_path(error: &actix_web::error::PathError) -> actix_web::Error {
    let message = format!("is not a number this desk gives: {error}");
    AppError::invalid_request(FieldProblem::new("id", FieldCode::InvalidFormat, message)).into()
}
