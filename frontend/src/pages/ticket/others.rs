//! Who else is at the ticket, so that two do not answer the same thing.

use std::time::Duration;

use api_types::{LiveKind, PresenceState, Present};
use leptos::{prelude::*, task::spawn_local};

use super::Desk;
use crate::{
    api,
    components::{Icon, Picture},
    state::{Live, follow},
    texts::say,
};

/// Somebody who does not say that they are there for thirty seconds counts as gone.
const SAY_EVERY: Duration = Duration::from_secs(10);

/// Who else is at the ticket; says meanwhile that one is there oneself.
#[component]
pub(in crate::pages) fn Others(desk: Desk) -> impl IntoView {
    let id = desk.ticket.read_untracked().id;
    let others = RwSignal::new(Vec::<Present>::new());
    let say = move || {
        let (Some(who), Some(writing)) =
            (desk.session.try_who_now(), desk.writing.try_get_untracked())
        else {
            return;
        };
        let state = if writing { PresenceState::Answering } else { PresenceState::Viewing };
        spawn_local(async move {
            // Who else is there is worth no word about a failure.
            if let Ok(page) = api::enter_ticket(&who, id, state).await {
                others.try_set(page.items);
            }
        });
    };
    let writing = Memo::new(move |_| desk.writing.get());
    follow(move || {
        writing.track();
        say();
    });
    if let Ok(again) = set_interval_with_handle(say, SAY_EVERY) {
        on_cleanup(move || again.clear());
    }
    Live::expect()
        .refresh_on(move |event| event.id == Some(id) && event.kind == LiveKind::Presence, say);
    view! {
        <div role="status">
            {move || others.get().into_iter().map(|one| view! { <Other one/> }.into_any()).collect_view()}
        </div>
    }
}

#[component]
fn Other(one: Present) -> impl IntoView {
    let name = one.name.as_deref().unwrap_or(say!(ticket.somebody));
    let (picture, sentence) = match one.state {
        PresenceState::Viewing => (Picture::Eye, say!(ticket.others.viewing, name = name)),
        PresenceState::Answering => (Picture::Pen, say!(ticket.others.answering, name = name)),
    };
    let answering = one.state == PresenceState::Answering;
    view! {
        <p class="notice small" class:warn=answering><Icon picture/>{sentence}</p>
    }
}
