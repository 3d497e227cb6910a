//! The thread under a ticket, and writing in it.

use api_types::{Message, NewMessage, RedactTarget, Role, Status, limits::MESSAGE_MAX};
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};

use super::Desk;
use crate::{
    api::{self, Who},
    components::{Age, FailureBox, Icon, Loading, Picture, TextField, press},
    failure::Failure,
    format::day,
    state::{Draft, Loaded},
    texts::say,
};

/// A message as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Typed {
    body: String,
    internal: bool,
}

/// The thread and the composer below it.
#[component]
pub(super) fn Thread(desk: Desk) -> impl IntoView {
    let id = desk.ticket.read_untracked().id;
    let thread = Loaded::new(move || {
        desk.thread_round.track();
        let who = desk.session.who();
        async move { read_thread(who, id).await }
    });
    let closed = Memo::new(move |_| desk.ticket.read().status == Status::Closed);
    view! {
        <section class="thread" aria-labelledby="thread-title">
            <h2 id="thread-title">{say!(ticket.thread.heading)}</h2>
            {move || match thread.get() {
                None => view! { <Loading what=say!(ticket.thread.loading)/> }.into_any(),
                Some(Err(failure)) => view! {
                    <FailureBox failure retry=Callback::new(move |()| thread.refetch())/>
                }.into_any(),
                Some(Ok(messages)) if messages.is_empty() => view! { <NoMessages closed/> }.into_any(),
                Some(Ok(messages)) => view! {
                    <ol class="messages">
                        {by_day(messages).into_iter().map(|(day, message)| view! {
                            {day.map(|day| view! { <li class="day">{day}</li> }.into_any())}
                            <MessageView desk message/>
                        }.into_any()).collect_view()}
                    </ol>
                }.into_any(),
            }}
            {move || (!closed.get()).then(|| view! { <Composer desk/> }.into_any())}
        </section>
    }
}

/// Messages, each with its day where that is another than the one before.
fn by_day(messages: Vec<Message>) -> Vec<(Option<String>, Message)> {
    let mut last = String::new();
    let mut days = Vec::with_capacity(messages.len());
    for message in messages {
        let today = day(message.created_at);
        let is_next = today != last;
        last.clone_from(&today);
        days.push((is_next.then_some(today), message));
    }
    days
}

#[component]
fn NoMessages(closed: Memo<bool>) -> impl IntoView {
    view! {
        <p class="muted">
            {move || if closed.get() { say!(ticket.thread.none) } else { say!(ticket.thread.none_yet) }}
        </p>
    }
}

async fn read_thread(who: Who, id: api_types::TicketId) -> Result<Vec<Message>, Failure> {
    let mut messages = Vec::new();
    let mut cursor = None;
    loop {
        let page = api::list_messages(&who, id, cursor.as_deref()).await?;
        messages.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return Ok(messages);
        }
    }
}

#[component]
fn MessageView(desk: Desk, message: Message) -> impl IntoView {
    let Message { id, author_role, author_name, body, internal, created_at, origin } = message;
    let staff = author_role == Role::Staff;
    let author = author_name.unwrap_or_else(|| {
        if staff { say!(ticket.thread.help_desk) } else { say!(ticket.thread.on_campus) }.to_owned()
    });
    view! {
        <li class="message" class:from-staff=staff class:note=internal>
            <p class="message-head">
                <strong>{author}</strong>
                {staff.then(|| view! { <span class="tag">{say!(ticket.thread.help_desk)}</span> }.into_any())}
                {internal.then(|| view! {
                    <span class="tag note-tag"><Icon picture=Picture::Lock/>{say!(ticket.thread.internal)}</span>
                }.into_any())}
                {origin.map(|origin| view! { <span class="tag">{format!("{} #{origin}", say!(ticket.thread.from))}</span> }.into_any())}
                <span class="muted small"><Age at=created_at/></span>
                {move || desk.staff_side()
                    .map(|side| (side.redact)(desk, RedactTarget::Message(id), say!(ticket.redact.message)))}
            </p>
            <p class="text">{body}</p>
        </li>
    }
}

