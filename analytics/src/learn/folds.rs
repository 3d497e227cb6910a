//! Rows parted into folds for cross-validation: each fold is judged by a model that has not seen it.
//!
//! Rows of one theme share words that rows about other things lack, so they stay together: what is measured is how well
//! a model does on themes it was never taught, which is nearer to another campus than rows picked at random.

use std::collections::BTreeMap;

use triage::tokenizer::hash_term;

use super::{corpus::Row, vocabulary::class_of};

/// The fold of each row, of so many. Neither the rows' order nor a clock or a seed decides: themes are taken largest first, each into
/// the fold that has the fewest rows of its category so far. A row without a theme is a theme of its own.
#[must_use]
pub fn assign_folds(rows: &[Row], count: usize) -> Vec<usize> {
    let mut themes: BTreeMap<(usize, &str), Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let theme = row.theme.as_deref().unwrap_or(&row.text);
        themes.entry((class_of(row), theme)).or_default().push(at);
    }
    let mut themes: Vec<_> = themes.into_iter().collect();
    themes
        .sort_by_key(|((class, theme), rows)| (*class, usize::MAX - rows.len(), hash_term(theme)));
    let mut folds = vec![0; rows.len()];
    let mut sizes = [0, 1, 2].map(|_| vec![0; count]);
    for ((class, _), rows) in themes {
        let sizes = &mut sizes[class];
        let fold = (0..count).min_by_key(|fold| sizes[*fold]).unwrap_or_default();
        sizes[fold] += rows.len();
        for at in rows {
            folds[at] = fold;
        }
    }
    folds
}

/// The rows that are, or are not, in a fold.
#[must_use]
pub fn part(rows: &[Row], folds: &[usize], fold: usize, inside: bool) -> Vec<Row> {
    let chosen = rows.iter().zip(folds).filter(|(_, at)| (**at == fold) == inside);
    chosen.map(|(row, _)| row.clone()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use triage::CATEGORIES;

    use super::*;

    #[test]
    fn a_theme_is_never_split_and_every_fold_has_its_share_of_each_category() {
        let rows: Vec<Row> = (0..300)
            .map(|n| Row {
                theme: (n % 4 != 0).then(|| format!("theme {}", n % 37)),
                ..Row::new(format!("text {n}"), CATEGORIES[n % 3])
            })
            .collect();
        let folds = assign_folds(&rows, 5);
        let mut of_theme: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
        for (row, fold) in rows.iter().zip(&folds).filter(|(row, _)| row.theme.is_some()) {
            of_theme.entry((row.category, &row.theme)).or_default().insert(*fold);
        }
        assert!(of_theme.values().all(|folds| folds.len() == 1));
        for fold in 0..5 {
            for class in 0..3 {
                let held = part(&rows, &folds, fold, true);
                let count = held.iter().filter(|row| class_of(row) == class).count();
                assert!((15..=25).contains(&count), "fold {fold} has {count} of class {class}");
            }
        }
    }
}
