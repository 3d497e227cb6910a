//! What models say of photos that they have not seen, and what follows from it.

use super::{
    LEAST_PRECISION,
    corpus::{Corpus, FOLDS},
    fitted::Fitted,
};

/// What is less likely than not is never said.
const LOWEST_THRESHOLD: f64 = 0.5;
/// The share of held-out photos that count as like the known ones.
const SHARE_ALIKE: f64 = 0.95;
/// Rounding may put a photo this share farther away than it is.
const ROUNDING: f64 = 1e-6;

/// What was said of each photo by a model trained on the other folds.
pub(super) struct HeldOut {
    /// How far each photo was from the nearest one of that training, and how likely each label.
    judged: Vec<(f64, Vec<f64>)>,
}

impl HeldOut {
    pub(super) fn measure(corpus: &Corpus) -> Self {
        let mut judged = vec![(0.0, Vec::new()); corpus.folds.len()];
        for fold in 0..FOLDS {
            let fitted = Fitted::fit(corpus, |other| other != fold);
            for (at, place) in judged.iter_mut().enumerate() {
                if corpus.folds[at] == fold {
                    *place = fitted.judge(&corpus.rows.row(at).to_owned());
                }
            }
        }
        Self { judged }
    }

    /// The share of photos whose surest label is one of theirs.
    pub(super) fn accuracy(&self, corpus: &Corpus) -> f64 {
        let right = self.judged.iter().enumerate().filter(|(at, (_, likely))| {
            // The first of several that are equally sure, as for everyone.
            let surest = likely.iter().enumerate().rev().max_by(|a, b| a.1.total_cmp(b.1));
            surest.is_some_and(|(label, _)| corpus.marks[[*at, label]])
        });
        right.count() as f64 / self.judged.len().max(1) as f64
    }

    /// The distance beyond which a photo is unlike the known ones.
    pub(super) fn farthest(&self) -> f64 {
        let mut distances: Vec<f64> = self.judged.iter().map(|(distance, _)| *distance).collect();
        distances.sort_unstable_by(f64::total_cmp);
        let at = (SHARE_ALIKE * (distances.len().saturating_sub(1)) as f64).ceil() as usize;
        distances.get(at).copied().unwrap_or_default() * (1.0 + ROUNDING) + ROUNDING
    }

    /// The lowest threshold at which enough of what is said is right.
    pub(super) fn threshold(&self, corpus: &Corpus, farthest: f64) -> Option<f64> {
        let mut said: Vec<(f64, bool)> = Vec::new();
        for (at, (distance, likely)) in self.judged.iter().enumerate() {
            if *distance <= farthest {
                let marks = corpus.marks.row(at);
                let own = likely.iter().copied().zip(marks.iter().copied());
                said.extend(own.filter(|(likely, _)| *likely >= LOWEST_THRESHOLD));
            }
        }
        find_threshold(said)
    }
}

/// The lowest probability down to which enough of what was said is right.
fn find_threshold(mut said: Vec<(f64, bool)>) -> Option<f64> {
    said.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut lowest) = (0.0, None);
    for (at, (likely, is_right)) in said.iter().enumerate() {
        right += f64::from(u8::from(*is_right));
        // A threshold lets in all that are equally likely, or none of them.
        let is_last_of_equals = said.get(at + 1).is_none_or(|(next, _)| next < likely);
        // One more that is wrong is counted: a threshold that was looked for flatters the photos it was found on.
        if is_last_of_equals && right / (at + 2) as f64 >= LEAST_PRECISION {
            lowest = Some(*likely);
        }
    }
    lowest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_is_the_lowest_at_which_four_of_five_are_right_with_one_more_wrong() {
        for (said, threshold) in [
            (vec![(0.6, true), (0.9, true), (0.5, false), (0.8, true), (0.7, true)], Some(0.6)),
            (vec![(0.9, true); 4], Some(0.9)),
            (vec![(0.9, true); 3], None),
            ([vec![(0.9, true); 4], vec![(0.9, false); 1]].concat(), None),
            ([vec![(0.9, true); 7], vec![(0.8, false); 1]].concat(), Some(0.9)),
            ([vec![(0.9, true); 8], vec![(0.8, false); 1]].concat(), Some(0.8)),
            (vec![], None),
        ] {
            assert_eq!(find_threshold(said.clone()), threshold, "{said:?}");
        }
    }
}
