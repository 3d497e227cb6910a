//! Merging one ticket into another, and taking that back.

use actix_web::{HttpResponse, web};
use api_types::{
    EventKind, FieldCode, FieldProblem, Merge, Page, Problem, Ticket, TicketId, limits, paths,
};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};

use super::{
    answer::{Answer, ticket_answer},
    change::{find_visible, summarise_thread},
};
use crate::{
    app::App,
    convert,
    db::{
        queries::{self, event::NewEvent},
        rows,
    },
    domain::{
        caller::Caller,
        merge::{check_merge, check_not_merged},
        ticket::HistoryLine,
    },
    error::AppError,
    extract::{Anyone, Body, Nothing, Params, StaffOnly},
};

/// Merge a ticket into another; answers the one that stays. Its thread, its people and its history come along.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/merge", tag = "tickets", request_body = Merge,
    params(("id" = i64, Path)), responses((status = 200, body = Ticket), (status = 409, body = Problem)))]
pub(crate) async fn merge_ticket(
    app: web::Data<App>,
    StaffOnly(caller): StaffOnly,
    id: web::Path<TicketId>,
    Body(Merge { into }): Body<Merge>,
) -> Answer {
    if into == *id {
        let message = "is the ticket itself";
        return Err(FieldProblem::new("into", FieldCode::NotAllowed, message).into());
    }
    let mut conn = app.db().await?;
    let row = conn
        .transaction(async |conn| -> Result<rows::Ticket, AppError> {
            let (ticket, target) = lock_both(conn, *id, into).await?;
            check_merge(convert::merge_side(&ticket), convert::merge_side(&target))?;
            let moved = queries::merge::merge_ticket(conn, *id, into).await?;
            summarise_thread(conn, into).await?;
            remember(conn, &caller, EventKind::Merged, (*id, into), Some(moved)).await
        })
        .await?;
    Ok(ticket_answer(&convert::ticket(row, caller.role)))
}

/// Take a merge back; answers the ticket that is on its own again.
#[utoipa::path(delete, path = "/api/v1/tickets/{id}/merge", tag = "tickets", params(("id" = i64, Path)),
    responses((status = 200, body = Ticket), (status = 409, body = Problem)))]
pub(crate) async fn unmerge_ticket(
    app: web::Data<App>,
    StaffOnly(caller): StaffOnly,
    id: web::Path<TicketId>,
    _: Params<Nothing>,
) -> Answer {
    let mut conn = app.db().await?;
    let row = conn
        .transaction(async |conn| -> Result<rows::Ticket, AppError> {
            let seen = queries::ticket::find_ticket(conn, *id).await?;
            let target = seen.and_then(|row| row.merged_into);
            let target = target.ok_or_else(|| AppError::not_found("merge"))?;
            let (ticket, from) = lock_both(conn, *id, target).await?;
            if ticket.merged_into != Some(target) {
                return Err(AppError::in_progress());
            }
            check_not_merged(convert::merge_side(&from))?;
            let moved = queries::merge::last_moved(conn, *id).await?;
            queries::merge::unmerge_ticket(conn, *id, target, moved).await?;
            summarise_thread(conn, *id).await?;
            summarise_thread(conn, target).await?;
            remember(conn, &caller, EventKind::Unmerged, (*id, target), None).await?;
            find(conn, *id).await
        })
        .await?;
    Ok(ticket_answer(&convert::ticket(row, caller.role)))
}

/// List what was merged into a ticket.
#[utoipa::path(get, path = "/api/v1/tickets/{id}/merged", tag = "tickets", params(("id" = i64, Path)),
    responses((status = 200, body = Page<Ticket>)))]
pub(crate) async fn list_merged(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    id: web::Path<TicketId>,
    _: Params<Nothing>,
) -> Answer {
    let mut conn = app.db().await?;
    find_visible(&mut conn, &caller, *id, paths::merged).await?;
    let rows = queries::merge::list_merged(&mut conn, *id, i64::from(limits::PAGE_MAX)).await?;
    let items: Vec<Ticket> =
        rows.into_iter().map(|row| convert::ticket(row, caller.role)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next: None }))
}

/// Locked in the order of their numbers, so that two merges the other way round do not wait for each other.
async fn lock_both(
    conn: &mut AsyncPgConnection,
    id: TicketId,
    other: TicketId,
) -> Result<(rows::Ticket, rows::Ticket), AppError> {
    let first = queries::ticket::lock_ticket(conn, id.min(other)).await?;
    let second = queries::ticket::lock_ticket(conn, id.max(other)).await?;
    let (ticket, target) = if id < other { (first, second) } else { (second, first) };
    let ticket = ticket.ok_or_else(|| AppError::not_found("ticket"))?;
    let missing = || FieldProblem::new("into", FieldCode::NotFound, "is no ticket");
    Ok((ticket, target.ok_or_else(missing)?))
}

/// A line in both histories; answers the ticket that stays.
async fn remember(
    conn: &mut AsyncPgConnection,
    caller: &Caller,
    what: EventKind,
    (ticket, other): (TicketId, TicketId),
    moved: Option<Vec<i64>>,
) -> Result<rows::Ticket, AppError> {
    let gone = HistoryLine { what, from: None, to: Some(format!("#{other}")) };
    let came = HistoryLine { what, from: Some(format!("#{ticket}")), to: None };
    let gone = NewEvent { moved, ..convert::history_row(gone, ticket, caller) };
    let came = convert::history_row(came, other, caller);
    queries::event::create_events(conn, &[gone, came]).await?;
    find(conn, other).await
}

async fn find(conn: &mut AsyncPgConnection, id: TicketId) -> Result<rows::Ticket, AppError> {
    let row = queries::ticket::find_ticket(conn, id).await?;
    row.ok_or_else(|| AppError::not_found("ticket"))
}
