//! Redaction of texts and photos.

use actix_web::web;
use api_types::{
    EventKind, ImageId, MessageId, RedactTarget, Redaction, Role, Ticket, TicketId,
    limits::REDACTED,
};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};

use super::{
    answer::{Answer, ticket_answer},
    change::summarise_thread,
};
use crate::{
    app::App,
    convert,
    db::{
        Connection,
        queries::{self, event::NewEvent, summary::SummaryUpdate, ticket::TicketUpdate},
        rows,
    },
    domain::{caller::Caller, merge::check_not_merged, ticket::HistoryLine},
    error::AppError,
    extract::{Body, StaffOnly},
    photos::reconsider_tickets,
};

/// Overwrite a text or a photo for good, with every copy, in one transaction. Allowed on closed and merged tickets too.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/redact", tag = "tickets", request_body = Redaction,
    params(("id" = i64, Path)), responses((status = 200, body = Ticket)))]
pub(crate) async fn redact(
    app: web::Data<App>,
    StaffOnly(caller): StaffOnly,
    id: web::Path<TicketId>,
    Body(Redaction { target }): Body<Redaction>,
) -> Answer {
    let mut conn = app.db().await?;
    if let RedactTarget::Image(image) = target {
        return redact_image(&app, conn, &caller, *id, image).await;
    }
    let row = conn
        .transaction(async |conn| {
            let row = lock_redactable(conn, *id, target).await?;
            let internal = overwrite(conn, &row, target).await? == Seen::ByStaff;
            let to = Some(target_name(target));
            let line = HistoryLine { what: EventKind::Redacted, from: None, to };
            let line = NewEvent { internal, ..convert::history_row(line, row.id, &caller) };
            queries::event::create_events(conn, &[line]).await?;
            queries::ticket::find_ticket(conn, row.id)
                .await?
                .ok_or_else(|| AppError::not_found("ticket"))
        })
        .await?;
    Ok(ticket_answer(&convert::ticket(row, Role::Staff)))
}

fn target_name(target: RedactTarget) -> String {
    match target {
        RedactTarget::Title => "title".to_owned(),
        RedactTarget::Description => "description".to_owned(),
        RedactTarget::Location => "location".to_owned(),
        RedactTarget::Resolution => "resolution".to_owned(),
        RedactTarget::Message(_) => "message".to_owned(),
        RedactTarget::Image(_) => "photo".to_owned(),
    }
}

/// Who could see a text: only they may learn that it is gone.
#[derive(PartialEq, Eq)]
enum Seen {
    ByAll,
    ByStaff,
}

/// Locks a ticket and all that stand for it, where its texts are found too. A merged ticket still shows its own texts; its
/// thread is that of the one it went into, and is redacted there.
async fn lock_redactable(
    conn: &mut AsyncPgConnection,
    id: TicketId,
    target: RedactTarget,
) -> Result<rows::Ticket, AppError> {
    let line = queries::merge::list_line(conn, id).await?;
    queries::merge::lock_tickets(conn, &line).await?;
    if queries::merge::list_line(conn, id).await? != line {
        return Err(AppError::in_progress());
    }
    let row = queries::ticket::find_ticket(conn, id).await?;
    let row = row.ok_or_else(|| AppError::not_found("ticket"))?;
    if let RedactTarget::Message(_) = target {
        check_not_merged(convert::merge_side(&row))?;
    }
    Ok(row)
}

async fn overwrite(
    conn: &mut AsyncPgConnection,
    row: &rows::Ticket,
    target: RedactTarget,
) -> Result<Seen, AppError> {
    match target {
        RedactTarget::Title => overwrite_field(conn, row, EventKind::Title).await?,
        RedactTarget::Description => overwrite_field(conn, row, EventKind::Description).await?,
        RedactTarget::Location => overwrite_field(conn, row, EventKind::Location).await?,
        RedactTarget::Resolution => overwrite_resolution(conn, row).await?,
        RedactTarget::Message(message) => return overwrite_message(conn, row, message).await,
        // Has a way of its own: it may stand under several tickets.
        RedactTarget::Image(_) => {}
    }
    Ok(Seen::ByAll)
}

