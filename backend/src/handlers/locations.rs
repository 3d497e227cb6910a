//! Places named before.

use actix_web::{HttpResponse, web};
use api_types::{LocationQuery, Page, limits};

use super::answer::Answer;
use crate::{
    app::App,
    db::queries,
    domain::text::Location,
    error::AppError,
    extract::{Anyone, Params},
};

/// Suggest places while somebody types.
#[utoipa::path(get, path = "/api/v1/locations", tag = "reports", params(LocationQuery),
    responses((status = 200, body = Page<String>)))]
pub(crate) async fn list_locations(
    app: web::Data<App>,
    Anyone(_): Anyone,
    Params(query): Params<LocationQuery>,
) -> Answer {
    let prefix = Location::parse_optional(Some(&query.prefix)).map_err(|mut problem| {
        problem.field = "prefix".to_owned();
        AppError::invalid_request(problem)
    })?;
    let prefix = prefix.as_ref().map_or("", Location::as_str);
    let mut conn = app.db().await?;
    let items =
        queries::location::list_locations(&mut conn, prefix, i64::from(limits::SUGGESTIONS_MAX))
            .await?;
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}
