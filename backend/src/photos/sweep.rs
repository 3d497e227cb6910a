//! What nobody needs any more: photos of reports that were never sent, content that nothing shows, objects that no row
//! names. Two processes that sweep at once do no harm.

use std::time::Duration;

use actix_web::web;
use chrono::{TimeDelta, Utc};
use futures_util::{StreamExt as _, TryStreamExt as _};
use tokio::time::{MissedTickBehavior, interval};

use super::{Photos, keep::away};
use crate::{app::App, db::queries, error::AppError};

/// How often.
const EVERY: Duration = Duration::from_secs(3600);
/// A photo waits so long for its report.
const UNCLAIMED_FOR: TimeDelta = TimeDelta::days(1);
/// An object is older than that, or its row may still be on its way.
const AGE: TimeDelta = TimeDelta::hours(1);
/// So many objects are looked up at once.
const BATCH: usize = 1_000;

/// Sweeps when the process starts and every hour.
pub(crate) async fn sweep_photos(app: web::Data<App>) {
    let mut hours = interval(EVERY);
    hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        hours.tick().await;
        let Ok(photos) = app.photos() else { return };
        match sweep(&app, photos).await {
            Ok(0) => {}
            Ok(removed) => {
                tracing::info!(removed, "objects of photos that nobody needs were removed")
            }
            Err(error) => tracing::warn!("photos are swept later: {error}"),
        }
    }
}

/// Sweeps once; answers how many objects were removed.
async fn sweep(app: &App, photos: &Photos) -> Result<usize, AppError> {
    let now = Utc::now();
    let desk = {
        let mut conn = app.db().await?;
        queries::image::sweep_unclaimed(&mut conn, now - UNCLAIMED_FOR).await?;
        // The same photo may be added just now: it goes next time.
        if let Err(error) = queries::photo::sweep_photos(&mut conn).await {
            tracing::info!("content that nothing shows is swept later: {error}");
        }
        queries::photo::desk_id(&mut conn).await?
    };
    let old = photos.store.list(desk).try_filter(|(_, meta)| {
        let is_old = meta.last_modified < now - AGE;
        async move { is_old }
    });
    let mut batches = std::pin::pin!(old.try_chunks(BATCH));
    let mut removed = 0;
    while let Some(batch) = batches.next().await {
        let batch = batch.map_err(|broken| away(broken.1))?;
        let places: Vec<String> = batch.iter().map(|(place, _)| place.clone()).collect();
        let shown = queries::photo::filter_places(&mut *app.db().await?, &places).await?;
        for (place, meta) in batch {
            if !shown.contains(&place) {
                match photos.store.remove_object(&meta).await {
                    Ok(()) => removed += 1,
                    Err(error) => tracing::warn!("an object of a photo stays: {error}"),
                }
            }
        }
    }
    Ok(removed)
}
