//! Finding tickets and articles, joining them, and counting what came of it.

use api_types::{
    Page, ReportOutcome, SearchOutcome, SearchQuery, SearchResult, SimilarHit, SimilarRequest,
    Summary, Ticket, TicketId, paths,
};
use gloo_net::http::Request;
use serde::Serialize;

use super::send::{Who, send, send_page, to_json};
use crate::failure::Failure;

/// Tickets and articles by words.
pub(crate) async fn search(who: &Who, query: &SearchQuery) -> Result<SearchResult, Failure> {
    let status = query.status.map(|status| ("status", status.as_str()));
    let category = query.category.map(|category| ("category", category.as_str()));
    let request = Request::get(paths::SEARCH).query([("q", query.q.as_str())]);
    send(request.query(status).query(category), who, None).await
}

/// Reports and answers like the one being written.
pub(crate) async fn find_similar(
    who: &Who,
    text: String,
    location: String,
) -> Result<Page<SimilarHit>, Failure> {
    let body = SimilarRequest { text, location: Some(location) };
    send_page(Request::post(paths::SIMILAR), who, to_json(&body)).await
}

/// Says "me too", or takes that back.
pub(crate) async fn set_joined(who: &Who, id: TicketId, joined: bool) -> Result<Ticket, Failure> {
    let path = paths::affected(id);
    let request = if joined { Request::post(&path) } else { Request::delete(&path) };
    send(request, who, None).await
}

/// A ticket in its own sentences.
pub(crate) async fn find_summary(who: &Who, id: TicketId) -> Result<Summary, Failure> {
    send(Request::get(&paths::summary(id)), who, None).await
}

/// Counts a search that is over. The page may be on its way out: the browser sends it by itself.
pub(crate) fn count_search(outcome: &SearchOutcome) {
    beacon(paths::SEARCHES, outcome);
}

/// Counts the articles that stood beside a report, likewise.
pub(crate) fn count_report(outcome: &ReportOutcome) {
    beacon(paths::REPORT_OUTCOMES, outcome);
}

fn beacon(path: &str, body: &impl Serialize) {
    let Some(json) = to_json(body) else { return };
    let kind = web_sys::BlobPropertyBag::new();
    kind.set_type("application/json");
    let parts = js_sys::Array::of1(&json.into());
    if let (Some(window), Ok(blob)) =
        (web_sys::window(), web_sys::Blob::new_with_str_sequence_and_options(&parts, &kind))
    {
        // A count that is lost is not worth a word.
        let _ = window.navigator().send_beacon_with_opt_blob(path, Some(&blob));
    }
}
