//! Training: labelled rows → the bytes of a model file, the same bytes every time on one machine.

use std::{fs, path::PathBuf};

use anyhow::Context as _;
use triage::{Model, tokenizer::hash_term};

use super::{
    corpus::{self, Row},
    evaluate::{Prediction, Report, predict},
    fit::{Settings, fit},
    threshold::choose_threshold,
    vocabulary::class_of,
};

const FOLDS: usize = 5;

/// What to train on, and where the model goes.
#[derive(Debug, Clone, clap::Args)]
pub struct TrainArgs {
    /// The folder of labelled CSV files.
    #[arg(long, default_value = "data/corpus")]
    pub corpus: PathBuf,
    /// The model file to write.
    #[arg(long, default_value = "data/model/triage-v1.json")]
    pub out: PathBuf,
}

/// A trained model and what cross-validation says of it.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The bytes of the model file.
    pub file: Vec<u8>,
    /// The threshold and version of the file, parsed back.
    pub model: Model,
    /// Every row judged by a model that has not seen it.
    pub cross_validation: Report,
}

/// Trains on a folder, writes the model file and prints the cross-validation.
///
/// # Errors
/// Where the corpus cannot be read or learnt from, or the file cannot be written.
pub fn run(args: &TrainArgs) -> anyhow::Result<()> {
    let rows = corpus::read_folder(&args.corpus)?;
    println!("Training on {} rows of {} …", rows.len(), args.corpus.display());
    let trained = train(&rows)?;
    fs::write(&args.out, &trained.file)
        .with_context(|| format!("cannot write {}", args.out.display()))?;
    println!(
        "Wrote {} ({} bytes, version {}, threshold {:.4}).\n\nCross-validation in {FOLDS} folds, {}",
        args.out.display(),
        trained.file.len(),
        trained.model.version(),
        trained.model.threshold(),
        trained.cross_validation,
    );
    Ok(())
}

/// Trains with the default settings.
///
/// # Errors
/// Where the rows cannot be learnt from.
pub fn train(rows: &[Row]) -> anyhow::Result<Trained> {
    train_with(rows, Settings::default())
}

/// Trains with given settings.
///
/// # Errors
/// Where the rows cannot be learnt from.
pub fn train_with(rows: &[Row], settings: Settings) -> anyhow::Result<Trained> {
    let mut predictions = cross_validate(rows, settings)?;
    let threshold = choose_threshold(&predictions);
    for prediction in &mut predictions {
        prediction.unsure = prediction.probability < threshold;
    }
    let mut file = fit(rows, settings)?;
    file.threshold = threshold;
    // The version is the hash of what the model knows: two files with one version answer alike.
    let content = String::from_utf8_lossy(&file.to_bytes()).into_owned();
    file.version = format!("{:016x}", hash_term(&content));
    let file = file.to_bytes();
    let model = Model::parse(&file).context("the trained model cannot be read back")?;
    Ok(Trained { file, model, cross_validation: Report::of(&predictions) })
}

/// Judges every row by a model fitted without its fold: vocabulary and frequencies, too, come from the other folds.
fn cross_validate(rows: &[Row], settings: Settings) -> anyhow::Result<Vec<Prediction>> {
    let folds = assign_folds(rows);
    let mut predictions = Vec::with_capacity(rows.len());
    for fold in 0..FOLDS {
        let part = |inside: bool| -> Vec<Row> {
            let chosen = rows.iter().zip(&folds).filter(|(_, at)| (**at == fold) == inside);
            chosen.map(|(row, _)| row.clone()).collect()
        };
        let model = Model::parse(&fit(&part(false), settings)?.to_bytes())?;
        predictions.extend(predict(&model, &part(true)));
    }
    Ok(predictions)
}

/// Gives every row a fold, each with the same share of each category. The hash of the text shuffles the rows, so that
/// neither their order nor a clock or a seed decides.
fn assign_folds(rows: &[Row]) -> Vec<usize> {
    let mut shuffled: Vec<usize> = (0..rows.len()).collect();
    shuffled.sort_by_key(|at| (class_of(&rows[*at]), hash_term(&rows[*at].text), *at));
    let mut folds = vec![0; rows.len()];
    for (position, at) in shuffled.into_iter().enumerate() {
        folds[at] = position % FOLDS;
    }
    folds
}

#[cfg(test)]
mod tests {
    use api_types::Category;

    use super::*;

    fn small_corpus() -> Vec<Row> {
        let rows = [
            (
                Category::Facility,
                ["tap drips", "door stuck", "lamp dark", "roof leaks", "tap leaks"],
            ),
            (Category::It, ["wifi slow", "mail lost", "login fails", "wifi lost", "mail slow"]),
            (
                Category::Services,
                ["soup cold", "fee wrong", "queue long", "soup wrong", "fee long"],
            ),
        ];
        let rows = rows.into_iter().flat_map(|(category, texts)| {
            texts.into_iter().flat_map(move |text| {
                ["the ", "again the ", "please, the "].map(|start| Row {
                    text: format!("{start}{text}"),
                    category,
                    source: None,
                })
            })
        });
        rows.collect()
    }

    fn few_columns() -> Settings {
        Settings { most_columns: 60, ..Settings::default() }
    }

    #[test]
    fn training_twice_gives_the_same_bytes() {
        let first = train_with(&small_corpus(), few_columns()).unwrap();
        let second = train_with(&small_corpus(), few_columns()).unwrap();
        assert!(first.file == second.file);
        assert_eq!(first.model.version().len(), 16);
    }

    #[test]
    fn a_trained_model_knows_what_it_was_taught() {
        let trained = train_with(&small_corpus(), few_columns()).unwrap();
        assert!(trained.cross_validation.accuracy() > 0.8, "{}", trained.cross_validation);
        assert_eq!(trained.model.classify("cold soup").category, Category::Services);
        assert_eq!(trained.model.classify("tap").category, Category::Facility);
    }

    #[test]
    fn every_fold_holds_its_share_of_each_category() {
        let rows = small_corpus();
        let folds = assign_folds(&rows);
        for fold in 0..FOLDS {
            for class in 0..3 {
                let count = (0..rows.len())
                    .filter(|at| folds[*at] == fold && class_of(&rows[*at]) == class);
                assert_eq!(count.count(), 3, "fold {fold}, class {class}");
            }
        }
    }

    #[test]
    fn rows_that_lack_a_category_are_refused() {
        let mut rows = small_corpus();
        rows.retain(|row| row.category != Category::It);
        let error = train_with(&rows, few_columns()).unwrap_err();
        assert!(error.to_string().contains("category"), "{error}");
    }
}
