//! Tickets: report, list, read, edit, move, categorise, assign.

use actix_web::{HttpResponse, web};
use api_types::{
    AssigneeChange, CategoryBy, CategoryChange, Event, FieldCode, FieldProblem, ImageId, NewTicket,
    Page, Problem, Role, SortBy, StatusChange, Ticket, TicketEdit, TicketId, TicketQuery, paths,
};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};
use triage::Model;

use super::{
    answer::{Answer, created, page, ticket_answer},
    change::{apply, change_ticket, check_version, find_visible, lock_visible, parse_assignment},
    images::remember_photos,
};
use crate::{
    app::App,
    classifier::Verdict,
    convert,
    db::{
        queries::{self, ticket::FirstRequest},
        rows,
    },
    domain::{
        caller::Caller,
        listing::{After, Key, Listing},
        summary::telling_sentence,
        text::{Description, Location, Title},
        ticket::{Change, original_texts, parse_images},
    },
    error::AppError,
    extract::{Anyone, Body, IdempotencyKey, IfMatch, Nothing, Params, StaffOnly},
    idempotency,
    rate_limit::WithinLimits,
};

/// Report a problem.
#[utoipa::path(post, path = "/api/v1/tickets", tag = "tickets", request_body = NewTicket,
    params(("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "Makes the request safe to repeat")),
    responses((status = 201, body = Ticket)))]
pub(crate) async fn create_ticket(
    app: web::Data<App>,
    _limits: WithinLimits,
    Anyone(caller): Anyone,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<NewTicket>,
) -> Answer {
    let idempotency = idempotency::fingerprint(key, "ticket", &body, &caller)?;
    let images = parse_images(&body.images)?;
    let model = app.classifier().model();
    // Most reports have no photo, and are one statement.
    let report =
        |labels: Option<&str>| prepare(&model, &body, labels, &caller, idempotency.clone());
    let new = report(None)?;
    let mut conn = app.db().await?;
    let row = match images.as_slice() {
        [] => queries::ticket::create_ticket(&mut conn, new).await?,
        images => create_with_images(&mut conn, report, images, &caller).await?,
    };
    if let Some(row) = row {
        let ticket = convert::ticket(row, caller.role);
        return Ok(created(paths::ticket(ticket.id), Some(ticket.version), false, &ticket));
    }
    let Some((key, hash)) = idempotency else {
        return Err(AppError::Internal("a ticket without a key met a conflict".into()));
    };
    let ticket = first_answer(&mut conn, key, &hash, caller.role, &model).await?;
    Ok(created(paths::ticket(ticket.id), Some(ticket.version), true, &ticket))
}

fn prepare(
    model: &Model,
    body: &NewTicket,
    labels: Option<&str>,
    caller: &Caller,
    idempotency: Option<(uuid::Uuid, Vec<u8>)>,
) -> Result<queries::ticket::NewTicket, Vec<FieldProblem>> {
    let description = Description::parse(&body.description);
    let title = body.title.as_deref().map(Title::parse).transpose();
    let location = Location::parse_optional(body.location.as_deref());
    let (description, title, location) = match (description, title, location) {
        (Ok(description), Ok(title), Ok(location)) => (description, title, location),
        (description, title, location) => {
            let problems = [description.err(), title.err(), location.err()];
            return Err(problems.into_iter().flatten().collect());
        }
    };
    let title = title.unwrap_or_else(|| Title::from_description(&description));
    let guess = Verdict::with_labels(model, title.as_str(), description.as_str(), labels);
    let (category, category_by) = match body.category {
        Some(category) => (category, CategoryBy::Reporter),
        None => (guess.category, CategoryBy::Automatic),
    };
    let summary = telling_sentence(description.as_str());
    let automatic = category_by == CategoryBy::Automatic;
    Ok(queries::ticket::NewTicket {
        title: title.into_string(),
        description: description.into_string(),
        location: location.map(Location::into_string),
        category,
        category_by,
        confidence: automatic.then_some(guess.confidence),
        unsure: automatic && guess.unsure,
        guess: guess.category,
        guess_model: guess.model,
        summary,
        client: caller.client,
        idempotency,
        role: caller.role,
        name: caller.name(),
    })
}

