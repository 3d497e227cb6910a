//! Jobs that have photos labelled, one after the other, beside everything else: no report waits for them.
//!
//! Away, busy or unreadable, a labeller is asked again later and later; a job ends only with an answer, with a photo that
//! the labeller will never take, or with the photo itself.

use std::time::Duration;

use actix_web::web;
use api_types::{LabelSource, PredictionState, Role};
use bytes::Bytes;
use diesel_async::AsyncConnection as _;
use rand::Rng as _;
use tokio::time::{sleep, timeout};
use vision::{Failure, Guarded, Labeller as _, Photo, Prediction};

use super::{Photos, keep::away, learning, reconsider::reconsider_labelled, store::Version};
use crate::{
    app::App,
    db::{
        queries::{
            self,
            prediction_job::{Job, finish_job, postpone_job, take_job},
        },
        rows,
    },
    domain::caller::Caller,
    error::AppError,
};

/// Jobs are looked for at least this often: another process may have left one.
const AT_LEAST: Duration = Duration::from_secs(1);
/// After so many answers that cannot be read there will be none.
const UNREADABLE_MOST: i32 = 5;
/// The longest time until a job is tried again.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// What a process needs besides the labeller, before its job is taken for lost.
const SLACK: Duration = Duration::from_secs(20);

/// Labels photos until the process ends.
pub(crate) async fn label_photos(app: web::Data<App>) {
    let Ok(photos) = app.photos() else { return };
    let Some(labeller) = &photos.labeller else {
        while let Err(error) = stop_waiting(&app).await {
            tracing::warn!("photos go on waiting for labels: {error}");
            sleep(AT_LEAST).await;
        }
        return;
    };
    loop {
        if let Some(wait) = labeller.until_ready() {
            sleep(wait).await;
            continue;
        }
        match run_next(&app, photos, labeller).await {
            Ok(true) => {}
            // Nothing to do: whoever adds a photo says so.
            Ok(false) => drop(timeout(AT_LEAST, photos.news.notified()).await),
            Err(error) => {
                tracing::warn!("labels of photos wait: {error}");
                sleep(AT_LEAST).await;
            }
        }
    }
}

/// Nobody labels: what waits from before does not look as if somebody did.
async fn stop_waiting(app: &App) -> Result<(), AppError> {
    queries::prediction_job::stop_waiting(&mut *app.db().await?).await?;
    Ok(())
}

async fn run_next(app: &App, photos: &Photos, labeller: &Guarded) -> Result<bool, AppError> {
    // Before the job is taken: learning may last longer than a job may.
    learning::learn_anew(app, photos).await?;
    let lease = (photos.patience + SLACK).as_secs_f64();
    let job = take_job(&mut *app.db().await?, lease).await?;
    let Some(job) = job else { return Ok(false) };
    let ran = run(app, photos, labeller, &job).await;
    if ran.is_err() {
        // The store is away, or somebody holds a ticket for long: the lease need not run out before the next try.
        let wait = backoff(job.attempts).as_secs_f64();
        postpone_job(&mut *app.db().await?, &job, wait, false).await?;
    }
    ran.map(|()| true)
}

async fn run(app: &App, photos: &Photos, labeller: &Guarded, job: &Job) -> Result<(), AppError> {
    let webp = match labeller.needs_picture() {
        true => photos.store.read(&job.place, Version::Display).await.map_err(away)?,
        false => Bytes::new(),
    };
    let photo = Photo { webp, descriptor: job.descriptor.clone() };
    match labeller.label(&photo).await {
        Ok(found) => finish(app, job, labeller.source(), found).await,
        Err(failure) => give_up_or_wait(app, job, &failure).await,
    }
}

async fn give_up_or_wait(app: &App, job: &Job, failure: &Failure) -> Result<(), AppError> {
    let is_hopeless = match failure {
        Failure::Refused(_) => true,
        Failure::Unreadable(_) => job.unreadable + 1 >= UNREADABLE_MOST,
        Failure::Away(_) | Failure::Busy { .. } => false,
    };
    tracing::warn!(attempts = job.attempts, is_hopeless, "a photo is not labelled: {failure}");
    if is_hopeless {
        return store(app, job, PredictionState::Failed, &[]).await;
    }
    let asked = match failure {
        Failure::Busy { retry_after } => retry_after.unwrap_or_default(),
        _ => Duration::ZERO,
    };
    let wait = backoff(job.attempts).max(asked).min(LONGEST_WAIT);
    let is_unreadable = matches!(failure, Failure::Unreadable(_));
    let mut conn = app.db().await?;
    Ok(postpone_job(&mut conn, job, wait.as_secs_f64(), is_unreadable).await?)
}

/// Twice as long each time, up to an hour, and never the same for two jobs.
fn backoff(attempts: i32) -> Duration {
    let doubled = Duration::from_secs(1) * 2_u32.pow(attempts.clamp(0, 12).unsigned_abs());
    doubled.min(LONGEST_WAIT).mul_f64(rand::rng().random_range(0.75..1.0))
}

async fn finish(
    app: &App,
    job: &Job,
    source: LabelSource,
    found: Vec<Prediction>,
) -> Result<(), AppError> {
    let row = |found: Prediction| rows::Prediction {
        sha256: job.sha256.clone(),
        label: found.label,
        confidence: f64::from(found.confidence),
        source,
    };
    let rows: Vec<_> = found.into_iter().map(row).collect();
    let state = if rows.is_empty() { PredictionState::None } else { PredictionState::Ready };
    store(app, job, state, &rows).await
}

/// Ends a job with what came of it, in one transaction. Whoever lost the job meanwhile stores nothing.
async fn store(
    app: &App,
    job: &Job,
    state: PredictionState,
    rows: &[rows::Prediction],
) -> Result<(), AppError> {
    let mut conn = app.db().await?;
    let stored = conn
        .transaction(async |conn| -> Result<bool, AppError> {
            let tickets = queries::image::lock_photo(conn, &job.sha256).await?;
            if !finish_job(conn, job).await? {
                return Ok(false);
            }
            queries::label::replace_predictions(conn, &job.sha256, state, rows).await?;
            if !rows.is_empty() {
                let nobody = Caller { role: Role::User, name: None, client: None };
                reconsider_labelled(conn, app, &tickets, &nobody).await?;
            }
            Ok(true)
        })
        .await?;
    if stored {
        metrics::counter!("photos_labelled_total", "state" => state.as_str()).increment(1);
        app.note_commit();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_waits_twice_as_long_each_time_and_an_hour_at_most() {
        for (attempts, most) in [(1, 2), (2, 4), (5, 32), (40, 3600)] {
            let wait = backoff(attempts);
            assert!(wait <= Duration::from_secs(most), "{attempts}");
            assert!(wait >= Duration::from_secs(most).mul_f64(0.7), "{attempts}");
        }
    }
}
