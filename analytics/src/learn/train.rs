//! Training: labelled rows → the bytes of a model file, the same bytes every time on one machine.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::Context as _;
use api_client::Client;
use api_types::Role;
use triage::{
    CATEGORIES, Model,
    file::{ModelFile, TermLine},
};

use super::{
    calibration::{Calibration, choose_temperature},
    corpus::{self, Row},
    evaluate::{Prediction, Report, predict},
    fit::{Settings, fit},
    folds::{assign_folds, part},
    improve::improve,
    threshold::choose_threshold,
};

/// In how many folds the corpus is judged.
const FOLDS: usize = 5;

/// What the model answered where it was trained, beside its file: another machine has to answer the same.
const ANSWERS: &str = "answers.json";
/// The texts of those answers: sure and unsure ones, short and long, and one of which nothing is known.
const ASKED: [&str; 6] = [
    "printer jams",
    "The radiator in seminar room 3 knocks all night and the window does not close any more",
    "I paid twice and nobody in the fees office answers",
    "it happened again",
    "accounts office",
    "🚿",
];

/// What to train on, and where the model goes.
#[derive(Debug, Clone, clap::Args)]
pub struct TrainArgs {
    /// The folder of labelled CSV files.
    #[arg(long, default_value = "data/corpus")]
    pub corpus: PathBuf,
    /// The model file to write.
    #[arg(long, default_value = "data/model/triage-v1.json")]
    pub out: PathBuf,
    /// Learns from what staff decided on a desk, too, and publishes the model there if it is not worse; writes no file.
    #[arg(long)]
    pub publish: bool,
    /// The ticket API of that desk.
    #[arg(long, env = "CAMPUSDESK_API_URL", default_value = "http://127.0.0.1:8080")]
    pub api_url: String,
    /// What the desk wants to see before it takes a model.
    #[arg(long, env = "CAMPUSDESK_SERVICE_TOKEN", hide_env_values = true)]
    pub service_token: Option<String>,
    /// How it is trained.
    #[command(flatten)]
    pub settings: Settings,
}

/// A trained model and what cross-validation says of it.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The bytes of the model file.
    pub file: Vec<u8>,
    /// The threshold and version of the file, parsed back.
    pub model: Model,
    /// Every row judged by a model that has seen no row of its theme.
    pub cross_validation: Report,
    /// What the probabilities of those answers are worth.
    pub calibration: Calibration,
}

/// Every row judged by a model that has seen no row of its theme.
#[derive(Debug, Clone)]
pub struct CrossValidation {
    /// The answers, in the order of the rows; not calibrated yet.
    predictions: Vec<Prediction>,
}

/// Trains on a folder, writes the model file and prints the cross-validation; or learns from a desk.
///
/// # Errors
/// Where the corpus cannot be read or learnt from, or the file cannot be written.
pub async fn run(args: &TrainArgs) -> anyhow::Result<()> {
    let rows = corpus::read_folder(&args.corpus)?;
    if args.publish {
        let token = args.service_token.as_deref();
        let token = token.context("--publish needs the desk's service token: --service-token")?;
        let client = Client::new(&args.api_url, Role::Staff, None, None)?;
        print!("{}", improve(&client, token, rows, args.settings).await?);
        return Ok(());
    }
    println!("Training on {} rows of {} …", rows.len(), args.corpus.display());
    let trained = train(&rows, args.settings)?;
    let write = |file: &Path, bytes: &[u8]| {
        fs::write(file, bytes).with_context(|| format!("cannot write {}", file.display()))
    };
    write(&args.out, &trained.file)?;
    let answers = serde_json::to_vec_pretty(&answers(&trained.model))?;
    write(&args.out.with_file_name(ANSWERS), &answers)?;
    let began = Instant::now();
    Model::parse(&trained.file)?;
    println!(
        "Wrote {} ({} bytes, read in {:.1} ms, version {}, threshold {:.4}).\n\nCross-validation in {FOLDS} folds by theme, {}\n{}",
        args.out.display(),
        trained.file.len(),
        began.elapsed().as_secs_f64() * 1e3,
        trained.model.version(),
        trained.model.threshold(),
        trained.cross_validation,
        trained.calibration,
    );
    Ok(())
}

/// What a model answers to [`ASKED`]: the probability of each category.
fn answers(model: &Model) -> Vec<(String, [f64; 3])> {
    let answer = |text: &str| {
        let probabilities = model.categorize(text).probabilities;
        (text.to_owned(), CATEGORIES.map(|category| probabilities.of(category)))
    };
    ASKED.into_iter().map(answer).collect()
}

