//! A multiset of numbers that is kept in order while pages of changes go into it.

/// Numbers in order. Changes are collected and take effect together, so that a page costs one pass over the numbers
/// behind its smallest change, however many changes it holds.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Sorted {
    values: Vec<i64>,
    adding: Vec<i64>,
    removing: Vec<i64>,
}

impl Sorted {
    /// The numbers, smallest first, as of the last [`Self::settle`].
    #[must_use]
    pub fn as_slice(&self) -> &[i64] {
        &self.values
    }

    /// Puts a number in, from the next [`Self::settle`] on.
    pub fn add(&mut self, value: i64) {
        self.adding.push(value);
    }

    /// Takes out one number of this value, from the next [`Self::settle`] on.
    pub fn remove(&mut self, value: i64) {
        self.removing.push(value);
    }

    /// Lets the collected changes take effect.
    pub fn settle(&mut self) {
        if self.adding.is_empty() && self.removing.is_empty() {
            return;
        }
        self.adding.sort_unstable();
        self.removing.sort_unstable();
        // A number may come and go within one page; it need not be in the set to be taken out again.
        cancel_common(&mut self.adding, &mut self.removing);
        self.take_out();
        self.put_in();
        self.adding = Vec::new();
        self.removing = Vec::new();
    }

    /// Moves the stretches between the numbers to take out forward, one after the other.
    fn take_out(&mut self) {
        let Some(first) = self.removing.first() else { return };
        let mut write = self.values.partition_point(|value| value < first);
        let mut read = write;
        for gone in &self.removing {
            let at = read + self.values[read..].partition_point(|value| value < gone);
            debug_assert_eq!(self.values.get(at), Some(gone), "only what is there is taken out");
            self.values.copy_within(read..at, write);
            write += at - read;
            read = at + usize::from(self.values.get(at) == Some(gone));
        }
        self.values.copy_within(read.., write);
        self.values.truncate(self.values.len() - (read - write));
    }

    /// Moves the stretches between the numbers to put in backward, the last one first.
    fn put_in(&mut self) {
        let mut read = self.values.len();
        let mut write = read + self.adding.len();
        self.values.resize(write, 0);
        for new in self.adding.iter().rev() {
            let at = self.values[..read].partition_point(|value| value <= new);
            write -= read - at;
            self.values.copy_within(at..read, write);
            write -= 1;
            self.values[write] = *new;
            read = at;
        }
    }
}

/// Leaves out, pair by pair, what stands in both sorted lists.
fn cancel_common(left: &mut Vec<i64>, right: &mut Vec<i64>) {
    if left.is_empty() || right.is_empty() {
        return;
    }
    let (mut kept_left, mut kept_right) = (Vec::new(), Vec::new());
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        match left[i].cmp(&right[j]) {
            std::cmp::Ordering::Less => {
                kept_left.push(left[i]);
                i += 1;
            }
            std::cmp::Ordering::Greater => {
                kept_right.push(right[j]);
                j += 1;
            }
            std::cmp::Ordering::Equal => {
                i += 1;
                j += 1;
            }
        }
    }
    kept_left.extend_from_slice(&left[i..]);
    kept_right.extend_from_slice(&right[j..]);
    (*left, *right) = (kept_left, kept_right);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    #[test]
    fn any_mix_of_changes_leaves_the_numbers_in_order() {
        let mut random = Random::new(42);
        let (mut sorted, mut naive) = (Sorted::default(), Vec::new());
        for round in 0..400 {
            // Few distinct numbers, so that the same one is there, comes and goes many times.
            for _ in 0..random.below(if round % 10 == 0 { 300 } else { 4 }) {
                if !naive.is_empty() && random.below(5) < 2 {
                    let at = usize::try_from(random.below(naive.len() as u64)).unwrap();
                    sorted.remove(naive.swap_remove(at));
                } else {
                    let value = random.below(60).cast_signed() - 30;
                    sorted.add(value);
                    naive.push(value);
                }
            }
            sorted.settle();
            naive.sort_unstable();
            assert_eq!(sorted.as_slice(), naive);
        }
    }
}
