//! Whether probabilities mean what they say: of all answers given with 0.8, eight of ten should be right.

use std::fmt;

use super::evaluate::Prediction;

/// The reliability table has so many lines.
const BINS: usize = 10;
/// Divisors of the scores that are tried, and how finely.
const COOLEST: f64 = 0.2;
const HOTTEST: f64 = 5.0;
const STEPS: u32 = 200;

/// What the probabilities of some answers were worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// By tenths of the probability.
    pub bins: [Bin; BINS],
}

/// The answers within one tenth of the probability.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    /// How many there are.
    pub answers: u32,
    /// How many of them are right.
    pub right: u32,
    /// The sum of their probabilities.
    pub probability: f64,
}

impl Calibration {
    /// Counts answers.
    #[must_use]
    pub fn of(predictions: &[Prediction]) -> Self {
        let mut bins = [Bin::default(); BINS];
        for prediction in predictions {
            let probability = prediction.probability();
            let bin = &mut bins[((probability * BINS as f64) as usize).min(BINS - 1)];
            bin.answers += 1;
            bin.right += u32::from(prediction.is_right());
            bin.probability += probability;
        }
        Self { bins }
    }

    /// The expected calibration error: how far accuracy is from probability, on average over all answers.
    ///
    /// # Source  Naeini, Cooper, Hauskrecht: Obtaining Well Calibrated Probabilities Using Bayesian Binning, AAAI 2015.
    #[must_use]
    pub fn error(&self) -> f64 {
        let answers: u32 = self.bins.iter().map(|bin| bin.answers).sum();
        let gaps = self.bins.iter().map(|bin| (f64::from(bin.right) - bin.probability).abs());
        if answers == 0 { 0.0 } else { gaps.sum::<f64>() / f64::from(answers) }
    }
}

impl fmt::Display for Calibration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Expected calibration error: {:.3}.\n", self.error())?;
        writeln!(f, "| probability | answers | mean probability | right |\n|---|---|---|---|")?;
        for (at, bin) in self.bins.iter().enumerate().filter(|(_, bin)| bin.answers > 0) {
            let mean = |sum: f64| sum / f64::from(bin.answers);
            let (from, to) = (at as f64 / BINS as f64, (at + 1) as f64 / BINS as f64);
            let (probability, right) = (mean(bin.probability), mean(f64::from(bin.right)));
            writeln!(f, "| {from:.1}–{to:.1} | {} | {probability:.3} | {right:.3} |", bin.answers)?;
        }
        Ok(())
    }
}

/// The divisor of the scores with which the probabilities fit the truth best (temperature scaling): above 1 where a model
/// is too sure of itself.
///
/// # Source  Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural Networks, ICML 2017.
#[must_use]
pub fn choose_temperature(predictions: &[Prediction]) -> f64 {
    let ratio = (HOTTEST / COOLEST).powf(1.0 / f64::from(STEPS));
    let tried = (0..=STEPS).map(|step| COOLEST * ratio.powf(f64::from(step)));
    let loss = |temperature: f64| -> f64 {
        predictions
            .iter()
            .map(|one| -one.at_temperature(temperature).probability_of_truth().ln())
            .sum()
    };
    let losses = tried.map(|temperature| (loss(temperature), temperature));
    losses
        .min_by(|left, right| left.0.total_cmp(&right.0))
        .map_or(1.0, |(_, temperature)| temperature)
}

#[cfg(test)]
mod tests {
    use api_types::Category::{Facility, It};

    use super::*;

    /// Answers given with this probability, of which a share is right.
    fn answers(probability: f64, right: usize, of: usize) -> Vec<Prediction> {
        let rest = (1.0 - probability) / 2.0;
        (0..of)
            .map(|n| Prediction {
                truth: if n < right { Facility } else { It },
                probabilities: [probability, rest, rest],
                ..Prediction::default()
            })
            .collect()
    }

    #[test]
    fn the_error_is_the_mean_gap_between_probability_and_truth() {
        let all = [answers(0.95, 80, 100), answers(0.55, 55, 100)].concat();
        let calibration = Calibration::of(&all);
        assert!((calibration.error() - 0.075).abs() < 1e-9, "{calibration}");
        assert!(
            calibration.to_string().contains("| 0.9–1.0 | 100 | 0.950 | 0.800 |"),
            "{calibration}"
        );
        assert!(Calibration::of(&[]).error() < 1e-9);
    }

    #[test]
    fn a_model_that_is_too_sure_is_cooled_down_until_it_is_not() {
        let too_sure = answers(0.95, 80, 100);
        let temperature = choose_temperature(&too_sure);
        assert!(temperature > 1.0, "{temperature}");
        let cooled: Vec<_> = too_sure.iter().map(|one| one.at_temperature(temperature)).collect();
        assert!(Calibration::of(&cooled).error() < 0.02, "{}", Calibration::of(&cooled));
    }
}
