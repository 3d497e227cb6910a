//! The examples, cleaned, in an order of their own, and dealt into folds.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use ndarray::Array2;

use super::{Example, LEAST_IN_ALL, LEAST_PHOTOS, MOST_EXAMPLES, MOST_KNOWN};
use crate::prediction::parse_label;

/// So many models are trained to measure one.
pub(super) const FOLDS: usize = 5;

/// What is learned from: a row for each photo.
#[derive(Debug)]
pub(super) struct Corpus {
    /// The labels that are learned, in alphabetical order.
    pub(super) labels: Vec<String>,
    /// The numbers of each photo.
    pub(super) rows: Array2<f64>,
    /// Which of the labels each photo has.
    pub(super) marks: Array2<bool>,
    /// The fold each photo is in.
    pub(super) folds: Vec<usize>,
}

/// The numbers of a photo as they are compared: by their bits.
type Bits = Vec<u32>;
type Labels = BTreeSet<String>;

impl Corpus {
    /// The corpus of these examples, or nothing if there are too few.
    pub(super) fn of(examples: &[Example]) -> Option<Self> {
        let photos = choose_photos(examples);
        let labels = choose_labels(&photos);
        if photos.len() < LEAST_IN_ALL || labels.len() < 2 {
            return None;
        }
        let columns = photos.first()?.0.len();
        let groups = group_copies(photos);
        // One picture alone leaves nothing to learn from once its fold is set apart.
        if groups.len() < 2 {
            return None;
        }
        let (mut values, mut marks, mut folds) = (Vec::new(), Vec::new(), Vec::new());
        for (at, (bits, copies)) in groups.iter().enumerate() {
            for own in copies {
                values.extend(bits.iter().map(|bits| f64::from(f32::from_bits(*bits))));
                marks.extend(labels.iter().map(|label| own.contains(label)));
                folds.push(at % FOLDS);
            }
        }
        let rows = Array2::from_shape_vec((folds.len(), columns), values).ok()?;
        let marks = Array2::from_shape_vec((folds.len(), labels.len()), marks).ok()?;
        Some(Self { labels, rows, marks, folds })
    }
}

/// The newest photos that can be learned from, all described by the same count of numbers: that which most have.
fn choose_photos(examples: &[Example]) -> Vec<(Bits, Labels)> {
    let is_sound = |example: &&Example| {
        !example.descriptor.is_empty() && example.descriptor.iter().all(|value| value.is_finite())
    };
    let photos: Vec<(Bits, Labels)> = examples
        .iter()
        .filter(is_sound)
        .map(|example| {
            // Adding nothing makes one zero of the two.
            let bits = example.descriptor.iter().map(|value| (value + 0.0).to_bits()).collect();
            (bits, example.labels.iter().filter_map(|label| parse_label(label)).collect())
        })
        .filter(|(_, labels): &(Bits, Labels)| !labels.is_empty())
        .take(MOST_EXAMPLES)
        .collect();
    let mut lengths: BTreeMap<usize, usize> = BTreeMap::new();
    for (bits, _) in &photos {
        *lengths.entry(bits.len()).or_default() += 1;
    }
    let usual = lengths.into_iter().max_by_key(|(length, count)| (*count, *length));
    let usual = usual.map(|(length, _)| length);
    photos.into_iter().filter(|(bits, _)| Some(bits.len()) == usual).collect()
}

fn choose_labels(photos: &[(Bits, Labels)]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for label in photos.iter().flat_map(|(_, labels)| labels) {
        *counts.entry(label).or_default() += 1;
    }
    let mut common: Vec<(Reverse<usize>, &str)> = counts
        .into_iter()
        .filter(|(_, count)| *count >= LEAST_PHOTOS)
        .map(|(label, count)| (Reverse(count), label))
        .collect();
    common.sort_unstable();
    let mut labels: Vec<String> =
        common.into_iter().take(MOST_KNOWN).map(|(_, label)| label.to_owned()).collect();
    labels.sort_unstable();
    labels
}

/// Photos of the same numbers together. Those of one label stand side by side, so that dealing them in turn gives each
/// fold its share of it.
fn group_copies(photos: Vec<(Bits, Labels)>) -> Vec<(Bits, Vec<Labels>)> {
    let mut groups: BTreeMap<Bits, Vec<Labels>> = BTreeMap::new();
    for (bits, labels) in photos {
        groups.entry(bits).or_default().push(labels);
    }
    let mut groups: Vec<(Bits, Vec<Labels>)> = groups.into_iter().collect();
    for (_, copies) in &mut groups {
        copies.sort_unstable();
    }
    groups.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
    groups
}
