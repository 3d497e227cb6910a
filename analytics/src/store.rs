//! The tickets, as columns in memory, with every number that an analysis needs kept up to date.
//!
//! A page of the change feed is applied as a whole: each [`FeedTicket`] takes what the row before counted out of the
//! sums and puts the new row's part in. So the sums are always those of a store built afresh from the same tickets, at
//! a cost that follows the size of the page. A merged ticket keeps its row, but is counted nowhere.

mod feed_ticket;
mod quantile;
mod sorted;

use std::collections::{BTreeMap, HashMap};

use api_types::{Category, CategoryBy, Status};
use chrono_tz::Tz;

pub use feed_ticket::{FeedGuess, FeedTicket, Micros, ModelVersion};
pub use quantile::quantile;
pub use sorted::Sorted;

use crate::calendar::Month;

/// The tickets that one analytics process knows.
#[derive(Debug)]
pub struct Store {
    tz: Tz,
    slots: HashMap<i64, u32>,
    opened: Vec<i64>,
    /// Microseconds since 1970; [`NOT_CLOSED`] where there is no such time.
    closed: Vec<i64>,
    facts: Vec<Facts>,
    models: Vec<ModelVersion>,
    sums: Sums,
}

const NOT_CLOSED: i64 = i64::MIN;

/// The columns of closed sets, of one byte each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Facts {
    status: Status,
    category: Category,
    merged: bool,
    /// What the classifier said, where it can be told by now whether that was right.
    judged: Option<Category>,
}

/// Everything that is derived from the rows.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    by_category: [[u64; Status::ALL.len()]; Category::ALL.len()],
    opened_open: Sorted,
    opened_active: Sorted,
    months: BTreeMap<Month, MonthTally>,
    verdicts: BTreeMap<(Month, ModelVersion), Verdicts>,
}

/// What became of what a model said of the tickets of a month: `[said][true]`, by category.
pub type Verdicts = [[u64; Category::ALL.len()]; Category::ALL.len()];

/// What became of the tickets opened in one month.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct MonthTally {
    durations: Sorted,
    sum: i128,
    still_open: u64,
}

impl MonthTally {
    /// From opening to closing, in microseconds, shortest first: one entry per closed ticket.
    #[must_use]
    pub fn durations(&self) -> &[i64] {
        self.durations.as_slice()
    }

    /// The sum of [`Self::durations`], exactly.
    #[must_use]
    pub const fn sum(&self) -> i128 {
        self.sum
    }

    /// How many are open or active.
    #[must_use]
    pub const fn still_open(&self) -> u64 {
        self.still_open
    }
}

/// One row, as far as the sums are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    opened: i64,
    closed: i64,
    facts: Facts,
    model: ModelVersion,
}

impl From<&FeedTicket> for Row {
    fn from(ticket: &FeedTicket) -> Self {
        Self {
            opened: ticket.opened_at.0,
            closed: ticket.closed_at.map_or(NOT_CLOSED, |at| at.0),
            facts: Facts {
                status: ticket.status,
                category: ticket.category,
                merged: ticket.merged_into.is_some(),
                judged: ticket.guess.filter(|_| is_judged(ticket)).map(|guess| guess.category),
            },
            model: ticket.guess.map_or(ModelVersion(0), |guess| guess.model),
        }
    }
}

/// Whether staff looked at the category: they decided it, or took the ticket up and left it alone. A reporter's own choice
/// says nothing of the classifier.
fn is_judged(ticket: &FeedTicket) -> bool {
    match ticket.category_by {
        CategoryBy::Staff => true,
        CategoryBy::Automatic => ticket.status != Status::Open,
        CategoryBy::Reporter => false,
    }
}

impl Store {
    /// A store without tickets, whose months are those of `tz`.
    #[must_use]
    pub fn new(tz: Tz) -> Self {
        Self {
            tz,
            slots: HashMap::new(),
            opened: Vec::new(),
            closed: Vec::new(),
            facts: Vec::new(),
            models: Vec::new(),
            sums: Sums::default(),
        }
    }

    /// Takes over what the tickets of one feed page are now. A ticket that is known already is replaced.
    pub fn apply(&mut self, tickets: &[FeedTicket]) {
        for ticket in tickets {
            self.put(ticket.id, Row::from(ticket));
        }
        self.sums.settle();
    }

