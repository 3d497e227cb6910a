//! The content of photos.

use std::collections::HashSet;

use api_types::{ImageId, PredictionState, TicketId};
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, QueryResult,
    SelectableHelper as _, sql_types::BigInt,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use super::ticket::columns;
use crate::db::{
    Bind, TypedSql,
    rows::{self, TicketSql},
    schema::{desk, image_labels, images, photos, prediction_jobs, predictions},
};

/// Content whose objects are in the store.
#[derive(Debug, Clone)]
pub struct NewPhoto {
    /// The hash of what was uploaded.
    pub sha256: Vec<u8>,
    /// Where its objects lie.
    pub place: String,
    /// Width of the shown version.
    pub width: i32,
    /// Height of the shown version.
    pub height: i32,
    /// What nearly the same photos share, and its four pieces.
    pub hash: Option<(i64, [i32; 4])>,
    /// Colours and edges in numbers.
    pub descriptor: Vec<f32>,
    /// Whether somebody will say what is on it.
    pub labelled: bool,
}

/// Which desk this is, for a store that several may share.
///
/// # Errors
/// If the database cannot answer.
pub async fn desk_id(conn: &mut AsyncPgConnection) -> QueryResult<Uuid> {
    desk::table.select(desk::id).first(conn).await
}

/// Content by its hash.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_photo(
    conn: &mut AsyncPgConnection,
    sha256: &[u8],
) -> QueryResult<Option<rows::Photo>> {
    photos::table.find(sha256).select(rows::Photo::as_select()).first(conn).await.optional()
}

/// Stores content and the job that has it labelled; where the same content is there already, that stays.
///
/// # Errors
/// If the database refuses.
pub async fn create_photo(conn: &mut AsyncPgConnection, new: NewPhoto) -> QueryResult<()> {
    let NewPhoto { sha256, place, width, height, hash, descriptor, labelled } = new;
    let (hash, bands) = hash.unzip();
    let state = if labelled { PredictionState::Pending } else { PredictionState::None };
    let stored = diesel::insert_into(photos::table)
        .values((
            photos::sha256.eq(&sha256),
            photos::place.eq(place),
            photos::width.eq(width),
            photos::height.eq(height),
            photos::hash.eq(hash),
            photos::bands.eq(bands.map(|bands| bands.to_vec())),
            photos::descriptor.eq(descriptor),
            photos::state.eq(state),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    if stored == 1 && labelled {
        diesel::insert_into(prediction_jobs::table)
            .values(prediction_jobs::sha256.eq(&sha256))
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Takes everything of a photo out of the database but that it was there, wherever it was added.
///
/// # Errors
/// If the database refuses.
pub async fn redact_photo(conn: &mut AsyncPgConnection, sha256: &[u8]) -> QueryResult<()> {
    diesel::delete(prediction_jobs::table.find(sha256)).execute(conn).await?;
    diesel::delete(predictions::table.filter(predictions::sha256.eq(sha256))).execute(conn).await?;
    let ids: Vec<i64> =
        images::table.filter(images::sha256.eq(sha256)).select(images::id).load(conn).await?;
    diesel::delete(image_labels::table.filter(image_labels::image_id.eq_any(ids)))
        .execute(conn)
        .await?;
    diesel::update(photos::table.find(sha256))
        .set((
            photos::hash.eq(None::<i64>),
            photos::bands.eq(None::<Vec<i32>>),
            photos::descriptor.eq(None::<Vec<f32>>),
            photos::state.eq(PredictionState::None),
            photos::redacted_at.eq(diesel::dsl::now),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// What nearly the same photos are looked up by, besides the content itself.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_hash(
    conn: &mut AsyncPgConnection,
    image: ImageId,
) -> QueryResult<Option<(Vec<u8>, Option<i64>)>> {
    let photo = images::table.inner_join(photos::table).filter(images::id.eq(image.0));
    photo.select((photos::sha256, photos::hash)).first(conn).await.optional()
}

// One by one, by its content: the planner takes every photo that shares a piece for many, and would read all images.
/// Open and active tickets under which the same photo is shown or nearly the same, the nearest first; `besides` one.
/// Without probes it is the very same one.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_nearly_same(
    conn: &mut AsyncPgConnection,
    sha256: Vec<u8>,
    hash: i64,
    probes: Vec<i32>,
    most_bits: i32,
    besides: Option<TicketId>,
    limit: i64,
) -> QueryResult<Vec<rows::Ticket>> {
    TypedSql::<TicketSql>::new(concat!(
        "SELECT ",
        columns!(),
        " FROM ( \
             SELECT s.id, min(n.bits) AS bits FROM ( \
                 SELECT i.ticket_id, p.bits FROM ( \
                     SELECT sha256, length(replace((hash # $1)::bit(64)::text, '0', '')) AS bits \
                     FROM photos p WHERE p.bands && $2 OFFSET 0 \
                 ) p CROSS JOIN LATERAL ( \
                     SELECT x.ticket_id FROM images x WHERE x.sha256 = p.sha256 AND x.ticket_id IS NOT NULL OFFSET 0 \
                 ) i WHERE p.bits <= $3 \
                 UNION ALL \
                 SELECT i.ticket_id, 0 FROM images i WHERE i.sha256 = $6 AND i.ticket_id IS NOT NULL \
             ) n CROSS JOIN LATERAL ( \
                 WITH RECURSIVE line AS ( \
                     SELECT t.id, t.merged_into FROM tickets t WHERE t.id = n.ticket_id \
                     UNION ALL \
                     SELECT t.id, t.merged_into FROM line l JOIN tickets t ON t.id = l.merged_into \
                 ) SELECT l.id FROM line l WHERE l.merged_into IS NULL \
             ) s WHERE n.bits <= $3 GROUP BY s.id \
         ) near JOIN tickets t ON t.id = near.id \
         WHERE t.status <> 'closed' AND t.id <> $4 \
         ORDER BY near.bits, t.id DESC LIMIT $5"
    ))
    .value(Bind::BigInt(hash))
    .value(Bind::IntegerArray(probes))
    .value(Bind::Integer(most_bits))
    .value(Bind::BigInt(besides.map_or(0, |ticket| ticket.0)))
    .value(Bind::BigInt(limit))
    .value(Bind::OptionalBytes(Some(sha256)))
    .load(conn)
    .await
}

/// Removes content that no photo shows any more. What was redacted stays, so that it is not added again.
///
/// # Errors
/// If the database refuses.
pub async fn sweep_photos(conn: &mut AsyncPgConnection) -> QueryResult<usize> {
    let gone: Vec<i64> = TypedSql::<BigInt>::new(
        "WITH gone AS (DELETE FROM photos p WHERE p.redacted_at IS NULL \
             AND p.created_at < now() - interval '1 hour' \
             AND NOT EXISTS (SELECT FROM images i WHERE i.sha256 = p.sha256) RETURNING 1) \
         SELECT count(*) FROM gone",
    )
    .load(conn)
    .await?;
    Ok(gone.into_iter().sum::<i64>().unsigned_abs() as usize)
}

/// Which of these places hold something that is shown.
///
/// # Errors
/// If the database cannot answer.
pub async fn filter_places(
    conn: &mut AsyncPgConnection,
    places: &[String],
) -> QueryResult<HashSet<String>> {
    let shown = photos::table
        .filter(photos::place.eq_any(places))
        .filter(photos::redacted_at.is_null())
        .select(photos::place);
    Ok(shown.load(conn).await?.into_iter().collect())
}
