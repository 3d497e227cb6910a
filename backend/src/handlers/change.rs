//! The one way a ticket changes: locked, checked in the documented order, changed, remembered.

use api_types::{AssigneeChange, FieldCode, FieldProblem, ProblemKind, StaffRef, TicketId};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};

use crate::{
    convert,
    db::{queries, rows},
    domain::{caller::Caller, ticket::Change},
    error::AppError,
};

/// Makes a change to the version that the caller saw. Refused in this order: absent or hidden 404, no version 428,
/// another version 412, not possible in this state 409. A change that changes nothing leaves no trace.
pub(super) async fn change_ticket(
    conn: &mut AsyncPgConnection,
    caller: &Caller,
    id: TicketId,
    seen: Option<i64>,
    change: Change,
) -> Result<rows::Ticket, AppError> {
    conn.transaction(async |conn| {
        let row = lock_visible(conn, caller, id).await?;
        check_version(&row, seen, caller)?;
        apply(conn, caller, row, change).await
    })
    .await
}

/// Locks a ticket that exists for the caller.
pub(super) async fn lock_visible(
    conn: &mut AsyncPgConnection,
    caller: &Caller,
    id: TicketId,
) -> Result<rows::Ticket, AppError> {
    queries::ticket::lock_ticket(conn, id)
        .await?
        .filter(|row| caller.may_see(row.status))
        .ok_or_else(|| AppError::not_found("ticket"))
}

/// Reads a ticket that exists for the caller.
pub(super) async fn find_visible(
    conn: &mut AsyncPgConnection,
    caller: &Caller,
    id: TicketId,
) -> Result<rows::Ticket, AppError> {
    queries::ticket::find_ticket(conn, id)
        .await?
        .filter(|row| caller.may_see(row.status))
        .ok_or_else(|| AppError::not_found("ticket"))
}

pub(super) fn check_version(
    row: &rows::Ticket,
    seen: Option<i64>,
    caller: &Caller,
) -> Result<(), AppError> {
    let Some(seen) = seen else {
        return Err(AppError::new(
            ProblemKind::PreconditionRequired,
            "Send the version you saw as If-Match.",
        ));
    };
    if seen == row.version {
        return Ok(());
    }
    Err(AppError::stale(convert::ticket(row.clone(), caller.role)))
}

pub(super) async fn apply(
    conn: &mut AsyncPgConnection,
    caller: &Caller,
    row: rows::Ticket,
    change: Change,
) -> Result<rows::Ticket, AppError> {
    let state = convert::state(&row);
    change.check(&state)?;
    let history = change.history(&state);
    if history.is_empty() {
        return Ok(row);
    }
    let now = queries::ticket::transaction_time(conn).await?;
    // Clocks are set back and files bring dates ahead of ours: no date may come before the ones it follows.
    let now = row.activated_at.into_iter().fold(now.max(row.opened_at), Ord::max);
    let update = convert::update(change, now);
    if let Some(Some(location)) = &update.location {
        queries::location::remember_location(conn, location).await?;
    }
    queries::ticket::update_ticket(conn, row.id, &update).await?;
    let lines: Vec<_> =
        history.into_iter().map(|line| convert::history_row(line, row.id, caller)).collect();
    queries::event::create_events(conn, &lines).await?;
    queries::ticket::find_ticket(conn, row.id)
        .await?
        .ok_or_else(|| AppError::Internal(format!("ticket {} vanished in its lock", row.id)))
}

/// Reads an assignment: the staff member must be there and active.
pub(super) async fn parse_assignment(
    conn: &mut AsyncPgConnection,
    change: AssigneeChange,
) -> Result<Change, AppError> {
    let Some(id) = change.assignee else { return Ok(Change::Assign(None)) };
    let bad = |code, message: &str| FieldProblem::new("assignee", code, message);
    match queries::staff::find_staff(conn, id).await? {
        Some(staff) if staff.active => {
            Ok(Change::Assign(Some(StaffRef { id: staff.id, name: staff.name })))
        }
        Some(_) => Err(bad(FieldCode::NotAllowed, "is not active any more").into()),
        None => Err(bad(FieldCode::NotFound, "is not in the roster").into()),
    }
}
