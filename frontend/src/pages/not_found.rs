//! The page for addresses that lead nowhere.

use leptos::prelude::*;
use leptos_router::components::A;

use super::name_tab;
use crate::texts::say;

/// There is no such page.
#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    name_tab(say!(pages.not_found.tab));
    view! {
        <section class="narrow">
            <h1>{say!(pages.not_found.heading)}</h1>
            <p>{say!(pages.not_found.mistyped)}</p>
            <p class="actions">
                <A href="/report" attr:class="button primary">{say!(app.nav.report)}</A>
                <A href="/tickets" attr:class="button">{say!(app.nav.tickets)}</A>
                <a href="/" class="button">{say!(pages.not_found.door)}</a>
            </p>
        </section>
    }
}
