//! What is on photos: predicted, decided by staff, learned; and where nearly the same photo is.

use actix_web::{HttpResponse, web};
use api_types::{
    Image, ImageId, LabelDecision, LabelKnowledge, Page, Predictions, Problem, SimilarHit, limits,
};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};

use super::{
    answer::Answer,
    images::{find_seen, read_image},
};
use crate::{
    app::App,
    convert,
    db::{queries, rows},
    domain::{caller::Caller, text::Label},
    error::AppError,
    extract::{Anyone, Body, Nothing, Params, StaffOnly},
    photos::{read_knowledge, reconsider_ticket},
};

/// Read what a photo is predicted to show.
#[utoipa::path(get, path = "/api/v1/images/{id}/predictions", tag = "images", params(("id" = i64, Path)),
    responses((status = 200, body = Predictions), (status = 404, body = Problem)))]
pub(crate) async fn list_predictions(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    id: web::Path<ImageId>,
    _: Params<Nothing>,
) -> Answer {
    let mut conn = app.db().await?;
    find_seen(&mut conn, &caller, *id).await?;
    let row = queries::image::find_image(&mut conn, *id).await?;
    let photo = row.ok_or_else(|| AppError::not_found("photo"))?.photo;
    let rows = queries::label::list_predictions(&mut conn, &[&photo.sha256]).await?;
    Ok(HttpResponse::Ok().json(convert::predictions(photo.state, rows)))
}

/// List open tickets with nearly the same photo, the nearest first.
#[utoipa::path(get, path = "/api/v1/images/{id}/similar", tag = "images", params(("id" = i64, Path)),
    responses((status = 200, body = Page<SimilarHit>), (status = 404, body = Problem)))]
pub(crate) async fn list_similar(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    id: web::Path<ImageId>,
    _: Params<Nothing>,
) -> Answer {
    let mut conn = app.db().await?;
    let shown = find_seen(&mut conn, &caller, *id).await?;
    let found = queries::photo::find_hash(&mut conn, *id).await?.filter(|_| !shown.redacted);
    let Some((sha256, hash)) = found else {
        return Ok(HttpResponse::Ok().json(Page::<SimilarHit> { items: Vec::new(), next: None }));
    };
    let rows = queries::photo::list_nearly_same(
        &mut conn,
        sha256,
        hash.unwrap_or_default(),
        hash.map(|hash| photo::probes(hash.cast_unsigned())).unwrap_or_default(),
        photo::NEARLY_SAME.cast_signed(),
        shown.standing,
        limits::SIMILAR_MAX as i64,
    )
    .await?;
    let items: Vec<_> = rows.into_iter().map(convert::similar_ticket).collect();
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

/// Say that something is on a photo, or is not. The last word counts.
#[utoipa::path(put, path = "/api/v1/images/{id}/labels", tag = "images", request_body = LabelDecision,
    params(("id" = i64, Path)), responses((status = 200, body = Image), (status = 409, body = Problem)))]
pub(crate) async fn decide_label(
    app: web::Data<App>,
    StaffOnly(caller): StaffOnly,
    id: web::Path<ImageId>,
    Body(LabelDecision { label, confirmed }): Body<LabelDecision>,
) -> Answer {
    let label = Label::parse(&label)?.into_lower_case();
    let mut conn = app.db().await?;
    let image = conn
        .transaction(async |conn| -> Result<Image, AppError> {
            let row = lock_standing(conn, &caller, *id).await?;
            queries::label::decide_label(conn, *id, &label, confirmed, caller.name()).await?;
            reconsider_ticket(conn, &app, &row, &caller).await?;
            read_image(conn, *id).await
        })
        .await?;
    Ok(HttpResponse::Ok().json(image))
}

/// Locks the ticket that a photo is shown under, and all between, where its labels are found too.
async fn lock_standing(
    conn: &mut AsyncPgConnection,
    caller: &Caller,
    id: ImageId,
) -> Result<rows::Ticket, AppError> {
    let not_found = || AppError::not_found("photo");
    let own = queries::image::find_image(conn, id).await?.and_then(|row| row.image.ticket_id);
    queries::merge::lock_lines(conn, &[own.ok_or_else(not_found)?]).await?;
    let shown = find_seen(conn, caller, id).await?;
    let standing = shown.standing.filter(|_| !shown.redacted).ok_or_else(not_found)?;
    queries::ticket::find_ticket(conn, standing).await?.ok_or_else(not_found)
}

/// Read what the desk's own photos have taught it.
#[utoipa::path(get, path = "/api/v1/images/labels", tag = "images",
    responses((status = 200, body = LabelKnowledge)))]
pub(crate) async fn find_knowledge(
    app: web::Data<App>,
    StaffOnly(_): StaffOnly,
    _: Params<Nothing>,
) -> Answer {
    let knowledge = read_knowledge(&app, &mut *app.db().await?).await?;
    Ok(HttpResponse::Ok().json(knowledge))
}
