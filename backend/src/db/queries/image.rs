//! Photos under tickets, and those of reports that are still being written.

use api_types::{ImageId, Role, Status, TicketId};
use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, QueryResult,
    SelectableHelper as _,
    sql_types::{BigInt, Bool, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use crate::db::{
    Bind, TypedSql, rows,
    schema::{images, photos},
};

/// A photo to be added, its content being stored already.
#[derive(Debug, Clone)]
pub struct NewImage {
    /// What it shows.
    pub sha256: Vec<u8>,
    /// The ticket it goes to; without one it waits for its report.
    pub ticket: Option<TicketId>,
    /// The browser that adds it.
    pub client: Option<Uuid>,
    /// As what.
    pub role: Role,
    /// By whom.
    pub name: Option<String>,
    /// Makes the request safe to repeat.
    pub idempotency: Option<(Uuid, Vec<u8>)>,
}

/// Stores a photo's row; `None` if one with this idempotency key is there already.
///
/// # Errors
/// If the database refuses: the content is not there, or the ticket takes no more.
pub async fn create_image(
    conn: &mut AsyncPgConnection,
    new: NewImage,
) -> QueryResult<Option<ImageId>> {
    let (key, hash) = new.idempotency.unzip();
    diesel::insert_into(images::table)
        .values((
            images::sha256.eq(new.sha256),
            images::ticket_id.eq(new.ticket.map(|ticket| ticket.0)),
            images::client.eq(new.client),
            images::author_role.eq(new.role),
            images::author_name.eq(new.name),
            images::idempotency_key.eq(key),
            images::idempotency_hash.eq(hash),
        ))
        .on_conflict(images::idempotency_key)
        .do_nothing()
        .returning(images::id)
        .get_result(conn)
        .await
        .optional()
}

/// The photo that a repeated request added before, with the hash of that request.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_by_key(
    conn: &mut AsyncPgConnection,
    key: Uuid,
) -> QueryResult<Option<(ImageId, Option<Vec<u8>>)>> {
    images::table
        .filter(images::idempotency_key.eq(key))
        .select((images::id, images::idempotency_hash))
        .first(conn)
        .await
        .optional()
}

/// Gives photos that a browser uploaded to the ticket it reports; answers how many there were. Call it in the transaction
/// that creates the ticket.
///
/// # Errors
/// If the database refuses.
pub async fn claim_images(
    conn: &mut AsyncPgConnection,
    ids: &[ImageId],
    client: Uuid,
    ticket: TicketId,
) -> QueryResult<usize> {
    diesel::update(images::table)
        .filter(images::id.eq_any(ids.iter().map(|id| id.0)))
        .filter(images::ticket_id.is_null())
        .filter(images::client.eq(client))
        .set(images::ticket_id.eq(ticket.0))
        .execute(conn)
        .await
}

/// One photo.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_image(
    conn: &mut AsyncPgConnection,
    id: ImageId,
) -> QueryResult<Option<rows::Image>> {
    images::table
        .inner_join(photos::table)
        .filter(images::id.eq(id.0))
        .select(rows::Image::as_select())
        .first(conn)
        .await
        .optional()
}

/// The photos of some tickets from one on, in the order in which they came, so many at most.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_images(
    conn: &mut AsyncPgConnection,
    tickets: &[TicketId],
    after: i64,
    limit: i64,
) -> QueryResult<Vec<rows::Image>> {
    images::table
        .inner_join(photos::table)
        .filter(images::ticket_id.eq_any(tickets.iter().map(|ticket| ticket.0)))
        .filter(images::id.gt(after))
        .order(images::id)
        .limit(limit)
        .select(rows::Image::as_select())
        .load(conn)
        .await
}

type Shown = (String, bool, Option<Uuid>, Option<TicketId>, Option<Status>);
type ShownSql = (Text, Bool, Nullable<SqlUuid>, Nullable<BigInt>, Nullable<Text>);

/// What decides who may see a photo. One of a merged ticket is shown under the ticket that stands for it.
///
/// # Errors
/// If the database cannot answer.
pub async fn find_shown(
    conn: &mut AsyncPgConnection,
    id: ImageId,
) -> QueryResult<Option<rows::ShownImage>> {
    let row: Option<Shown> = TypedSql::<ShownSql>::new(
        "SELECT p.place, p.redacted_at IS NOT NULL, i.client, s.id, s.status \
         FROM images i JOIN photos p ON p.sha256 = i.sha256 LEFT JOIN LATERAL ( \
             WITH RECURSIVE line AS ( \
                 SELECT t.id, t.status, t.merged_into FROM tickets t WHERE t.id = i.ticket_id \
                 UNION ALL \
                 SELECT t.id, t.status, t.merged_into FROM line l JOIN tickets t ON t.id = l.merged_into \
             ) SELECT l.id, l.status FROM line l WHERE l.merged_into IS NULL \
         ) s ON true WHERE i.id = $1",
    )
    .value(Bind::BigInt(id.0))
    .get_result(conn)
    .await
    .optional()?;
    Ok(row.map(|(place, redacted, client, standing, status)| rows::ShownImage {
        place,
        redacted,
        client,
        standing,
        status,
    }))
}

/// Every ticket that has this photo, lowest number first.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_tickets_with(
    conn: &mut AsyncPgConnection,
    sha256: &[u8],
) -> QueryResult<Vec<TicketId>> {
    let ids: Vec<i64> = TypedSql::<BigInt>::new(
        "SELECT DISTINCT ticket_id FROM images WHERE ticket_id IS NOT NULL AND sha256 = $1 ORDER BY 1",
    )
    .value(Bind::OptionalBytes(Some(sha256.to_vec())))
    .load(conn)
    .await?;
    Ok(ids.into_iter().map(TicketId).collect())
}

/// Locks the content of a photo with every ticket that shows it, lowest number first, and all that those were merged into;
/// answers those. Nobody adds the photo meanwhile.
///
/// # Errors
/// If the database cannot answer, or others hold one of them for too long.
pub async fn lock_photo(conn: &mut AsyncPgConnection, sha256: &[u8]) -> QueryResult<Vec<TicketId>> {
    loop {
        // Tickets before photos, as whoever adds one. What was added while one waited for the photo is locked as well.
        let tickets = list_tickets_with(conn, sha256).await?;
        let lines = super::merge::lock_lines(conn, &tickets).await?;
        let photo = photos::table.find(sha256).select(photos::width).for_update();
        let _: Vec<i32> = photo.load(conn).await?;
        if list_tickets_with(conn, sha256).await? == tickets {
            return Ok(lines);
        }
    }
}

/// How many photos of a browser wait for their report.
///
/// # Errors
/// If the database cannot answer.
pub async fn count_unclaimed(conn: &mut AsyncPgConnection, client: Uuid) -> QueryResult<i64> {
    images::table
        .filter(images::ticket_id.is_null())
        .filter(images::client.eq(client))
        .count()
        .get_result(conn)
        .await
}

/// Removes photos that nobody sent a report for until then.
///
/// # Errors
/// If the database refuses.
pub async fn sweep_unclaimed(
    conn: &mut AsyncPgConnection,
    before: DateTime<Utc>,
) -> QueryResult<usize> {
    diesel::delete(images::table)
        .filter(images::ticket_id.is_null())
        .filter(images::created_at.lt(before))
        .execute(conn)
        .await
}
