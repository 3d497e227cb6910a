//! The header: where one can go, and as whom one is here.

use leptos::prelude::*;
use leptos_router::components::A;

use super::icon::{Icon, Picture};

/// The header of every page.
#[component]
pub(crate) fn Header(
    /// Whether one is here as staff.
    #[prop(into)]
    is_staff: Signal<bool>,
    /// As whom.
    #[prop(into)]
    name: Signal<Option<String>>,
    /// Goes on as user.
    #[prop(into)]
    on_user: Callback<()>,
    /// Goes on as staff.
    #[prop(into)]
    on_staff: Callback<()>,
    /// What else stands in it.
    children: Children,
) -> impl IntoView {
    let role_button = move |label: &'static str, staff: bool, action: Callback<()>| {
        view! {
            <button type="button" aria-pressed=move || (is_staff.get() == staff).to_string()
                on:click=move |_| action.run(())>{label}</button>
        }
    };
    view! {
        <header class="top" class:staff=move || is_staff.get()>
            <a class="brand" href="/"><Icon picture=Picture::Bell/>"Campus Desk"</a>
            <nav aria-label="Main">
                {move || if is_staff.get() {
                    view! {
                        <A href="/queue">"Queue"</A>
                        <A href="/analytics">"Analytics"</A>
                        <A href="/staff">"Staff"</A>
                        <A href="/report">"Report a problem"</A>
                    }.into_any()
                } else {
                    view! {
                        <A href="/report">"Report a problem"</A>
                        <A href="/tickets">"Tickets"</A>
                        <A href="/mine">"My reports"</A>
                    }.into_any()
                }}
            </nav>
            <div class="role">
                {children()}
                <span class="who">
                    {move || name.get().unwrap_or_default()}
                </span>
                <div class="switch" role="group" aria-label="You are here as">
                    {role_button("User", false, on_user)}
                    {role_button("Staff", true, on_staff)}
                </div>
            </div>
        </header>
    }
}
