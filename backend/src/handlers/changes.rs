//! The change feed.

use std::mem;

use actix_web::{HttpResponse, web};
use api_types::{FeedQuery, FieldCode, FieldProblem, ProblemKind, Ticket, headers, limits};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};

use super::answer::Answer;
use crate::{
    app::App,
    convert,
    db::{Connection, queries, queries::feed::Horizon},
    domain::{
        feed::{Cursor, Position},
        listing::parse_limit,
    },
    error::AppError,
    extract::{Params, StaffOnly},
};

/// A chunk is sent when it has about this many bytes.
const CHUNK: usize = 32 * 1024;

/// Read what changed after a position: each ticket once, at its newest place.
#[utoipa::path(get, path = "/api/v1/changes", tag = "feed", params(FeedQuery),
    responses((status = 200, body = api_types::Feed<Ticket>), (status = 410, body = api_types::Problem)))]
pub(crate) async fn list_changes(
    app: web::Data<App>,
    StaffOnly(_): StaffOnly,
    Params(query): Params<FeedQuery>,
) -> Answer {
    let limit = parse_limit(query.limit, limits::FEED_PAGE_DEFAULT, limits::FEED_PAGE_MAX)
        .map_err(AppError::invalid_request)?;
    let mut conn = app.db().await?;
    let horizon = queries::feed::read_horizon(&mut conn).await?;
    let after = parse_position(query.after.as_deref(), &horizon)?;
    let age = app.horizon_age(&horizon);
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((headers::FEED_HORIZON_AGE, format!("{:.3}", age.as_secs_f64())))
        .streaming(write_page(conn, horizon, after, limit)))
}

fn parse_position(after: Option<&str>, horizon: &Horizon) -> Result<Position, AppError> {
    let Some(raw) = after else { return Ok(Position::default()) };
    let cursor: Cursor = raw.parse().map_err(|_| {
        let message = "is not a position of this feed; take it from `next`";
        AppError::invalid_request(FieldProblem::new("after", FieldCode::InvalidFormat, message))
    })?;
    // Another history, or a place that this one has not reached: an older copy of the data is running.
    if cursor.lineage != horizon.lineage || cursor.position.changed_in >= horizon.xmax {
        return Err(AppError::new(
            ProblemKind::Resync,
            "The data was restored since; read the feed from the beginning.",
        ));
    }
    Ok(cursor.position)
}

/// The page as JSON, row by row: neither side needs a page in memory. A failure breaks the transfer off, so that no
/// reader takes half a page for a whole one.
fn write_page(
    mut conn: Connection,
    horizon: Horizon,
    after: Position,
    limit: u32,
) -> impl Stream<Item = Result<Bytes, AppError>> {
    async_stream::try_stream! {
        let mut last = after;
        let mut chunk = Vec::with_capacity(CHUNK + CHUNK / 4);
        chunk.extend_from_slice(b"{\"items\":[");
        let mut rows = queries::feed::stream_changes(&mut conn, after, limit).await?;
        let mut separator: &[u8] = b"";
        while let Some(row) = rows.next().await {
            let (row, guess, model) = row?;
            last = Position { changed_in: row.changed_in, ticket: row.id.0 };
            chunk.extend_from_slice(separator);
            separator = b",";
            serde_json::to_writer(&mut chunk, &convert::changed_ticket(row, guess, model))
                .map_err(|error| AppError::Internal(error.to_string()))?;
            if chunk.len() >= CHUNK {
                let next_chunk = Vec::with_capacity(chunk.capacity());
                yield mem::replace(&mut chunk, next_chunk).into();
            }
        }
        let next = Cursor { lineage: horizon.lineage, position: last };
        chunk.extend_from_slice(format!("],\"next\":\"{next}\"}}").as_bytes());
        yield chunk.into();
    }
}
