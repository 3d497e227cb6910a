//! The rows of the queue. Only those near the screen are in the page; the others are a gap of the same height.

use std::{collections::BTreeMap, time::Duration};

use api_types::Ticket;
use leptos::{ev, html, prelude::*};
use leptos_router::components::A;

use super::{Selection, keys::hold_focus};
use crate::{
    components::{Age, CategoryBadge, StatusBadge},
    pages::list::TicketList,
    state::Density,
    texts::say,
};

/// So many rows are in the page at once.
const SHOWN: usize = 110;
/// So many are drawn at first, a screen of a phone; the others in the next task.
const SHOWN_FIRST: usize = 14;
/// They move on by so many at a time: few enough to be drawn within a frame or two.
const STEP: usize = 10;
/// So many stay in the page above the screen, for whoever scrolls back.
const ABOVE: usize = 30;
/// The next page is asked for when its place comes this near to the screen, in pixels.
const AHEAD: f64 = 900.0;

/// The table.
#[component]
pub(super) fn Rows(
    list: TicketList,
    selection: Selection,
    density: RwSignal<Density>,
) -> impl IntoView {
    let row = Signal::derive(move || f64::from(density.get().row_height()));
    let table = NodeRef::<html::Table>::new();
    let first = RwSignal::new(0_usize);
    let scrolled = window_event_listener(ev::scroll, move |_| {
        let Some(table) = table.get_untracked() else { return };
        let place = table.get_bounding_client_rect();
        // Above the screen, in whole rows; never negative.
        let above = (-place.top() / row.get_untracked()).max(0.0) as usize;
        let wanted = above.saturating_sub(ABOVE) / STEP * STEP;
        if first.get_untracked() != wanted {
            first.set(wanted);
        }
        let screen = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(0.0);
        if place.bottom() < screen + AHEAD && list.wants_more() {
            list.load_more();
        }
    });
    on_cleanup(move || scrolled.remove());
    let from = Memo::new(move |_| first.get().min(list.tickets.read().len().saturating_sub(STEP)));
    let most = RwSignal::new(SHOWN_FIRST);
    set_timeout(
        move || {
            // The queue may have been left by then.
            most.try_set(SHOWN);
        },
        Duration::ZERO,
    );
    let shown = move || {
        hold_focus();
        let tickets = list.tickets.read();
        let from = from.get();
        tickets[from..tickets.len().min(from + most.get())].to_vec()
    };
    let below = move || list.tickets.read().len().saturating_sub(from.get() + most.get());
    // The head is a row, too. How many rows there are is not known before the last page.
    let count = move || match list.has_more() {
        true => "-1".to_owned(),
        false => (list.tickets.read().len() + 1).to_string(),
    };
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
        <div class="scroll" style=move || format!("--row: {}px", row.get())>
            <table class="rows" node_ref=table aria-rowcount=count aria-busy=move || list.busy.get().to_string()>
                <thead>
                    <tr aria-rowindex="1">
                        <th scope="col"><input type="checkbox" aria-label=say!(queue.rows.select_all) prop:checked=all
                            on:change:target=move |event| choose_all(event.target().checked())/></th>
                        <th scope="col">{say!(queue.rows.number)}</th>
                        <th scope="col">{say!(queue.rows.title)}</th>
                        <th scope="col">{say!(queue.status)}</th>
                        <th scope="col">{say!(queue.category)}</th>
                        <th scope="col">{say!(queue.location)}</th>
                        <th scope="col">{say!(queue.assignee)}</th>
                        <th scope="col">{say!(queue.rows.reported)}</th>
                    </tr>
                </thead>
                <tbody>
                    <Gap rows=from.into() row/>
                    <ForEnumerate each=shown key=|ticket| (ticket.id, ticket.version, ticket.messages, ticket.unsure) let(index, ticket)>
                        <Row ticket selection from index/>
                    </ForEnumerate>
                    <Gap rows=Signal::derive(below) row/>
                </tbody>
            </table>
        </div>
    }
}

/// The place of rows that are not in the page.
#[component]
fn Gap(rows: Signal<usize>, row: Signal<f64>) -> impl IntoView {
    view! {
        {move || {
            let rows = rows.get();
            (rows > 0).then(|| {
                let height = format!("height: {}px", rows as f64 * row.get());
                view! { <tr class="gap" aria-hidden="true"><td style=height></td></tr> }
            })
        }}
    }
}

#[component]
fn Row(
    ticket: Ticket,
    selection: Selection,
    /// So many rows come before those in the page.
    from: Memo<usize>,
    /// So many of those in the page come before this one.
    index: ReadSignal<usize>,
) -> impl IntoView {
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
    // They are counted from 1, and the first is the head.
    let row_index = move || (from.get() + index.get() + 2).to_string();
    view! {
        <tr class:chosen=chosen aria-rowindex=row_index>
            <td><input type="checkbox" aria-label=say!(queue.rows.select, id = id.to_string()) prop:checked=chosen
                on:change:target=move |event| choose(event.target().checked())/></td>
            <td class="number">{format!("#{id}")}</td>
            <td class="title"><A href=format!("/tickets/{id}")>{title}</A></td>
            <td><StatusBadge status/></td>
            <td><CategoryBadge category unsure/></td>
            <td class="place" title=place.clone()>{place.clone()}</td>
            <td class="place">{assignee.map(|staff| staff.name)}</td>
            <td><Age at=opened_at/></td>
        </tr>
    }
}
