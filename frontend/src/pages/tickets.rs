//! The open and active tickets, for users.

use api_types::{Category, Status, TicketQuery};
use leptos::prelude::*;
use leptos_router::components::A;

use super::{
    list::{Arrivals, ListEnd, TicketList, use_filters},
    name_tab,
};
use crate::{
    components::{Choice, Empty, Loading, TicketCard, press},
    format::{category_word, status_word},
    state::{Narrow, with_narrow},
    texts::say,
};

/// The list of tickets.
#[component]
pub(crate) fn TicketsPage() -> impl IntoView {
    name_tab(say!(app.nav.tickets));
    let (query, change) = use_filters();
    let list = TicketList::follow(query);
    view! {
        <section class="narrow">
            <div class="title-row">
                <h1>{say!(tickets.heading)}</h1>
                <A href="/report" attr:class="button primary">{say!(app.nav.report)}</A>
            </div>
            <Filters query change/>
            {move || (list.busy.get() && list.tickets.read().is_empty()).then(|| view! {
                <Loading what=say!(tickets.loading) lines=5/>
            }.into_any())}
            {move || {
                let nothing = list.tickets.read().is_empty() && !list.busy.get() && list.failure.read().is_none();
                nothing.then(|| view! { <Nothing query change/> }.into_any())
            }}
            <ul class="cards" aria-label=say!(app.nav.tickets) aria-busy=move || list.busy.get().to_string()>
                <For each=move || list.tickets.get() key=|ticket| (ticket.id, ticket.version, ticket.messages, ticket.affected) let:ticket>
                    <TicketCard ticket/>
                </For>
            </ul>
            <Arrivals list/>
            <ListEnd list/>
        </section>
    }
}

#[component]
fn Nothing(query: Memo<TicketQuery>, change: Callback<TicketQuery>) -> impl IntoView {
    if query.get_untracked() == TicketQuery::default() {
        return view! {
            <Empty title=say!(tickets.nothing)>
                <p>{say!(tickets.be_first)}</p>
                <p><A href="/report" attr:class="button primary">{say!(app.nav.report)}</A></p>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty title=say!(tickets.no_match)>
            <p><button type="button" on:click=press(move || change.run(TicketQuery::default()))>{say!(tickets.clear_filters)}</button></p>
        </Empty>
    }
    .into_any()
}

#[component]
fn Filters(query: Memo<TicketQuery>, change: Callback<TicketQuery>) -> impl IntoView {
    let statuses =
        [Status::Open, Status::Active].map(|s| (s.to_string(), status_word(s).to_owned()));
    let categories = Category::ALL.iter().map(|c| (c.to_string(), category_word(*c).to_owned()));
    let any = |word: &str| (String::new(), word.to_owned());
    let statuses: Vec<_> =
        std::iter::once(any(say!(tickets.open_and_active))).chain(statuses).collect();
    let categories: Vec<_> = std::iter::once(any(say!(tickets.all))).chain(categories).collect();
    let word = |value: Option<String>| value.unwrap_or_default();
    view! {
        <div class="filters" role="search" aria-label=say!(tickets.filter)>
            <Choice id="filter-status" label=say!(tickets.status) options=Signal::stored(statuses)
                value=Signal::derive(move || word(query.read().status.map(|s| s.to_string())))
                on_change=move |raw: String| change.run(TicketQuery { status: raw.parse().ok(), ..query.get_untracked() })/>
            <Choice id="filter-category" label=say!(tickets.category) options=Signal::stored(categories)
                value=Signal::derive(move || word(query.read().category.map(|c| c.to_string())))
                on_change=move |raw: String| change.run(with_narrow(&query.read_untracked(), Narrow::Category, &raw))/>
            <LocationFilter
                value=Signal::derive(move || word(query.read().location.clone()))
                on_change=move |place: String| change.run(with_narrow(&query.read_untracked(), Narrow::Location, &place))/>
        </div>
    }
}

/// A place, chosen from those named before.
#[component]
pub(super) fn LocationFilter(
    /// The place filtered by.
    #[prop(into)]
    value: Signal<String>,
    /// Called with the place that is chosen next.
    #[prop(into)]
    on_change: Callback<String>,
) -> impl IntoView {
    let typed = RwSignal::new(value.get_untracked());
    view! {
        <div class="field choice">
            <label for="filter-location">{say!(tickets.location)}</label>
            <input id="filter-location" type="search" list="filter-places" autocomplete="off" placeholder=say!(tickets.any)
                prop:value=move || value.get()
                on:input:target=move |event| typed.set(event.target().value())
                on:change:target=move |event| on_change.run(event.target().value().trim().to_owned())/>
            <super::report::Places id="filter-places" typed/>
        </div>
    }
}
