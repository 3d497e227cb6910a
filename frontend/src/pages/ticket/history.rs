//! Who changed what.

use api_types::{Event, Role, TicketId};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::{
    api,
    components::{Age, FailureBox, Loading},
    format::{event_sentence, role_word},
    state::{Loaded, Session},
};

/// The history of a ticket, read when it is opened.
#[component]
pub(super) fn History(
    id: TicketId,
    /// Changes when there may be more of it.
    changes: Signal<DateTime<Utc>>,
) -> impl IntoView {
    let session = Session::expect();
    let open = RwSignal::new(false);
    let events = Loaded::new(move || {
        changes.track();
        let wanted = open.get().then(|| session.who());
        async move {
            let mut events = Vec::new();
            let mut cursor = None;
            let Some(who) = wanted else { return Ok(events) };
            loop {
                let page = api::list_history(&who, id, cursor.as_deref()).await?;
                events.extend(page.items);
                cursor = page.next;
                if cursor.is_none() {
                    return Ok(events);
                }
            }
        }
    });
    view! {
        <section class="history">
            <h2>
                <button type="button" class="disclose" aria-expanded=move || open.get().to_string()
                    on:click=move |_| open.update(|open| *open = !*open)>"History"</button>
            </h2>
            {move || open.get().then(|| match events.get() {
                None => view! { <Loading what="Loading the history"/> }.into_any(),
                Some(Err(failure)) => view! {
                    <FailureBox failure retry=Callback::new(move |()| events.refetch())/>
                }.into_any(),
                Some(Ok(events)) => view! {
                    <ol class="events">
                        {events.into_iter().map(|event| view! { <Line event/> }).collect_view()}
                    </ol>
                }.into_any(),
            })}
        </section>
    }
}

#[component]
fn Line(event: Event) -> impl IntoView {
    let who = event.name.clone().unwrap_or_else(|| match event.role {
        Role::User => "Somebody".to_owned(),
        Role::Staff => role_word(Role::Staff).to_owned(),
    });
    let sentence = event_sentence(&event);
    view! { <li><strong>{who}</strong>" "{sentence}" "<span class="muted small"><Age at=event.at/></span></li> }
}
