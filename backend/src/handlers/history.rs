//! A ticket's history.

use actix_web::{HttpResponse, web};
use api_types::{Event, Page, PageQuery, Role, TicketId, limits, paths};

use super::{
    answer::{Answer, page, parse_page},
    change::find_visible,
};
use crate::{
    app::App,
    convert,
    db::queries,
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
    let (limit, after) = parse_page(&query, limits::PAGE_MAX)?;
    let mut conn = app.db().await?;
    find_visible(&mut conn, &caller, *id, paths::history).await?;
    let internal = caller.role == Role::Staff;
    let family = queries::merge::list_family(&mut conn, *id).await?;
    let rows = queries::event::list_events(
        &mut conn,
        &family,
        internal,
        after.unwrap_or(0),
        i64::from(limit) + 1,
    )
    .await?;
    let events =
        rows.into_iter().map(|row| convert::event(row, *id)).collect::<Result<Vec<_>, _>>()?;
    Ok(HttpResponse::Ok().json(page(events, limit, |last: &Event| last.id.to_string())))
}
