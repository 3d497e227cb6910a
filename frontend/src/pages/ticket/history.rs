//! Who changed what.

use api_types::{Category, Event, EventKind, Role, Status, TicketId};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::{
    api,
    components::{Age, FailureBox, Loading, press},
    format::{category_word, role_word, status_word},
    state::{Loaded, Session},
    texts::say,
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
                    on:click=press(move || open.update(|open| *open = !*open))>{say!(ticket.history.heading)}</button>
            </h2>
            {move || open.get().then(|| match events.get() {
                None => view! { <Loading what=say!(ticket.history.loading)/> }.into_any(),
                Some(Err(failure)) => view! {
                    <FailureBox failure retry=Callback::new(move |()| events.refetch())/>
                }.into_any(),
                Some(Ok(events)) => view! {
                    <ol class="events">
                        {events.into_iter().map(|event| view! { <Line event/> }.into_any()).collect_view()}
                    </ol>
                }.into_any(),
            })}
        </section>
    }
}

#[component]
fn Line(event: Event) -> impl IntoView {
    let mut sentence = sentence(&event);
    if let Some(origin) = event.origin {
        sentence = format!("{sentence} (#{origin})");
    }
    let who = event.name.unwrap_or_else(|| {
        match event.role {
            Role::User => say!(ticket.somebody),
            Role::Staff => role_word(Role::Staff),
        }
        .to_owned()
    });
    view! { <li><strong>{who}</strong>" "{sentence}" "<span class="muted small"><Age at=event.at/></span></li> }
}

/// What was done, after the name of who did it.
fn sentence(event: &Event) -> String {
    let from = event.from.as_deref().unwrap_or_default();
    let to = event.to.as_deref().unwrap_or_default();
    match event.what {
        EventKind::Reported => say!(ticket.history.reported).to_owned(),
        EventKind::Title => say!(ticket.history.title, from = clip(from), to = clip(to)),
        EventKind::Description => say!(ticket.history.description).to_owned(),
        EventKind::Location if from.is_empty() => {
            say!(ticket.history.location_added, to = clip(to))
        }
        EventKind::Location if to.is_empty() => {
            say!(ticket.history.location_removed, from = clip(from))
        }
        EventKind::Location => say!(ticket.history.location, from = clip(from), to = clip(to)),
        EventKind::Status => say!(ticket.history.status, from = word(from), to = word(to)),
        EventKind::Category => say!(ticket.history.category, from = word(from), to = word(to)),
        EventKind::Reclassified => {
            say!(ticket.history.reclassified, from = word(from), to = word(to))
        }
        EventKind::Assignee if to.is_empty() => say!(ticket.history.given_back).to_owned(),
        EventKind::Assignee => say!(ticket.history.assigned, name = to),
        EventKind::Merged if from.is_empty() => format!("{} {to}", say!(ticket.history.merged)),
        EventKind::Merged => format!("{} {from}", say!(ticket.history.merged_here)),
        EventKind::Unmerged if from.is_empty() => format!("{} {to}", say!(ticket.history.unmerged)),
        EventKind::Unmerged => format!("{} {from}", say!(ticket.history.unmerged_here)),
        EventKind::Redacted => match to {
            "title" => say!(ticket.history.redacted_title),
            "description" => say!(ticket.history.redacted_description),
            "location" => say!(ticket.history.redacted_location),
            "resolution" => say!(ticket.history.redacted_resolution),
            "message" => say!(ticket.history.redacted_message),
            _ => say!(ticket.history.redacted_text),
        }
        .to_owned(),
    }
}

/// As much of a text as fits in a line.
fn clip(text: &str) -> String {
    let mut start: String = text.chars().take(60).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

/// A status or a category as a word; what is neither stays as it is.
fn word(raw: &str) -> &str {
    let status = raw.parse::<Status>().map(status_word);
    status.or_else(|_| raw.parse::<Category>().map(category_word)).unwrap_or(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_says_what_was_done() {
        let long = "x".repeat(61);
        let clipped = format!("changed the title from “a” to “{}…”", "x".repeat(60));
        for (what, from, to, said) in [
            (EventKind::Title, Some("a"), Some(long.as_str()), clipped.as_str()),
            (EventKind::Location, None, Some("Hall"), "added the location “Hall”"),
            (EventKind::Location, Some("Hall"), None, "removed the location “Hall”"),
            (EventKind::Status, Some("open"), Some("active"), "moved it from Open to Active"),
            (EventKind::Category, Some("it"), Some("?"), "changed the category from IT to ?"),
            (
                EventKind::Reclassified,
                Some("it"),
                Some("facility"),
                "so changed the automatic category from IT to Facility",
            ),
            (EventKind::Assignee, None, Some("Ada"), "assigned it to Ada"),
            (EventKind::Assignee, Some("Ada"), None, "gave it back"),
            (EventKind::Redacted, None, Some("message"), "redacted the message"),
        ] {
            let (from, to) = (from.map(str::to_owned), to.map(str::to_owned));
            let (id, at) = (api_types::EventId(1), DateTime::default());
            let event =
                Event { id, at, role: Role::User, name: None, what, from, to, origin: None };
            assert_eq!(sentence(&event), said);
        }
    }
}
