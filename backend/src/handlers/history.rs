//! A ticket's history.

use actix_web::{HttpResponse, web};
use api_types::{Event, FieldCode, FieldProblem, Page, PageQuery, Role, TicketId, limits};

use super::{
    answer::{Answer, page},
    change::find_visible,
};
use crate::{
    app::App,
    convert,
    db::queries,
    domain::listing::parse_limit,
    error::AppError,
    extract::{Anyone, Params},
};

/// Read who changed what, oldest first.
#[utoipa::path(get, path = "/api/v1/tickets/{id}/history", tag = "tickets",
    params(("id" = i64, Path), PageQuery), responses((status = 200, body = Page<Event>)))]
pub(crate) async fn list_events(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    id: web::Path<TicketId>,
    Params(query): Params<PageQuery>,
) -> Answer {
    let limit = parse_limit(query.limit, limits::PAGE_MAX, limits::PAGE_MAX)
        .map_err(AppError::invalid_request)?;
    let after = parse_after(query.cursor.as_deref())?;
    let mut conn = app.db().await?;
    find_visible(&mut conn, &caller, *id).await?;
    let internal = caller.role == Role::Staff;
    let rows =
        queries::event::list_events(&mut conn, *id, internal, after, i64::from(limit) + 1).await?;
    let events = rows.into_iter().map(convert::event).collect::<Result<Vec<_>, _>>()?;
    Ok(HttpResponse::Ok().json(page(events, limit, |last: &Event| last.id.to_string())))
}

/// Reads the cursor of a list that goes by number.
pub(super) fn parse_after(cursor: Option<&str>) -> Result<i64, AppError> {
    let Some(raw) = cursor else { return Ok(0) };
    raw.parse().ok().filter(|id| *id >= 0).ok_or_else(|| {
        let message = "is not a cursor of this list; take it from `next`";
        AppError::invalid_request(FieldProblem::new("cursor", FieldCode::InvalidFormat, message))
    })
}
