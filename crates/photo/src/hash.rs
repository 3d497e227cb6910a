//! A hash by which nearly the same photo is found: a *difference hash*, and its pieces for an index.

use crate::fingerprint::measure_lightness;
use crate::picture::Picture;

/// Hashes at most this many bits apart show nearly the same photo.
pub const NEARLY_SAME: u32 = 7;

/// The size that a picture is averaged to: 8 × 8 pixels for each of the hash's fields.
pub(crate) const WIDTH: u32 = COLUMNS as u32 * CELL as u32;
/// See [`WIDTH`].
pub(crate) const HEIGHT: u32 = ROWS as u32 * CELL as u32;

const COLUMNS: usize = 9;
const ROWS: usize = 8;
const CELL: usize = 8;

/// By how much the right one of two fields must be lighter for a one. Noise on an even ground then leaves zeros.
const STEP: f32 = 1.5;

/// How many ones, and how many zeros, a hash must have of its 64. Photos with fewer are all near each other, whatever
/// they show.
const MIN_OF_EACH: u32 = 8;

const BANDS: u32 = 4;
const BAND_BITS: u32 = 16;

/// The four pieces of a hash for an index, 16 bits each, with its place in front (`place << 16 | piece`).
#[must_use]
pub fn bands(hash: u64) -> [i32; 4] {
    [0, 1, 2, 3].map(|place| {
        let [low, high, ..] = (hash >> (BAND_BITS * place)).to_le_bytes();
        (i32::try_from(place).unwrap_or(0) << BAND_BITS)
            | i32::from(u16::from_le_bytes([low, high]))
    })
}

/// Every piece that a hash at most [`NEARLY_SAME`] bits away may have in an index.
///
/// Seven flipped bits in four pieces leave at least one piece with at most one of them. So each of the pieces as it is
/// and with any one bit flipped, 68 in all, finds every such hash (and others: count the bits that differ).
#[must_use]
pub fn probes(hash: u64) -> Vec<i32> {
    let mut probes = Vec::with_capacity((BANDS * (BAND_BITS + 1)) as usize);
    for band in bands(hash) {
        probes.push(band);
        probes.extend((0..BAND_BITS).map(|bit| band ^ (1 << bit)));
    }
    probes
}

/// The hash of a picture of [`WIDTH`] × [`HEIGHT`]: for each field of the grid, whether its right neighbour is lighter;
/// none if that is so nearly everywhere or nearly nowhere.
pub(crate) fn hash(picture: &Picture) -> Option<u64> {
    let fields = average_fields(picture);
    let steps = fields.iter().flat_map(|row| row.windows(2)).map(|pair| pair[1] - pair[0]);
    let hash = steps.fold(0_u64, |hash, step| (hash << 1) | u64::from(step >= STEP));
    (hash.count_ones().min(hash.count_zeros()) >= MIN_OF_EACH).then_some(hash)
}

fn average_fields(picture: &Picture) -> [[f32; COLUMNS]; ROWS] {
    let mut fields = [[0.0; COLUMNS]; ROWS];
    let width = COLUMNS * CELL;
    for (index, pixel) in picture.pixels().enumerate() {
        let (row, column) = (index / width / CELL, index % width / CELL);
        if let Some(field) = fields.get_mut(row).and_then(|row| row.get_mut(column)) {
            *field += measure_lightness(pixel) / (CELL * CELL) as f32;
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_carry_their_place() {
        assert_eq!(bands(0x0004_0003_0002_FFFF), [0x0_FFFF, 0x1_0002, 0x2_0003, 0x3_0004]);
        assert_eq!(bands(u64::MAX), [0x0_FFFF, 0x1_FFFF, 0x2_FFFF, 0x3_FFFF]);
    }

    #[test]
    fn probes_find_every_hash_within_seven_bits() {
        let hash = 0x0123_4567_89AB_CDEF_u64;
        let probes = probes(hash);
        assert_eq!(probes.len(), 68);
        // Seven bits spread over the pieces in every way that sums to seven.
        for counts in (0..8_u32.pow(4)).map(|n| [n % 8, n / 8 % 8, n / 64 % 8, n / 512]) {
            if counts.iter().sum::<u32>() != NEARLY_SAME {
                continue;
            }
            let flips = counts.iter().enumerate().fold(0_u64, |flips, (place, count)| {
                flips | (((1 << count) - 1) << (place * 16 + place))
            });
            assert_eq!(flips.count_ones(), NEARLY_SAME);
            assert!(bands(hash ^ flips).iter().any(|band| probes.contains(band)), "{counts:?}");
        }
    }
}
