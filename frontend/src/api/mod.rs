//! Requests to the desk: the only place in the app that makes any.

mod analytics;
mod articles;
mod events;
mod photos;
mod search;
mod send;
mod staff;
mod tickets;

pub(crate) use analytics::{find_chart, list_analyses};
pub(crate) use articles::{create_article, edit_article, find_article, list_articles, vote};
pub(crate) use events::open_events;
pub(crate) use photos::{load_photos, photos};
pub(crate) use search::{
    count_report, count_search, find_similar, find_summary, search, set_joined,
};
pub(crate) use send::{Who, read_page};
pub(crate) use staff::{add_staff, edit_staff, list_staff};
pub(crate) use tickets::{
    bulk_change, classify, edit_ticket, enter_ticket, find_ticket, list_history, list_locations,
    list_merged, list_messages, list_my_reports, list_tickets, merge_ticket, redact_text,
    report_ticket, send_message, set_assignee, set_category, step_status, unmerge_ticket,
};
