//! Quantiles over several sorted lists together, without joining them.

/// Below this many numbers it is cheaper to sort them than to search on.
const FEW: usize = 64;

/// The value that the given fraction of all numbers lies at or below, interpolated between the two nearest, as
/// `percentile_cont` does in SQL; `None` without numbers. Each part is sorted.
#[must_use]
pub fn quantile(parts: &[&[i64]], fraction: f64) -> Option<f64> {
    let count: usize = parts.iter().map(|part| part.len()).sum();
    let last = count.checked_sub(1)?;
    let position = fraction.clamp(0.0, 1.0) * last as f64;
    // Not negative, and no larger than `last`.
    let lower_rank = position.floor() as usize;
    let share = position - position.floor();
    let (lower, upper) = neighbours(parts, lower_rank);
    Some(lower as f64 + share * (upper as f64 - lower as f64))
}

/// The number at `rank`, counted from 0, of all parts together, and the one after it, or the same where it is the last.
/// There must be one at `rank`.
///
/// Halves the range of values and keeps only the stretch of each part that can still hold the answer.
fn neighbours(parts: &[&[i64]], mut rank: usize) -> (i64, i64) {
    let mut stretches: Vec<&[i64]> = parts.to_vec();
    let mut cuts = Vec::with_capacity(stretches.len());
    // The smallest number above everything that is still looked at.
    let mut above = None;
    loop {
        stretches.retain(|stretch| !stretch.is_empty());
        let count: usize = stretches.iter().map(|stretch| stretch.len()).sum();
        if let [only] = *stretches {
            return with_next(only, rank, above);
        }
        if count <= FEW {
            let mut rest = stretches.concat();
            rest.sort_unstable();
            return with_next(&rest, rank, above);
        }
        let low = stretches.iter().map(|stretch| stretch[0]).min().unwrap_or_default();
        let high =
            stretches.iter().map(|stretch| stretch[stretch.len() - 1]).max().unwrap_or_default();
        if low == high {
            return (low, if rank + 1 < count { low } else { above.unwrap_or(low) });
        }
        // Rounded down, so that neither half is empty.
        let middle = low + (high.abs_diff(low) / 2).cast_signed();
        cuts.clear();
        cuts.extend(stretches.iter().map(|part| part.partition_point(|value| *value <= middle)));
        let below: usize = cuts.iter().sum();
        if rank < below {
            for (stretch, cut) in stretches.iter_mut().zip(&cuts) {
                let (lower, upper) = stretch.split_at(*cut);
                above = above.into_iter().chain(upper.first().copied()).min();
                *stretch = lower;
            }
        } else {
            rank -= below;
            for (stretch, cut) in stretches.iter_mut().zip(&cuts) {
                *stretch = &stretch[*cut..];
            }
        }
    }
}

fn with_next(sorted: &[i64], rank: usize, above: Option<i64>) -> (i64, i64) {
    let value = sorted[rank];
    (value, sorted.get(rank + 1).copied().or(above).unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    fn naive(parts: &[&[i64]], fraction: f64) -> Option<f64> {
        let mut all = parts.concat();
        all.sort_unstable();
        let position = fraction * all.len().checked_sub(1)? as f64;
        let (low, high) = (all[position.floor() as usize], all[position.ceil() as usize]);
        Some(low as f64 + (position - position.floor()) * (high - low) as f64)
    }

    #[test]
    fn quantiles_of_parts_are_those_of_the_whole() {
        let mut random = Random::new(5);
        for round in 0..300 {
            let range = [1, 10, 1_000, 4_000_000_000_000_000][round % 4];
            let parts: Vec<Vec<i64>> = (0..random.below(9))
                .map(|_| {
                    let mut part: Vec<_> = (0..random.below(120))
                        .map(|_| random.below(range).cast_signed() - 5)
                        .collect();
                    part.sort_unstable();
                    part
                })
                .collect();
            let parts: Vec<&[i64]> = parts.iter().map(Vec::as_slice).collect();
            for fraction in [0.0, 0.1, 0.5, 0.9, 0.99, 1.0] {
                assert_eq!(
                    quantile(&parts, fraction),
                    naive(&parts, fraction),
                    "{round} {fraction}"
                );
            }
        }
    }

    #[test]
    fn there_is_no_quantile_of_nothing() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[&[], &[]], 0.5), None);
    }
}
