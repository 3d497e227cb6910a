//! The photos of a ticket: an element of the module `frontend/photos`.

use api_types::Status;
use leptos::prelude::*;

use super::Desk;
use crate::{api, components::photo_part};

/// The photos, and a way to add some while the ticket is open.
#[component]
pub(super) fn Photos(desk: Desk) -> impl IntoView {
    api::load_photos();
    photo_part("photo-gallery", move || {
        let ticket = desk.ticket.read();
        // Plain data always has a JSON form.
        let subject = serde_json::to_string(&ticket.title).unwrap_or_default();
        let (who, id, is_open) =
            (desk.session.who_json(), ticket.id, ticket.status != Status::Closed);
        // The round says that something may have changed.
        let round = desk.thread_round.get();
        format!("[{who},{id},{subject},{is_open},{round}]")
    })
}