#[component]
fn Composer(desk: Desk) -> impl IntoView {
    let id = desk.ticket.read_untracked().id;
    // A note for staff must never become the draft of an answer that users read: each role has its own.
    let as_staff = untrack(move || desk.session.is_staff());
    let name = format!("message.{}.{id}", if as_staff { "staff" } else { "user" });
    let kept = Draft::<Typed>::load(&name);
    let body = RwSignal::new(kept.typed.body);
    let internal = RwSignal::new(kept.typed.internal && as_staff);
    let frozen = RwSignal::new(kept.frozen.is_some());
    let name = StoredValue::new(name);
    on_cleanup(move || {
        desk.writing.try_set(false);
    });
    Effect::new(move |before: Option<()>| {
        let typed = Typed { body: body.get(), internal: internal.get() };
        // A draft from last week is no sign that somebody is writing now.
        desk.writing.set(before.is_some() && !typed.body.trim().is_empty());
        change_draft(&name.get_value(), |draft| draft.typed = typed);
    });
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = Typed { body: body.get_untracked(), internal: internal.get_untracked() };
        let other_role = untrack(move || desk.session.is_staff()) != as_staff;
        if typed.body.trim().is_empty() || busy.get_untracked() || other_role {
            return;
        }
        let name = name.get_value();
        let message = change_draft(&name, |draft| draft.freeze(|| body_of(&typed)));
        frozen.set(true);
        busy.set(true);
        let who = desk.session.who_now();
        spawn_local(async move {
            let answer = api::send_message(&who, id, &message.key, message.body).await;
            // The draft is settled also where the page is gone by now.
            if answer.is_ok() || answer.as_ref().is_err_and(Failure::is_certain) {
                change_draft(&name, |draft| draft.frozen = None);
                frozen.try_set(false);
            }
            if answer.is_ok() {
                change_draft(&name, |draft| draft.typed = Typed::default());
            }
            if busy.try_set(false).is_some() {
                return;
            }
            failure.set(answer.as_ref().err().cloned());
            if let Ok(message) = answer {
                body.set(String::new());
                let said = if message.internal {
                    say!(ticket.thread.note_added)
                } else {
                    say!(ticket.thread.answer_sent)
                };
                desk.said.set(Some(said.to_owned()));
                desk.refresh();
            }
        });
    };
    let error =
        Signal::derive(move || failure.read().as_ref().and_then(|cause| cause.field("body")));
    let empty = move || body.read().trim().is_empty();
    view! {
        <form class="composer" class:note=move || internal.get() on:submit=send>
            <TextField id="message" label=say!(ticket.thread.answer) value=body rows=3 max=MESSAGE_MAX error
                locked=Signal::derive(move || frozen.get())/>
            {as_staff.then(|| view! {
                <label class="check">
                    <input type="checkbox" prop:checked=move || internal.get() disabled=move || frozen.get()
                        on:change:target=move |event| internal.set(event.target().checked())/>
                    {say!(ticket.thread.make_internal)}
                </label>
            }.into_any())}
            {move || (frozen.get() && !busy.get()).then(|| view! {
                <p class="notice small" role="status">
                    {say!(ticket.thread.unanswered)}" "
                    <button type="button" class="quiet small" on:click=press(move || {
                        change_draft(&name.get_value(), |draft| draft.frozen = None);
                        frozen.set(false);
                    })>{say!(ticket.thread.change_instead)}</button>
                </p>
            }.into_any())}
            {move || failure.get().filter(|cause| cause.field("body").is_none()).map(|failure| view! { <FailureBox failure/> }.into_any())}
            <p class="actions">
                <button type="submit" class="primary" disabled=move || busy.get() || empty()>
                    {move || match (busy.get(), internal.get()) {
                        (true, _) => say!(ticket.thread.sending),
                        (false, true) => say!(ticket.thread.add_note),
                        (false, false) => say!(ticket.thread.send),
                    }}
                </button>
            </p>
        </form>
    }
}

/// Changes the draft kept under a name.
fn change_draft<R>(name: &str, change: impl FnOnce(&mut Draft<Typed>) -> R) -> R {
    let mut draft = Draft::<Typed>::load(name);
    let changed = change(&mut draft);
    draft.keep(name);
    changed
}

fn body_of(typed: &Typed) -> String {
    let message = NewMessage { body: typed.body.clone(), internal: typed.internal };
    // Plain data always has a JSON form.
    serde_json::to_string(&message).unwrap_or_default()
}
