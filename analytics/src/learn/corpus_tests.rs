//! What must be true of the committed corpus.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
};

use triage::{
    CATEGORIES, is_stop_word,
    tokenizer::{Words, hash_term},
};

use super::corpus::{Row, read_folder};

/// So many rows may happen to have the same words between those that matter.
const SAME_FRAME: usize = 4;

fn committed() -> Vec<Row> {
    read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/corpus")).unwrap()
}

#[test]
fn the_corpus_is_large_and_spread_evenly_over_the_categories() {
    let rows = committed();
    let counts =
        CATEGORIES.map(|category| rows.iter().filter(|row| row.category == category).count());
    let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
    assert!(rows.len() >= 4_000, "{counts:?}");
    assert!(most * 10 <= least * 11, "{counts:?}");
}

#[test]
fn every_row_has_a_theme_of_some_breadth() {
    let rows = committed();
    let mut themes: BTreeMap<_, usize> = BTreeMap::new();
    for row in &rows {
        let theme = row.theme.as_deref().filter(|theme| !theme.is_empty());
        *themes.entry((row.category, theme.expect(&row.text))).or_default() += 1;
    }
    assert!(themes.len() >= 100, "{}", themes.len());
    let (widest, count) = themes.iter().max_by_key(|(_, count)| **count).unwrap();
    assert!(count * 25 <= rows.len(), "{widest:?} has {count} rows");
}

#[test]
fn no_two_rows_of_the_corpus_are_nearly_the_same() {
    let rows = committed();
    let mut frequency: HashMap<u64, usize> = HashMap::new();
    let mut sets: Vec<Vec<u64>> = Vec::with_capacity(rows.len());
    for row in &rows {
        let set: BTreeSet<u64> = Words::of(&row.text).iter().map(hash_term).collect();
        set.iter().for_each(|word| *frequency.entry(*word).or_default() += 1);
        sets.push(set.into_iter().collect());
    }
    // Two sets that share four fifths share one of the rarest fifth of each (and one more): only there it is looked.
    let mut with_word: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, set) in sets.iter().enumerate() {
        let mut rarest = set.clone();
        rarest.sort_by_key(|word| (frequency[word], *word));
        rarest.truncate(set.len() / 5 + 1);
        let mut met: BTreeSet<usize> = BTreeSet::new();
        for word in rarest {
            let others = with_word.entry(word).or_default();
            met.extend(others.iter());
            others.push(at);
        }
        for other in met {
            let shared = set.iter().filter(|word| sets[other].binary_search(word).is_ok()).count();
            let all = set.len() + sets[other].len() - shared;
            // 5 × shared ≥ 4 × all is a Jaccard similarity of at least 0.8.
            assert!(shared * 5 < all * 4, "{:?} and {:?}", rows[other].text, rows[at].text);
        }
    }
}

#[test]
fn no_rows_were_made_from_a_template() {
    let mut with_frame: HashMap<String, Vec<String>> = HashMap::new();
    for row in committed() {
        let words = Words::of(&row.text);
        let frame: Vec<&str> =
            words.iter().map(|word| if is_stop_word(word) { word } else { "…" }).collect();
        // Of few words between few others there are not many to choose from.
        let stop_words = frame.iter().filter(|word| **word != "…").count();
        if frame.len() >= 5 && stop_words >= 2 {
            with_frame.entry(frame.join(" ")).or_default().push(row.text);
        }
    }
    for (frame, rows) in with_frame {
        assert!(rows.len() <= SAME_FRAME, "{frame}: {rows:#?}");
    }
}
