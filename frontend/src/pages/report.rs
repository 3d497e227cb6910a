//! Reporting a problem: one field that matters, the rest is optional.

use api_types::{
    NewTicket, Ticket,
    limits::{DESCRIPTION_MAX, LOCATION_MAX, TITLE_MAX},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{components::A, hooks::use_query_map};

use super::name_tab;
use crate::{
    api,
    components::{CategoryBadge, FailureBox, Icon, Picture, TextField},
    failure::Failure,
    state::{Draft, ReportDraft, Session, note_reported},
};

mod guess;
mod places;

use guess::CategoryGuess;
pub(super) use places::Places;

const DRAFT: &str = "report";

/// The form, field by field, as it is kept in this browser.
#[derive(Clone, Copy)]
struct Form {
    description: RwSignal<String>,
    location: RwSignal<String>,
    title: RwSignal<String>,
    category: RwSignal<Option<api_types::Category>>,
    /// Whether a try was made whose answer never came: the draft is frozen then.
    frozen: RwSignal<bool>,
}

impl Form {
    fn load(place: Option<String>) -> Self {
        let draft = Draft::<ReportDraft>::load(DRAFT);
        let frozen = draft.frozen.is_some();
        let ReportDraft { description, location, title, category } = draft.typed;
        let location = place.filter(|_| !frozen).unwrap_or(location);
        let form = Self {
            description: RwSignal::new(description),
            location: RwSignal::new(location),
            title: RwSignal::new(title),
            category: RwSignal::new(category),
            frozen: RwSignal::new(frozen),
        };
        Effect::new(move |_| {
            let typed = form.typed();
            let mut draft = Draft::<ReportDraft>::load(DRAFT);
            draft.typed = typed;
            draft.keep(DRAFT);
        });
        form
    }

    fn typed(self) -> ReportDraft {
        ReportDraft {
            description: self.description.get(),
            location: self.location.get(),
            title: self.title.get(),
            category: self.category.get(),
        }
    }

    /// Thaws the draft: the next try has a key of its own.
    fn thaw(self) {
        let mut draft = Draft::<ReportDraft>::load(DRAFT);
        draft.frozen = None;
        draft.keep(DRAFT);
        self.frozen.set(false);
    }

    fn clear(self) {
        Draft::<ReportDraft>::default().keep(DRAFT);
        self.frozen.set(false);
        self.description.set(String::new());
        self.location.set(String::new());
        self.title.set(String::new());
        self.category.set(None);
    }
}

/// The body of a report as typed.
fn body_of(typed: ReportDraft) -> String {
    let some = |text: String| (!text.trim().is_empty()).then_some(text);
    let ReportDraft { description, location, title, category } = typed;
    let report = NewTicket { description, title: some(title), location: some(location), category };
    // Plain data always has a JSON form.
    serde_json::to_string(&report).unwrap_or_default()
}

/// Reporting.
#[component]
pub(crate) fn ReportPage() -> impl IntoView {
    name_tab("Report a problem");
    let place = use_query_map().read_untracked().get_str("location").map(str::to_owned);
    let form = Form::load(place.filter(|place| !place.is_empty()));
    let done = RwSignal::new(None::<Ticket>);
    view! {
        <section class="narrow">
            {move || match done.get() {
                Some(ticket) => view! { <Thanks ticket again=move |()| done.set(None)/> }.into_any(),
                None => view! { <ReportForm form done/> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn ReportForm(form: Form, done: RwSignal<Option<Ticket>>) -> impl IntoView {
    let session = Session::expect();
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let send = move || {
        if form.description.read_untracked().trim().is_empty() || busy.get_untracked() {
            return;
        }
        let mut draft = Draft::<ReportDraft>::load(DRAFT);
        let typed = untrack(move || form.typed());
        draft.typed = typed.clone();
        let frozen = draft.freeze(|| body_of(typed));
        draft.keep(DRAFT);
        form.frozen.set(true);
        busy.set(true);
        let who = session.who_now();
        spawn_local(async move {
            let answer = api::report_ticket(&who, &frozen.key, frozen.body).await;
            busy.set(false);
            match answer {
                Ok(ticket) => {
                    note_reported(ticket.id);
                    form.clear();
                    failure.set(None);
                    done.set(Some(ticket));
                }
                Err(cause) => {
                    if cause.is_certain() {
                        form.thaw();
                    }
                    failure.set(Some(cause));
                }
            }
        });
    };
    let error = move |field: &'static str| {
        Signal::derive(move || failure.read().as_ref().and_then(|cause| cause.field(field)))
    };
    let locked = Signal::derive(move || form.frozen.get());
    let ready = move || !form.description.read().trim().is_empty();
    view! {
        <h1>"Report a problem"</h1>
        <form class="report" on:submit=move |event| { event.prevent_default(); send(); }>
            <TextField id="description" label="What is wrong?" value=form.description rows=5 max=DESCRIPTION_MAX
                hint="In your own words. This is all we need." error=error("description") locked/>
            <CategoryGuess text=form.description.read_only() chosen=form.category/>
            <div class="pair">
                <div>
                    <TextField id="location" label="Where? (optional)" value=form.location max=LOCATION_MAX
                        suggestions="places" error=error("location") locked/>
                    <Places id="places" typed=form.location/>
                </div>
                <TextField id="title" label="Title (optional)" value=form.title max=TITLE_MAX
                    error=error("title") locked/>
            </div>
            {move || (locked.get() && !busy.get()).then(|| view! { <Unanswered form/> })}
            {move || failure.get().map(|failure| view! { <FailureBox failure/> })}
            <p class="actions">
                <button type="submit" class="primary" disabled=move || busy.get() || !ready()>
                    {move || match (busy.get(), locked.get()) {
                        (true, _) => "Sending…",
                        (false, true) => "Send again",
                        (false, false) => "Send report",
                    }}
                </button>
                <span class="muted small">"What you type is kept in this browser until it is sent."</span>
            </p>
        </form>
    }
}

/// A try was made and its answer never came.
#[component]
fn Unanswered(form: Form) -> impl IntoView {
    view! {
        <div class="notice" role="status">
            <p>"This report was sent, but no answer came. Sending it again is safe: it will never be there twice."</p>
            <p><button type="button" class="quiet" on:click=move |_| form.thaw()>"Change it instead"</button>
                <span class="small">" – look at "<A href="/mine">"My reports"</A>" first; it may have arrived."</span></p>
        </div>
    }
}

/// It arrived.
#[component]
fn Thanks(
    ticket: Ticket,
    /// Goes back to an empty form.
    #[prop(into)]
    again: Callback<()>,
) -> impl IntoView {
    let Ticket { id, title, category, unsure, .. } = ticket;
    view! {
        <div class="thanks" role="status">
            <h1><Icon picture=Picture::Check/>{format!("Thank you. Your report is #{id}.")}</h1>
            <p>"It went to "<CategoryBadge category unsure/>" as “"{title}"”. The help desk will see it, and you can add to it until it is closed."</p>
        </div>
        <p class="actions">
            <A href=format!("/tickets/{id}") attr:class="button primary">{format!("Open ticket #{id}")}</A>
            <A href="/mine" attr:class="button">"My reports"</A>
            <button type="button" class="quiet" on:click=move |_| again.run(())>"Report another problem"</button>
        </p>
    }
}
