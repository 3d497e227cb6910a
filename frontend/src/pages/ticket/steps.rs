//! How far a ticket is, as steps.

use api_types::{Status, Ticket};
use leptos::prelude::*;

use super::Desk;
use crate::{
    components::{Age, Icon, Picture},
    format::status_word,
    texts::say,
};

/// The three steps, each with the time it was reached at.
#[component]
pub(super) fn Steps(desk: Desk) -> impl IntoView {
    view! {
        {move || {
            let Ticket { status: now, opened_at, activated_at, closed_at, .. } = desk.ticket.get();
            let step = |status: Status| {
                let at = match status {
                    Status::Open => Some(opened_at),
                    Status::Active => activated_at,
                    Status::Closed => closed_at,
                };
                view! {
                    <li class:reached=status <= now aria-current=(status == now).then_some("step")>
                        <Icon picture=Picture::Status(status)/>
                        <span>{status_word(status)}</span>
                        <span class="small muted">{at.map(|at| view! { <Age at/> }.into_any())}</span>
                    </li>
                }
            };
            let steps = Status::ALL.iter().copied().map(step).collect_view();
            view! { <ol class="steps" aria-label=say!(ticket.steps.label)>{steps}</ol> }
        }}
    }
}
