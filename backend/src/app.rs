//! What handlers share: the pool, the classifier, the limits, the way to analytics.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use actix_web::{HttpRequest, web};
use api_types::Role;

use crate::{
    classifier::Classifier,
    config::{HttpArgs, RateLimitArgs},
    db::{Connection, Pool, queries::feed::Horizon},
    error::AppError,
    live::Live,
    photos::Photos,
    rate_limit::RateLimits,
};

/// One process' share of the desk. It holds nothing that another process would miss.
pub struct App {
    pool: Pool,
    rate_limits: Option<RateLimits>,
    analytics_url: String,
    http: reqwest::Client,
    live: Live,
    trusted_proxy: bool,
    service_token: Option<String>,
    classifier: Classifier,
    photos: Option<Photos>,
    horizon: Mutex<Option<Held>>,
}

/// A transaction that has held the feed back.
#[derive(Debug, Clone, Copy)]
struct Held {
    xmin: i64,
    since: Instant,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(pool: Pool, http: &HttpArgs, rate: &RateLimitArgs) -> Self {
        Self {
            pool,
            rate_limits: RateLimits::new(rate),
            analytics_url: http.analytics_url.trim_end_matches('/').to_owned(),
            http: reqwest::Client::new(),
            live: Live::new(),
            trusted_proxy: http.trusted_proxy,
            service_token: None,
            classifier: Classifier::new(),
            photos: None,
            horizon: Mutex::new(None),
        }
    }

    /// The same with the token that changes of the service itself need; without one there are none.
    #[must_use]
    pub fn with_service_token(self, service_token: Option<String>) -> Self {
        Self { service_token, ..self }
    }

    /// The same with a place for photos; without one none can be added.
    #[must_use]
    pub fn with_photos(self, photos: Photos) -> Self {
        Self { photos: Some(photos), ..self }
    }

    /// The app that serves a request.
    pub(crate) fn of(request: &HttpRequest) -> Result<&Self, AppError> {
        request
            .app_data::<web::Data<Self>>()
            .map(|data| data.get_ref())
            .ok_or_else(|| AppError::Internal("routes were mounted without an App".into()))
    }

    /// A connection, waited for at most a few seconds.
    ///
    /// # Errors
    /// `unavailable` if the database is away or every connection stays busy.
    pub async fn db(&self) -> Result<Connection, AppError> {
        Ok(self.pool.get().await?)
    }

    pub(crate) const fn rate_limits(&self) -> Option<&RateLimits> {
        self.rate_limits.as_ref()
    }

    pub(crate) fn analytics_url(&self) -> &str {
        &self.analytics_url
    }

    pub(crate) const fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// As whom a stream is opened: a proxy that is trusted has said so in the header.
    pub(crate) fn role_of_stream(&self, header: Role, query: Option<Role>) -> Role {
        query.filter(|_| !self.trusted_proxy).unwrap_or(header)
    }

    pub(crate) fn service_token(&self) -> Option<&str> {
        self.service_token.as_deref()
    }

    pub(crate) const fn classifier(&self) -> &Classifier {
        &self.classifier
    }

    /// Where photos are kept.
    ///
    /// # Errors
    /// `503` if this process keeps none.
    pub(crate) fn photos(&self) -> Result<&Photos, AppError> {
        let none = || AppError::Unavailable("this process was started without photos".to_owned());
        self.photos.as_ref().ok_or_else(none)
    }

    /// A write was committed: whoever has it on the screen is to hear of it, and nothing that was read before is trusted.
    pub(crate) fn note_commit(&self) {
        self.live.note_commit();
        if let Some(photos) = &self.photos {
            photos.cache().note_commit();
        }
    }

    pub(crate) const fn live(&self) -> &Live {
        &self.live
    }

    /// For how long the oldest running transaction has held the feed back, as far as this process saw.
    pub(crate) fn horizon_age(&self, horizon: &Horizon) -> Duration {
        let now = Instant::now();
        let mut held = match self.horizon.lock() {
            Ok(held) => held,
            Err(poisoned) => poisoned.into_inner(),
        };
        let age = if horizon.xmin == horizon.xmax {
            *held = None;
            Duration::ZERO
        } else {
            match *held {
                Some(Held { xmin, since }) if xmin == horizon.xmin => now - since,
                _ => {
                    *held = Some(Held { xmin: horizon.xmin, since: now });
                    Duration::ZERO
                }
            }
        };
        metrics::gauge!("feed_horizon_age_seconds").set(age.as_secs_f64());
        age
    }
}
