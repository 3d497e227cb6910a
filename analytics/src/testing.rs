//! What several unit tests share: numbers that look random and tickets made of them, the same in every run.

use api_types::{Category, CategoryBy, Status};

use crate::store::{FeedGuess, FeedTicket, Micros, ModelVersion};

/// A small generator (xorshift64*).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `limit`, which must not be 0.
    pub(crate) const fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) % limit
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

/// A ticket with an id from 1 to `ids`, opened in one of the years 2023 to 2026; every tenth is merged.
pub(crate) fn random_ticket(random: &mut Random, ids: u64) -> FeedTicket {
    let opened = 1_672_531_200_000_000 + random.below(4 * 31_536_000_000_000).cast_signed();
    let status = random.pick(Status::ALL);
    let took = random.below(90 * 86_400_000_000).cast_signed();
    FeedTicket {
        id: 1 + random.below(ids).cast_signed(),
        status,
        category: random.pick(Category::ALL),
        opened_at: Micros(opened),
        closed_at: (status == Status::Closed).then_some(Micros(opened + took)),
        merged_into: (random.below(10) == 0).then_some(1),
        category_by: random.pick(CategoryBy::ALL),
        guess: (random.below(8) > 0).then(|| FeedGuess {
            category: random.pick(Category::ALL),
            model: ModelVersion(1 + random.below(2)),
        }),
    }
}