/// Trains and calibrates a model.
///
/// # Errors
/// Where the rows cannot be learnt from.
pub fn train(rows: &[Row], settings: Settings) -> anyhow::Result<Trained> {
    finish(rows, settings, cross_validate(rows, settings)?.predictions)
}

/// Fits a model on all rows, calibrated by what models said of rows they had not seen.
///
/// # Errors
/// Where the rows cannot be learnt from.
pub(super) fn finish(
    rows: &[Row],
    settings: Settings,
    predictions: Vec<Prediction>,
) -> anyhow::Result<Trained> {
    let validation = CrossValidation { predictions };
    let temperature = validation.temperature();
    let predictions = validation.calibrated();
    let mut file = fit(rows, settings)?;
    cool(&mut file, temperature);
    file.threshold = choose_threshold(&predictions);
    file.version = file.hash();
    let file = file.to_bytes();
    let model = Model::parse(&file).context("the trained model cannot be read back")?;
    let (cross_validation, calibration) = (Report::of(&predictions), Calibration::of(&predictions));
    Ok(Trained { file, model, cross_validation, calibration })
}

/// Judges every row by a model fitted without its fold: vocabulary and frequencies, too, come from the other folds.
///
/// # Errors
/// Where the rows cannot be learnt from.
pub fn cross_validate(rows: &[Row], settings: Settings) -> anyhow::Result<CrossValidation> {
    let folds = assign_folds(rows, FOLDS);
    let mut predictions = vec![Prediction::default(); rows.len()];
    for fold in 0..FOLDS {
        let model = Model::parse(&fit(&part(rows, &folds, fold, false), settings)?.to_bytes())?;
        let places = folds.iter().enumerate().filter(|(_, of)| **of == fold);
        let answers = predict(&model, &part(rows, &folds, fold, true));
        for ((place, _), answer) in places.zip(answers) {
            predictions[place] = answer;
        }
    }
    Ok(CrossValidation { predictions })
}

impl CrossValidation {
    /// By what the scores must be divided.
    fn temperature(&self) -> f64 {
        choose_temperature(&self.predictions)
    }

    /// The answers as a calibrated model gives them, the least probable ones *unsure*.
    #[must_use]
    pub fn calibrated(self) -> Vec<Prediction> {
        let temperature = self.temperature();
        let mut predictions: Vec<_> =
            self.predictions.iter().map(|one| one.at_temperature(temperature)).collect();
        let threshold = choose_threshold(&predictions);
        for prediction in &mut predictions {
            prediction.unsure = prediction.probability() < threshold;
        }
        predictions
    }
}

/// Divides all scores: a model in which that is done needs no other calibration.
fn cool(file: &mut ModelFile, temperature: f64) {
    file.bias = file.bias.map(|bias| bias / temperature);
    for TermLine(_, _, facility, it, services) in &mut file.terms {
        for weight in [facility, it, services] {
            *weight /= temperature;
        }
    }
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
                ["", "again ", "please, "].map(|start| Row::new(format!("{start}{text}"), category))
            })
        });
        rows.collect()
    }

    fn few_columns() -> Settings {
        Settings { most_columns: 60, penalty: 0.1, most_steps: 60 }
    }

    #[test]
    fn training_twice_gives_the_same_bytes() {
        let first = train(&small_corpus(), few_columns()).unwrap();
        let second = train(&small_corpus(), few_columns()).unwrap();
        assert!(first.file == second.file);
        assert_eq!(first.model.version().len(), 16);
    }

    #[test]
    fn a_trained_model_knows_what_it_was_taught() {
        let trained = train(&small_corpus(), few_columns()).unwrap();
        assert!(trained.cross_validation.accuracy() > 0.8, "{}", trained.cross_validation);
        assert_eq!(trained.model.classify("cold soup").category, Category::Services);
        assert_eq!(trained.model.classify("tap").category, Category::Facility);
    }

    #[test]
    fn the_shipped_model_answers_here_as_it_did_where_it_was_trained() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/model").join(ANSWERS);
        let there: Vec<(String, [f64; 3])> =
            serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        let here = answers(Model::shipped());
        assert_eq!(there.len(), ASKED.len());
        for ((text, there), (asked, here)) in there.iter().zip(&here) {
            assert_eq!(text, asked);
            let differs = |(there, here): (&f64, &f64)| (there - here).abs() > 1e-3;
            assert!(!there.iter().zip(here).any(differs), "{text}: {there:?} there, {here:?} here");
        }
    }

    #[test]
    fn rows_that_lack_a_category_are_refused() {
        let mut rows = small_corpus();
        rows.retain(|row| row.category != Category::It);
        let error = train(&rows, few_columns()).unwrap_err();
        assert!(error.to_string().contains("category"), "{error}");
    }
}
