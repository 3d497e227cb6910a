//! What a browser reported or joined.

use actix_web::{HttpResponse, web};
use api_types::{Page, PageQuery, Report, limits};

use super::answer::{Answer, page, parse_page};
use crate::{
    app::App,
    convert,
    db::queries,
    error::AppError,
    extract::{Anyone, Params},
};

/// Read what this browser reported or joined, closed tickets with their resolution included.
#[utoipa::path(get, path = "/api/v1/reports/mine", tag = "reports", params(PageQuery),
    responses((status = 200, body = Page<Report>)))]
pub(crate) async fn list_my_reports(
    app: web::Data<App>,
    Anyone(caller): Anyone,
    Params(query): Params<PageQuery>,
) -> Answer {
    let client = caller.need_client().map_err(AppError::invalid_request)?;
    let (limit, below) = parse_page(&query, limits::PAGE_DEFAULT)?;
    let mut conn = app.db().await?;
    let rows =
        queries::ticket::list_reports(&mut conn, client, below, i64::from(limit) + 1).await?;
    let reports = rows.into_iter().map(convert::report).collect();
    Ok(HttpResponse::Ok().json(page(reports, limit, |last: &Report| last.id.to_string())))
}
