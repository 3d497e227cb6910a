//! A long thread in a few of its own sentences.

use api_types::Summary as Sentences;
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
        async move {
            let summary = if long { api::find_summary(&who, id).await.ok() } else { None };
            let Some(Sentences { reported, done, now }) = summary else { return Vec::new() };
            let line =
                |label: &str, sentence: Option<String>| Some(format!("{label}: {}", sentence?));
            let lines = [
                line(say!(ticket.summary.reported), reported),
                line(say!(ticket.summary.done), done),
                line(say!(ticket.summary.now), now),
            ];
            lines.into_iter().flatten().collect()
        }
    });
    view! {
        {move || summary.get().filter(|lines| !lines.is_empty()).map(|lines| view! {
            <section class="panel summary">
                <h2>{say!(ticket.summary.heading)}</h2>
                <ul>{lines.into_iter().map(|line| view! { <li>{line}</li> }.into_any()).collect_view()}</ul>
            </section>
        }.into_any())}
    }
}
