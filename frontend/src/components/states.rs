//! What a page shows while it waits and where there is nothing.

use leptos::prelude::*;

/// Something is on its way.
#[component]
pub(crate) fn Loading(
    /// What is on its way, as a sentence.
    what: &'static str,
    /// How many grey lines stand in its place.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    view! {
        <div class="loading" role="status" aria-busy="true">
            <span class="hidden">{what}</span>
            {(0..lines).map(|_| view! { <span class="bone" aria-hidden="true"></span> }).collect_view()}
        </div>
    }
}

/// There is nothing, and what to do next.
#[component]
pub(crate) fn Empty(
    /// What there is nothing of, as a sentence.
    title: &'static str,
    /// What to do next.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            {children()}
        </div>
    }
}
