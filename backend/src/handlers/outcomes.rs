//! What came of searches and of reports that were begun: counted, without anybody's name.

use actix_web::{HttpResponse, web};
use api_types::{
    ArticleUse, FieldCode, FieldProblem, OutcomesQuery, Page, ReportOutcome, SearchCount,
    SearchOutcome, limits,
};
use chrono::{Datelike as _, NaiveDate};

use super::answer::{Answer, page};
use crate::{
    app::App,
    db::queries,
    domain::search::SearchText,
    error::AppError,
    extract::{Anyone, Body, Params, StaffOnly},
    rate_limit::WithinLimits,
};

/// Count a search that somebody is done with.
#[utoipa::path(post, path = "/api/v1/searches", tag = "search", request_body = SearchOutcome,
    responses((status = 204)))]
pub(crate) async fn count_search(
    app: web::Data<App>,
    _limits: WithinLimits,
    Anyone(_): Anyone,
    Body(outcome): Body<SearchOutcome>,
) -> Answer {
    let query = SearchText::parse(&outcome.q)?.normalised();
    if !query.is_empty() {
        let mut conn = app.db().await?;
        queries::outcome::count_search(&mut conn, query, outcome.found, outcome.opened).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}

/// Count the articles that stood beside a report.
#[utoipa::path(post, path = "/api/v1/reports/outcomes", tag = "reports", request_body = ReportOutcome,
    responses((status = 204)))]
pub(crate) async fn count_report(
    app: web::Data<App>,
    _limits: WithinLimits,
    Anyone(_): Anyone,
    Body(outcome): Body<ReportOutcome>,
) -> Answer {
    let ReportOutcome { shown, opened, sent } = outcome;
    for (field, articles) in [("shown", &shown), ("opened", &opened)] {
        if articles.len() > limits::SHOWN_MAX {
            let message = format!("has more than {} articles", limits::SHOWN_MAX);
            return Err(FieldProblem::new(field, FieldCode::TooLong, message)
                .with_param("max", limits::SHOWN_MAX as i64)
                .into());
        }
    }
    let mut conn = app.db().await?;
    queries::outcome::count_article_uses(&mut conn, &shown, &opened, sent).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Read what was looked for, by day.
#[utoipa::path(get, path = "/api/v1/searches", tag = "search", params(OutcomesQuery),
    responses((status = 200, body = Page<SearchCount>)))]
pub(crate) async fn list_searches(
    app: web::Data<App>,
    StaffOnly(_): StaffOnly,
    Params(query): Params<OutcomesQuery>,
) -> Answer {
    let after = start(&query, String::new())?;
    let mut conn = app.db().await?;
    let limit = limits::FEED_PAGE_DEFAULT;
    let rows = queries::outcome::list_searches(&mut conn, after, i64::from(limit) + 1).await?;
    let cursor = |last: &SearchCount| format!("{}.{}", last.day, last.query);
    Ok(HttpResponse::Ok().json(page(rows, limit, cursor)))
}

/// Read which articles stood beside reports, by day.
#[utoipa::path(get, path = "/api/v1/reports/outcomes", tag = "reports", params(OutcomesQuery),
    responses((status = 200, body = Page<ArticleUse>)))]
pub(crate) async fn list_article_uses(
    app: web::Data<App>,
    StaffOnly(_): StaffOnly,
    Params(query): Params<OutcomesQuery>,
) -> Answer {
    let after = start(&query, 0)?;
    let mut conn = app.db().await?;
    let limit = limits::FEED_PAGE_DEFAULT;
    let rows = queries::outcome::list_article_uses(&mut conn, after, i64::from(limit) + 1).await?;
    let cursor = |last: &ArticleUse| format!("{}.{}", last.day, last.article);
    Ok(HttpResponse::Ok().json(page(rows, limit, cursor)))
}

/// Where to go on: behind the last row of the page before, or before the first of the day asked for.
fn start<T: std::str::FromStr>(
    query: &OutcomesQuery,
    first: T,
) -> Result<(NaiveDate, T), AppError> {
    let bad = |field, message| {
        AppError::invalid_request(FieldProblem::new(field, FieldCode::InvalidFormat, message))
    };
    if !is_storable(query.from) {
        return Err(bad("from", "must be a day of the years 1 to 9999"));
    }
    let Some(raw) = &query.cursor else { return Ok((query.from, first)) };
    let parts = raw.split_once('.').filter(|(_, rest)| !rest.contains('\0'));
    let parts = parts.and_then(|(day, rest)| Some((day.parse().ok()?, rest.parse().ok()?)));
    parts
        .filter(|(day, _)| is_storable(*day))
        .ok_or_else(|| bad("cursor", "is not a cursor of this list; take it from `next`"))
}

/// chrono knows years that PostgreSQL does not.
fn is_storable(day: NaiveDate) -> bool {
    (1..=9999).contains(&day.year())
}
