//! Photos: added to a ticket or before there is one, listed, shown.

use std::sync::Arc;

use actix_multipart::Multipart;
use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::header::{self, HeaderName},
    web,
};
use api_types::{
    EventKind, Image, ImageId, Page, PageQuery, Problem, ProblemKind, RoleQuery, TicketId,
    limits::PAGE_MAX, paths,
};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};

use super::{
    answer::{Answer, created, page, parse_page},
    change::{find_own, find_visible, lock_visible},
};
use crate::{
    app::App,
    convert,
    db::{
        queries::{self, image::NewImage, photo::NewPhoto},
        rows,
    },
    domain::{caller::Caller, ticket::HistoryLine},
    error::AppError,
    extract::{Anyone, IdempotencyKey, Nothing, Params},
    idempotency,
    photos::{Received, reconsider_labelled},
    rate_limit::WithinLimits,
};

/// A browser may keep a photo: its address never shows another.
const CACHED: &str = "private, max-age=31536000, immutable";
const VARY: &str = "Desk-Role, Desk-Client";
/// So many photos of one browser may wait for their reports.
const UNCLAIMED_MOST: i64 = 64;
/// Whatever a file might pretend to be, nothing in it runs.
const POLICY: &str = "default-src 'none'; sandbox";

/// Add a photo to a report that is still being written. It waits a day for it.
#[utoipa::path(post, path = "/api/v1/images", tag = "images",
    request_body(content = String, content_type = "multipart/form-data", description = "One part, `image`: a JPEG, PNG or WebP of at most 12 MB"),
    params(("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "Makes the request safe to repeat")),
    responses((status = 201, body = Image), (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn create_image(
    app: web::Data<App>,
    _limits: WithinLimits,
    Anyone(caller): Anyone,
    IdempotencyKey(key): IdempotencyKey,
    _: Params<Nothing>,
    form: Multipart,
) -> Answer {
    let client = caller.need_client().map_err(AppError::invalid_request)?;
    let mut conn = app.db().await?;
    let waiting = queries::image::count_unclaimed(&mut conn, client).await?;
    if waiting >= UNCLAIMED_MOST && !is_repeated(&mut conn, key).await? {
        let detail =
            "So many photos wait for their reports that no more are taken before some are sent.";
        return Err(AppError::new(ProblemKind::RateLimited, detail));
    }
    drop(conn);
    add(&app, &caller, key, None, form).await
}

/// Add a photo to a ticket.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/images", tag = "images",
    request_body(content = String, content_type = "multipart/form-data", description = "One part, `image`: a JPEG, PNG or WebP of at most 12 MB"),
    params(("id" = i64, Path), ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "Makes the request safe to repeat")),
    responses((status = 201, body = Image), (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn create_ticket_image(
    app: web::Data<App>,
    _limits: WithinLimits,
    Anyone(caller): Anyone,
    id: web::Path<TicketId>,
    IdempotencyKey(key): IdempotencyKey,
    _: Params<Nothing>,
    form: Multipart,
) -> Answer {
    let mut conn = app.db().await?;
    // Before megabytes are sent for nothing.
    if !is_repeated(&mut conn, key).await? {
        find_own(&mut conn, &caller, *id).await?;
    }
    drop(conn);
    add(&app, &caller, key, Some(*id), form).await
}

/// What was answered is answered again, whatever became of the ticket and however many photos wait.
async fn is_repeated(
    conn: &mut AsyncPgConnection,
    key: Option<uuid::Uuid>,
) -> Result<bool, AppError> {
    let Some(key) = key else { return Ok(false) };
    Ok(queries::image::find_by_key(conn, key).await?.is_some())
}

async fn add(
    app: &App,
    caller: &Caller,
    key: Option<uuid::Uuid>,
    ticket: Option<TicketId>,
    form: Multipart,
) -> Answer {
    let upload = Received::read(form).await?;
    let what = ticket.map_or_else(|| "image".to_owned(), |id| format!("image of {id}"));
    let image = NewImage {
        sha256: upload.sha256.clone(),
        ticket,
        client: caller.client,
        role: caller.role,
        name: caller.name(),
        idempotency: idempotency::fingerprint(key, &what, &upload.sha256, caller)?,
    };
    let first = find_first(&mut *app.db().await?, image.idempotency.as_ref()).await?;
    let (id, replayed) = match first {
        Some(first) => (first, true),
        None => keep(app, caller, upload, image).await?,
    };
    let image = read_image(&mut *app.db().await?, id).await?;
    Ok(created(paths::image(id), None, replayed, &image))
}

/// Keeps a photo and stores its rows. No connection is held while it is decoded and written.
async fn keep(
    app: &App,
    caller: &Caller,
    upload: Received,
    image: NewImage,
) -> Result<(ImageId, bool), AppError> {
    let photos = app.photos()?;
    let photo = photos.keep(app, upload).await?;
    let mut conn = app.db().await?;
    let stored = conn
        .transaction(async |conn| store(conn, app, caller, photo.clone(), image.clone()).await)
        .await;
    drop(conn);
    if let (Err(AppError::Problem(_)), Some(photo)) = (&stored, &photo) {
        // It was refused, so that no row names it. Of any other failure nobody knows what it left.
        photos.remove(&photo.place).await;
    }
    photos.note_job();
    stored
}

/// Stores a photo's rows and the line of history; answers its number, and whether it was there already.
async fn store(
    conn: &mut AsyncPgConnection,
    app: &App,
    caller: &Caller,
    photo: Option<NewPhoto>,
    image: NewImage,
) -> Result<(ImageId, bool), AppError> {
    let (ticket, idempotency) = (image.ticket, image.idempotency.clone());
    if let Some(first) = find_first(conn, idempotency.as_ref()).await? {
        return Ok((first, true));
    }
    if let Some(ticket) = ticket {
        lock_visible(conn, caller, ticket).await?;
    }
    match photo {
        Some(photo) => queries::photo::create_photo(conn, photo).await?,
        None if app.photos()?.source().is_some() => {
            queries::prediction_job::ask_about(conn, &image.sha256).await?;
        }
        None => {}
    }
    let Some(id) = queries::image::create_image(conn, image).await? else {
        let first = find_first(conn, idempotency.as_ref()).await?;
        return first.map(|first| (first, true)).ok_or_else(AppError::in_progress);
    };
    if let Some(ticket) = ticket {
        remember_photos(conn, caller, ticket, &[id]).await?;
        // Where the same photo was added before, what is on it is known already.
        reconsider_labelled(conn, app, &[ticket], caller).await?;
    }
    Ok((id, false))
}

async fn find_first(
    conn: &mut AsyncPgConnection,
    idempotency: Option<&(uuid::Uuid, Vec<u8>)>,
) -> Result<Option<ImageId>, AppError> {
    let Some((key, hash)) = idempotency else { return Ok(None) };
    let Some((first, stored)) = queries::image::find_by_key(conn, *key).await? else {
        return Ok(None);
    };
    idempotency::check_same(hash, stored.as_deref())?;
    Ok(Some(first))
}

/// Writes into a ticket's history that photos came to it.
pub(super) async fn remember_photos(
    conn: &mut AsyncPgConnection,
    caller: &Caller,
    ticket: TicketId,
    images: &[ImageId],
) -> Result<(), AppError> {
    let line = |id: &ImageId| {
        let line = HistoryLine { what: EventKind::Photo, from: None, to: Some(id.to_string()) };
        convert::history_row(line, ticket, caller)
    };
    let lines: Vec<_> = images.iter().map(line).collect();
    Ok(queries::event::create_events(conn, &lines).await?)
}

/// One photo with what is on it.
pub(super) async fn read_image(
    conn: &mut AsyncPgConnection,
    id: ImageId,
) -> Result<Image, AppError> {
    let row = queries::image::find_image(conn, id).await?;
    let row = row.ok_or_else(|| AppError::not_found("photo"))?;
    describe(conn, vec![row]).await?.pop().ok_or_else(|| AppError::not_found("photo"))
}

async fn describe(
    conn: &mut AsyncPgConnection,
    rows: Vec<rows::Image>,
) -> Result<Vec<Image>, AppError> {
    let photos: Vec<&[u8]> = rows.iter().map(|row| row.photo.sha256.as_slice()).collect();
    let predicted = queries::label::list_predictions(conn, &photos).await?;
    let ids: Vec<ImageId> = rows.iter().map(|row| row.image.id).collect();
    let decided = queries::label::list_decisions(conn, &ids).await?;
    Ok(rows.into_iter().map(|row| convert::image(row, &predicted, &decided)).collect())
}

/// List the photos of a ticket and of all that were merged into it, oldest first.
#[utoipa::path(get, path = "/api/v1/tickets/{id}/images", tag = "images", params(("id" = i64, Path), PageQuery),
    responses((status = 200, body = Page<Image>), (status = 404, body = Problem)))]
pub(crate) async fn list_images(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    id: web::Path<TicketId>,
    Params(query): Params<PageQuery>,
) -> Answer {
    let (limit, after) = parse_page(&query, PAGE_MAX)?;
    let mut conn = app.db().await?;
    find_visible(&mut conn, &caller, *id, paths::ticket_images).await?;
    let family = queries::merge::list_family(&mut conn, *id).await?;
    let (after, wanted) = (after.unwrap_or(0), i64::from(limit) + 1);
    let rows = queries::image::list_images(&mut conn, &family, after, wanted).await?;
    let images = describe(&mut conn, rows).await?;
    Ok(HttpResponse::Ok().json(page(images, limit, |last: &Image| last.id.to_string())))
}

/// See a photo, at most 1,600 pixels a side.
#[utoipa::path(get, path = "/api/v1/images/{id}", tag = "images", params(("id" = i64, Path), RoleQuery),
    responses((status = 200, body = Vec<u8>, content_type = "image/webp"), (status = 404, body = Problem)))]
pub(crate) async fn find_image(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    id: web::Path<ImageId>,
    Params(query): Params<RoleQuery>,
) -> Answer {
    let place = show(&app, caller, *id, &query).await?;
    let (length, pieces) = app.photos()?.display(&place).await?;
    Ok(webp().no_chunking(length).streaming(pieces))
}

/// See a photo small, at most 320 pixels a side.
#[utoipa::path(get, path = "/api/v1/images/{id}/thumbnail", tag = "images", params(("id" = i64, Path), RoleQuery),
    responses((status = 200, body = Vec<u8>, content_type = "image/webp"), (status = 404, body = Problem)))]
