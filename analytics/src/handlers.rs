//! The handlers, by noun, and what they share.

pub(crate) mod analyses;
pub(crate) mod health;
mod staff;

use std::sync::Arc;

use actix_web::HttpResponse;
use chrono_tz::Tz;

use crate::{clock::Clock, error::AppError, mirror::Mirror, outcomes::OutcomesMirror};

/// What every handler can reach.
#[derive(Debug, Clone)]
pub(crate) struct App {
    /// The tickets.
    pub(crate) mirror: Arc<Mirror>,
    /// What people looked for.
    pub(crate) outcomes: Arc<OutcomesMirror>,
    /// What time it is.
    pub(crate) clock: Clock,
    /// The zone that decides hours, days and months.
    pub(crate) tz: Tz,
}

/// Answers a path that nobody knows.
pub(crate) async fn unknown_path() -> Result<HttpResponse, AppError> {
    Err(AppError::not_found("path"))
}

/// Answers a method that a known path does not know.
pub(crate) async fn unknown_method() -> Result<HttpResponse, AppError> {
    Err(AppError::method_not_allowed())
}
