//! What a page shows while it waits and where there is nothing.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::Age;
use crate::{format::now, texts::say};

/// Something is on its way.
#[component]
pub(crate) fn Loading(
    /// What is on its way, as a sentence.
    #[prop(into)]
    what: String,
    /// How many grey lines stand in its place.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    view! {
        <div class="loading" role="status" aria-busy="true">
            <span class="hidden">{what}</span>
            {(0..lines).map(|_| view! { <span class="bone" aria-hidden="true"></span> }.into_any()).collect_view()}
        </div>
    }
}

/// There is nothing, and what to do next.
#[component]
pub(crate) fn Empty(
    /// What there is nothing of, as a sentence.
    #[prop(into)]
    title: String,
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

/// Short gaps mend themselves before anyone needs to know.
const GRACE: std::time::Duration = std::time::Duration::from_secs(4);

/// The desk cannot be heard: how old the screen may be.
#[component]
pub(crate) fn LostNotice(
    /// Since when.
    #[prop(into)]
    since: Signal<Option<DateTime<Utc>>>,
) -> impl IntoView {
    let late = RwSignal::new(false);
    let still = move || since.try_get_untracked().flatten();
    Effect::new(move |_| match since.get() {
        None => late.set(false),
        Some(since) => {
            let left =
                (GRACE - (now() - since).to_std().unwrap_or_default().min(GRACE)).max(GRACE / 100);
            // One that was over meanwhile is none any more.
            let end = move || {
                late.try_set(still() == Some(since));
            };
            set_timeout(end, left);
        }
    });
    view! {
        <div role="status">
            {move || since.get().filter(|_| late.get()).map(|since| view! {
                <p class="notice warn lost">
                    {say!(app.lost)}" "{say!(app.lost_since)}" "<Age at=since/>
                </p>
            }.into_any())}
        </div>
    }
}
