//! Rows of a large picture averaged as they come, so that it never exists in full.

use crate::picture::Picture;
use crate::{DISPLAY_SIDE, Refusal};

/// Takes rows and keeps the mean of every square of `factor` × `factor` pixels.
///
/// The factor is the largest that leaves the longest side at [`DISPLAY_SIDE`] or more; the rest is for a better filter.
pub(crate) struct Shrinker {
    width: u32,
    height: u32,
    factor: u32,
    /// Sums of the colours in each square of the row of squares being filled.
    sums: Vec<[u32; 3]>,
    rows_taken: u32,
    rgb: Vec<u8>,
}

impl Shrinker {
    /// For a picture of this size, both sides at least 1.
    pub(crate) fn new(width: u32, height: u32) -> Shrinker {
        let factor = (width.max(height) / DISPLAY_SIDE).max(1);
        let columns = width.div_ceil(factor) as usize;
        let rows = height.div_ceil(factor) as usize;
        let rgb = Vec::with_capacity(columns * rows * 3);
        Shrinker { width, height, factor, sums: vec![[0; 3]; columns], rows_taken: 0, rgb }
    }

    /// Takes the next row.
    pub(crate) fn push_row(&mut self, row: impl Iterator<Item = [u8; 3]>) {
        self.rows_taken += 1;
        if self.factor == 1 {
            row.for_each(|pixel| self.rgb.extend(pixel));
            return;
        }
        let mut row = row;
        for sum in &mut self.sums {
            for pixel in row.by_ref().take(self.factor as usize) {
                for (total, colour) in sum.iter_mut().zip(pixel) {
                    *total += u32::from(colour);
                }
            }
        }
        if self.rows_taken.is_multiple_of(self.factor) || self.rows_taken == self.height {
            self.finish_squares();
        }
    }

    /// The shrunk picture.
    ///
    /// # Errors  [`Refusal::Damaged`] if rows or pixels were missing.
    pub(crate) fn finish(self) -> Result<Picture, Refusal> {
        if self.rows_taken != self.height {
            return Err(Refusal::damaged("rows are missing"));
        }
        Picture::new(self.width.div_ceil(self.factor), self.height.div_ceil(self.factor), self.rgb)
    }

    /// Turns the sums into means; squares at the right and at the bottom may be smaller.
    fn finish_squares(&mut self) {
        let rows = (self.rows_taken - 1) % self.factor + 1;
        let mut columns_left = self.width;
        for sum in &mut self.sums {
            let columns = columns_left.min(self.factor);
            columns_left -= columns;
            let count = (columns * rows).max(1);
            let mean =
                sum.map(|total| u8::try_from((total + count / 2) / count).unwrap_or(u8::MAX));
            self.rgb.extend(mean);
            *sum = [0; 3];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_are_averaged_and_the_ones_at_the_edges_too() {
        let (width, height) = (DISPLAY_SIDE * 2 + 1, 3);
        let mut shrinker = Shrinker::new(width, height);
        for y in 0..height {
            let even = if y == 2 { 200 } else { 10 };
            shrinker.push_row((0..width).map(|x| if x % 2 == 0 { [even; 3] } else { [20; 3] }));
        }
        let picture = shrinker.finish().unwrap();
        assert_eq!((picture.width(), picture.height()), (DISPLAY_SIDE + 1, 2));
        let pixels: Vec<u8> = picture.pixels().map(|pixel| pixel[0]).collect();
        let row = (DISPLAY_SIDE + 1) as usize;
        assert_eq!((pixels[0], pixels[row - 1]), (15, 10), "a whole square, half a one");
        assert_eq!((pixels[row], pixels[2 * row - 1]), (110, 200));
    }

    #[test]
    fn a_small_picture_stays_as_it_is() {
        let mut shrinker = Shrinker::new(2, 1);
        shrinker.push_row([[1, 2, 3], [4, 5, 6]].into_iter());
        let pixels: Vec<_> = shrinker.finish().unwrap().pixels().collect();
        assert_eq!(pixels, [[1, 2, 3], [4, 5, 6]]);
    }

    #[test]
    fn missing_rows_are_damage() {
        assert!(Shrinker::new(2, 1).finish().is_err());
    }
}
