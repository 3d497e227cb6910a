//! A ticket in a list for users.

use api_types::Ticket;
use leptos::prelude::*;
use leptos_router::components::A;

use super::{
    badges::{Age, CategoryBadge, StatusBadge},
    icon::{Icon, Picture},
};
use crate::texts::say;

/// A ticket as a card that leads to it.
#[component]
pub(crate) fn TicketCard(ticket: Ticket) -> impl IntoView {
    let Ticket { id, title, location, status, category, opened_at, messages, affected, .. } =
        ticket;
    view! {
        <li class="card">
            <h2><A href=format!("/tickets/{id}")>{title}</A></h2>
            <p class="card-facts">
                <StatusBadge status/>
                <CategoryBadge category/>
                {location.map(|location| view! { <span class="fact"><Icon picture=Picture::Place/>{location}</span> }.into_any())}
                {(affected > 0).then(|| view! {
                    <span class="fact"><Icon picture=Picture::People/>{say!(tickets.affected)}" "{affected}</span>
                }.into_any())}
                {(messages > 0).then(|| view! {
                    <span class="fact" title=say!(tickets.messages)><Icon picture=Picture::Messages/><span class="hidden">{say!(tickets.messages)}": "</span>{messages}</span>
                }.into_any())}
            </p>
            <p class="muted small">{format!("#{id} · {} ", say!(tickets.reported))}<Age at=opened_at/></p>
        </li>
    }
}