    /// How many tickets are known, merged ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.opened.len()
    }

    /// Whether no ticket is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.opened.is_empty()
    }

    /// How many tickets of a category have a status.
    #[must_use]
    pub const fn count(&self, category: Category, status: Status) -> u64 {
        self.sums.by_category[category as usize][status as usize]
    }

    /// When the tickets that are still open were opened, in microseconds since 1970, earliest first.
    #[must_use]
    pub fn opened_of_open(&self) -> &[i64] {
        self.sums.opened_open.as_slice()
    }

    /// The same for active tickets.
    #[must_use]
    pub fn opened_of_active(&self) -> &[i64] {
        self.sums.opened_active.as_slice()
    }

    /// What became of the tickets opened in a month; `None` where there are none.
    #[must_use]
    pub fn month(&self, month: Month) -> Option<&MonthTally> {
        self.sums.months.get(&month)
    }

    /// What became of what each model said of the tickets opened in a month.
    pub fn verdicts(&self, month: Month) -> impl Iterator<Item = (ModelVersion, &Verdicts)> {
        let of_month = (month, ModelVersion(u64::MIN))..=(month, ModelVersion(u64::MAX));
        self.sums.verdicts.range(of_month).map(|((_, model), verdicts)| (*model, verdicts))
    }

    fn put(&mut self, id: i64, row: Row) {
        let Some(&slot) = self.slots.get(&id) else {
            // More than four billion tickets do not fit into memory either.
            let slot = u32::try_from(self.opened.len()).expect("fewer than 2^32 tickets");
            self.slots.insert(id, slot);
            self.opened.push(row.opened);
            self.closed.push(row.closed);
            self.facts.push(row.facts);
            self.models.push(row.model);
            self.sums.add(&row, self.tz);
            return;
        };
        let slot = slot as usize;
        let before = Row {
            opened: self.opened[slot],
            closed: self.closed[slot],
            facts: self.facts[slot],
            model: self.models[slot],
        };
        // Most edits change texts alone.
        if before == row {
            return;
        }
        self.sums.remove(&before, self.tz);
        self.opened[slot] = row.opened;
        self.closed[slot] = row.closed;
        self.facts[slot] = row.facts;
        self.models[slot] = row.model;
        self.sums.add(&row, self.tz);
    }
}

impl Sums {
    fn add(&mut self, row: &Row, tz: Tz) {
        if row.facts.merged {
            return;
        }
        *self.count_mut(row.facts) += 1;
        let at = Month::containing(row.opened, tz);
        if let Some(said) = row.facts.judged {
            *self.verdict_mut(at, row, said) += 1;
        }
        let month = self.months.entry(at).or_default();
        match row.facts.status {
            Status::Closed => {
                let duration = row.closed.saturating_sub(row.opened);
                month.durations.add(duration);
                month.sum += i128::from(duration);
            }
            Status::Active => {
                month.still_open += 1;
                self.opened_active.add(row.opened);
            }
            Status::Open => {
                month.still_open += 1;
                self.opened_open.add(row.opened);
            }
        }
    }

    /// Undoes [`Self::add`] of the same row.
    fn remove(&mut self, row: &Row, tz: Tz) {
        if row.facts.merged {
            return;
        }
        *self.count_mut(row.facts) -= 1;
        let at = Month::containing(row.opened, tz);
        if let Some(said) = row.facts.judged {
            *self.verdict_mut(at, row, said) -= 1;
        }
        let month = self.months.entry(at).or_default();
        match row.facts.status {
            Status::Closed => {
                let duration = row.closed.saturating_sub(row.opened);
                month.durations.remove(duration);
                month.sum -= i128::from(duration);
            }
            Status::Active => {
                month.still_open -= 1;
                self.opened_active.remove(row.opened);
            }
            Status::Open => {
                month.still_open -= 1;
                self.opened_open.remove(row.opened);
            }
        }
    }

    const fn count_mut(&mut self, facts: Facts) -> &mut u64 {
        &mut self.by_category[facts.category as usize][facts.status as usize]
    }

    fn verdict_mut(&mut self, month: Month, row: &Row, said: Category) -> &mut u64 {
        let verdicts = self.verdicts.entry((month, row.model)).or_default();
        &mut verdicts[said as usize][row.facts.category as usize]
    }

    fn settle(&mut self) {
        self.opened_open.settle();
        self.opened_active.settle();
        for month in self.months.values_mut() {
            month.durations.settle();
        }
        self.verdicts.retain(|_, verdicts| verdicts.as_flattened().iter().any(|count| *count > 0));
        self.months.retain(|_, month| month.still_open > 0 || !month.durations().is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Random, random_ticket};

    #[test]
    fn a_store_that_followed_every_change_equals_one_built_from_the_end() {
        let mut random = Random::new(7);
        let mut followed = Store::new(Tz::Europe__Berlin);
        let mut latest = BTreeMap::new();
        for page_size in [1, 2000, 3, 900, 0, 1, 40, 3000, 7] {
            let page: Vec<_> = (0..page_size).map(|_| random_ticket(&mut random, 1500)).collect();
            latest.extend(page.iter().map(|ticket| (ticket.id, *ticket)));
            followed.apply(&page);
        }

        let mut rebuilt = Store::new(Tz::Europe__Berlin);
        rebuilt.apply(&latest.into_values().collect::<Vec<_>>());

        assert_eq!(followed.len(), rebuilt.len());
        assert_eq!(followed.sums, rebuilt.sums);
    }

    #[test]
    fn a_page_applied_twice_counts_once() {
        let mut random = Random::new(1);
        let page: Vec<_> = (0..500).map(|_| random_ticket(&mut random, 300)).collect();
        let (mut once, mut twice) = (Store::new(Tz::UTC), Store::new(Tz::UTC));
        once.apply(&page);
        twice.apply(&page);
        twice.apply(&page);
        assert_eq!(once.sums, twice.sums);
        assert_eq!(once.len(), twice.len());
    }

    #[test]
    fn a_merged_ticket_is_counted_nowhere_until_it_is_split_off_again() {
        let ticket = random_ticket(&mut Random::new(3), 10);
        let mut store = Store::new(Tz::UTC);
        store.apply(&[FeedTicket { merged_into: Some(99), ..ticket }]);
        assert_eq!(store.sums, Sums::default());
        assert_eq!(store.len(), 1);
        store.apply(&[FeedTicket { merged_into: None, ..ticket }]);
        assert_eq!(store.count(ticket.category, ticket.status), 1);
    }
}
