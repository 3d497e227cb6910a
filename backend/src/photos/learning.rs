//! What the desk learns from the labels that staff confirmed.

use std::time::{Duration, Instant};

use actix_web::web;
use api_types::LabelKnowledge;
use diesel_async::AsyncPgConnection;
use vision::learned::{self, Example, Training};

use super::Photos;
use crate::{
    app::App,
    db::queries::{self, label::DecisionSpan},
    error::AppError,
};

/// It learns from so many photos at most, the newest.
const EXAMPLES_MOST: i64 = 2_000;
/// So many confirmations are looked at, the newest: about five for each of those photos.
const CONFIRMATIONS_MOST: i64 = 10_000;
/// So many labels are offered.
const LABELS_SHOWN: i64 = 200;
/// While staff go on confirming it learns anew after so long at the soonest.
const PACE: Duration = Duration::from_secs(30);

/// Up to when this process has learned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Learned {
    decisions: DecisionSpan,
    at: Instant,
    accuracy: Option<f64>,
    measured_on: usize,
}

/// So many photos of which nothing was said are asked for once more when the desk has learned something at last.
const ASKED_AGAIN: i64 = 100;

/// Learns anew if staff decided of a label since. Called by the one task that labels, so that nobody waits for it.
pub(super) async fn learn_anew(app: &App, photos: &Photos) -> Result<(), AppError> {
    let Some(model) = &photos.learned else { return Ok(()) };
    let before = photos.learned_until();
    if before.is_some_and(|learned| learned.at.elapsed() < PACE) {
        return Ok(());
    }
    let mut conn = app.db().await?;
    let decisions = queries::label::span_of_decisions(&mut conn, CONFIRMATIONS_MOST).await?;
    if let Some(before) = before.filter(|learned| learned.decisions == decisions) {
        photos.set_learned(Learned { at: Instant::now(), ..before });
        return Ok(());
    }
    let examples =
        queries::label::list_examples(&mut conn, CONFIRMATIONS_MOST, EXAMPLES_MOST).await?;
    drop(conn);
    let examples: Vec<_> =
        examples.into_iter().map(|(descriptor, labels)| Example { descriptor, labels }).collect();
    let training = match web::block(move || learned::train(&examples)).await {
        Ok(training) => training,
        Err(error) => {
            tracing::error!("nothing was learned: {error}");
            Training::default()
        }
    };
    let (accuracy, measured_on) = (training.accuracy, training.measured_on);
    let is_first = training.model.is_some() && model.training().model.is_none();
    tracing::info!(?accuracy, measured_on, "learned from the labels that staff confirmed");
    photos.set_learned(Learned { decisions, at: Instant::now(), accuracy, measured_on });
    model.replace(training);
    // What was added before is not silent for ever; a restart asks for nothing that was answered.
    if is_first && before.is_some() {
        queries::prediction_job::ask_again(&mut *app.db().await?, ASKED_AGAIN).await?;
    }
    Ok(())
}

/// What the desk's own photos have taught it.
pub(crate) async fn read_knowledge(
    app: &App,
    conn: &mut AsyncPgConnection,
) -> Result<LabelKnowledge, AppError> {
    let photos = app.photos()?;
    let learned = photos.learned_until();
    Ok(LabelKnowledge {
        source: photos.source(),
        labels: queries::label::count_labels(conn, CONFIRMATIONS_MOST, LABELS_SHOWN).await?,
        photos: queries::label::count_confirmed(conn, CONFIRMATIONS_MOST).await?,
        accuracy: learned.and_then(|learned| learned.accuracy),
        measured_on: learned.map_or(0, |learned| learned.measured_on as i64),
    })
}
