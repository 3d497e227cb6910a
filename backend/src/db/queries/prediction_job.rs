//! Photos whose predictions are still to come. A job is leased, not locked: no transaction stays open while a service
//! thinks, and one that a process took to its grave runs again when the lease is over.

use api_types::PredictionState;
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, QueryResult,
    sql_types::{Array, Bytea, Float, Integer, Nullable, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

use crate::db::{
    Bind, TypedSql,
    schema::{photos, prediction_jobs},
};

/// A job that this process runs.
#[derive(Debug, Clone)]
pub struct Job {
    /// Which photo.
    pub sha256: Vec<u8>,
    /// Where its objects lie in the store.
    pub place: String,
    /// Its colours and edges in numbers.
    pub descriptor: Vec<f32>,
    /// How often it was tried, this time included.
    pub attempts: i32,
    /// How many answers could not be read so far.
    pub unreadable: i32,
    /// Proof that the job is this process'.
    pub lease: Uuid,
}

type Taken = (Vec<u8>, String, Option<Vec<f32>>, i32, i32);
type TakenSql = (Bytea, Text, Nullable<Array<Float>>, Integer, Integer);

/// Takes a job that is due and nobody runs, for so many seconds.
///
/// # Errors
/// If the database refuses.
pub async fn take_job(
    conn: &mut AsyncPgConnection,
    lease_seconds: f64,
) -> QueryResult<Option<Job>> {
    let lease = Uuid::new_v4();
    let taken: Option<Taken> =
        TypedSql::<TakenSql>::new(
            "WITH due AS ( \
                 SELECT j.sha256 FROM prediction_jobs j WHERE j.run_after <= now() \
                 ORDER BY j.run_after LIMIT 1 FOR UPDATE SKIP LOCKED \
             ), taken AS ( \
                 UPDATE prediction_jobs j SET attempts = j.attempts + 1, lease = $1, \
                     run_after = now() + make_interval(secs => $2) \
                 FROM due WHERE j.sha256 = due.sha256 RETURNING j.sha256, j.attempts, j.unreadable \
             ) \
             SELECT t.sha256, p.place, p.descriptor, t.attempts, t.unreadable FROM taken t JOIN photos p ON p.sha256 = t.sha256",
        )
        .value(Bind::OptionalUuid(Some(lease)))
        .value(Bind::OptionalDouble(Some(lease_seconds)))
        .get_result(conn)
        .await
        .optional()?;
    Ok(taken.map(|(sha256, place, descriptor, attempts, unreadable)| Job {
        sha256,
        place,
        descriptor: descriptor.unwrap_or_default(),
        attempts,
        unreadable,
        lease,
    }))
}

/// Ends a job; `false` if it was given to another meanwhile. Call it in the transaction that stores what came of it.
///
/// # Errors
/// If the database refuses.
pub async fn finish_job(conn: &mut AsyncPgConnection, job: &Job) -> QueryResult<bool> {
    let done = diesel::delete(prediction_jobs::table.find(&job.sha256))
        .filter(prediction_jobs::lease.eq(job.lease))
        .execute(conn)
        .await?;
    Ok(done == 1)
}

/// Puts a job off for so many seconds, unless it was given to another meanwhile, and counts an answer that could not be read.
///
/// # Errors
/// If the database refuses.
pub async fn postpone_job(
    conn: &mut AsyncPgConnection,
    job: &Job,
    seconds: f64,
    is_unreadable: bool,
) -> QueryResult<()> {
    let _: Vec<i32> = TypedSql::<Integer>::new(
        "UPDATE prediction_jobs SET lease = NULL, run_after = now() + make_interval(secs => $1), unreadable = unreadable + $4 \
         WHERE sha256 = $2 AND lease = $3 RETURNING attempts",
    )
    .value(Bind::OptionalDouble(Some(seconds)))
    .value(Bind::OptionalBytes(Some(job.sha256.clone())))
    .value(Bind::OptionalUuid(Some(job.lease)))
    .value(Bind::Integer(is_unreadable.into()))
    .load(conn)
    .await?;
    Ok(())
}

/// Has photos labelled once more of which nothing was said: the newest of open and active tickets, so many at most, of
/// which staff decided nothing. Answers how many.
///
/// # Errors
/// If the database refuses.
pub async fn ask_again(conn: &mut AsyncPgConnection, limit: i64) -> QueryResult<usize> {
    let asked: Vec<Vec<u8>> = TypedSql::<Bytea>::new(
        "WITH silent AS ( \
             SELECT i.sha256 FROM (SELECT * FROM images WHERE ticket_id IS NOT NULL ORDER BY id DESC LIMIT 5000) i JOIN tickets t ON t.id = i.ticket_id JOIN photos p ON p.sha256 = i.sha256 \
             WHERE t.status <> 'closed' AND p.state = 'none' AND p.redacted_at IS NULL \
             AND NOT EXISTS (SELECT FROM image_labels l WHERE l.image_id = i.id) ORDER BY i.id DESC LIMIT $1 \
         ) INSERT INTO prediction_jobs (sha256) SELECT DISTINCT sha256 FROM silent ON CONFLICT DO NOTHING RETURNING sha256",
    )
    .value(Bind::BigInt(limit))
    .load(conn)
    .await?;
    Ok(asked.len())
}

/// Has content labelled once more of which nothing was said, since it was added again: the desk may have learned meanwhile.
///
/// # Errors
/// If the database refuses.
pub async fn ask_about(conn: &mut AsyncPgConnection, sha256: &[u8]) -> QueryResult<()> {
    let _: Vec<Vec<u8>> = TypedSql::<Bytea>::new(
        "INSERT INTO prediction_jobs (sha256) SELECT p.sha256 FROM photos p \
         WHERE p.sha256 = $1 AND p.state = 'none' AND p.redacted_at IS NULL ON CONFLICT DO NOTHING RETURNING sha256",
    )
    .value(Bind::OptionalBytes(Some(sha256.to_vec())))
    .load(conn)
    .await?;
    Ok(())
}

/// Says of every photo that waits that nothing is said of it: nobody labels any more. Its job stays, for whoever does one day.
///
/// # Errors
/// If the database refuses.
pub async fn stop_waiting(conn: &mut AsyncPgConnection) -> QueryResult<usize> {
    // Whatever is pending has a job, and there are fewer of those than photos.
    let waiting = prediction_jobs::table.select(prediction_jobs::sha256);
    diesel::update(photos::table.filter(photos::sha256.eq_any(waiting)))
        .filter(photos::state.eq(PredictionState::Pending))
        .set(photos::state.eq(PredictionState::None))
        .execute(conn)
        .await
}
