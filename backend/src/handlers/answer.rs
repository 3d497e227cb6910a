//! Answers that more than one handler gives.

use actix_web::{HttpResponse, http::header};
use api_types::{FieldCode, FieldProblem, Page, PageQuery, Ticket, headers, limits::PAGE_MAX};

use crate::{domain::listing::parse_limit, error::AppError};

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

pub(super) fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// Reads which page of a list that goes by number is wanted: how many entries at most, and the number that the page
/// before ended with.
pub(super) fn parse_page(
    query: &PageQuery,
    default_limit: u32,
) -> Result<(u32, Option<i64>), AppError> {
    let limit = parse_limit(query.limit, default_limit, PAGE_MAX);
    let parse = |raw: &str| {
        raw.parse().ok().filter(|id| *id >= 0).ok_or_else(|| {
            let message = "is not a cursor of this list; take it from `next`";
            FieldProblem::new("cursor", FieldCode::InvalidFormat, message)
        })
    };
    let cursor = query.cursor.as_deref().map(parse).transpose();
    Ok((limit.map_err(AppError::invalid_request)?, cursor.map_err(AppError::invalid_request)?))
}

/// A page of at most `limit` items out of one item more, which tells whether there is a next page.
pub(super) fn page<T>(mut items: Vec<T>, limit: u32, cursor: impl Fn(&T) -> String) -> Page<T> {
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = if more { items.last().map(cursor) } else { None };
    Page { items, next }
}
