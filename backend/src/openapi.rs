//! The `OpenAPI` document, and a page to browse it that needs no outside host.

use actix_web::HttpResponse;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        ContentBuilder, Ref, ResponseBuilder,
        path::{ParameterBuilder, ParameterIn},
    },
};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::handlers::{
    affected, articles, bulk, changes, classify, events, history, images, labels, locations, merge,
    messages, outcomes, redact, reports, search, staff, summaries, tickets, triage_model,
};

#[derive(OpenApi)]
#[openapi(
    info(title = "Campus Desk", description = "The ticket API of Campus Desk. The role is a claim, not a credential."),
    paths(
        tickets::create_ticket, tickets::list_tickets, tickets::find_ticket, tickets::edit_ticket,
        tickets::change_status, tickets::change_category, tickets::change_assignee,
        affected::join_ticket, affected::leave_ticket, summaries::find_summary,
        merge::merge_ticket, merge::unmerge_ticket, merge::list_merged,
        bulk::change_tickets, redact::redact, history::list_events,
        messages::list_messages, messages::create_message,
        images::create_image, images::create_ticket_image, images::list_images,
        images::find_image, images::find_thumbnail,
        labels::list_predictions, labels::list_similar, labels::decide_label, labels::find_knowledge,
        reports::list_my_reports, locations::list_locations, classify::classify,
        articles::list_articles, articles::find_article, articles::create_article,
        articles::edit_article, articles::vote,
        outcomes::count_search, outcomes::list_searches,
        outcomes::count_report, outcomes::list_article_uses,
        search::search, search::find_similar,
        staff::list_staff, staff::create_staff, staff::edit_staff, changes::list_changes,
        events::stream_events, events::enter_ticket,
        triage_model::list_models, triage_model::publish_model, triage_model::activate_model,
    ),
    components(schemas(api_types::Problem, api_types::SortBy)),
    modifiers(&SharedParts)
)]
struct Api;

/// What every operation has, said once: who asks, and the problem document.
struct SharedParts;

impl Modify for SharedParts {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let callers = [
            ("Desk-Role", "user | staff; absent means user"),
            ("Desk-Name", "The display name, percent-encoded UTF-8"),
            ("Desk-Client", "The random id of one browser, a UUID and a secret"),
        ];
        let problem = ResponseBuilder::new()
            .description("A problem (RFC 9457)")
            .content(
                "application/problem+json",
                ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build(),
            )
            .build();
        for item in openapi.paths.paths.values_mut() {
            let operations =
                [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
            for operation in operations.into_iter().flatten() {
                let parameters = operation.parameters.get_or_insert_default();
                for (name, description) in callers {
                    let parameter = ParameterBuilder::new()
                        .name(name)
                        .parameter_in(ParameterIn::Header)
                        .description(Some(description));
                    parameters.push(parameter.build());
                }
                operation.responses.responses.insert("default".into(), problem.clone().into());
            }
        }
    }
}

/// The document.
#[must_use]
pub fn api() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// Answers the document.
pub(crate) async fn document() -> HttpResponse {
    HttpResponse::Ok().json(api())
}

/// The page at `/api/docs`.
pub(crate) fn browsable() -> SwaggerUi {
    SwaggerUi::new("/api/docs/{_:.*}").config(Config::new([api_types::paths::OPENAPI]))
}
