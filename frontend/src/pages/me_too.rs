//! "Me too": joining a ticket that somebody else reported.

use api_types::TicketId;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api,
    components::{FailureBox, Icon, Picture, press},
    failure::Failure,
    state::{Session, follow, note_joined, was_joined_here, was_reported_here},
    texts::say,
};

/// How many others have a ticket's problem, and a button to be one of them or none again.
#[component]
pub(super) fn MeToo(
    id: TicketId,
    /// How many others there are.
    #[prop(into)]
    affected: Signal<i32>,
    /// Called when this browser has joined.
    #[prop(into)]
    on_join: Callback<()>,
) -> impl IntoView {
    let session = Session::expect();
    let joined = RwSignal::new(was_joined_here(id));
    let count = RwSignal::new(0);
    follow(move || count.set(affected.get()));
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let toggle = move || {
        let (who, wanted) = (session.who_now(), !joined.get_untracked());
        busy.set(true);
        spawn_local(async move {
            let answer = api::set_joined(&who, id, wanted).await;
            if answer.is_ok() {
                note_joined(id, wanted);
            }
            // The page may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            failure.set(answer.as_ref().err().cloned());
            if let Ok(ticket) = answer {
                joined.set(wanted);
                count.set(ticket.affected);
                if wanted {
                    on_join.run(());
                }
            }
        });
    };
    let word = move || match (joined.get(), count.get()) {
        (false, 0) => None,
        (false, n) => Some(format!("{} {n}", say!(tickets.affected))),
        (true, n) => Some(format!("{} {n}", say!(tickets.joined))),
    };
    view! {
        <p class="me-too">
            <span aria-live="polite">{move || word().map(|word| view! { <span class="fact"><Icon picture=Picture::People/>{word}</span>" " }.into_any())}</span>
            // Staff work on it; who reported it counts anyway.
            {move || (!session.is_staff() && !was_reported_here(id)).then(|| view! {
                <button type="button" class="small" disabled=move || busy.get() aria-pressed=move || joined.get().to_string()
                    on:click=press(toggle)>{move || if joined.get() { say!(tickets.leave) } else { say!(tickets.me_too) }}</button>
            }.into_any())}
        </p>
        {move || failure.get().map(|failure| view! { <FailureBox failure/> }.into_any())}
    }
}
