//! One ticket: its texts, its thread, its history, and for staff what can be done with it.

use api_types::{CategoryBy, LiveKind, ProblemKind, RedactTarget, Status, Ticket, TicketId};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    components::A,
    hooks::{use_navigate, use_params_map},
};

use super::{NotFoundPage, me_too::MeToo, name_tab};
use crate::{
    api,
    components::{Age, FailureBox, Icon, Loading, Picture},
    failure::Failure,
    format::sureness,
    state::{Live, Loaded, Session},
    texts::say,
};

mod controls;
mod desk;
mod edit;
mod history;
mod merge;
mod others;
mod photos;
mod read;
mod redact;
mod steps;
mod summary;
mod thread;

use controls::ReporterControls;
use photos::Photos;
use read::Read;
use steps::Steps;
use summary::Summary;
use thread::Thread;

pub(super) use controls::StaffControls;
pub(crate) use desk::Desk;
pub(super) use edit::Texts;
pub(super) use history::{History, HistoryPage};
pub(super) use merge::Merging;
pub(super) use others::Others;
pub(super) use redact::{Redact, RedactTexts};

/// The page of a ticket.
#[component]
pub(crate) fn TicketPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get_str("id")?.parse::<TicketId>().ok());
    view! {
        {move || match id.get() {
            Some(id) => view! { <Found id/> }.into_any(),
            None => view! { <NotFoundPage/> }.into_any(),
        }}
    }
}

#[component]
fn Found(id: TicketId) -> impl IntoView {
    name_tab(&format!("#{id}"));
    let (session, navigate) = (Session::expect(), use_navigate());
    let ticket = Loaded::new(move || {
        let who = session.who();
        async move { api::find_ticket(&who, id).await }
    });
    view! {
        {move || match ticket.get() {
            None => view! { <Loading what=say!(ticket.loading) lines=6/> }.into_any(),
            // It was merged: the one that stands for it has an address of its own.
            Some(Ok(ticket)) if ticket.id != id => {
                let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                navigate(&format!("/tickets/{}", ticket.id), options);
                ().into_any()
            }
            Some(Ok(ticket)) => view! { <TicketView ticket/> }.into_any(),
            Some(Err(failure)) if failure.is_missing() => {
                view! { <NotHere id/> }.into_any()
            }
            Some(Err(failure)) => view! {
                <FailureBox failure retry=Callback::new(move |()| ticket.refetch())/>
            }
            .into_any(),
        }}
    }
}

/// There is no such ticket, or it is closed and hidden from users.
#[component]
fn NotHere(id: TicketId) -> impl IntoView {
    let session = Session::expect();
    view! {
        <section class="narrow">
            <h1>{say!(ticket.not_here, id = id.to_string())}</h1>
            {move || if session.is_staff() {
                view! {
                    <p>{say!(ticket.never_reported)}" "<A href="/queue">{say!(ticket.to_queue)}</A></p>
                }.into_any()
            } else {
                view! {
                    <p>{say!(ticket.maybe_closed)}</p>
                    <p class="actions">
                        <A href="/mine">{say!(app.nav.mine)}</A><A href="/tickets">{say!(app.nav.tickets)}</A>
                    </p>
                }.into_any()
            }}
        </section>
    }
}

#[component]
fn TicketView(ticket: Ticket) -> impl IntoView {
    let id = ticket.id;
    let desk = Desk::open(ticket);
    Live::expect().refresh_on(
        move |event| event.id == Some(id) && event.kind != LiveKind::Presence,
        move || desk.refresh(),
    );
    let closed = Memo::new(move |_| desk.ticket.read().status == Status::Closed);
    view! {
        <article class="ticket">
            <div class="ticket-main">
                {match desk.whole() {
                    Some(side) => (side.texts)(desk),
                    None => view! { <Read desk/> }.into_any(),
                }}
                {move || (!closed.get()).then(|| view! {
                    <MeToo id affected=Signal::derive(move || desk.ticket.read().affected) on_join=move |()| ()/>
                }.into_any())}
                <Photos desk/>
                <Said desk/>
                {move || closed.get().then(|| view! { <Resolution desk/> }.into_any())}
                <Summary desk/>
                <Thread desk/>
            </div>
            <aside class="ticket-side" aria-label=say!(ticket.about)>
                <Steps desk/>
                <Facts desk/>
                {move || match desk.staff_side() {
                    Some(side) => view! { {(side.others)(desk)}{(side.controls)(desk)}{(side.merging)(desk)} }.into_any(),
                    None => view! { <ReporterControls desk/> }.into_any(),
                }}
                {match desk.whole() {
                    Some(side) => (side.history)(desk),
                    // Few look at it: it is a page of the whole app.
                    None => view! { <p><A href=format!("/tickets/{id}/history")>{say!(ticket.history.heading)}</A></p> }.into_any(),
                }}
            </aside>
        </article>
    }
}

/// What the last thing that was done came to.
#[component]
fn Said(desk: Desk) -> impl IntoView {
    view! {
        <div aria-live="polite">
            {move || desk.said.get().map(|said| view! {
                <p class="notice done"><Icon picture=Picture::Check/>{said}</p>
            }.into_any())}
        </div>
        {move || desk.merged_into.get().map(|to| view! {
            <p class="notice warn" role="status">{say!(failure.merged_here)}" "<A href=format!("/tickets/{to}")>{format!("#{to}")}</A></p>
        }.into_any())}
        {move || desk.failure.get().map(|failure| {
            let gone = failure.is_missing();
            view! {
                <FailureBox failure/>
                {gone.then(|| view! { <p><A href="/mine">{say!(ticket.how_it_ended)}</A></p> }.into_any())}
            }
        })}
    }
}

#[component]
fn Resolution(desk: Desk) -> impl IntoView {
    let text = move || desk.ticket.read().resolution.clone();
    view! {
        <section class="resolution">
            <h2>{say!(ticket.resolution)}</h2>
            <p class="text">{move || text().unwrap_or_else(|| say!(ticket.no_resolution).to_owned())}</p>
            {move || desk.staff_side().filter(|_| text().is_some())
                .map(|side| (side.redact)(desk, RedactTarget::Resolution, say!(ticket.redact.resolution)))}
        </section>
    }
}

#[component]
fn Facts(desk: Desk) -> impl IntoView {
    view! {
        {move || {
            let Ticket { category_by, confidence, unsure, modified_at, assignee, .. } = desk.ticket.get();
            let decided = match (category_by, confidence) {
                (CategoryBy::Automatic, Some(share)) => say!(ticket.by.automatic, share = sureness(share)),
                (CategoryBy::Automatic, None) => say!(ticket.by.nobody).to_owned(),
                (CategoryBy::Reporter, _) => say!(ticket.by.reporter).to_owned(),
                (CategoryBy::Staff, _) => say!(ticket.by.staff).to_owned(),
            };
            let decided = if unsure { format!("{decided} {}", say!(words.unsure)) } else { decided };
            view! {
                <dl class="facts">
                    <dt>{say!(ticket.assigned_to)}</dt>
                    <dd>{assignee.map_or_else(|| say!(ticket.nobody_yet).to_owned(), |staff| staff.name)}</dd>
                    <dt>{say!(ticket.last_change)}</dt><dd><Age at=modified_at/></dd>
                    <dt>{say!(ticket.controls.category)}</dt><dd>{decided}</dd>
                </dl>
            }
        }}
    }
}

/// The failure of a change, if it is another than somebody else's change in between.
fn other_than_stale(failure: &Failure) -> bool {
    failure.kind() != Some(ProblemKind::Stale)
}
