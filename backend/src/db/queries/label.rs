//! What is on photos: as it was predicted, and as staff decided.

use api_types::{ImageId, LabelCount, PredictionState, TicketId};
use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods as _, QueryDsl as _, QueryResult, SelectableHelper as _,
    sql_types::{Array, BigInt, Bytea, Float, Nullable, Text, Timestamptz},
    upsert::excluded,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use crate::db::{
    Bind, TypedSql, rows,
    schema::{image_labels, photos, predictions},
};

/// The newest confirmations, at most `$1`, so that asking costs the same however many there are.
macro_rules! newest {
    () => {
        "WITH newest AS ( \
             SELECT image_id, label, decided_at FROM image_labels WHERE confirmed ORDER BY decided_at DESC LIMIT $1 \
         ) "
    };
}

/// See [`span_of_decisions`].
pub type DecisionSpan = (Option<DateTime<Utc>>, Option<DateTime<Utc>>, i64);

/// What is predicted for some photos, surest first.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_predictions(
    conn: &mut AsyncPgConnection,
    photos: &[&[u8]],
) -> QueryResult<Vec<rows::Prediction>> {
    predictions::table
        .filter(predictions::sha256.eq_any(photos))
        .order((predictions::confidence.desc(), predictions::label))
        .select(rows::Prediction::as_select())
        .load(conn)
        .await
}

/// What staff decided of some photos, in the order in which they did.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_decisions(
    conn: &mut AsyncPgConnection,
    images: &[ImageId],
) -> QueryResult<Vec<rows::LabelDecision>> {
    image_labels::table
        .filter(image_labels::image_id.eq_any(images.iter().map(|id| id.0)))
        .order((image_labels::decided_at, image_labels::label))
        .select(rows::LabelDecision::as_select())
        .load(conn)
        .await
}

