//! Merging a ticket into another, and what was merged into this one.

use api_types::{Status, Ticket, TicketId};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};

use super::Desk;
use crate::{
    api,
    components::{FailureBox, TextField, press},
    failure::Failure,
    state::Loaded,
    texts::say,
};

/// Merging, for staff.
#[component]
pub(in crate::pages) fn Merging(desk: Desk) -> impl IntoView {
    let closed = Memo::new(move |_| desk.ticket.read().status == Status::Closed);
    let id = desk.ticket.read_untracked().id;
    view! {
        <section class="panel merging">
            <h2>{say!(ticket.merge.heading)}</h2>
            <Merged desk/>
            {move || (!closed.get()).then(|| view! { <MergeForm desk/> }.into_any())}
            {move || closed.get().then(|| view! {
                <p><A href=format!("/articles/new?ticket={id}")>{say!(ticket.merge.make_article)}</A></p>
            }.into_any())}
        </section>
    }
}

/// Asks into which.
#[component]
fn MergeForm(desk: Desk) -> impl IntoView {
    let navigate = use_navigate();
    let typed = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let target =
        move || typed.read().trim().trim_start_matches('#').parse::<i64>().ok().map(TicketId);
    // Who merges sees what they merge into.
    let shown = Loaded::new(move || {
        let (who, target) = (desk.session.who(), target());
        async move { api::find_ticket(&who, target?).await.ok() }
    });
    let merge = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (who, id, navigate) =
            (desk.session.who_now(), desk.ticket.read_untracked().id, navigate.clone());
        let Some(into) = untrack(target) else { return };
        desk.busy.set(true);
        spawn_local(async move {
            let answer = api::merge_ticket(&who, id, into).await;
            if desk.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(ticket) => {
                    navigate(&format!("/tickets/{}", ticket.id), NavigateOptions::default())
                }
                Err(cause) => failure.set(Some(cause)),
            }
        });
    };
    let error =
        Signal::derive(move || failure.read().as_ref().and_then(|cause| cause.field("into")));
    view! {
        <form on:submit=merge>
            <TextField id="merge-into" label=say!(ticket.merge.into) value=typed error hint=say!(ticket.merge.hint)/>
            {move || shown.get().flatten().map(|Ticket { id, title, .. }| view! {
                <p class="small"><strong>{format!("#{id}")}</strong>" "{title}</p>
            }.into_any())}
            {move || failure.get().filter(|cause| cause.field("into").is_none()).map(|failure| view! { <FailureBox failure/> }.into_any())}
            <button type="submit" disabled=move || desk.busy.get() || target().is_none()>{say!(ticket.merge.merge)}</button>
        </form>
    }
}

/// What was merged into this ticket, each with its way back.
#[component]
fn Merged(desk: Desk) -> impl IntoView {
    let id = desk.ticket.read_untracked().id;
    let changes = Memo::new(move |_| {
        let ticket = desk.ticket.read();
        (ticket.messages, ticket.affected, ticket.modified_at)
    });
    let merged = Loaded::new(move || {
        changes.track();
        desk.thread_round.track();
        let who = desk.session.who();
        async move { api::list_merged(&who, id).await.map(|page| page.items) }
    });
    let undo = move |child: TicketId| {
        let who = desk.session.who_now();
        desk.busy.set(true);
        spawn_local(async move {
            let answer = api::unmerge_ticket(&who, child).await;
            if desk.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) => {
                    desk.failure.set(None);
                    desk.said.set(Some(say!(ticket.merge.undone, id = child.to_string())));
                    merged.refetch();
                    desk.refresh();
                }
                Err(cause) => desk.failure.set(Some(cause)),
            }
        });
    };
    view! {
        {move || merged.get().and_then(Result::err).map(|failure| view! {
            <FailureBox failure retry=Callback::new(move |()| merged.refetch())/>
        }.into_any())}
        {move || merged.get().and_then(Result::ok).filter(|list| !list.is_empty()).map(|list| view! {
            <h3>{say!(ticket.merge.merged_here)}</h3>
            <ul class="merged">
                {list.into_iter().map(|child| {
                    let number = child.id;
                    view! {
                        <li>
                            <strong>{format!("#{number}")}</strong>" "{child.title}
                            <p class="text small">{child.description}</p>
                            <button type="button" class="quiet small" disabled=move || desk.busy.get()
                                on:click=press(move || undo(number))>{say!(ticket.merge.undo, id = number.to_string())}</button>
                        </li>
                    }.into_any()
                }).collect_view()}
            </ul>
        }.into_any())}
    }
}
