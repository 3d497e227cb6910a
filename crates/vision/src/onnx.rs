//! A model of one's own: an image classifier in an ONNX file, run in this process by tract.
//!
//! The contract, which is that of the usual models trained on `ImageNet`:
//!
//! - One input, `1 × 3 × H × W` floats. H and W are those of the model; where it leaves them open they are 224. A
//!   batch size that it leaves open is one.
//! - The photo is scaled (bilinear) until it covers W × H and its middle is cut out. The three planes are red, green
//!   and blue; a value is `(v / 255 − mean) / deviation` with mean 0.485, 0.456, 0.406 and deviation 0.229, 0.224, 0.225.
//! - The first output has one number for each line of the label file, in its order. Numbers that are not all at least
//!   zero with a sum of one go through softmax.
//! - The label file is UTF-8 with one label a line. Empty lines at the end do not count; one in between is a class
//!   that is never named.
//! - Labels of probability 0.1 or more are answered.
//!
//! # Source
//! <https://onnx.ai/onnx/intro/concepts.html> for the file, <https://docs.rs/tract-onnx> for what runs it, and
//! <https://pytorch.org/vision/stable/models.html> for mean and deviation.

use std::{
    fs,
    panic::{self, AssertUnwindSafe},
    path::Path,
    sync::Arc,
};

use api_types::LabelSource;
use futures_util::{FutureExt as _, future::BoxFuture};
use image::{DynamicImage, RgbImage, imageops::FilterType};
use tokio::sync::Mutex;
use tract_onnx::{
    prelude::{
        Datum as _, Framework as _, InferenceFact, InferenceModel, InferenceModelExt as _,
        IntoRunnable as _, Tensor, TractResult, TypedRunnableModel, tvec,
    },
    tract_hir::{
        infer::Factoid as _,
        internal::{TractErrorContext as _, bail, ensure},
    },
};

use crate::{
    Failure, Labeller, Photo, Prediction,
    picture::{decode_webp, run_aside},
    prediction::rank_predictions,
};

