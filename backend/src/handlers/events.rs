//! Live events and presence.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, HeaderName},
    web,
};
use api_types::{Page, PresenceUpdate, Present, RoleQuery, TicketId};
use bytes::Bytes;

use super::{answer::Answer, change::find_own};
use crate::{
    app::App,
    error::AppError,
    extract::{Anyone, Body, Params, StaffOnly},
    live::Subscription,
};

/// Hear of changes as they happen, as server-sent events.
#[utoipa::path(get, path = "/api/v1/events", tag = "live", params(RoleQuery),
    responses((status = 200, body = api_types::LiveEvent, content_type = "text/event-stream")))]
pub(crate) async fn stream_events(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    Params(query): Params<RoleQuery>,
) -> Answer {
    let subscription = app.live().subscribe(app.role_of_stream(caller.role, query.role));
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, "no-store"))
        // nginx would wait for more before it passes anything on.
        .insert_header((HeaderName::from_static("x-accel-buffering"), "no"))
        .streaming(write_events(subscription)))
}

fn write_events(
    mut subscription: Subscription,
) -> impl futures_util::Stream<Item = Result<Bytes, AppError>> {
    async_stream::stream! {
        yield Ok(subscription.first());
        while let Some(part) = subscription.next().await {
            yield Ok(part);
        }
    }
}

/// Say that one is at a ticket, again within 30 seconds; answers who else is.
#[utoipa::path(put, path = "/api/v1/tickets/{id}/presence", tag = "live", request_body = PresenceUpdate,
    params(("id" = i64, Path)), responses((status = 200, body = Page<Present>)))]
pub(crate) async fn enter_ticket(
    app: web::Data<App>,
    StaffOnly(caller): StaffOnly,
    id: web::Path<TicketId>,
    Body(update): Body<PresenceUpdate>,
) -> Answer {
    find_own(&mut *app.db().await?, &caller, *id).await?;
    let items = app.live().enter(*id, &caller, update.state);
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}
