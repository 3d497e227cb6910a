//! Tickets in their own sentences.

use actix_web::{HttpResponse, web};
use api_types::{Problem, Summary, TicketId, paths};

use super::{answer::Answer, change::find_visible};
use crate::{
    app::App,
    convert,
    db::queries,
    extract::{Anyone, Nothing, Params},
};

/// Read what a ticket is about, what was done and where it stands, in its own sentences.
#[utoipa::path(get, path = "/api/v1/tickets/{id}/summary", tag = "tickets", params(("id" = i64, Path)),
    responses((status = 200, body = Summary), (status = 404, body = Problem)))]
pub(crate) async fn find_summary(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    id: web::Path<TicketId>,
    _: Params<Nothing>,
) -> Answer {
    let mut conn = app.db().await?;
    find_visible(&mut conn, &caller, *id, paths::summary).await?;
    let row = queries::summary::find_summary(&mut conn, *id).await?;
    Ok(HttpResponse::Ok().json(row.map(convert::summary).unwrap_or_default()))
}
