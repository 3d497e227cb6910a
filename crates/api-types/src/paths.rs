//! The paths of the ticket API and of the analytics service.

use crate::{ArticleId, ImageId, StaffId, TicketId};

/// Everything the ticket API offers stands below this.
pub const API: &str = "/api/v1";
/// `GET` the list, `POST` a report.
pub const TICKETS: &str = "/api/v1/tickets";
/// `POST` one action on many tickets.
pub const BULK: &str = "/api/v1/tickets/bulk";
/// `GET` what this browser reported.
pub const MY_REPORTS: &str = "/api/v1/reports/mine";
/// `GET` places named before.
pub const LOCATIONS: &str = "/api/v1/locations";
/// `GET` tickets and articles by words.
pub const SEARCH: &str = "/api/v1/search";
/// `POST` a report being written, for others like it.
pub const SIMILAR: &str = "/api/v1/similar";
/// `POST` a search somebody is done with, `GET` their counts.
pub const SEARCHES: &str = "/api/v1/searches";
/// `POST` a report that was begun, `GET` the articles that stood beside reports.
pub const REPORT_OUTCOMES: &str = "/api/v1/reports/outcomes";
/// `POST` a text to classify.
pub const CLASSIFY: &str = "/api/v1/classify";
/// `GET` the models of the classifier, `PUT` one to publish it.
pub const TRIAGE_MODEL: &str = "/api/v1/triage/model";
/// `POST` a photo before its report is sent.
pub const IMAGES: &str = "/api/v1/images";
/// `GET` what the desk's own photos have taught it.
pub const LABELS: &str = "/api/v1/images/labels";
/// `GET` the knowledge base, `POST` an article.
pub const ARTICLES: &str = "/api/v1/articles";
/// `GET` the roster, `POST` a member.
pub const STAFF: &str = "/api/v1/staff";
/// `GET` the change feed.
pub const CHANGES: &str = "/api/v1/changes";
/// `GET` what happens, as server-sent events.
pub const EVENTS: &str = "/api/v1/events";
/// `GET` the `OpenAPI` document.
pub const OPENAPI: &str = "/api/v1/openapi.json";
/// Everything the analytics service offers stands below this.
pub const ANALYTICS: &str = "/analytics/v1";
/// `GET` what can be asked.
pub const ANALYSES: &str = "/analytics/v1/analyses";
/// `GET`: the process runs.
pub const HEALTH_LIVE: &str = "/health/live";
/// `GET`: the process can answer.
pub const HEALTH_READY: &str = "/health/ready";
/// `GET` the metrics, in the text format of Prometheus.
pub const METRICS: &str = "/metrics";

/// One ticket.
#[must_use]
pub fn ticket(id: TicketId) -> String {
    format!("{TICKETS}/{id}")
}

/// A ticket's status.
#[must_use]
pub fn status(id: TicketId) -> String {
    format!("{TICKETS}/{id}/status")
}

/// A ticket's category.
#[must_use]
pub fn category(id: TicketId) -> String {
    format!("{TICKETS}/{id}/category")
}

/// A ticket's assignee.
#[must_use]
pub fn assignee(id: TicketId) -> String {
    format!("{TICKETS}/{id}/assignee")
}

/// A ticket's thread.
#[must_use]
pub fn messages(id: TicketId) -> String {
    format!("{TICKETS}/{id}/messages")
}

/// A ticket's history.
#[must_use]
pub fn history(id: TicketId) -> String {
    format!("{TICKETS}/{id}/history")
}

/// The redaction of a text of a ticket.
#[must_use]
pub fn redact(id: TicketId) -> String {
    format!("{TICKETS}/{id}/redact")
}

/// Who else has a ticket's problem.
#[must_use]
pub fn affected(id: TicketId) -> String {
    format!("{TICKETS}/{id}/affected")
}

/// What a ticket is merged into.
#[must_use]
pub fn merge(id: TicketId) -> String {
    format!("{TICKETS}/{id}/merge")
}

/// What was merged into a ticket.
#[must_use]
pub fn merged(id: TicketId) -> String {
    format!("{TICKETS}/{id}/merged")
}

/// A ticket in its own sentences.
#[must_use]
pub fn summary(id: TicketId) -> String {
    format!("{TICKETS}/{id}/summary")
}

/// Who is at a ticket.
#[must_use]
pub fn presence(id: TicketId) -> String {
    format!("{TICKETS}/{id}/presence")
}

/// One article.
#[must_use]
pub fn article(id: ArticleId) -> String {
    format!("{ARTICLES}/{id}")
}

/// Whether an article helped.
#[must_use]
pub fn vote(id: ArticleId) -> String {
    format!("{ARTICLES}/{id}/vote")
}

/// A ticket's photos.
#[must_use]
pub fn ticket_images(id: TicketId) -> String {
    format!("{TICKETS}/{id}/images")
}

/// One photo, as it is shown.
#[must_use]
pub fn image(id: ImageId) -> String {
    format!("{IMAGES}/{id}")
}

/// The same, small.
#[must_use]
pub fn thumbnail(id: ImageId) -> String {
    format!("{IMAGES}/{id}/thumbnail")
}

/// What a photo is predicted to show.
#[must_use]
pub fn predictions(id: ImageId) -> String {
    format!("{IMAGES}/{id}/predictions")
}

/// What staff say is on a photo.
#[must_use]
pub fn image_labels(id: ImageId) -> String {
    format!("{IMAGES}/{id}/labels")
}

/// Open tickets with nearly the same photo.
#[must_use]
pub fn image_similar(id: ImageId) -> String {
    format!("{IMAGES}/{id}/similar")
}

/// One member of the roster.
#[must_use]
pub fn staff_member(id: StaffId) -> String {
    format!("{STAFF}/{id}")
}

/// The use of a model from now on.
#[must_use]
pub fn activate_model(version: &str) -> String {
    format!("{TRIAGE_MODEL}/{version}/activate")
}

/// One analysis.
#[must_use]
pub fn analysis(name: &str) -> String {
    format!("{ANALYSES}/{name}")
}
