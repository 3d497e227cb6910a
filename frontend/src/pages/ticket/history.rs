//! Who changed what.

use api_types::{Category, Event, EventKind, Role, Status, TicketId};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};

use super::Desk;
use crate::{
    api,
    components::{Age, FailureBox, Loading, press},
    failure::Failure,
    format::{category_word, role_word, status_word},
    pages::{NotFoundPage, name_tab},
    state::{Loaded, Session},
    texts::say,
};

/// The history of a ticket, read when it is opened.
#[component]
pub(in crate::pages) fn History(desk: Desk) -> impl IntoView {
    let id = desk.ticket.read_untracked().id;
    let open = RwSignal::new(false);
    let events = read_events(desk.session, move || {
        // A change of the ticket is a line more.
        let _ = desk.ticket.read().modified_at;
        open.get().then_some(id)
    });
    view! {
        <section class="history">
            <h2>
                <button type="button" class="disclose" aria-expanded=move || open.get().to_string()
                    on:click=press(move || open.update(|open| *open = !*open))>{say!(ticket.history.heading)}</button>
            </h2>
            {move || open.get().then(|| view! { <Events events/> }.into_any())}
        </section>
    }
}

/// The same as a page of its own, for the app that has it nowhere else.
#[component]
pub(in crate::pages) fn HistoryPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get_str("id")?.parse::<TicketId>().ok());
    view! {
        {move || match id.get() {
            Some(id) => view! { <Alone id/> }.into_any(),
            None => view! { <NotFoundPage/> }.into_any(),
        }}
    }
}

#[component]
fn Alone(id: TicketId) -> impl IntoView {
    name_tab(say!(ticket.history.heading));
    let events = read_events(Session::expect(), move || Some(id));
    view! {
        <section class="narrow history">
            <h1>{say!(ticket.history.heading)}</h1>
            <p><A href=format!("/tickets/{id}")>{format!("#{id}")}</A></p>
            <Events events/>
        </section>
    }
}

type Answer = Loaded<Result<Vec<Event>, Failure>>;

/// All of a ticket's history, once it is known which ticket.
fn read_events(session: Session, wanted: impl Fn() -> Option<TicketId> + 'static) -> Answer {
    Loaded::new(move || {
        let wanted = wanted().map(|id| (id, session.who()));
        async move {
            let mut events = Vec::new();
            let mut cursor = None;
            let Some((id, who)) = wanted else { return Ok(events) };
            loop {
                let page = api::list_history(&who, id, cursor.as_deref()).await?;
                events.extend(page.items);
                cursor = page.next;
                if cursor.is_none() {
                    return Ok(events);
                }
            }
        }
    })
}

#[component]
fn Events(events: Answer) -> impl IntoView {
    view! {
        {move || match events.get() {
            None => view! { <Loading what=say!(ticket.history.loading)/> }.into_any(),
            Some(Err(failure)) => view! {
                <FailureBox failure retry=Callback::new(move |()| events.refetch())/>
            }.into_any(),
            Some(Ok(events)) => view! {
                <ol class="events">
                    {events.into_iter().map(|event| view! { <Line event/> }.into_any()).collect_view()}
                </ol>
            }.into_any(),
        }}
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
        EventKind::Photo => say!(ticket.history.photo).to_owned(),
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
            "photo" => say!(ticket.history.redacted_photo),
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
            (EventKind::Photo, None, Some("7"), "added a photo"),
        ] {
            let (from, to) = (from.map(str::to_owned), to.map(str::to_owned));
            let (id, at) = (api_types::EventId(1), chrono::DateTime::default());
            let event =
                Event { id, at, role: Role::User, name: None, what, from, to, origin: None };
            assert_eq!(sentence(&event), said);
        }
    }
}
