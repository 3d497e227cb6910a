//! Follows the change feed of the ticket API. The only place that talks to it.
//!
//! It starts at nothing and builds a store of its own, asking for the next page while the one before is applied; when
//! it has read the feed to its end, that store becomes the [`Mirror`]'s, and every later page goes straight into it.
//! Where the API says that it cannot go on from the last position (`resync`), this begins again while readers keep the
//! store they have. A page that does not arrive whole is asked for again from the same position, so nothing is lost;
//! applying is by ticket number, so nothing is doubled.

mod outcomes;

use std::{sync::Arc, time::Duration};

use api_client::{Client, ClientError, FeedPage};
use api_types::{ProblemKind, limits};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use tokio::task::{JoinError, spawn_blocking};

use crate::{
    clock::Clock,
    mirror::Mirror,
    store::{FeedTicket, Store},
};

/// The first wait after a failure; each further one is twice as long.
const FIRST_BACKOFF: Duration = Duration::from_millis(100);
/// The longest wait after a failure.
const LAST_BACKOFF: Duration = Duration::from_secs(2);

/// The change feed of one ticket API.
#[derive(Debug, Clone)]
pub struct Source {
    /// Speaks to the API as staff.
    pub client: Client,
    /// Where the tickets go.
    pub mirror: Arc<Mirror>,
    /// Tells when a page was asked for.
    pub clock: Clock,
    /// Whose months the store keeps.
    pub tz: Tz,
    /// The wait before asking again once the feed has been read to its end.
    pub poll: Duration,
    /// How many tickets to ask for at once.
    pub page_size: u32,
}

/// A page, and up to when it holds every change if it is the last one.
struct Fetched {
    page: FeedPage<FeedTicket>,
    complete_until: Option<DateTime<Utc>>,
}

/// Why the feed has to be read from its beginning.
#[derive(Debug, thiserror::Error)]
enum Restart {
    #[error("the API cannot go on from the last position")]
    Resync,
    #[error("applying a page failed: {0}")]
    Apply(#[from] JoinError),
}

impl Source {
    /// The feed of the API that `client` speaks to, read in pages as large as the API gives out.
    #[must_use]
    pub const fn new(
        client: Client,
        mirror: Arc<Mirror>,
        clock: Clock,
        tz: Tz,
        poll: Duration,
    ) -> Self {
        Self { client, mirror, clock, tz, poll, page_size: limits::FEED_PAGE_MAX }
    }

    /// Follows the feed until the task that runs this is stopped.
    pub async fn follow(self) {
        let mut backoff = Backoff::default();
        loop {
            let ended = match self.rebuild().await {
                Ok(position) => {
                    backoff = Backoff::default();
                    self.keep_up(position).await
                }
                Err(restart) => restart,
            };
            metrics::counter!("analytics_feed_restarts_total").increment(1);
            tracing::warn!(reason = %ended, "reading the change feed from the beginning");
            backoff.wait().await;
        }
    }

    /// Reads the feed from its beginning to its end into a new store, and gives that to the readers.
    async fn rebuild(&self) -> Result<String, Restart> {
        let started = tokio::time::Instant::now();
        let mut store = Store::new(self.tz);
        let mut fetched = self.fetch(None).await?;
        loop {
            let Fetched { page: FeedPage { items, next, .. }, complete_until } = fetched;
            let applying = spawn_blocking(move || {
                store.apply(&items);
                store
            });
            if let Some(as_of) = complete_until {
                let store = applying.await?;
                tracing::info!(
                    tickets = store.len(),
                    duration_ms = started.elapsed().as_secs_f64() * 1e3,
                    "caught up with the change feed"
                );
                self.mirror.replace(store, as_of);
                return Ok(next);
            }
            let (applied, following) = tokio::join!(applying, self.fetch(Some(&next)));
            store = applied?;
            fetched = following?;
        }
    }

    /// Applies what changes from `position` on, page by page, for as long as the API can go on from there.
    async fn keep_up(&self, mut position: String) -> Restart {
        // The page that ended the rebuild was the last one, too.
        let mut at_end = true;
        loop {
            if at_end {
                tokio::time::sleep(self.poll).await;
            }
            let Fetched { page: FeedPage { items, next, .. }, complete_until } =
                match self.fetch(Some(&position)).await {
                    Ok(fetched) => fetched,
                    Err(restart) => return restart,
                };
            position = next;
            at_end = complete_until.is_some();
            let mirror = Arc::clone(&self.mirror);
            // Off the thread that reads from the network: a full page takes some milliseconds.
            if let Err(e) = spawn_blocking(move || mirror.apply(&items, complete_until)).await {
                return e.into();
            }
        }
    }

    /// One page after a position, asked for until it arrives whole.
    async fn fetch(&self, after: Option<&str>) -> Result<Fetched, Restart> {
        let mut backoff = Backoff::default();
        loop {
            let asked_at = self.clock.now();
            match self.client.changes::<FeedTicket>(after, self.page_size).await {
                Ok(page) => {
                    self.mirror.note_reachable(true);
                    metrics::counter!("analytics_feed_pages_total").increment(1);
                    return Ok(Fetched {
                        complete_until: self.complete_until(&page, asked_at),
                        page,
                    });
                }
                Err(e) if after.is_some() && e.kind() == Some(ProblemKind::Resync) => {
                    return Err(Restart::Resync);
                }
                Err(e) => self.note_failure(&e),
            }
            backoff.wait().await;
        }
    }

    /// A page that is not full is the last one: it holds every change up to when it was asked for, or to the horizon.
    fn complete_until(
        &self,
        page: &FeedPage<FeedTicket>,
        asked_at: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let horizon_age = TimeDelta::from_std(page.horizon_age).ok()?;
        let full = page.items.len() >= self.page_size as usize;
        (!full).then(|| asked_at.checked_sub_signed(horizon_age).unwrap_or(asked_at))
    }

    fn note_failure(&self, error: &ClientError) {
        metrics::counter!("analytics_feed_failures_total").increment(1);
        tracing::warn!(cause = ?error, "no page of the change feed: {error}");
        self.mirror.note_reachable(false);
    }
}

/// Waits that grow with every failure in a row.
struct Backoff(Duration);

impl Default for Backoff {
    fn default() -> Self {
        Self(FIRST_BACKOFF)
    }
}

impl Backoff {
    async fn wait(&mut self) {
        tokio::time::sleep(self.0).await;
        self.0 = (self.0 * 2).min(LAST_BACKOFF);
    }
}
