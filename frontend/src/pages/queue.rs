//! The queue: every ticket in dense rows, for staff, with one action for many.

use std::collections::BTreeMap;

use api_types::TicketId;
use leptos::prelude::*;

use super::{
    list::{Arrivals, ListEnd, TicketList, use_filters},
    name_tab,
};
use crate::{
    api,
    components::{Empty, Loading, press},
    state::{Density, Loaded, Session, follow},
    texts::say,
};

mod bulk;
mod filters;
mod keys;
mod rows;
mod views;

use bulk::BulkBar;
use filters::Filters;
use keys::Keys;
use rows::Rows;
use views::Views;

/// The tickets that are ticked, each at the version it was seen at.
type Selection = RwSignal<BTreeMap<TicketId, i64>>;

/// The queue.
#[component]
pub(crate) fn QueuePage() -> impl IntoView {
    name_tab(say!(queue.title));
    let session = Session::expect();
    let (query, change) = use_filters();
    let list = TicketList::follow(query);
    let selection: Selection = RwSignal::new(BTreeMap::new());
    follow(move || {
        query.track();
        selection.set(BTreeMap::new());
    });
    let density = RwSignal::new(Density::load());
    let roster = Loaded::new(move || {
        let who = session.who();
        async move { api::list_staff(&who).await.map(|page| page.items).unwrap_or_default() }
    });
    let roster = Signal::derive(move || roster.get().unwrap_or_default());
    // The table stays the same one while its rows change: it knows how far one scrolled, and where the focus is.
    let some = Memo::new(move |_| !list.tickets.read().is_empty());
    let nothing =
        move || list.tickets.read().is_empty() && !list.busy.get() && list.failure.read().is_none();
    view! {
        <section class="queue">
            <div class="title-row">
                <h1>{say!(queue.title)}</h1>
                <button type="button" class="quiet" aria-pressed=move || (density.get() == Density::Airy).to_string()
                    on:click=press(move || density.update(Density::switch))>{say!(queue.airy)}</button>
                <Keys/>
            </div>
            <Filters query change roster/>
            <Views query/>
            <BulkBar list selection roster/>
            {move || (list.busy.get() && list.tickets.read().is_empty()).then(|| view! {
                <Loading what=say!(queue.loading) lines=8/>
            }.into_any())}
            {move || nothing().then(|| view! {
                <Empty title=say!(queue.no_match)>
                    <p><button type="button" on:click=press(move || change.run(api_types::TicketQuery::default()))>{say!(queue.clear_filters)}</button></p>
                </Empty>
            }.into_any())}
            {move || some.get().then(|| view! { <Rows list selection density/> }.into_any())}
            <Arrivals list/>
            <ListEnd list/>
        </section>
    }
}
