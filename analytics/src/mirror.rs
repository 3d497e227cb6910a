//! What the readers see: one whole store, and how fresh it is.
//!
//! The store appears only when it has caught up with the feed for the first time, and is replaced in one move when it
//! had to be built anew. Readers so never see half of the desk.

use std::sync::{
    PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
    atomic::{AtomicBool, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use crate::store::{FeedTicket, Store};

/// With a longer lag than this an answer counts as old, whatever the reason.
const STALE_AFTER: TimeDelta = TimeDelta::seconds(10);

/// The store and its freshness, shared between the source that writes and the handlers that read.
#[derive(Debug, Default)]
pub struct Mirror {
    caught_up: RwLock<Option<CaughtUp>>,
    unreachable: AtomicBool,
    changed: watch::Sender<()>,
}

#[derive(Debug)]
struct CaughtUp {
    store: Store,
    as_of: DateTime<Utc>,
}

/// How old an answer is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Freshness {
    /// Up to when every change is in it.
    pub as_of: DateTime<Utc>,
    /// How long ago that is, in seconds.
    pub lag_seconds: f64,
    /// Whether the desk did not answer the last time it was asked, or the lag is long.
    pub stale: bool,
}

impl Mirror {
    /// Lets `f` look at the store; `None` before the feed has been read to its end for the first time.
    pub fn read<R>(&self, now: DateTime<Utc>, f: impl FnOnce(&Store, Freshness) -> R) -> Option<R> {
        let caught_up = self.reading();
        let CaughtUp { store, as_of } = caught_up.as_ref()?;
        // The clock of a test, or of a machine whose time was set back, may lie before the last page.
        let lag = (now - as_of).max(TimeDelta::zero());
        let freshness = Freshness {
            as_of: *as_of,
            lag_seconds: lag.as_seconds_f64(),
            stale: self.unreachable.load(Ordering::Relaxed) || lag > STALE_AFTER,
        };
        Some(f(store, freshness))
    }

    /// Puts a store that has caught up in the place of the one before.
    pub fn replace(&self, store: Store, as_of: DateTime<Utc>) {
        // The one before is let go after the lock is: a million rows take a moment.
        let before = self.writing().replace(CaughtUp { store, as_of });
        drop(before);
        self.changed.send_replace(());
    }

    /// Takes over a page of the feed; `complete_until` says up to when it holds every change, if it is the last one.
    pub fn apply(&self, page: &[FeedTicket], complete_until: Option<DateTime<Utc>>) {
        if let Some(CaughtUp { store, as_of }) = self.writing().as_mut() {
            store.apply(page);
            *as_of = complete_until.unwrap_or(*as_of);
        }
        self.changed.send_replace(());
    }

    /// Notes whether the desk answered the last time it was asked.
    pub fn note_reachable(&self, reachable: bool) {
        self.unreachable.store(!reachable, Ordering::Relaxed);
        self.changed.send_replace(());
    }

    /// Waits until `condition` holds; it is looked at again after every page and every failure.
    pub async fn wait_until(&self, mut condition: impl FnMut(&Self) -> bool) {
        let mut changes = self.changed.subscribe();
        while !condition(self) {
            // The sender lives in `self`, so that the channel is open here.
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    // A panic while writing ends the attempt to follow the feed; the source then builds a new store from nothing, and
    // readers have the old one until then.
    fn reading(&self) -> RwLockReadGuard<'_, Option<CaughtUp>> {
        self.caught_up.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writing(&self) -> RwLockWriteGuard<'_, Option<CaughtUp>> {
        self.caught_up.write().unwrap_or_else(PoisonError::into_inner)
    }
}
