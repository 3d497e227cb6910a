//! Reports and answers like the one being written: who finds theirs need not write it.

use api_types::{ArticleId, HitKind, ReportOutcome, SimilarHit, TicketId, limits::CLASSIFY_MAX};
use leptos::{ev, prelude::*};
use leptos_router::components::A;

use super::photos::{on_photo_hits, photo_hits};
use crate::{
    api,
    components::{Icon, Picture, StatusBadge},
    pages::me_too::MeToo,
    state::{Loaded, Session},
    texts::say,
};

/// The articles that stood beside the form, and what became of the report.
#[derive(Clone, Copy)]
pub(super) struct Beside(StoredValue<ReportOutcome>);

impl Beside {
    /// Nothing stood there yet. When the form goes, or the whole page, what stood there is counted.
    pub(super) fn watch() -> Self {
        let none = ReportOutcome { shown: Vec::new(), opened: Vec::new(), sent: false };
        let beside = Self(StoredValue::new(none));
        let leaving = window_event_listener(ev::pagehide, move |_| beside.count());
        on_cleanup(move || {
            leaving.remove();
            beside.count();
        });
        beside
    }

    /// The report was sent, or another one joined.
    pub(super) fn sent(self) {
        self.0.try_update_value(|outcome| outcome.sent = true);
    }

    fn show(self, hits: &[SimilarHit]) {
        self.0.try_update_value(|outcome| {
            for hit in hits.iter().filter(|hit| hit.kind == HitKind::Article) {
                note(&mut outcome.shown, ArticleId(hit.id));
            }
        });
    }

    fn open(self, article: ArticleId) {
        self.0.try_update_value(|outcome| note(&mut outcome.opened, article));
    }

    fn count(self) {
        self.0.try_update_value(|outcome| {
            if !outcome.shown.is_empty() {
                api::count_report(outcome);
                outcome.shown.clear();
                outcome.opened.clear();
            }
        });
    }
}

fn note(ids: &mut Vec<ArticleId>, id: ArticleId) {
    if !ids.contains(&id) && ids.len() < api_types::limits::SHOWN_MAX {
        ids.push(id);
    }
}

/// The best few.
#[component]
pub(super) fn Similar(
    /// What is typed, once it settles.
    text: ReadSignal<String>,
    /// Where, likewise.
    location: ReadSignal<String>,
    beside: Beside,
) -> impl IntoView {
    let session = Session::expect();
    let found = Loaded::new(move || {
        let (who, text, location) = (session.who(), text.get(), location.get());
        async move {
            let of_photos = photo_hits();
            // A word or two are like everything.
            if !(12..=CLASSIFY_MAX).contains(&text.trim().chars().count()) {
                return of_photos;
            }
            // A convenience: without it one reports.
            let answer = api::find_similar(&who, text, location).await;
            join(of_photos, answer.map(|answer| answer.items).unwrap_or_default())
        }
    });
    on_photo_hits(move || found.refetch());
    let hits = move || {
        let hits = found.get().unwrap_or_default();
        beside.show(&hits);
        hits
    };
    view! {
        <div aria-live="polite">
            {move || Some(hits()).filter(|hits| !hits.is_empty()).map(|hits| view! {
                <section class="similar">
                    <h2>{say!(report.similar)}</h2>
                    <ul class="cards">
                        {hits.into_iter().map(|hit| view! { <Hit hit beside/> }.into_any()).collect_view()}
                    </ul>
                </section>
            }.into_any())}
        </div>
    }
}

/// Each once: a photo says more than words.
fn join(mut hits: Vec<SimilarHit>, more: Vec<SimilarHit>) -> Vec<SimilarHit> {
    for hit in more {
        if !hits.iter().any(|known| (known.kind, known.id) == (hit.kind, hit.id)) {
            hits.push(hit);
        }
    }
    hits
}

#[component]
fn Hit(hit: SimilarHit, beside: Beside) -> impl IntoView {
    let SimilarHit { kind, id, title, status, location, affected } = hit;
    let fact = location.map(|location| {
        view! { <span class="fact"><Icon picture=Picture::Place/>{location}</span> }.into_any()
    });
    match (kind, status) {
        (HitKind::Ticket, Some(status)) => view! {
            <li class="card">
                <h3><A href=format!("/tickets/{id}")>{title}</A></h3>
                <p class="card-facts"><StatusBadge status/>{fact}</p>
                <MeToo id=TicketId(id) affected=Signal::stored(affected) on_join=move |()| beside.sent()/>
            </li>
        }
        .into_any(),
        // Beside the form, which stays as it is.
        _ => view! {
            <li class="card">
                <h3><Icon picture=Picture::Book/><a href=format!("/articles/{id}") target="_blank"
                    on:click=move |_| beside.open(ArticleId(id))>{title}</a></h3>
            </li>
        }
        .into_any(),
    }
}
