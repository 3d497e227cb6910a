//! One action on many tickets.

use actix_web::{HttpResponse, web};
use api_types::{
    BulkAction, BulkItem, BulkItemResult, BulkRequest, BulkResult, CategoryBy, FieldCode,
    FieldProblem, Problem, limits,
};
use diesel_async::AsyncPgConnection;

use super::{
    answer::Answer,
    change::{change_ticket, parse_assignment},
};
use crate::{
    app::App,
    convert,
    domain::{caller::Caller, ticket::Change},
    error::AppError,
    extract::{Body, StaffOnly},
};

/// Change up to 100 tickets; each is a change of its own, with a result of its own.
#[utoipa::path(post, path = "/api/v1/tickets/bulk", tag = "tickets", request_body = BulkRequest,
    responses((status = 200, body = BulkResult)))]
pub(crate) async fn change_tickets(
    app: web::Data<App>,
    StaffOnly(caller): StaffOnly,
    Body(request): Body<BulkRequest>,
) -> Answer {
    check_length(request.items.len())?;
    let mut conn = app.db().await?;
    let change = parse_action(&mut conn, request.action).await?;
    let mut results = Vec::with_capacity(request.items.len());
    for item in request.items {
        results.push(change_one(&mut conn, &caller, item, change.clone()).await);
    }
    Ok(HttpResponse::Ok().json(BulkResult { results }))
}

fn check_length(items: usize) -> Result<(), FieldProblem> {
    let problem = |code, message: &str| {
        FieldProblem::new("items", code, message).with_param("max", limits::BULK_MAX as i64)
    };
    match items {
        0 => Err(problem(FieldCode::Required, "must name at least one ticket")),
        1..=limits::BULK_MAX => Ok(()),
        _ => Err(problem(FieldCode::TooLong, "names more tickets than are allowed at once")),
    }
}

async fn parse_action(
    conn: &mut AsyncPgConnection,
    action: BulkAction,
) -> Result<Change, AppError> {
    match action {
        BulkAction::Status(change) => Ok(Change::parse_step(&change)?),
        BulkAction::Category(change) => {
            Ok(Change::Categorize { category: change.category, by: CategoryBy::Staff })
        }
        BulkAction::Assignee(change) => parse_assignment(conn, change).await,
    }
}

/// A refusal is a result, and so is a failure of ours: what was done to the tickets before it must be told.
async fn change_one(
    conn: &mut AsyncPgConnection,
    caller: &Caller,
    item: BulkItem,
    change: Change,
) -> BulkItemResult {
    let BulkItem { id, version } = item;
    let refused = |problem: Problem| BulkItemResult {
        id,
        status: problem.status,
        ticket: None,
        problem: Some(problem),
    };
    match change_ticket(conn, caller, id, Some(version), change).await {
        Ok(row) => {
            let ticket = Some(convert::ticket(row, caller.role));
            BulkItemResult { id, status: 200, ticket, problem: None }
        }
        Err(AppError::Problem(problem)) => refused(*problem),
        Err(failure) => {
            tracing::error!(ticket = %id, cause = %failure, "bulk change failed");
            refused(failure.to_problem())
        }
    }
}
