//! Overwriting a text for good, for staff.

use api_types::RedactTarget;
use leptos::{prelude::*, task::spawn_local};

use super::Desk;
use crate::{api, components::ConfirmButton, texts::say};

/// A button that overwrites a text, after asking.
#[component]
pub(in crate::pages) fn Redact(
    desk: Desk,
    target: RedactTarget,
    /// What the button is called for those who do not see where it stands.
    name: &'static str,
) -> impl IntoView {
    let act = move |()| {
        let (who, id) = (desk.session.who_now(), desk.ticket.read_untracked().id);
        spawn_local(async move {
            match api::redact_text(&who, id, target).await {
                Ok(()) => {
                    desk.said.try_set(Some(say!(ticket.redact.done).to_owned()));
                    desk.refresh();
                }
                Err(cause) => {
                    desk.failure.try_set(Some(cause));
                }
            }
        });
    };
    view! {
        <ConfirmButton label=say!(ticket.redact.redact) name question=say!(ticket.redact.question)
            confirm=say!(ticket.redact.confirm) on_confirm=act/>
    }
}

/// The same for each text of the ticket itself, out of the way until somebody asks for it.
#[component]
pub(in crate::pages) fn RedactTexts(desk: Desk) -> impl IntoView {
    let place = move || desk.ticket.read().location.is_some();
    view! {
        <details class="redactions">
            <summary>{say!(ticket.redact.heading)}</summary>
            <p>
                <span>{say!(ticket.title)}</span>
                <Redact desk target=RedactTarget::Title name=say!(ticket.redact.title)/>
            </p>
            <p>
                <span>{say!(ticket.description)}</span>
                <Redact desk target=RedactTarget::Description name=say!(ticket.redact.description)/>
            </p>
            {move || place().then(|| view! {
                <p>
                    <span>{say!(ticket.location)}</span>
                    <Redact desk target=RedactTarget::Location name=say!(ticket.redact.location)/>
                </p>
            }.into_any())}
        </details>
    }
}
