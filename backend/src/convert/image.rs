//! Photos and what is on them.

use api_types::{Image, Label, LabelSource, PredictionState, Predictions};

use crate::db::rows;

/// A photo with what is on it. `predicted` are those of its content, surest first; `decided` those of this photo.
pub(crate) fn image(
    row: rows::Image,
    predicted: &[rows::Prediction],
    decided: &[rows::LabelDecision],
) -> Image {
    let rows::Image { image, photo } = row;
    let predicted = || predicted.iter().filter(|one| one.sha256 == photo.sha256);
    let decided = || decided.iter().filter(|one| one.image_id == image.id);
    let confirmed = decided().filter(|one| one.confirmed).map(|one| {
        let prediction = predicted().find(|prediction| prediction.label == one.label);
        Label {
            label: one.label.clone(),
            confirmed: true,
            confidence: prediction.map(|prediction| prediction.confidence),
            source: prediction.map_or(LabelSource::Staff, |prediction| prediction.source),
        }
    });
    let undecided = predicted().filter(|one| decided().all(|decision| decision.label != one.label));
    let undecided = undecided.map(|one| Label {
        label: one.label.clone(),
        confirmed: false,
        confidence: Some(one.confidence),
        source: one.source,
    });
    Image {
        id: image.id,
        ticket_id: image.ticket_id,
        width: photo.width,
        height: photo.height,
        author_role: image.author_role,
        author_name: image.author_name.clone(),
        created_at: image.created_at,
        redacted: photo.redacted_at.is_some(),
        state: photo.state,
        labels: confirmed.chain(undecided).collect(),
    }
}

/// What is predicted for one photo.
pub(crate) fn predictions(state: PredictionState, rows: Vec<rows::Prediction>) -> Predictions {
    let items = rows.into_iter().map(|row| api_types::Prediction {
        label: row.label,
        confidence: row.confidence,
        source: row.source,
    });
    Predictions { state, items: items.collect() }
}
