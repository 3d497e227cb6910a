//! What this browser reported, to the end: closed tickets with what was done.

use api_types::{LiveKind, Page, Report, Status};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::A;

use super::name_tab;
use crate::{
    api,
    components::{Age, Empty, FailureBox, Loading, StatusBadge},
    failure::Failure,
    state::{Live, Session},
};

/// My reports.
#[component]
pub(crate) fn MinePage() -> impl IntoView {
    name_tab("My reports");
    let session = Session::expect();
    let first = LocalResource::new(move || {
        let who = session.who();
        async move { api::list_my_reports(&who, None).await }
    });
    Live::expect().refresh_on(|event| event.kind == LiveKind::Ticket, move || first.refetch());
    view! {
        <section class="narrow">
            <h1>"My reports"</h1>
            <p class="muted">"What was reported from this browser, with how it ended."</p>
            {move || match first.get() {
                None => view! { <Loading what="Loading your reports" lines=4/> }.into_any(),
                Some(Err(failure)) => view! {
                    <FailureBox failure retry=Callback::new(move |()| first.refetch())/>
                }.into_any(),
                Some(Ok(page)) if page.items.is_empty() => view! {
                    <Empty title="Nothing was reported from this browser yet.">
                        <p><A href="/report" attr:class="button primary">"Report a problem"</A></p>
                    </Empty>
                }.into_any(),
                Some(Ok(page)) => view! { <Reports page/> }.into_any(),
            }}
        </section>
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
            <For each=move || reports.get() key=|report| report.id let:report>
                <ReportCard report/>
            </For>
        </ul>
        {move || failure.get().map(|failure| view! { <FailureBox failure/> })}
        {move || next.read().is_some().then(|| view! {
            <button type="button" on:click=load_more>"Load more"</button>
        })}
    }
}

#[component]
fn ReportCard(report: Report) -> impl IntoView {
    let session = Session::expect();
    let Report { id, title, status, opened_at, closed_at, resolution, .. } = report;
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
                <span class="muted small">{format!("#{id} · reported ")}<Age at=opened_at/></span>
                {closed_at.map(|at| view! { <span class="muted small">"closed "<Age at/></span> })}
            </p>
            {(status == Status::Closed).then(|| view! {
                <div class="resolution">
                    <h3>"What was done"</h3>
                    <p class="text">{resolution.unwrap_or_else(|| "Nothing was written down.".to_owned())}</p>
                </div>
            })}
        </li>
    }
}
