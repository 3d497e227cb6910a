//! Redaction of texts.

use actix_web::web;
use api_types::{EventKind, RedactTarget, Redaction, Role, Ticket, TicketId, limits::REDACTED};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};

use super::{
    answer::{Answer, ticket_answer},
    change::{lock_visible, summarise_thread},
};
use crate::{
    app::App,
    convert,
    db::{
        queries::{self, event::NewEvent, summary::SummaryUpdate, ticket::TicketUpdate},
        rows,
    },
    domain::ticket::HistoryLine,
    error::AppError,
    extract::{Body, StaffOnly},
};

/// Overwrite a text for good, with every copy, in one transaction. Allowed on closed tickets too.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/redact", tag = "tickets", request_body = Redaction,
    params(("id" = i64, Path)), responses((status = 200, body = Ticket)))]
pub(crate) async fn redact_text(
    app: web::Data<App>,
    StaffOnly(caller): StaffOnly,
    id: web::Path<TicketId>,
    Body(Redaction { target }): Body<Redaction>,
) -> Answer {
    let mut conn = app.db().await?;
    let row = conn
        .transaction(async |conn| {
            let row = lock_visible(conn, &caller, *id).await?;
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
    }
}

/// Who could see a text: only they may learn that it is gone.
#[derive(PartialEq, Eq)]
enum Seen {
    ByAll,
    ByStaff,
}

async fn overwrite(
    conn: &mut AsyncPgConnection,
    row: &rows::Ticket,
    target: RedactTarget,
) -> Result<Seen, AppError> {
    let redacted = || Some(REDACTED.to_owned());
    let none = TicketUpdate::default();
    let (update, copies) = match target {
        RedactTarget::Message(message) => {
            return match queries::redact::redact_message(conn, row.id, message).await? {
                Some(true) => Ok(Seen::ByStaff),
                Some(false) => {
                    summarise_thread(conn, row.id).await?;
                    Ok(Seen::ByAll)
                }
                None => Err(AppError::not_found("message")),
            };
        }
        RedactTarget::Title => (TicketUpdate { title: redacted(), ..none }, EventKind::Title),
        RedactTarget::Description => {
            (TicketUpdate { description: redacted(), ..none }, EventKind::Description)
        }
        RedactTarget::Location => {
            (TicketUpdate { location: Some(None), ..none }, EventKind::Location)
        }
        RedactTarget::Resolution if row.resolution.is_none() => {
            return Err(AppError::not_found("resolution"));
        }
        RedactTarget::Resolution => {
            queries::ticket::update_ticket(
                conn,
                row.id,
                &TicketUpdate { resolution: redacted(), ..none },
            )
            .await?;
            summarise_thread(conn, row.id).await?;
            return Ok(Seen::ByAll);
        }
    };
    queries::ticket::update_ticket(conn, row.id, &update).await?;
    if copies == EventKind::Description {
        let gone = SummaryUpdate { reported: Some(None), ..SummaryUpdate::default() };
        queries::summary::update_summary(conn, row.id, &gone).await?;
    }
    if copies == EventKind::Location {
        for place in queries::redact::past_locations(conn, row).await? {
            queries::redact::forget_location(conn, &place).await?;
        }
    }
    queries::redact::redact_history(conn, row.id, copies).await?;
    Ok(Seen::ByAll)
}
