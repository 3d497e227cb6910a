//! A long thread in a few of its own sentences.

use leptos::prelude::*;

use super::Desk;
use crate::{api, state::Loaded, texts::say};

/// From so many messages on it takes a while to read them.
const LONG: i32 = 6;

/// What is reported, what was done and where it stands.
#[component]
pub(super) fn Summary(desk: Desk) -> impl IntoView {
    let messages = Memo::new(move |_| desk.ticket.read().messages);
    let summary = Loaded::new(move || {
        let (who, long) = (desk.session.who(), messages.get() >= LONG);
        let id = desk.ticket.read_untracked().id;
        async move { if long { api::find_summary(&who, id).await.ok() } else { None } }
    });
    let line = |label: &'static str, sentence: Option<String>| {
        sentence.map(|sentence| view! { <dt>{label}</dt><dd>{sentence}</dd> }.into_any())
    };
    view! {
        {move || summary.get().flatten().map(|summary| view! {
            <section class="panel summary">
                <h2>{say!(ticket.summary.heading)}</h2>
                <dl>
                    {line(say!(ticket.summary.reported), summary.reported)}
                    {line(say!(ticket.summary.done), summary.done)}
                    {line(say!(ticket.summary.now), summary.now)}
                </dl>
            </section>
        }.into_any())}
    }
}