/// Stores what staff decide of one label; their last word counts.
///
/// # Errors
/// If the database refuses.
pub async fn decide_label(
    conn: &mut AsyncPgConnection,
    image: ImageId,
    label: &str,
    confirmed: bool,
    by: Option<String>,
) -> QueryResult<()> {
    diesel::insert_into(image_labels::table)
        .values((
            image_labels::image_id.eq(image.0),
            image_labels::label.eq(label),
            image_labels::confirmed.eq(confirmed),
            image_labels::decided_by.eq(by),
        ))
        .on_conflict((image_labels::image_id, image_labels::label))
        .do_update()
        .set((
            image_labels::confirmed.eq(excluded(image_labels::confirmed)),
            image_labels::decided_by.eq(excluded(image_labels::decided_by)),
            image_labels::decided_at.eq(diesel::dsl::now),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// Stores what is predicted for a photo, in place of what was before, and how far that is.
///
/// # Errors
/// If the database refuses.
pub async fn replace_predictions(
    conn: &mut AsyncPgConnection,
    sha256: &[u8],
    state: PredictionState,
    new: &[rows::Prediction],
) -> QueryResult<()> {
    diesel::delete(predictions::table.filter(predictions::sha256.eq(sha256))).execute(conn).await?;
    let rows: Vec<_> = new
        .iter()
        .map(|new| {
            (
                predictions::sha256.eq(&new.sha256),
                predictions::label.eq(&new.label),
                predictions::confidence.eq(new.confidence),
                predictions::source.eq(new.source),
            )
        })
        .collect();
    diesel::insert_into(predictions::table)
        .values(rows)
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    // The database sees the state change, and writes the words of the tickets anew.
    diesel::update(photos::table.find(sha256))
        .set(photos::state.eq(state))
        .execute(conn)
        .await
        .map(drop)
}

/// The labels of a ticket's photos that count: confirmed, or predicted with some confidence and not taken off.
///
/// # Errors
/// If the database cannot answer.
pub async fn labels_of(
    conn: &mut AsyncPgConnection,
    ticket: TicketId,
) -> QueryResult<Option<String>> {
    TypedSql::<Nullable<Text>>::new("SELECT photo_labels_of($1)")
        .value(Bind::BigInt(ticket.0))
        .get_result(conn)
        .await
}

/// The same of photos that a browser uploaded and no ticket has yet: nobody can have decided of those. Their content is held
/// until the transaction ends, so that no other answer comes meanwhile.
///
/// # Errors
/// If the database cannot answer.
pub async fn hold_labels_of_unclaimed(
    conn: &mut AsyncPgConnection,
    images: &[ImageId],
    client: Uuid,
) -> QueryResult<Option<String>> {
    let held: Vec<Vec<u8>> = TypedSql::<Bytea>::new(
        "SELECT p.sha256 FROM images i JOIN photos p ON p.sha256 = i.sha256 \
         WHERE i.id = ANY ($1) AND i.client = $2 AND i.ticket_id IS NULL ORDER BY p.sha256 FOR SHARE OF p",
    )
    .value(Bind::BigIntArray(images.iter().map(|id| id.0).collect()))
    .value(Bind::OptionalUuid(Some(client)))
    .load(conn)
    .await?;
    // In a statement of its own, which sees what was written while the first one waited.
    let labels: Vec<String> = predictions::table
        .filter(predictions::sha256.eq_any(held))
        .filter(predictions::confidence.ge(0.6))
        .select(predictions::label)
        .distinct()
        .order(predictions::label)
        .load(conn)
        .await?;
    Ok((!labels.is_empty()).then(|| labels.join(", ")))
}

/// Confirmed labels with the number of their photos, commonest first, among the newest so many confirmations.
///
/// # Errors
/// If the database cannot answer.
pub async fn count_labels(
    conn: &mut AsyncPgConnection,
    newest: i64,
    limit: i64,
) -> QueryResult<Vec<LabelCount>> {
    let counts: Vec<(String, i64)> = TypedSql::<(Text, BigInt)>::new(concat!(
        newest!(),
        "SELECT label, count(*) FROM newest GROUP BY label ORDER BY 2 DESC, 1 LIMIT $2"
    ))
    .value(Bind::BigInt(newest))
    .value(Bind::BigInt(limit))
    .load(conn)
    .await?;
    Ok(counts.into_iter().map(|(label, photos)| LabelCount { label, photos }).collect())
}

/// On how many photos the newest so many confirmations were.
///
/// # Errors
/// If the database cannot answer.
pub async fn count_confirmed(conn: &mut AsyncPgConnection, newest: i64) -> QueryResult<i64> {
    TypedSql::<BigInt>::new(concat!(newest!(), "SELECT count(DISTINCT image_id) FROM newest"))
        .value(Bind::BigInt(newest))
        .get_result(conn)
        .await
}

/// The last and the first of the newest so many confirmations, and how many there are: what was learned before any of that
/// changed is out of date.
///
/// # Errors
/// If the database cannot answer.
pub async fn span_of_decisions(
    conn: &mut AsyncPgConnection,
    newest: i64,
) -> QueryResult<DecisionSpan> {
    TypedSql::<(Nullable<Timestamptz>, Nullable<Timestamptz>, BigInt)>::new(concat!(
        newest!(),
        "SELECT max(decided_at), min(decided_at), count(*) FROM newest"
    ))
    .value(Bind::BigInt(newest))
    .get_result(conn)
    .await
}

/// The photos of the newest so many confirmations, as they are learned from: each with its descriptor and all its labels.
///
/// # Errors
/// If the database cannot answer.
pub async fn list_examples(
    conn: &mut AsyncPgConnection,
    newest: i64,
    limit: i64,
) -> QueryResult<Vec<(Vec<f32>, Vec<String>)>> {
    TypedSql::<(Array<Float>, Array<Text>)>::new(concat!(
        newest!(),
        ", shown AS ( \
             SELECT p.sha256, p.descriptor, max(n.decided_at) AS at \
             FROM newest n JOIN images i ON i.id = n.image_id JOIN photos p ON p.sha256 = i.sha256 \
             WHERE p.descriptor IS NOT NULL GROUP BY p.sha256 ORDER BY at DESC, p.sha256 LIMIT $2 \
         ) \
         SELECT s.descriptor, array_agg(DISTINCT l.label ORDER BY l.label) \
         FROM shown s JOIN images i ON i.sha256 = s.sha256 JOIN image_labels l ON l.image_id = i.id \
         WHERE l.confirmed GROUP BY s.sha256, s.descriptor, s.at ORDER BY s.at DESC, s.sha256"
    ))
    .value(Bind::BigInt(newest))
    .value(Bind::BigInt(limit))
    .load(conn)
    .await
}
