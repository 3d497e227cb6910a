//! What people looked for, and what came of it.

use api_types::{
    ArticleUse, OutcomesQuery, Page, ReportOutcome, SearchCount, SearchOutcome, paths,
};
use reqwest::Method;

use crate::{Client, ClientError, send::send};

impl Client {
    /// Counts a search that is over.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn count_search(&self, outcome: &SearchOutcome) -> Result<(), ClientError> {
        send(self.request(Method::POST, paths::SEARCHES).json(outcome)).await
    }

    /// Counts the articles that stood beside a report.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn count_report(&self, outcome: &ReportOutcome) -> Result<(), ClientError> {
        send(self.request(Method::POST, paths::REPORT_OUTCOMES).json(outcome)).await
    }

    /// A page of what was looked for, by day.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn list_searches(
        &self,
        query: &OutcomesQuery,
    ) -> Result<Page<SearchCount>, ClientError> {
        send(self.get(paths::SEARCHES).query(query)).await
    }

    /// A page of the articles that stood beside reports, by day.
    ///
    /// # Errors
    /// Every [`ClientError`].
    pub async fn list_article_uses(
        &self,
        query: &OutcomesQuery,
    ) -> Result<Page<ArticleUse>, ClientError> {
        send(self.get(paths::REPORT_OUTCOMES).query(query)).await
    }
}
