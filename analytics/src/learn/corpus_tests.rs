//! What must be true of the committed corpus.

use std::{collections::BTreeSet, path::Path};

use triage::{CATEGORIES, tokenizer::Words};

use super::corpus::{Row, read_folder};

fn committed() -> Vec<Row> {
    read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/corpus")).unwrap()
}

#[test]
fn the_corpus_is_spread_evenly_over_the_categories() {
    let rows = committed();
    let counts =
        CATEGORIES.map(|category| rows.iter().filter(|row| row.category == category).count());
    let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
    assert!(*least >= 250, "{counts:?}");
    assert!(most * 10 <= least * 11, "{counts:?}");
}

#[test]
fn no_two_rows_of_the_corpus_are_nearly_the_same() {
    let rows = committed();
    let sets: Vec<BTreeSet<String>> =
        rows.iter().map(|row| Words::of(&row.text).iter().map(str::to_owned).collect()).collect();
    for (at, left) in sets.iter().enumerate() {
        for (other, right) in sets.iter().enumerate().skip(at + 1) {
            let shared = left.intersection(right).count();
            let all = left.len() + right.len() - shared;
            // 5 × shared ≥ 4 × all is a Jaccard similarity of at least 0.8.
            let (first, second) = (&rows[at].text, &rows[other].text);
            assert!(shared * 5 < all * 4, "{first:?} and {second:?}");
        }
    }
}