/// Creates a ticket with photos that its reporter uploaded before: all of them, or nothing.
async fn create_with_images(
    conn: &mut AsyncPgConnection,
    report: impl Fn(Option<&str>) -> Result<queries::ticket::NewTicket, Vec<FieldProblem>> + Sync,
    images: &[ImageId],
    caller: &Caller,
) -> Result<Option<rows::Ticket>, AppError> {
    let client = caller.need_client().map_err(AppError::invalid_request)?;
    conn.transaction(async |conn| -> Result<_, AppError> {
        // Where they were added before, what is on them is known already.
        let labels = queries::label::hold_labels_of_unclaimed(conn, images, client).await?;
        let new = report(labels.as_deref())?;
        let Some(row) = queries::ticket::create_ticket(conn, new).await? else {
            return Ok(None);
        };
        let claimed = queries::image::claim_images(conn, images, client, row.id).await?;
        if claimed < images.len() {
            let message =
                "are not all there: one was never uploaded from here, or longer than a day ago";
            return Err(FieldProblem::new("images", FieldCode::NotFound, message).into());
        }
        remember_photos(conn, caller, row.id, images).await?;
        Ok(queries::ticket::find_ticket(conn, row.id).await?)
    })
    .await
}

/// The answer that the first request with this key got: the ticket as it was then, unwound from its history.
async fn first_answer(
    conn: &mut AsyncPgConnection,
    key: uuid::Uuid,
    hash: &[u8],
    role: Role,
    model: &Model,
) -> Result<Ticket, AppError> {
    let first = queries::ticket::find_by_key(conn, key).await?.ok_or_else(|| {
        AppError::Unavailable("the first request with this key was undone".into())
    })?;
    idempotency::check_same(hash, first.idempotency_hash.as_deref())?;
    let id = first.id;
    let row = queries::ticket::find_ticket(conn, id)
        .await?
        .ok_or_else(|| AppError::Internal(format!("ticket {id} vanished")))?;
    let history = queries::event::list_events(conn, &[id], false, 0, i64::from(i32::MAX)).await?;
    let history: Vec<Event> =
        history.into_iter().map(|row| convert::event(row, id)).collect::<Result<_, _>>()?;
    Ok(convert::ticket(as_reported(row, &history, &first, model), role))
}

fn as_reported(
    row: rows::Ticket,
    history: &[Event],
    request: &FirstRequest,
    model: &Model,
) -> rows::Ticket {
    let first = original_texts(convert::state(&row), history);
    // The classifier's confidence is kept exactly where the classifier decided at first.
    let automatic = row.confidence.is_some();
    rows::Ticket {
        title: first.title,
        description: first.description,
        location: first.location,
        category: first.category,
        category_by: if automatic { CategoryBy::Automatic } else { CategoryBy::Reporter },
        confidence: request.reported_confidence.or(row.confidence),
        // A ticket of before this was remembered: by the threshold of today.
        unsure: request
            .reported_unsure
            .unwrap_or_else(|| row.confidence.is_some_and(|p| p < model.threshold())),
        status: api_types::Status::Open,
        resolution: None,
        modified_at: row.opened_at,
        activated_at: None,
        closed_at: None,
        assignee_id: None,
        assignee_name: None,
        affected: 0,
        messages: 0,
        notes: 0,
        merged_into: None,
        version: 1,
        ..row
    }
}

/// List tickets, page by page.
#[utoipa::path(get, path = "/api/v1/tickets", tag = "tickets", params(TicketQuery),
    responses((status = 200, body = Page<Ticket>)))]
pub(crate) async fn list_tickets(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    Params(query): Params<TicketQuery>,
) -> Answer {
    let listing = Listing::parse(&query, caller.role)?;
    let rows = queries::listing::list_tickets(&mut *app.db().await?, &listing).await?;
    let tickets = rows.into_iter().map(|row| convert::ticket(row, caller.role)).collect();
    let page = page(tickets, listing.limit, |last: &Ticket| {
        let key = match listing.sort {
            SortBy::Modified => Key::At(last.modified_at),
            SortBy::Newest | SortBy::Oldest => Key::At(last.opened_at),
            SortBy::Affected => Key::Count(last.affected),
        };
        listing.cursor(After { key, id: last.id.0 })
    });
    Ok(HttpResponse::Ok().json(page))
}

/// Read one ticket.
#[utoipa::path(get, path = "/api/v1/tickets/{id}", tag = "tickets", params(("id" = i64, Path)),
    responses((status = 200, body = Ticket), (status = 404, body = Problem)))]
pub(crate) async fn find_ticket(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    id: web::Path<TicketId>,
    _: Params<Nothing>,
) -> Answer {
    let row = find_visible(&mut *app.db().await?, &caller, *id, paths::ticket).await?;
    Ok(ticket_answer(&convert::ticket(row, caller.role)))
}

