//! A request that failed: what happened, and a way to try again.

use leptos::{ev, prelude::*};

use super::icon::{Icon, Picture};
use super::press::press;
use crate::{failure::Failure, texts::say};

/// What happened, with a button to try again where that makes sense.
#[component]
pub(crate) fn FailureBox(
    failure: Failure,
    /// Tries again: by a button, and by itself when the network is back.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    if let Some(retry) = retry {
        let online = window_event_listener(ev::online, move |_| retry.run(()));
        on_cleanup(move || online.remove());
    }
    let id = failure.request_id().map(|id| say!(failure.logged_as, id = id.to_owned()));
    view! {
        <div class="failure" role="alert">
            <Icon picture=Picture::Warning/>
            <div>
                <p>{failure.sentence()}</p>
                {id.map(|id| view! { <p class="muted small">{id}</p> }.into_any())}
                {retry.map(|retry| view! {
                    <button type="button" on:click=press(move || retry.run(()))>{say!(failure.try_again)}</button>
                }.into_any())}
            </div>
        </div>
    }
}
