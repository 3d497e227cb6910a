//! "Me too".

use actix_web::web;
use api_types::{Problem, Ticket, TicketId};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};
use uuid::Uuid;

use super::{
    answer::{Answer, ticket_answer},
    change::lock_visible,
};
use crate::{
    app::App,
    convert,
    db::{queries, rows},
    domain::caller::Caller,
    error::AppError,
    extract::{Anyone, Nothing, Params},
    rate_limit::WithinLimits,
};

/// Say "me too": this browser hears of what becomes of the ticket. Once for each browser; its own reporter counts anyway.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/affected", tag = "tickets", params(("id" = i64, Path)),
    responses((status = 200, body = Ticket), (status = 404, body = Problem)))]
pub(crate) async fn join_ticket(
    app: web::Data<App>,
    _limits: WithinLimits,
    Anyone(caller): Anyone,
    id: web::Path<TicketId>,
    _: Params<Nothing>,
) -> Answer {
    change_affected(&app, &caller, *id, Side::In).await
}

/// Take that back.
#[utoipa::path(delete, path = "/api/v1/tickets/{id}/affected", tag = "tickets", params(("id" = i64, Path)),
    responses((status = 200, body = Ticket), (status = 404, body = Problem)))]
pub(crate) async fn leave_ticket(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    id: web::Path<TicketId>,
    _: Params<Nothing>,
) -> Answer {
    change_affected(&app, &caller, *id, Side::Out).await
}

/// Which way a browser goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    In,
    Out,
}

async fn change_affected(app: &App, caller: &Caller, id: TicketId, to: Side) -> Answer {
    let client: Uuid = caller.need_client().map_err(AppError::invalid_request)?;
    let row = app
        .db()
        .await?
        .transaction(async |conn| -> Result<rows::Ticket, AppError> {
            let family = match to {
                Side::In => Vec::new(),
                Side::Out => lock_family(conn, id).await?,
            };
            let row = lock_visible(conn, caller, id).await?;
            if row.status == api_types::Status::Closed {
                return Err(AppError::closed());
            }
            match to {
                Side::In if row.client == Some(client) => return Ok(row),
                Side::In => queries::affected::join_ticket(conn, id, client).await?,
                Side::Out => queries::affected::leave_tickets(conn, &family, client).await?,
            }
            let row = queries::ticket::find_ticket(conn, id).await?;
            row.ok_or_else(|| AppError::not_found("ticket"))
        })
        .await?;
    Ok(ticket_answer(&convert::ticket(row, caller.role)))
}

/// Whoever leaves a ticket leaves all that were merged into it. They are locked before anything else, lowest number first,
/// so that nobody who undoes a merge waits for this while this waits for them.
async fn lock_family(
    conn: &mut AsyncPgConnection,
    id: TicketId,
) -> Result<Vec<TicketId>, AppError> {
    let family = queries::merge::list_family(conn, id).await?;
    queries::merge::lock_tickets(conn, &family).await?;
    if queries::merge::list_family(conn, id).await? != family {
        return Err(AppError::in_progress());
    }
    Ok(family)
}
