//! A button for what cannot be undone: it asks once more, in place.

use leptos::prelude::*;

use super::press::press;

use crate::texts::say;

/// A button that asks before it acts.
#[component]
pub(crate) fn ConfirmButton(
    /// What the button says.
    label: &'static str,
    /// What it asks then.
    question: &'static str,
    /// What the button that acts says.
    confirm: &'static str,
    /// What happens.
    #[prop(into)]
    on_confirm: Callback<()>,
    /// What the button is called for those who do not see what it stands beside.
    name: &'static str,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    view! {
        {move || {
            if asking.get() {
                view! {
                    <span class="confirm" role="group" aria-label=question>
                        <span role="status">{question}</span>
                        <button type="button" class="danger" on:click=press(move || {
                            asking.set(false);
                            on_confirm.run(());
                        })>{confirm}</button>
                        <button type="button" class="quiet" autofocus on:click=press(move || asking.set(false))>
                            {say!(ticket.redact.keep)}
                        </button>
                    </span>
                }
                .into_any()
            } else {
                view! {
                    <button type="button" class="quiet small" aria-label=name
                        on:click=press(move || asking.set(true))>{label}</button>
                }
                .into_any()
            }
        }}
    }
}
