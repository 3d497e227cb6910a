//! The one way a ticket changes: locked, checked in the documented order, changed, remembered.

use api_types::{AssigneeChange, FieldCode, FieldProblem, ProblemKind, Role, StaffRef, TicketId};
use diesel_async::{AsyncConnection as _, AsyncPgConnection};

use crate::{
    convert,
    db::{
        queries::{self, summary::SummaryUpdate},
        rows,
    },
    domain::{caller::Caller, merge::check_not_merged, summary, ticket::Change},
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

/// Locks a ticket that exists for the caller and stands for itself.
pub(super) async fn lock_visible(
    conn: &mut AsyncPgConnection,
    caller: &Caller,
    id: TicketId,
) -> Result<rows::Ticket, AppError> {
    let row = queries::ticket::lock_ticket(conn, id).await?;
    own_row(row, caller)
}

/// Reads a ticket that exists for the caller and stands for itself.
pub(super) async fn find_own(
    conn: &mut AsyncPgConnection,
    caller: &Caller,
    id: TicketId,
) -> Result<rows::Ticket, AppError> {
    let row = queries::ticket::find_ticket(conn, id).await?;
    own_row(row, caller)
}

fn own_row(row: Option<rows::Ticket>, caller: &Caller) -> Result<rows::Ticket, AppError> {
    let row = row.filter(|row| caller.may_see(row.status));
    let row = row.ok_or_else(|| AppError::not_found("ticket"))?;
    check_not_merged(convert::merge_side(&row))?;
    Ok(row)
}

/// Reads a ticket that exists for the caller. One that was merged is to be asked for at `path` of the ticket that stands
/// for it.
pub(super) async fn find_visible(
    conn: &mut AsyncPgConnection,
    caller: &Caller,
    id: TicketId,
    path: fn(TicketId) -> String,
) -> Result<rows::Ticket, AppError> {
    let row = queries::ticket::find_ticket(conn, id).await?;
    let row = row.filter(|row| caller.may_see(row.status));
    let row = row.ok_or_else(|| AppError::not_found("ticket"))?;
    let Some(target) = row.merged_into else { return Ok(row) };
    let target = queries::ticket::find_ticket(conn, target).await?;
    match target.filter(|target| caller.may_see(target.status)) {
        Some(target) => Err(AppError::Moved(path(target.id))),
        None => Err(AppError::not_found("ticket")),
    }
}

pub(super) fn check_version(
    row: &rows::Ticket,
    seen: Option<i64>,
    caller: &Caller,
) -> Result<(), AppError> {
    check_seen(seen, row.version, || AppError::stale(convert::ticket(row.clone(), caller.role)))
}

/// Whether the caller saw this version: refused with 428 without one, and as `stale` says with another.
pub(super) fn check_seen(
    seen: Option<i64>,
    version: i64,
    stale: impl FnOnce() -> AppError,
) -> Result<(), AppError> {
    match seen {
        Some(seen) if seen == version => Ok(()),
        Some(_) => Err(stale()),
        None => Err(AppError::new(
            ProblemKind::PreconditionRequired,
            "Send the version you saw as If-Match.",
        )),
    }
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
    let summary = convert::summary_update(&change);
    let update = convert::update(change, now);
    if let Some(Some(location)) = &update.location {
        queries::location::remember_location(conn, location).await?;
    }
    queries::ticket::update_ticket(conn, row.id, &update).await?;
    queries::summary::update_summary(conn, row.id, &summary).await?;
    let lines: Vec<_> =
        history.into_iter().map(|line| convert::history_row(line, row.id, caller)).collect();
    queries::event::create_events(conn, &lines).await?;
    queries::ticket::find_ticket(conn, row.id)
        .await?
        .ok_or_else(|| AppError::Internal(format!("ticket {} vanished in its lock", row.id)))
}

/// Chooses what a summary says of a thread anew, after it changed other than by one more message.
pub(super) async fn summarise_thread(
    conn: &mut AsyncPgConnection,
    id: TicketId,
) -> Result<(), AppError> {
    let mut last = Vec::new();
    for role in [Role::Staff, Role::User] {
        last.extend(queries::message::last_message(conn, id, role).await?);
    }
    last.sort_by_key(|message| message.id);
    let ticket = queries::ticket::find_ticket(conn, id).await?;
    let resolution = ticket.and_then(|ticket| ticket.resolution);
    let thread = last.iter().map(|message| (message.author_role, message.body.as_str()));
    let (done, now) = summary::summarise_thread(thread, resolution.as_deref());
    let update = SummaryUpdate { done: Some(done), now: Some(now), reported: None };
    Ok(queries::summary::update_summary(conn, id, &update).await?)
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
