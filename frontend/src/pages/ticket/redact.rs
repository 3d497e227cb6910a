//! Overwriting a text for good, for staff.

use api_types::RedactTarget;
use leptos::{prelude::*, task::spawn_local};

use super::desk::Desk;
use crate::{api, components::ConfirmButton};

/// A button that overwrites a text, after asking.
#[component]
pub(super) fn Redact(
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
    move || {
        desk.session.is_staff().then(|| {
            view! {
                <ConfirmButton label="Redact" about=name.to_owned() confirm="Redact for good" on_confirm=act
                    question="Overwrite this text everywhere, for good? It cannot be brought back."/>
            }
        })
    }
}
