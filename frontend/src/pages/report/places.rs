//! Places named before, suggested while somebody types.

use std::time::Duration;

use leptos::prelude::*;

use crate::{
    api,
    state::{Loaded, Session},
};

/// Who does not type for so long has typed what they meant.
const PAUSE: Duration = Duration::from_millis(350);

/// A list of suggestions for an input whose `list` is this id.
#[component]
pub(crate) fn Places(
    /// What the input names as its list.
    id: &'static str,
    /// What was typed so far.
    typed: RwSignal<String>,
) -> impl IntoView {
    let session = Session::expect();
    let prefix = settled(typed.read_only());
    let places = Loaded::new(move || {
        let (who, prefix) = (session.who(), prefix.get());
        async move {
            if prefix.chars().count() > api_types::limits::LOCATION_MAX {
                return Vec::new();
            }
            // Suggestions are a convenience: without them one types on.
            api::list_locations(&who, prefix.trim())
                .await
                .map(|page| page.items)
                .unwrap_or_default()
        }
    });
    view! {
        <datalist id=id>
            {move || places.get().unwrap_or_default().into_iter()
                .map(|place| view! { <option value=place></option> }.into_any())
                .collect_view()}
        </datalist>
    }
}

/// The value of a signal once it has not changed for a while.
pub(super) fn settled(source: ReadSignal<String>) -> ReadSignal<String> {
    let settled = RwSignal::new(source.get_untracked());
    Effect::new(move |first: Option<()>| {
        let value = source.get();
        if first.is_some()
            && let Ok(timer) = set_timeout_with_handle(
                move || {
                    settled.try_set(value);
                },
                PAUSE,
            )
        {
            on_cleanup(move || timer.clear());
        }
    });
    settled.read_only()
}