/// Overwrites one of the texts that history remembers.
async fn overwrite_field(
    conn: &mut AsyncPgConnection,
    row: &rows::Ticket,
    what: EventKind,
) -> Result<(), AppError> {
    let (redacted, none) = (Some(REDACTED.to_owned()), TicketUpdate::default());
    let update = match what {
        EventKind::Title => TicketUpdate { title: redacted, ..none },
        EventKind::Description => TicketUpdate { description: redacted, ..none },
        _ => TicketUpdate { location: Some(None), ..none },
    };
    queries::ticket::update_ticket(conn, row.id, &update).await?;
    if update.description.is_some() {
        let gone = SummaryUpdate { reported: Some(None), ..SummaryUpdate::default() };
        queries::summary::update_summary(conn, row.id, &gone).await?;
    }
    if update.location.is_some() {
        for place in queries::redact::past_locations(conn, row).await? {
            queries::redact::forget_location(conn, &place).await?;
        }
    }
    Ok(queries::redact::redact_history(conn, row.id, what).await?)
}

async fn overwrite_resolution(
    conn: &mut AsyncPgConnection,
    row: &rows::Ticket,
) -> Result<(), AppError> {
    if row.resolution.is_none() {
        return Err(AppError::not_found("resolution"));
    }
    let update = TicketUpdate { resolution: Some(REDACTED.to_owned()), ..TicketUpdate::default() };
    queries::ticket::update_ticket(conn, row.id, &update).await?;
    summarise_thread(conn, row.id).await
}

async fn overwrite_message(
    conn: &mut AsyncPgConnection,
    row: &rows::Ticket,
    message: MessageId,
) -> Result<Seen, AppError> {
    let internal = queries::redact::redact_message(conn, row.id, message).await?;
    if internal.ok_or_else(|| AppError::not_found("message"))? {
        return Ok(Seen::ByStaff);
    }
    summarise_thread(conn, row.id).await?;
    Ok(Seen::ByAll)
}

/// Takes a photo away wherever the same one was added. What was kept of it goes when no row shows it any more.
async fn redact_image(
    app: &App,
    mut conn: Connection,
    caller: &Caller,
    id: TicketId,
    image: ImageId,
) -> Answer {
    let (row, place) = conn
        .transaction(async |conn| -> Result<_, AppError> {
            let place = overwrite_photo(conn, app, caller, id, image).await?;
            let row = queries::ticket::find_ticket(conn, id).await?;
            Ok((row.ok_or_else(|| AppError::not_found("ticket"))?, place))
        })
        .await?;
    // No connection is held while the store is waited for.
    drop(conn);
    app.photos()?.remove(&place).await;
    Ok(ticket_answer(&convert::ticket(row, Role::Staff)))
}

/// Overwrites what the database has of a photo; answers where its objects lie.
async fn overwrite_photo(
    conn: &mut AsyncPgConnection,
    app: &App,
    caller: &Caller,
    id: TicketId,
    image: ImageId,
) -> Result<String, AppError> {
    let photo = find_photo(conn, id, image).await?;
    let lines = queries::image::lock_photo(conn, &photo.sha256).await?;
    // Somebody else may have done it while one waited.
    let photo = find_photo(conn, id, image).await?;
    if photo.redacted_at.is_some() {
        return Ok(photo.place);
    }
    queries::photo::redact_photo(conn, &photo.sha256).await?;
    reconsider_tickets(conn, app, &lines, caller).await?;
    let to = Some(target_name(RedactTarget::Image(image)));
    let line = HistoryLine { what: EventKind::Redacted, from: None, to };
    let tickets = queries::image::list_tickets_with(conn, &photo.sha256).await?;
    let lines = tickets.iter().map(|of| convert::history_row(line.clone(), *of, caller));
    let lines: Vec<_> = lines.collect();
    queries::event::create_events(conn, &lines).await?;
    Ok(photo.place)
}

/// The content of a photo that stands under a ticket, or under one that was merged into it.
async fn find_photo(
    conn: &mut AsyncPgConnection,
    id: TicketId,
    image: ImageId,
) -> Result<rows::Photo, AppError> {
    let shown = queries::image::find_shown(conn, image).await?;
    let found = queries::image::find_image(conn, image).await?;
    let is_here = |row: &rows::Image| {
        let standing = shown.as_ref().and_then(|shown| shown.standing);
        row.image.ticket_id == Some(id) || standing == Some(id)
    };
    let found = found.filter(is_here).ok_or_else(|| AppError::not_found("photo"))?;
    Ok(found.photo)
}
