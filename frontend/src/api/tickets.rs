//! Tickets, their threads and their histories.

use api_types::{
    AssigneeChange, BulkAction, BulkItem, BulkRequest, BulkResult, Category, CategoryChange,
    Classification, ClassifyRequest, Event, Merge, Message, Page, PresenceState, PresenceUpdate,
    Present, RedactTarget, Redaction, Report, StaffId, Status, StatusChange, Ticket, TicketEdit,
    TicketId, TicketQuery, headers::IDEMPOTENCY_KEY, paths,
};
use gloo_net::http::{Request, RequestBuilder};
use serde::de::IgnoredAny;

use super::send::{Who, send, send_page, to_json};
use crate::{failure::Failure, state::query_pairs};

/// A page of tickets.
pub(crate) async fn list_tickets(who: &Who, query: &TicketQuery) -> Result<Page<Ticket>, Failure> {
    let pairs = query_pairs(query);
    let pairs = pairs.iter().map(|(key, value)| (*key, value.as_str()));
    send_page(Request::get(paths::TICKETS).query(pairs), who, None).await
}

/// One ticket.
pub(crate) async fn find_ticket(who: &Who, id: TicketId) -> Result<Ticket, Failure> {
    send(Request::get(&paths::ticket(id)), who, None).await
}

/// Reports a problem. The body is the JSON that was frozen with the key.
pub(crate) async fn report_ticket(who: &Who, key: &str, body: String) -> Result<Ticket, Failure> {
    send(Request::post(paths::TICKETS).header(IDEMPOTENCY_KEY, key), who, Some(body)).await
}

/// Edits the texts of a ticket that was seen at `version`.
pub(crate) async fn edit_ticket(
    who: &Who,
    id: TicketId,
    version: i64,
    edit: &TicketEdit,
) -> Result<Ticket, Failure> {
    send(matched(Request::patch(&paths::ticket(id)), version), who, to_json(edit)).await
}

/// Moves a ticket to its next status.
pub(crate) async fn step_status(
    who: &Who,
    id: TicketId,
    version: i64,
    to: Status,
    resolution: Option<String>,
) -> Result<Ticket, Failure> {
    let change = StatusChange { to, resolution };
    send(matched(Request::post(&paths::status(id)), version), who, to_json(&change)).await
}

/// Corrects the category.
pub(crate) async fn set_category(
    who: &Who,
    id: TicketId,
    version: i64,
    category: Category,
) -> Result<Ticket, Failure> {
    let change = CategoryChange { category };
    send(matched(Request::put(&paths::category(id)), version), who, to_json(&change)).await
}

/// Assigns a ticket, or gives it back.
pub(crate) async fn set_assignee(
    who: &Who,
    id: TicketId,
    version: i64,
    assignee: Option<StaffId>,
) -> Result<Ticket, Failure> {
    let change = AssigneeChange { assignee };
    send(matched(Request::put(&paths::assignee(id)), version), who, to_json(&change)).await
}

/// Merges a ticket into another; answers the one that stays.
pub(crate) async fn merge_ticket(
    who: &Who,
    id: TicketId,
    into: TicketId,
) -> Result<Ticket, Failure> {
    send(Request::post(&paths::merge(id)), who, to_json(&Merge { into })).await
}

/// Takes a merge back; answers the ticket that is on its own again.
pub(crate) async fn unmerge_ticket(who: &Who, id: TicketId) -> Result<Ticket, Failure> {
    send(Request::delete(&paths::merge(id)), who, None).await
}

/// What was merged into a ticket.
pub(crate) async fn list_merged(who: &Who, id: TicketId) -> Result<Page<Ticket>, Failure> {
    send_page(Request::get(&paths::merged(id)), who, None).await
}

/// Overwrites a text for good.
pub(crate) async fn redact_text(
    who: &Who,
    id: TicketId,
    target: RedactTarget,
) -> Result<(), Failure> {
    let body = to_json(&Redaction { target });
    send::<IgnoredAny>(Request::post(&paths::redact(id)), who, body).await.map(|_| ())
}

/// Does one thing to many tickets.
pub(crate) async fn bulk_change(
    who: &Who,
    action: BulkAction,
    items: Vec<BulkItem>,
) -> Result<BulkResult, Failure> {
    send(Request::post(paths::BULK), who, to_json(&BulkRequest { action, items })).await
}

/// A page of a ticket's thread, oldest first.
pub(crate) async fn list_messages(
    who: &Who,
    id: TicketId,
    cursor: Option<&str>,
) -> Result<Page<Message>, Failure> {
    send_page(paged(Request::get(&paths::messages(id)), cursor), who, None).await
}

/// Answers under a ticket. The body is the JSON that was frozen with the key.
pub(crate) async fn send_message(
    who: &Who,
    id: TicketId,
    key: &str,
    body: String,
) -> Result<Message, Failure> {
    let request = Request::post(&paths::messages(id)).header(IDEMPOTENCY_KEY, key);
    send(request, who, Some(body)).await
}

/// A page of a ticket's history.
pub(crate) async fn list_history(
    who: &Who,
    id: TicketId,
    cursor: Option<&str>,
) -> Result<Page<Event>, Failure> {
    send_page(paged(Request::get(&paths::history(id)), cursor), who, None).await
}

/// Says that one is at a ticket; answers who else is.
pub(crate) async fn enter_ticket(
    who: &Who,
    id: TicketId,
    state: PresenceState,
) -> Result<Page<Present>, Failure> {
    send_page(Request::put(&paths::presence(id)), who, to_json(&PresenceUpdate { state })).await
}

/// What this browser reported.
pub(crate) async fn list_my_reports(
    who: &Who,
    cursor: Option<&str>,
) -> Result<Page<Report>, Failure> {
    send_page(paged(Request::get(paths::MY_REPORTS), cursor), who, None).await
}

/// Places named before that begin like this.
pub(crate) async fn list_locations(who: &Who, prefix: &str) -> Result<Page<String>, Failure> {
    send_page(Request::get(paths::LOCATIONS).query([("prefix", prefix)]), who, None).await
}

/// What the classifier says about a text.
pub(crate) async fn classify(who: &Who, text: String) -> Result<Classification, Failure> {
    send(Request::post(paths::CLASSIFY), who, to_json(&ClassifyRequest { text })).await
}

pub(super) fn matched(request: RequestBuilder, version: i64) -> RequestBuilder {
    request.header("if-match", &format!("\"{version}\""))
}

fn paged(request: RequestBuilder, cursor: Option<&str>) -> RequestBuilder {
    request.query([("limit", "100")]).query(cursor.map(|cursor| ("cursor", cursor)))
}
