//! The queue: every ticket in dense rows, for staff, with one action for many.

use std::collections::BTreeMap;

use api_types::{Ticket, TicketId};
use leptos::prelude::*;
use leptos_router::components::A;

use super::{
    list::{Arrivals, ListEnd, TicketList, use_filters},
    name_tab,
};
use crate::{
    api,
    components::{Age, CategoryBadge, Empty, Loading, StatusBadge},
    state::Session,
};

mod bulk;
mod filters;

use bulk::BulkBar;
use filters::Filters;

/// The tickets that are ticked, each at the version it was seen at.
type Selection = RwSignal<BTreeMap<TicketId, i64>>;

/// The queue.
#[component]
pub(crate) fn QueuePage() -> impl IntoView {
    name_tab("Queue");
    let session = Session::expect();
    let (query, change) = use_filters();
    let list = TicketList::follow(query);
    let selection: Selection = RwSignal::new(BTreeMap::new());
    Effect::new(move |_| {
        query.track();
        selection.set(BTreeMap::new());
    });
    let roster = LocalResource::new(move || {
        let who = session.who();
        async move { api::list_staff(&who).await.map(|page| page.items).unwrap_or_default() }
    });
    let roster = Signal::derive(move || roster.get().unwrap_or_default());
    let nothing =
        move || list.tickets.read().is_empty() && !list.busy.get() && list.failure.read().is_none();
    view! {
        <section class="queue">
            <div class="title-row">
                <h1>"Queue"</h1>
            </div>
            <Filters query change roster/>
            <BulkBar list selection roster/>
            {move || (list.busy.get() && list.tickets.read().is_empty()).then(|| view! {
                <Loading what="Loading the queue" lines=8/>
            })}
            {move || nothing().then(|| view! {
                <Empty title="No ticket matches.">
                    <p><button type="button" on:click=move |_| change.run(api_types::TicketQuery::default())>"Clear filters"</button></p>
                </Empty>
            })}
            {move || (!list.tickets.read().is_empty()).then(|| view! { <Rows list selection/> })}
            <Arrivals list/>
            <ListEnd list/>
        </section>
    }
}

#[component]
fn Rows(list: TicketList, selection: Selection) -> impl IntoView {
    let all = move || {
        let tickets = list.tickets.read();
        !tickets.is_empty() && tickets.iter().all(|one| selection.read().contains_key(&one.id))
    };
    let choose_all = move |on: bool| {
        let tickets = list.tickets.read_untracked();
        selection.set(match on {
            true => tickets.iter().map(|ticket| (ticket.id, ticket.version)).collect(),
            false => BTreeMap::new(),
        });
    };
    view! {
        <div class="scroll">
            <table class="rows" aria-busy=move || list.busy.get().to_string()>
                <thead>
                    <tr>
                        <th scope="col"><input type="checkbox" aria-label="Select all rows" prop:checked=all
                            on:change:target=move |event| choose_all(event.target().checked())/></th>
                        <th scope="col">"No."</th>
                        <th scope="col">"Title"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col">"Category"</th>
                        <th scope="col">"Location"</th>
                        <th scope="col">"Assigned to"</th>
                        <th scope="col">"Reported"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || list.tickets.get() key=|ticket| (ticket.id, ticket.version, ticket.messages) let:ticket>
                        <Row ticket selection/>
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(ticket: Ticket, selection: Selection) -> impl IntoView {
    let Ticket {
        id, version, title, status, category, unsure, location, assignee, opened_at, ..
    } = ticket;
    let chosen = move || selection.read().contains_key(&id);
    let choose = move |on: bool| {
        selection.update(|selection| {
            if on {
                selection.insert(id, version);
            } else {
                selection.remove(&id);
            }
        });
    };
    let place = location.unwrap_or_default();
    view! {
        <tr class:chosen=chosen>
            <td><input type="checkbox" aria-label=format!("Select #{id}") prop:checked=chosen
                on:change:target=move |event| choose(event.target().checked())/></td>
            <td class="number">{format!("#{id}")}</td>
            <td class="title"><A href=format!("/tickets/{id}")>{title.clone()}</A></td>
            <td><StatusBadge status/></td>
            <td><CategoryBadge category unsure/></td>
            <td class="place" title=place.clone()>{place.clone()}</td>
            <td class="place">{assignee.map(|staff| staff.name)}</td>
            <td><Age at=opened_at/></td>
        </tr>
    }
}
