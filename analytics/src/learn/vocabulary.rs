//! Which terms get a column, and their inverse document frequencies.
//!
//! A term must stand in at least two rows: one row is an accident. Of the rest the columns go to the terms whose presence
//! depends most on the category (χ² of the 2 × 3 table), because the solver wants dense rows and its time grows with
//! every column.

use std::collections::{BTreeMap, BTreeSet};

use triage::{CATEGORIES, tokenizer::Words};

use super::corpus::Row;

const LEAST_ROWS: u32 = 2;

/// A chosen term.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Its spelling, as the tokenizer makes it.
    pub spelling: String,
    /// Its inverse document frequency in the rows it was chosen from.
    pub idf: f64,
}

/// Chooses at most `most_columns` terms, in the order of their spelling.
#[must_use]
pub fn choose_terms(rows: &[Row], most_columns: usize) -> Vec<Term> {
    let mut rows_with: BTreeMap<String, [u32; 3]> = BTreeMap::new();
    let mut rows_of = [0_u32; 3];
    for row in rows {
        let class = class_of(row);
        rows_of[class] += 1;
        // Each term counts once per row.
        let distinct: BTreeSet<String> = Words::of(&row.text).terms().into_iter().collect();
        for term in distinct {
            rows_with.entry(term).or_default()[class] += 1;
        }
    }
    let mut ranked: Vec<(f64, Term)> = rows_with
        .into_iter()
        .filter(|(_, with)| with.iter().sum::<u32>() >= LEAST_ROWS)
        .map(|(spelling, with)| {
            let idf = inverse_frequency(with.iter().sum::<u32>() as usize, rows.len());
            (chi_squared(with, rows_of), Term { spelling, idf })
        })
        .collect();
    // The sort is stable and the map was ordered, so that equal terms stay in the order of their spelling.
    ranked.sort_by(|left, right| right.0.total_cmp(&left.0));
    ranked.truncate(most_columns);
    let mut terms: Vec<Term> = ranked.into_iter().map(|(_, term)| term).collect();
    terms.sort_by(|left, right| left.spelling.cmp(&right.spelling));
    terms
}

/// The place of a row's category among [`CATEGORIES`].
#[must_use]
pub fn class_of(row: &Row) -> usize {
    CATEGORIES.iter().position(|category| *category == row.category).unwrap_or_default()
}

/// The inverse document frequency of a term of so many rows, as if one more row held every term, so that no term weighs
/// nothing.
#[must_use]
pub fn inverse_frequency(rows_with: usize, rows: usize) -> f64 {
    ((rows + 1) as f64 / (rows_with + 1) as f64).ln() + 1.0
}

fn chi_squared(with: [u32; 3], rows_of: [u32; 3]) -> f64 {
    let rows = f64::from(rows_of.iter().sum::<u32>());
    let present = f64::from(with.iter().sum::<u32>());
    let absent = rows - present;
    if absent <= 0.0 {
        return 0.0;
    }
    with.into_iter()
        .zip(rows_of)
        .filter(|(_, of_class)| *of_class > 0)
        .map(|(with, of_class)| {
            let share = f64::from(of_class) / rows;
            let surprise = f64::from(with) - present * share;
            surprise * surprise / share * (1.0 / present + 1.0 / absent)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use api_types::Category;

    use super::*;

    #[test]
    fn terms_of_one_category_come_before_terms_of_all() {
        let rows = [
            Row::new("big tap", Category::Facility),
            Row::new("big tap", Category::Facility),
            Row::new("big pin", Category::It),
            Row::new("big pin", Category::It),
            Row::new("big bun", Category::Services),
            Row::new("big bun", Category::Services),
        ];
        let spellings: Vec<String> =
            choose_terms(&rows, 1000).into_iter().map(|term| term.spelling).collect();
        assert!(spellings.contains(&"big".to_owned()) && spellings.contains(&"tap".to_owned()));
        let idle = Words::of("big").terms();
        let telling = choose_terms(&rows, spellings.len() - idle.len());
        assert!(telling.iter().all(|term| !idle.contains(&term.spelling)), "{telling:?}");
    }

    #[test]
    fn a_term_of_a_single_row_gets_no_column() {
        let rows = [Row::new("gnu", Category::It), Row::new("emu", Category::Services)];
        assert!(choose_terms(&rows, 100).is_empty());
    }

    #[test]
    fn chi_squared_is_that_of_the_table() {
        // Half of the rows of one class of ten hold the term, none of the others: worked out by hand.
        assert!((chi_squared([5, 0, 0], [10, 10, 10]) - 12.0).abs() < 1e-9);
        assert!(chi_squared([10, 10, 10], [10, 10, 10]).abs() < 1e-9);
    }
}
