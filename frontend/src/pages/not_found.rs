//! The page for addresses that lead nowhere.

use leptos::prelude::*;
use leptos_router::components::A;

use super::name_tab;

/// There is no such page.
#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    name_tab("Not found");
    view! {
        <section class="narrow">
            <h1>"There is no such page"</h1>
            <p>"The address may be mistyped. From here you can "
                <A href="/report">"report a problem"</A>", look at the "
                <A href="/tickets">"open tickets"</A>" or go back to "<a href="/">"the door"</a>"."</p>
        </section>
    }
}
