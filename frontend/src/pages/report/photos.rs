//! The photos of a report: an element of the module `frontend/photos`, and what it tells.

use api_types::SimilarHit;
use leptos::prelude::*;

use crate::{api, components::photo_part, state::Session};

const FIELD: &str = "photo-field";

/// Takes photos in, and shows how far each is.
#[component]
pub(super) fn PhotoField(
    /// Whether they may not be changed now.
    locked: Signal<bool>,
) -> impl IntoView {
    api::load_photos();
    let session = Session::expect();
    photo_part(FIELD, move || format!("[{},{}]", session.who_json(), locked.get()))
}

/// The keys of the photos in the form, apart by spaces.
pub(super) fn chosen_photos() -> String {
    told("keys").unwrap_or_default()
}

/// Open tickets with nearly the same photo as one in the form.
pub(super) fn photo_hits() -> Vec<SimilarHit> {
    told("hits").and_then(|page| api::read_page(&page).ok()).unwrap_or_default()
}

/// Calls `action` when those are others.
pub(super) fn on_photo_hits(action: impl Fn() + 'static) {
    let heard = window_event_listener_untyped("photohits", move |_| action());
    on_cleanup(move || heard.remove());
}

fn told(name: &str) -> Option<String> {
    // There is one on the page, if any.
    document().query_selector(FIELD).ok()??.get_attribute(name)
}
