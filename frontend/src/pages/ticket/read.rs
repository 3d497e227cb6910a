//! The texts of a ticket, to be read.

use api_types::{Status, Ticket};
use leptos::prelude::*;
use leptos_router::components::A;

use super::Desk;
use crate::{
    components::{CategoryBadge, Icon, Picture, StatusBadge, press},
    pages::name_tab,
    state::follow,
    texts::say,
};

/// The texts.
#[component]
pub(super) fn Read(
    desk: Desk,
    /// Begins to edit; without it, that is a page of the whole app.
    #[prop(optional)]
    edit: Option<Callback<()>>,
) -> impl IntoView {
    let id = desk.ticket.read_untracked().id;
    follow(move || name_tab(&format!("#{id} {}", desk.ticket.read().title)));
    let closed = Memo::new(move |_| desk.ticket.read().status == Status::Closed);
    view! {
        <h1><span class="number">{format!("#{id}")}</span>" "{move || desk.ticket.read().title.clone()}</h1>
        <p class="glance"><Glance desk/></p>
        <p class="text description">{move || desk.ticket.read().description.clone()}</p>
        <div class="actions">
            {move || (!closed.get()).then(|| view! {
                {match edit {
                    Some(edit) => view! {
                        <button type="button" on:click=press(move || edit.run(()))>{say!(ticket.edit.edit)}</button>
                    }.into_any(),
                    None => view! { <A href=format!("/tickets/{id}/edit") attr:class="button">{say!(ticket.edit.edit)}</A> }.into_any(),
                }}
            }.into_any())}
            {move || desk.staff_side().map(|side| (side.redact_texts)(desk))}
        </div>
    }
}

/// What one wants to know first: where it stands, whose it is and where it is.
#[component]
fn Glance(desk: Desk) -> impl IntoView {
    view! {
        {move || {
            let Ticket { status, category, unsure, location, .. } = desk.ticket.get();
            view! {
                <StatusBadge status/>
                <CategoryBadge category unsure/>
                {location.map(|place| view! { <span class="fact"><Icon picture=Picture::Place/>{place}</span> }.into_any())}
            }
        }}
    }
}
