//! When an answer counts as unsure.
//!
//! Cross-validation tells for every row of the corpus how probable the model held its answer without having seen the
//! row, and whether it was right. Right answers become more frequent as the probability rises, but not smoothly; the
//! closest rising curve through the points (isotonic regression: neighbours that fall are averaged until none does) is
//! read as accuracy at that probability. The threshold is where the curve first reaches [`SURE_ACCURACY`].

use super::evaluate::Prediction;

/// At the threshold this share of answers is right.
pub const SURE_ACCURACY: f64 = 0.7;

/// An answer that is less probable than this is no better than a guess among three.
const LEAST: f64 = 0.36;
/// A model that is right everywhere must still be allowed to be sure.
const MOST: f64 = 0.9;

/// A run of neighbouring predictions with one common accuracy.
#[derive(Debug, Clone, Copy)]
struct Block {
    least_probability: f64,
    right: f64,
    of: f64,
}

/// The probability from which on answers are right often enough.
#[must_use]
pub fn choose_threshold(predictions: &[Prediction]) -> f64 {
    let mut points: Vec<(f64, bool)> = predictions
        .iter()
        .map(|prediction| (prediction.probability(), prediction.is_right()))
        .collect();
    points.sort_by(|left, right| left.0.total_cmp(&right.0));
    let mut blocks: Vec<Block> = Vec::new();
    for (probability, right) in points {
        let right = if right { 1.0 } else { 0.0 };
        let mut last = Block { least_probability: probability, right, of: 1.0 };
        while let Some(before) = blocks.pop_if(|before| before.accuracy() >= last.accuracy()) {
            last = Block {
                least_probability: before.least_probability,
                right: before.right + last.right,
                of: before.of + last.of,
            };
        }
        blocks.push(last);
    }
    let sure = blocks.iter().find(|block| block.accuracy() >= SURE_ACCURACY);
    sure.map_or(MOST, |block| block.least_probability).clamp(LEAST, MOST)
}

impl Block {
    fn accuracy(self) -> f64 {
        self.right / self.of
    }
}

#[cfg(test)]
mod tests {
    use api_types::Category;

    use super::*;

    fn prediction(probability: f64, right: bool) -> Prediction {
        let rest = (1.0 - probability) / 2.0;
        Prediction {
            truth: if right { Category::Facility } else { Category::It },
            probabilities: [probability, rest, rest],
            ..Prediction::default()
        }
    }

    #[test]
    fn the_threshold_stands_where_answers_become_right_often_enough() {
        let predictions: Vec<Prediction> = (0..100)
            .map(|at| {
                let probability = 0.4 + f64::from(at) / 200.0;
                // Below 0.65 every other answer is right, above it nine of ten.
                prediction(probability, if at < 50 { at % 2 == 0 } else { at % 10 != 9 })
            })
            .collect();
        let threshold = choose_threshold(&predictions);
        assert!((0.62..=0.68).contains(&threshold), "{threshold}");
    }

    #[test]
    fn it_stays_within_reason_for_a_model_that_is_always_or_never_right() {
        let always: Vec<Prediction> = (0..10).map(|_| prediction(0.34, true)).collect();
        let never: Vec<Prediction> = (0..10).map(|_| prediction(0.99, false)).collect();
        assert!((choose_threshold(&always) - LEAST).abs() < 1e-12);
        assert!((choose_threshold(&never) - MOST).abs() < 1e-12);
        assert!((choose_threshold(&[]) - MOST).abs() < 1e-12);
    }
}
