//! The change feed.

use std::time::Duration;

use api_types::{Feed, headers, paths};
use reqwest::Response;
use serde::de::DeserializeOwned;

use crate::{Client, ClientError, send::read};

/// One page of the change feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedPage<T> {
    /// The tickets, oldest change first.
    pub items: Vec<T>,
    /// Where to ask again, also after the last page.
    pub next: String,
    /// For how long an unfinished transaction has held the feed back.
    pub horizon_age: Duration,
}

impl Client {
    /// The tickets that changed after a position, all of them from the start without one. `T` names the fields that
    /// the caller needs; the others are skipped without being built.
    ///
    /// # Errors
    /// A problem of kind `resync` if the feed cannot go on from this position; every [`ClientError`] otherwise. A page
    /// that was cut off is an error.
    pub async fn changes<T: DeserializeOwned>(
        &self,
        after: Option<&str>,
        limit: u32,
    ) -> Result<FeedPage<T>, ClientError> {
        let mut request = self.get(paths::CHANGES).query(&[("limit", limit)]);
        if let Some(after) = after {
            request = request.query(&[("after", after)]);
        }
        let response = request.send().await?;
        let horizon_age = horizon_age(&response);
        let Feed { items, next } = read(response).await?;
        Ok(FeedPage { items, next, horizon_age })
    }
}

/// An API that does not know the header holds nothing back.
fn horizon_age(response: &Response) -> Duration {
    response
        .headers()
        .get(headers::FEED_HORIZON_AGE)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .unwrap_or_default()
}
