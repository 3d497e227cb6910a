//! Learning from what staff decided: a new model takes the place of the one in use only if it is not worse.
//!
//! The old recipe and the new one are fitted on the same folds and judged by the same rows, which neither has seen. Both
//! have to hold: on the project's own corpus, which nobody on the desk can change, the new one may lose no more than
//! [`NOISE`]; and on all rows together it must not lose anything. So tickets with wrong categories, which a model that
//! learnt them gets «right», do not carry it through.

use std::{collections::BTreeSet, fmt};

use anyhow::{Context as _, ensure};
use api_client::Client;
use api_types::TriageModel;
use chrono::{DateTime, Utc};
use triage::Model;

use super::{
    corpus::Row,
    decided::{Decided, read_decided},
    evaluate::{Prediction, Report, predict},
    fit::{Settings, fit},
    folds::assign_folds,
    train::finish,
};

/// Fewer than for other measurements: each is fitted twice, on more rows.
const FOLDS: usize = 3;
/// Two fits on slightly different rows differ by this much in macro-F1 for no reason.
const NOISE: f64 = 0.005;

/// How the two models compare, and what came of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// How many tickets that staff decided were learnt from.
    pub tickets: usize,
    /// The model in use and the new one, on rows of the corpus.
    pub on_corpus: (Report, Report),
    /// The same on all rows.
    pub on_all: (Report, Report),
    /// The model that is in use from now on; `None` where the old one stays.
    pub published: Option<TriageModel>,
}

impl Outcome {
    /// Whether the new model is not worse.
    #[must_use]
    pub fn is_no_worse(&self) -> bool {
        let gain = |(old, new): &(Report, Report)| new.macro_f1() - old.macro_f1();
        gain(&self.on_corpus) >= -NOISE && gain(&self.on_all) >= 0.0
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} tickets decided by staff.\n", self.tickets)?;
        writeln!(f, "| macro-F1 on held-out rows | model in use | new model |\n|---|---|---|")?;
        for (rows, (old, new)) in [("corpus", &self.on_corpus), ("all", &self.on_all)] {
            writeln!(f, "| {rows} | {:.3} | {:.3} |", old.macro_f1(), new.macro_f1())?;
        }
        match &self.published {
            Some(model) => writeln!(f, "\nPublished as {}.", model.version),
            None => writeln!(f, "\nThe new model is worse; the one in use stays."),
        }
    }
}

/// Learns from a desk, and publishes the model there if it is not worse.
///
/// # Errors
/// Where the desk cannot be read or refuses the model, or staff decided nothing yet.
pub async fn improve(
    client: &Client,
    service_token: &str,
    corpus: Vec<Row>,
    settings: Settings,
) -> anyhow::Result<Outcome> {
    let in_use = client.list_models().await.context("cannot ask which model is in use")?;
    let in_use = in_use.items.into_iter().find(|model| model.active);
    let in_use = in_use.context("the desk says of no model that it is in use")?;
    let decided = read_decided(client).await.context("cannot read the tickets")?;
    ensure!(!decided.is_empty(), "there is nothing to learn: staff decided no ticket");
    let learning = move || learn(corpus, &decided, in_use.published_at, settings);
    let (mut outcome, file) = tokio::task::spawn_blocking(learning).await??;
    if outcome.is_no_worse() {
        let published = client.publish_model(file, service_token).await;
        outcome.published = Some(published.context("the desk does not take the model")?);
    }
    Ok(outcome)
}

/// Compares the recipe of the model in use, which knew only what was decided before it was published, with one that knows
/// everything; and fits the model that comes of the new one.
fn learn(
    corpus: Vec<Row>,
    decided: &[Decided],
    published_at: Option<DateTime<Utc>>,
    settings: Settings,
) -> anyhow::Result<(Outcome, Vec<u8>)> {
    let of_corpus = corpus.len();
    let mut rows = corpus;
    rows.extend(decided.iter().map(|one| one.row.clone()));
    let known_before = |one: &Decided| published_at.is_some_and(|at| one.modified_at < at);
    let new_to_old: BTreeSet<usize> = (of_corpus..)
        .zip(decided)
        .filter(|(_, one)| !known_before(one))
        .map(|(at, _)| at)
        .collect();
    let folds = assign_folds(&rows, FOLDS);
    let mut old = vec![Prediction::default(); rows.len()];
    let mut new = old.clone();
    for fold in 0..FOLDS {
        let (held, taught): (Vec<usize>, Vec<usize>) =
            (0..rows.len()).partition(|at| folds[*at] == fold);
        let pick =
            |places: &[usize]| -> Vec<Row> { places.iter().map(|at| rows[*at].clone()).collect() };
        let before: Vec<usize> =
            taught.iter().copied().filter(|at| !new_to_old.contains(at)).collect();
        for (places, predictions) in [(&before, &mut old), (&taught, &mut new)] {
            let model = Model::parse(&fit(&pick(places), settings)?.to_bytes())?;
            for (at, answer) in held.iter().zip(predict(&model, &pick(&held))) {
                predictions[*at] = answer;
            }
        }
    }
    let outcome = Outcome {
        tickets: decided.len(),
        on_corpus: (Report::of(&old[..of_corpus]), Report::of(&new[..of_corpus])),
        on_all: (Report::of(&old), Report::of(&new)),
        published: None,
    };
    // A model that is not published need not be fitted.
    let file = if outcome.is_no_worse() { finish(&rows, settings, new)?.file } else { Vec::new() };
    Ok((outcome, file))
}