pub(crate) async fn find_thumbnail(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    id: web::Path<ImageId>,
    Params(query): Params<RoleQuery>,
) -> Answer {
    let place = show(&app, caller, *id, &query).await?;
    Ok(webp().body(app.photos()?.thumbnail(place).await?))
}

fn webp() -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer
        .content_type("image/webp")
        .insert_header((header::CACHE_CONTROL, CACHED))
        // A copy that was kept as staff is not shown as user.
        .insert_header((header::VARY, VARY))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((HeaderName::from_static("cross-origin-resource-policy"), "same-origin"));
    answer
}

/// Where a photo lies that the caller may see, asked of the database unless it said so a moment ago.
async fn show(
    app: &App,
    caller: Caller,
    id: ImageId,
    query: &RoleQuery,
) -> Result<Arc<str>, AppError> {
    let cache = app.photos()?.cache();
    let role = app.role_of_stream(caller.role, query.role);
    if let Some(place) = cache.find_place(id, role) {
        return Ok(place);
    }
    let writes = cache.writes();
    let caller = Caller { role, ..caller };
    let found = find_seen(&mut *app.db().await?, &caller, id).await?;
    if found.redacted {
        return Err(AppError::not_found("photo"));
    }
    let place = Arc::from(found.place);
    // One that waits for its report is for one browser alone.
    if found.status.is_some() {
        cache.remember_place(id, role, Arc::clone(&place), writes);
    }
    Ok(place)
}

/// A photo that the caller may know of: whoever may see its ticket, or the browser that will report it.
pub(super) async fn find_seen(
    conn: &mut AsyncPgConnection,
    caller: &Caller,
    id: ImageId,
) -> Result<rows::ShownImage, AppError> {
    let found = queries::image::find_shown(conn, id).await?;
    let may_see = |found: &rows::ShownImage| match found.status {
        Some(status) => caller.may_see(status),
        None => caller.client.is_some() && caller.client == found.client,
    };
    found.filter(may_see).ok_or_else(|| AppError::not_found("photo"))
}
