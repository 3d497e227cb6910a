//! Names at the ends of lines, moved apart so that none covers another.

/// Moves wanted places apart to at least `gap`, within `top..=bottom`, keeping their order.
///
/// Places are pixels from the top. Where there is no room for all, they share it evenly.
pub(crate) fn spread(wanted: &[i32], gap: i32, top: i32, bottom: i32) -> Vec<i32> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|&index| wanted[index]);

    let steps = i32::try_from(wanted.len()).unwrap_or(i32::MAX).saturating_sub(1).max(1);
    let gap = gap.min((bottom - top) / steps);
    let mut places = vec![0; wanted.len()];
    let mut least = top;
    for &index in &order {
        places[index] = wanted[index].max(least);
        least = places[index] + gap;
    }
    let mut most = bottom;
    for &index in order.iter().rev() {
        places[index] = places[index].min(most);
        most = places[index] - gap;
    }
    places
}

/// A word of a closed set as people write it.
pub(crate) fn word_label(word: &str) -> String {
    match word {
        "it" => "IT".to_owned(),
        other => {
            let spaced = other.replace('_', " ");
            let mut letters = spaced.chars();
            letters
                .next()
                .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_cover_each_other_move_apart_and_keep_their_order() {
        for (wanted, places) in [
            (vec![10, 50, 90], vec![10, 50, 90]),
            (vec![50, 52, 51], vec![50, 78, 64]),
            (vec![98, 99, 100], vec![72, 86, 100]),
            (vec![], vec![]),
        ] {
            assert_eq!(spread(&wanted, 14, 0, 100), places);
        }
    }

    #[test]
    fn many_names_share_the_room_there_is() {
        assert_eq!(spread(&[5; 11], 14, 0, 100), [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    }

    #[test]
    fn closed_sets_read_as_words() {
        assert_eq!(word_label("it"), "IT");
        assert_eq!(word_label("still_open"), "Still open");
    }
}
