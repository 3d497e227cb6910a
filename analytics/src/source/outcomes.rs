//! Follows what people looked for. Counts are by day and grow; so the last days are read again and again, whole.

use std::{sync::Arc, time::Duration};

use api_client::ClientError;
use api_types::{OutcomesQuery, Page};
use chrono::{Days, NaiveDate};

use super::Source;
use crate::outcomes::OutcomesMirror;

/// The wait before reading again.
const POLL: Duration = Duration::from_secs(5);

impl Source {
    /// Follows the counts until the task that runs this is stopped.
    pub async fn follow_outcomes(self, mirror: Arc<OutcomesMirror>) {
        let mut from = NaiveDate::MIN;
        loop {
            match self.read_outcomes(from, &mirror).await {
                // Whoever counts at midnight may still write the day before.
                Ok(today) => from = today.checked_sub_days(Days::new(1)).unwrap_or(today),
                Err(error) => tracing::warn!(cause = ?error, "no counts of searches: {error}"),
            }
            tokio::time::sleep(POLL.min(self.poll * 10)).await;
        }
    }

    async fn read_outcomes(
        &self,
        from: NaiveDate,
        mirror: &OutcomesMirror,
    ) -> Result<NaiveDate, ClientError> {
        let asked_at = self.clock.now();
        // The API knows no day before its own beginning.
        let first = from.max(asked_at.date_naive() - Days::new(4_000));
        let client = &self.client;
        let searches = read_all(first, |query| {
            let client = client.clone();
            async move { client.list_searches(&query).await }
        });
        let uses = read_all(first, |query| {
            let client = client.clone();
            async move { client.list_article_uses(&query).await }
        });
        let (searches, uses) = (searches.await?, uses.await?);
        mirror.replace_from(first, searches, uses, asked_at);
        Ok(asked_at.date_naive())
    }
}

async fn read_all<T, F: Future<Output = Result<Page<T>, ClientError>>>(
    from: NaiveDate,
    read: impl Fn(OutcomesQuery) -> F,
) -> Result<Vec<T>, ClientError> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let page = read(OutcomesQuery { from, cursor }).await?;
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return Ok(all);
        }
    }
}
