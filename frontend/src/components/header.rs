//! The header: where one can go, and as whom one is here.

use api_types::Role;
use leptos::prelude::*;
use leptos_router::components::A;

use super::icon::{Icon, Picture};
use super::press::press;
use crate::{format::role_word, texts::say};

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
                on:click=press(move || action.run(()))>{label}</button>
        }
    };
    view! {
        <header class="top" class:staff=move || is_staff.get()>
            <a class="brand" href="/"><Icon picture=Picture::Bell/>"Campus Desk"</a>
            <nav aria-label=say!(app.nav.label)>
                {move || if is_staff.get() {
                    view! {
                        <A href="/queue">{say!(app.nav.queue)}</A>
                        <A href="/analytics">{say!(app.nav.analytics)}</A>
                        <A href="/staff">{say!(app.nav.roster)}</A>
                        <A href="/articles">{say!(app.nav.articles)}</A>
                        <A href="/report">{say!(app.nav.report)}</A>
                    }.into_any()
                } else {
                    view! {
                        <A href="/report">{say!(app.nav.report)}</A>
                        <A href="/tickets">{say!(app.nav.tickets)}</A>
                        <A href="/mine">{say!(app.nav.mine)}</A>
                        <A href="/articles">{say!(app.nav.articles)}</A>
                    }.into_any()
                }}
            </nav>
            <form class="find" role="search" aria-label=say!(app.search) action="/search">
                <input name="q" type="search" maxlength="500" autocomplete="off"
                    placeholder=say!(app.search) aria-label=say!(app.search) aria-keyshortcuts="/"/>
            </form>
            <div class="role">
                {children()}
                <span class="who">
                    {move || name.get().unwrap_or_default()}
                </span>
                <div class="switch" role="group" aria-label=say!(app.here_as)>
                    {role_button(role_word(Role::User), false, on_user)}
                    {role_button(role_word(Role::Staff), true, on_staff)}
                </div>
            </div>
        </header>
    }
}