/// Edit the texts of a ticket.
#[utoipa::path(patch, path = "/api/v1/tickets/{id}", tag = "tickets", request_body = TicketEdit,
    params(("id" = i64, Path), ("If-Match" = String, Header, description = "The ETag you saw")),
    responses((status = 200, body = Ticket), (status = 412, body = Problem)))]
pub(crate) async fn edit_ticket(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    id: web::Path<TicketId>,
    IfMatch(seen): IfMatch,
    Body(edit): Body<TicketEdit>,
) -> Answer {
    let change = Change::parse_edit(&edit)?;
    let model = app.classifier().model();
    let mut conn = app.db().await?;
    let row = conn
        .transaction(async |conn| -> Result<_, AppError> {
            let row = lock_visible(conn, &caller, *id).await?;
            check_version(&row, seen, &caller)?;
            let labels = queries::label::labels_of(conn, row.id).await?;
            let change = change.classified(&convert::state(&row), |title, description| {
                let labels = labels.as_deref();
                convert::new_guess(Verdict::with_labels(&model, title, description, labels))
            });
            apply(conn, &caller, row, change).await
        })
        .await?;
    Ok(ticket_answer(&convert::ticket(row, caller.role)))
}

/// Move a ticket to its next status.
#[utoipa::path(post, path = "/api/v1/tickets/{id}/status", tag = "tickets", request_body = StatusChange,
    params(("id" = i64, Path), ("If-Match" = String, Header, description = "The ETag you saw")),
    responses((status = 200, body = Ticket), (status = 409, body = Problem)))]
pub(crate) async fn change_status(
    app: web::Data<App>,
    StaffOnly(caller): StaffOnly,
    id: web::Path<TicketId>,
    IfMatch(seen): IfMatch,
    Body(change): Body<StatusChange>,
) -> Answer {
    let change = Change::parse_step(&change)?;
    let row = change_ticket(&mut *app.db().await?, &caller, *id, seen, change).await?;
    Ok(ticket_answer(&convert::ticket(row, caller.role)))
}

/// Correct the category of a ticket.
#[utoipa::path(put, path = "/api/v1/tickets/{id}/category", tag = "tickets", request_body = CategoryChange,
    params(("id" = i64, Path), ("If-Match" = String, Header, description = "The ETag you saw")),
    responses((status = 200, body = Ticket), (status = 403, body = Problem)))]
pub(crate) async fn change_category(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    id: web::Path<TicketId>,
    IfMatch(seen): IfMatch,
    Body(change): Body<CategoryChange>,
) -> Answer {
    if caller.role == Role::User && caller.client.is_none() {
        return Err(AppError::forbidden("Only staff and the reporting browser may do this."));
    }
    let mut conn = app.db().await?;
    let row = conn
        .transaction(async |conn| {
            let row = lock_visible(conn, &caller, *id).await?;
            let by = may_categorise(&row, &caller)?;
            check_version(&row, seen, &caller)?;
            apply(conn, &caller, row, Change::Categorize { category: change.category, by }).await
        })
        .await?;
    Ok(ticket_answer(&convert::ticket(row, caller.role)))
}

/// Staff always may; the reporting browser until staff decided.
fn may_categorise(row: &rows::Ticket, caller: &Caller) -> Result<CategoryBy, AppError> {
    if caller.role == Role::Staff {
        Ok(CategoryBy::Staff)
    } else if caller.client != row.client {
        Err(AppError::forbidden("Only staff and the reporting browser may do this."))
    } else if row.category_by == CategoryBy::Staff {
        Err(AppError::forbidden("Staff decided the category; it stays as it is."))
    } else {
        Ok(CategoryBy::Reporter)
    }
}

/// Assign a ticket or give it back.
#[utoipa::path(put, path = "/api/v1/tickets/{id}/assignee", tag = "tickets", request_body = AssigneeChange,
    params(("id" = i64, Path), ("If-Match" = String, Header, description = "The ETag you saw")),
    responses((status = 200, body = Ticket), (status = 422, body = Problem)))]
pub(crate) async fn change_assignee(
    app: web::Data<App>,
    StaffOnly(caller): StaffOnly,
    id: web::Path<TicketId>,
    IfMatch(seen): IfMatch,
    Body(change): Body<AssigneeChange>,
) -> Answer {
    let mut conn = app.db().await?;
    let change = parse_assignment(&mut conn, change).await?;
    let row = change_ticket(&mut conn, &caller, *id, seen, change).await?;
    Ok(ticket_answer(&convert::ticket(row, caller.role)))
}
