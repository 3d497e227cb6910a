//! What this browser reported, to the end: closed tickets with what was done.

use api_types::{Page, Report, Status};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, components::A, hooks::use_navigate};

use super::{name_tab, outbox::Sender, report::take_back};
use crate::{
    api,
    components::{Age, Empty, FailureBox, Icon, Loading, Picture, StatusBadge, press},
    failure::Failure,
    state::{Live, Loaded, Outbox, Session, Waiting, was_joined_here, was_reported_here},
    texts::say,
};

/// My reports.
#[component]
pub(crate) fn MinePage() -> impl IntoView {
    name_tab(say!(app.nav.mine));
    let session = Session::expect();
    let outbox = Outbox::expect();
    let first = Loaded::new(move || {
        // What has left the outbox has arrived.
        outbox.waiting();
        let who = session.who();
        async move { api::list_my_reports(&who, None).await }
    });
    Live::expect().refresh_on(
        move |event| {
            // A merged report is shown as the ticket that stands for it.
            let shown = |id| matches!(untrack(move || first.get()), Some(Ok(page)) if page.items.iter().any(|one| one.merged_into == Some(id)));
            event.id.is_some_and(|id| was_reported_here(id) || was_joined_here(id) || shown(id))
        },
        move || first.refetch(),
    );
    view! {
        <section class="narrow">
            <h1>{say!(app.nav.mine)}</h1>
            <p class="muted">{say!(mine.about)}</p>
            <photo-left></photo-left>
            <WaitingReports/>
            {move || match first.get() {
                None => view! { <Loading what=say!(mine.loading) lines=4/> }.into_any(),
                Some(Err(failure)) => view! {
                    <FailureBox failure retry=Callback::new(move |()| first.refetch())/>
                }.into_any(),
                Some(Ok(page)) if page.items.is_empty() => view! {
                    <Empty title=say!(mine.none)>
                        <p><A href="/report" attr:class="button primary">{say!(app.nav.report)}</A></p>
                    </Empty>
                }.into_any(),
                Some(Ok(page)) => view! { <Reports page/> }.into_any(),
            }}
        </section>
    }
}

/// What is on its way, with what keeps it.
#[component]
fn WaitingReports() -> impl IntoView {
    let outbox = Outbox::expect();
    view! {
        <ul class="cards" aria-label=say!(mine.not_sent)>
            {move || outbox.waiting().into_iter().map(|one| view! { <WaitingCard one/> }.into_any()).collect_view()}
        </ul>
    }
}

#[component]
fn WaitingCard(one: Waiting) -> impl IntoView {
    let (outbox, sender, navigate) = (Outbox::expect(), Sender::expect(), use_navigate());
    let Waiting { key, body, photos, title, since, refused, .. } = one;
    // A sign before it says that one does not go along.
    let photos = photos.split(' ').filter(|key| !key.is_empty() && !key.starts_with('-')).count();
    let change = move |_| {
        take_back(&body);
        outbox.remove(&key);
        navigate("/report", NavigateOptions::default());
    };
    view! {
        <li class="card waiting">
            <h2>{title}</h2>
            {(photos > 0).then(|| view! { <p>{format!("{} {photos}", say!(mine.photos))}</p> }.into_any())}
            {match refused {
                None => view! {
                    <p>{say!(mine.waits)}</p>
                    <p class="muted small">{say!(mine.written)}" "<Age at=since/></p>
                    <p class="actions"><button type="button" on:click=press(move || sender.send())>{say!(mine.try_now)}</button></p>
                }.into_any(),
                Some(why) => view! {
                    <p>{say!(mine.refused)}" "{why}</p>
                    <p class="actions"><button type="button" on:click=change>{say!(mine.back_to_form)}</button></p>
                }.into_any(),
            }}
        </li>
    }
}

#[component]
fn Reports(page: Page<Report>) -> impl IntoView {
    let session = Session::expect();
    let reports = RwSignal::new(page.items);
    let next = RwSignal::new(page.next);
    let failure = RwSignal::new(None::<Failure>);
    let load_more = move |_| {
        let (who, cursor) = (session.who_now(), next.get_untracked());
        spawn_local(async move {
            match api::list_my_reports(&who, cursor.as_deref()).await {
                Ok(page) => {
                    reports.update(|reports| reports.extend(page.items));
                    next.set(page.next);
                    failure.set(None);
                }
                Err(cause) => failure.set(Some(cause)),
            }
        });
    };
    view! {
        <ul class="cards">
            {move || reports.get().into_iter().map(|report| view! { <ReportCard report/> }.into_any()).collect_view()}
        </ul>
        {move || failure.get().map(|failure| view! { <FailureBox failure/> }.into_any())}
        {move || next.read().is_some().then(|| view! {
            <button type="button" on:click=load_more>{say!(tickets.load_more)}</button>
        }.into_any())}
    }
}

#[component]
fn ReportCard(report: Report) -> impl IntoView {
    let session = Session::expect();
    let Report {
        id,
        title,
        status,
        opened_at,
        closed_at,
        resolution,
        joined,
        merged_into,
        answer,
        ..
    } = report;
    // A closed ticket is hidden from users: a link would lead nowhere.
    let name = move || {
        let title = title.clone();
        if status == Status::Closed && !session.is_staff() {
            view! { <span>{title}</span> }.into_any()
        } else {
            view! { <A href=format!("/tickets/{id}")>{title}</A> }.into_any()
        }
    };
    view! {
        <li class="card">
            <h2>{name}</h2>
            <p class="card-facts">
                <StatusBadge status/>
                <span class="muted small">{format!("#{id} · {} ", say!(tickets.reported))}<Age at=opened_at/></span>
                {joined.then(|| view! { <span class="fact"><Icon picture=Picture::People/>{say!(mine.joined)}</span> }.into_any())}
                {merged_into.map(|to| view! { <span class="muted small">{format!("{} #{to}", say!(mine.merged))}</span> }.into_any())}
                {closed_at.map(|at| view! { <span class="muted small">{say!(mine.closed)}" "<Age at/></span> }.into_any())}
            </p>
            {answer.filter(|_| status != Status::Closed).map(|answer| view! {
                <blockquote><p class="muted small">{say!(ticket.thread.help_desk)}</p><p class="text">{answer}</p></blockquote>
            }.into_any())}
            {(status == Status::Closed).then(|| view! {
                <div class="resolution">
                    <h3>{say!(ticket.resolution)}</h3>
                    <p class="text">{resolution.unwrap_or_else(|| say!(ticket.no_resolution).to_owned())}</p>
                </div>
            }.into_any())}
        </li>
    }
}
