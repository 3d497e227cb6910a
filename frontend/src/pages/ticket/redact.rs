//! Overwriting a text for good, for staff.

use api_types::RedactTarget;
use leptos::{prelude::*, task::spawn_local};

use super::Desk;
use crate::{api, components::ConfirmButton};

/// A button that overwrites a text, after asking.
#[component]
pub(in crate::pages) fn Redact(
    desk: Desk,
    target: RedactTarget,
    /// What is overwritten, for those who do not see where the button stands.
    name: &'static str,
) -> impl IntoView {
    let act = move |()| {
        let (who, id) = (desk.session.who_now(), desk.ticket.read_untracked().id);
        spawn_local(async move {
            match api::redact_text(&who, id, target).await {
                Ok(()) => {
                    desk.said.try_set(Some("The text was overwritten for good.".to_owned()));
                    desk.refresh();
                }
                Err(cause) => {
                    desk.failure.try_set(Some(cause));
                }
            }
        });
    };
    view! {
        <ConfirmButton label="Redact" about=name.to_owned() confirm="Redact for good" on_confirm=act
            question="Overwrite this text everywhere, for good? It cannot be brought back."/>
    }
}

/// The same for each text of the ticket itself, out of the way until somebody asks for it.
#[component]
pub(in crate::pages) fn RedactTexts(desk: Desk) -> impl IntoView {
    let place = move || desk.ticket.read().location.is_some();
    view! {
        <details class="redactions">
            <summary>"Redact a text"</summary>
            <p><span>"Title"</span><Redact desk target=RedactTarget::Title name="the title"/></p>
            <p><span>"Description"</span><Redact desk target=RedactTarget::Description name="the description"/></p>
            {move || place().then(|| view! {
                <p><span>"Location"</span><Redact desk target=RedactTarget::Location name="the location"/></p>
            })}
        </details>
    }
}
