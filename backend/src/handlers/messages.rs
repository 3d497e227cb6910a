//! The thread under a ticket.

use actix_web::{HttpResponse, web};
use api_types::{
    Message, NewMessage, Page, PageQuery, Problem, Role, Status, TicketId, limits, paths,
};
use diesel_async::AsyncPgConnection;

use super::{
    answer::{Answer, created, page, parse_page},
    change::{find_visible, lock_visible},
};
use crate::{
    app::App,
    convert,
    db::queries,
    domain::{summary::telling_sentence, text::Body as Text},
    error::AppError,
    extract::{Anyone, Body, IdempotencyKey, Params},
    idempotency,
    rate_limit::WithinLimits,
};

/// Read the thread; internal notes are for staff alone.
#[utoipa::path(get, path = "/api/v1/tickets/{id}/messages", tag = "messages",
    params(("id" = i64, Path), PageQuery), responses((status = 200, body = Page<Message>)))]
pub(crate) async fn list_messages(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    id: web::Path<TicketId>,
    Params(query): Params<PageQuery>,
) -> Answer {
    let (limit, after) = parse_page(&query, limits::PAGE_MAX)?;
    let mut conn = app.db().await?;
    find_visible(&mut conn, &caller, *id, paths::messages).await?;
    let notes = caller.role == Role::Staff;
    let rows = queries::message::list_messages(
        &mut conn,
        *id,
        notes,
        after.unwrap_or(0),
        i64::from(limit) + 1,
    )
    .await?;
    let messages = rows.into_iter().map(convert::message).collect();
    Ok(HttpResponse::Ok().json(page(messages, limit, |last: &Message| last.id.to_string())))
}

/// Write under a ticket.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/messages", tag = "messages", request_body = NewMessage,
    params(("id" = i64, Path), ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "Makes the request safe to repeat")),
    responses((status = 201, body = Message), (status = 409, body = Problem)))]
pub(crate) async fn create_message(
    app: web::Data<App>,
    _limits: WithinLimits,
    Anyone(caller): Anyone,
    id: web::Path<TicketId>,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<NewMessage>,
) -> Answer {
    if body.internal && caller.role == Role::User {
        return Err(AppError::forbidden("Internal notes are for staff."));
    }
    let what = format!("message under {id}");
    let idempotency = idempotency::fingerprint(key, &what, &body, &caller)?;
    let text = Text::parse(&body.body)?;
    let new = queries::message::NewMessage {
        ticket_id: *id,
        summary: telling_sentence(text.as_str()),
        role: caller.role,
        name: caller.name(),
        body: text.into_string(),
        internal: body.internal,
        idempotency: idempotency.clone(),
    };
    let mut conn = app.db().await?;
    if let Some(row) = queries::message::create_message(&mut conn, new).await? {
        return Ok(created(paths::messages(*id), None, false, &convert::message(row)));
    }
    if let Some(first) = first_answer(&mut conn, idempotency).await? {
        return Ok(created(paths::messages(*id), None, true, &first));
    }
    // Nothing is sent again at another address by itself: what was written may not fit there.
    let row = lock_visible(&mut conn, &caller, *id).await?;
    // Whatever stood in the way of an open one is over: a merge that was undone, or the first request with this key.
    Err(if row.status == Status::Closed { AppError::closed() } else { AppError::in_progress() })
}

/// The message that the first request with this key wrote.
async fn first_answer(
    conn: &mut AsyncPgConnection,
    idempotency: Option<(uuid::Uuid, Vec<u8>)>,
) -> Result<Option<Message>, AppError> {
    let Some((key, hash)) = idempotency else { return Ok(None) };
    let Some((row, stored)) = queries::message::find_by_key(conn, key).await? else {
        return Ok(None);
    };
    idempotency::check_same(&hash, stored.as_deref())?;
    Ok(Some(convert::message(row)))
}
