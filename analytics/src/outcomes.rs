//! What people looked for and what came of it, by day, as the ticket API counts it.

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use api_types::{ArticleUse, SearchCount};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use tokio::sync::watch;

use crate::mirror::Freshness;

/// With a longer lag than this an answer counts as old.
const STALE_AFTER: TimeDelta = TimeDelta::seconds(60);

/// The counts of all days.
#[derive(Debug, Default, Clone)]
pub struct Outcomes {
    /// What was looked for.
    pub searches: BTreeMap<NaiveDate, Vec<SearchCount>>,
    /// Which articles stood beside reports.
    pub uses: BTreeMap<NaiveDate, Vec<ArticleUse>>,
}

impl Outcomes {
    /// Takes over what was counted from a day on, in place of what was known of these days.
    pub fn replace_from(
        &mut self,
        day: NaiveDate,
        searches: Vec<SearchCount>,
        uses: Vec<ArticleUse>,
    ) {
        self.searches.split_off(&day);
        self.uses.split_off(&day);
        for count in searches {
            self.searches.entry(count.day).or_default().push(count);
        }
        for used in uses {
            self.uses.entry(used.day).or_default().push(used);
        }
    }
}

/// The counts and their age, shared between the source that writes and the handlers that read.
#[derive(Debug, Default)]
pub struct OutcomesMirror {
    read: RwLock<Option<(Outcomes, DateTime<Utc>)>>,
    changed: watch::Sender<()>,
}

impl OutcomesMirror {
    /// Lets `f` look at the counts; `None` before they were read for the first time.
    pub fn read<R>(
        &self,
        now: DateTime<Utc>,
        f: impl FnOnce(&Outcomes, Freshness) -> R,
    ) -> Option<R> {
        let read = self.read.read().unwrap_or_else(PoisonError::into_inner);
        let (outcomes, as_of) = read.as_ref()?;
        let lag = (now - *as_of).max(TimeDelta::zero());
        let lag_seconds = lag.as_seconds_f64();
        Some(f(outcomes, Freshness { as_of: *as_of, lag_seconds, stale: lag > STALE_AFTER }))
    }

    /// Takes over what was counted from a day on, as of an instant.
    pub fn replace_from(
        &self,
        day: NaiveDate,
        searches: Vec<SearchCount>,
        uses: Vec<ArticleUse>,
        as_of: DateTime<Utc>,
    ) {
        let mut written = self.read.write().unwrap_or_else(PoisonError::into_inner);
        let (outcomes, at) = written.get_or_insert_with(|| (Outcomes::default(), as_of));
        outcomes.replace_from(day, searches, uses);
        *at = as_of;
        drop(written);
        self.changed.send_replace(());
    }

    /// Waits until `condition` holds; it is looked at again whenever the counts were read.
    pub async fn wait_until(&self, mut condition: impl FnMut(&Self) -> bool) {
        let mut changes = self.changed.subscribe();
        while !condition(self) {
            // The sender lives in `self`, so that the channel is open here.
            if changes.changed().await.is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(day: &str, query: &str, asked: i32) -> SearchCount {
        SearchCount { day: day.parse().unwrap(), query: query.into(), asked, empty: 0, opened: 0 }
    }

    #[test]
    fn days_that_are_read_again_replace_what_was_known_of_them_and_leave_the_others() {
        let mut outcomes = Outcomes::default();
        let first = vec![count("2026-03-01", "tap", 1), count("2026-03-02", "tap", 1)];
        outcomes.replace_from("2026-01-01".parse().unwrap(), first, Vec::new());
        let again = vec![count("2026-03-02", "tap", 5)];
        outcomes.replace_from("2026-03-02".parse().unwrap(), again, Vec::new());
        let asked: Vec<i32> = outcomes.searches.values().flatten().map(|one| one.asked).collect();
        assert_eq!(asked, [1, 5]);
    }
}