/// The side of the input where the model leaves it open.
const DEFAULT_SIDE: usize = 224;
/// A model whose input is larger a side is not meant for photos of 1600 pixels.
const MOST_SIDE: usize = 2048;
/// What is less probable is not said.
const LEAST_PROBABILITY: f32 = 0.1;
/// A sum this far from one is not a sum of probabilities.
const SUM_TOLERANCE: f32 = 0.01;
const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const DEVIATION: [f32; 3] = [0.229, 0.224, 0.225];

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OnnxError {
    /// The label file cannot be read.
    #[error("the label file {path} cannot be read: {source}")]
    Labels {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The model file cannot be read, or is no image classifier as the contract of [`self`](crate::onnx) wants it.
    #[error("the model {path} cannot be used: {reason}")]
    Model {
        /// Which file.
        path: String,
        /// Why.
        reason: String,
    },
    /// The model tells apart more or fewer classes than the label file names.
    #[error("the model has {classes} classes, but the label file {labels} lines")]
    Count {
        /// How many numbers the model answers.
        classes: usize,
        /// How many labels there are.
        labels: usize,
    },
}

/// A model that was read and tried. It looks at one photo at a time: a run cannot be stopped, so whoever no longer waits
/// for one leaves it behind, and the next begins when it has ended.
#[derive(Debug, Clone)]
pub struct OnnxModel(Arc<Mutex<Network>>);

#[derive(Debug)]
struct Network {
    plan: Arc<TypedRunnableModel>,
    height: usize,
    width: usize,
    labels: Vec<String>,
}

impl OnnxModel {
    /// Reads a model and its labels, and runs it once on a black picture to see that they fit together.
    ///
    /// # Errors
    /// [`OnnxError`] if a file cannot be read, or the two do not fit.
    pub fn load(model: &Path, labels: &Path) -> Result<Self, OnnxError> {
        let labels = read_labels(labels)?;
        let refuse = |reason| OnnxError::Model { path: model.display().to_string(), reason };
        // The reader is made for files that a converter has written, and panics on some that are damaged.
        let network = panic::catch_unwind(AssertUnwindSafe(|| Network::read(model, labels)))
            .map_err(|_| refuse("it is damaged".to_owned()))?
            .map_err(|error| refuse(format!("{error:#}")))?;
        let black = RgbImage::new(1, 1);
        let classes = panic::catch_unwind(AssertUnwindSafe(|| network.run(black)))
            .map_err(|_| refuse("it cannot be run".to_owned()))?
            .map_err(|error| refuse(format!("{error:#}")))?
            .len();
        if classes != network.labels.len() {
            return Err(OnnxError::Count { classes, labels: network.labels.len() });
        }
        Ok(Self(Arc::new(Mutex::new(network))))
    }
}

impl Labeller for OnnxModel {
    fn source(&self) -> LabelSource {
        LabelSource::Onnx
    }

    fn label<'a>(&'a self, photo: &'a Photo) -> BoxFuture<'a, Result<Vec<Prediction>, Failure>> {
        let (network, webp) = (Arc::clone(&self.0), photo.webp.clone());
        async move {
            // Taken along into the run, and given back by it alone.
            let network = network.lock_owned().await;
            run_aside(move || network.label(decode_webp(&webp)?)).await
        }
        .boxed()
    }
}

impl Network {
    fn read(path: &Path, labels: Vec<String>) -> TractResult<Self> {
        let model = tract_onnx::onnx().model_for_path(path)?;
        let (height, width) = find_sides(&model)?;
        let input = InferenceFact::dt_shape(f32::datum_type(), [1, 3, height, width]);
        let plan = model.with_input_fact(0, input)?.into_optimized()?.into_runnable()?;
        Ok(Self { plan, height, width, labels })
    }

    fn label(&self, picture: RgbImage) -> Result<Vec<Prediction>, Failure> {
        let numbers = self
            .run(picture)
            .map_err(|error| Failure::Unreadable(format!("the model cannot be run: {error:#}")))?;
        let likely = to_probabilities(numbers).into_iter().zip(&self.labels);
        let likely = likely.filter(|(probability, _)| *probability >= LEAST_PROBABILITY);
        Ok(rank_predictions(likely.map(|(probability, label)| (label, probability))))
    }

    /// What the model answers, a number for each class.
    fn run(&self, picture: RgbImage) -> TractResult<Vec<f32>> {
        let input = self.prepare_input(picture)?;
        let output = self.plan.run(tvec!(input.into()))?;
        let first = output.first().context("the model has no output")?.cast_to::<f32>()?;
        Ok(first.try_as_plain_ram()?.as_slice::<f32>()?.to_vec())
    }

    fn prepare_input(&self, picture: RgbImage) -> TractResult<Tensor> {
        let (width, height) = (u32::try_from(self.width)?, u32::try_from(self.height)?);
        let picture = DynamicImage::from(picture)
            .resize_to_fill(width, height, FilterType::Triangle)
            .into_rgb8();
        let mut planes = Vec::with_capacity(3 * self.width * self.height);
        for channel in 0..3 {
            let values = picture.pixels().map(|pixel| f32::from(pixel[channel]) / 255.0);
            planes.extend(values.map(|value| (value - MEAN[channel]) / DEVIATION[channel]));
        }
        Tensor::from_shape(&[1, 3, self.height, self.width], &planes)
    }
}

/// Height and width of the input, where the model is one for colour pictures.
fn find_sides(model: &InferenceModel) -> TractResult<(usize, usize)> {
    ensure!(model.inputs.len() == 1, "it has {} inputs instead of one", model.inputs.len());
    let shape = &model.input_fact(0)?.shape;
    let dims: Vec<Option<usize>> = shape
        .dims()
        .map(|dim| dim.concretize().and_then(|dim| usize::try_from(dim.to_i64().ok()?).ok()))
        .collect();
    let [batch, channels, height, width] = dims[..] else {
        bail!("its input is not 1 × 3 × height × width: {shape:?}");
    };
    let is_fit = batch.is_none_or(|batch| batch == 1) && channels.is_none_or(|count| count == 3);
    ensure!(is_fit, "its input is not 1 × 3 × height × width: {shape:?}");
    let sides = (height.unwrap_or(DEFAULT_SIDE), width.unwrap_or(DEFAULT_SIDE));
    let is_sound = |side| (1..=MOST_SIDE).contains(&side);
    ensure!(is_sound(sides.0) && is_sound(sides.1), "its input is too large: {shape:?}");
    Ok(sides)
}

fn read_labels(path: &Path) -> Result<Vec<String>, OnnxError> {
    let text = fs::read_to_string(path)
        .map_err(|source| OnnxError::Labels { path: path.display().to_string(), source })?;
    let text = text.trim_start_matches('\u{feff}').trim_end();
    Ok(text.lines().map(|line| line.trim().to_owned()).collect())
}

/// Probabilities, whatever the last layer of the model is.
fn to_probabilities(mut numbers: Vec<f32>) -> Vec<f32> {
    let sum: f32 = numbers.iter().sum();
    if numbers.iter().all(|number| *number >= 0.0) && (sum - 1.0).abs() <= SUM_TOLERANCE {
        return numbers;
    }
    let largest = numbers.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for number in &mut numbers {
        *number = (*number - largest).exp();
    }
    let sum: f32 = numbers.iter().sum();
    numbers.iter().map(|number| number / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_no_probabilities_go_through_softmax() {
        assert_eq!(to_probabilities(vec![0.25, 0.75]), [0.25, 0.75]);
        assert_eq!(to_probabilities(vec![3.0, 3.0]), [0.5, 0.5]);
        let spread = to_probabilities(vec![-1.0, 2.0]);
        assert!((spread[1] - 0.952_57).abs() < 1e-4, "{spread:?}");
    }
}
