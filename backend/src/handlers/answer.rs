//! Answers that more than one handler gives.

use actix_web::{HttpResponse, http::header};
use api_types::{Page, Ticket, headers};

use crate::error::AppError;

/// What handlers return.
pub(super) type Answer = Result<HttpResponse, AppError>;

/// A ticket with its version as `ETag`.
pub(super) fn ticket_answer(ticket: &Ticket) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::ETAG, etag(ticket.version))).json(ticket)
}

/// `201` with the place of what was created.
pub(super) fn created(
    location: String,
    version: Option<i64>,
    replayed: bool,
    body: &impl serde::Serialize,
) -> HttpResponse {
    let mut answer = HttpResponse::Created();
    answer.insert_header((header::LOCATION, location));
    if let Some(version) = version {
        answer.insert_header((header::ETAG, etag(version)));
    }
    if replayed {
        answer.insert_header((headers::IDEMPOTENCY_REPLAYED, "true"));
    }
    answer.json(body)
}

fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// A page of at most `limit` items out of one item more, which tells whether there is a next page.
pub(super) fn page<T>(mut items: Vec<T>, limit: u32, cursor: impl Fn(&T) -> String) -> Page<T> {
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = if more { items.last().map(cursor) } else { None };
    Page { items, next }
}
