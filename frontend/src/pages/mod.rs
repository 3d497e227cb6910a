//! Pages, one per route.

mod analytics;
mod articles;
mod door;
mod list;
mod me_too;
mod mine;
mod not_found;
mod outbox;
mod queue;
mod report;
mod rooms;
mod roster;
mod search;
mod staff_door;
mod staff_only;
mod staff_side;
mod ticket;
mod tickets;
mod whole;

use leptos::prelude::document;

pub(crate) use door::{DoorPage, load_staff_door};
pub(crate) use mine::MinePage;
pub(crate) use not_found::NotFoundPage;
pub(crate) use outbox::{Sender, WaitingNotice};
pub(crate) use report::ReportPage;
pub(crate) use staff_only::StaffOnly;
pub(crate) use staff_side::{STAFF_SIDE, StaffSide};
pub(crate) use ticket::TicketPage;
pub(crate) use tickets::TicketsPage;
pub(crate) use whole::InWhole;

/// Names the page in the browser's tab.
fn name_tab(title: &str) {
    document().set_title(&format!("{title} – Campus Desk"));
}
