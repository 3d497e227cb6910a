//! Reporting a problem: one field that matters, the rest is optional.

use api_types::{
    NewTicket, Ticket,
    limits::{DESCRIPTION_MAX, LOCATION_MAX, TITLE_MAX},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};
use wasm_bindgen::JsCast as _;

use super::{
    name_tab,
    outbox::{Fate, Sender},
};
use crate::{
    components::{CategoryBadge, FailureBox, Icon, Picture, TextField, press},
    failure::Failure,
    format::now,
    state::{Draft, Outbox, ReportDraft, Session, Waiting, follow, new_uuid},
    texts::say,
};

mod guess;
mod photos;
mod places;
mod similar;

use guess::CategoryGuess;
use photos::{PhotoField, chosen_photos};
pub(super) use places::Places;
use places::settled;
use similar::{Beside, Similar};

const DRAFT: &str = "report";
/// So much of a report tells it from others while it waits.
const TITLE_SHOWN: usize = 80;

/// The form, field by field, as it is kept in this browser.
#[derive(Clone, Copy)]
struct Form {
    description: RwSignal<String>,
    location: RwSignal<String>,
    title: RwSignal<String>,
    category: RwSignal<Option<api_types::Category>>,
    named_place: StoredValue<Option<String>>,
}

impl Form {
    fn load(named_place: Option<String>) -> Self {
        let mut draft = Draft::<ReportDraft>::load(DRAFT).typed;
        if let Some(place) = named_place.as_ref().filter(|_| draft.named_place != named_place) {
            draft.location.clone_from(place);
        }
        let form = Self {
            description: RwSignal::new(draft.description),
            location: RwSignal::new(draft.location),
            title: RwSignal::new(draft.title),
            category: RwSignal::new(draft.category),
            named_place: StoredValue::new(named_place.or(draft.named_place)),
        };
        follow(move || keep_draft(form.typed()));
        form
    }

    fn typed(self) -> ReportDraft {
        ReportDraft {
            description: self.description.get(),
            location: self.location.get(),
            title: self.title.get(),
            category: self.category.get(),
            named_place: self.named_place.get_value(),
        }
    }

    fn clear(self) {
        self.description.set(String::new());
        self.location.set(String::new());
        self.title.set(String::new());
        self.category.set(None);
    }
}

fn keep_draft(typed: ReportDraft) {
    Draft { typed, frozen: None }.keep(DRAFT);
}

/// Puts a report back into the form, to be changed.
pub(super) fn take_back(body: &str) {
    if let Ok(typed) = serde_json::from_str::<ReportDraft>(body) {
        // What stands in the form already stays there, above it.
        let before = Draft::<ReportDraft>::load(DRAFT).typed.description;
        let description = match before.trim() {
            "" => typed.description,
            before => format!("{before}\n\n{}", typed.description),
        };
        keep_draft(ReportDraft { description, ..typed });
    }
}

/// The button that was pressed is gone: whoever hears the page or uses the keyboard goes on from the beginning of it.
fn focus_what_came_of_it() {
    let main = document().get_element_by_id("main");
    if let Some(main) = main.and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A browser that refuses the focus leaves it where it was.
        let _ = main.focus();
    }
}

/// The body of a report as typed.
fn body_of(typed: ReportDraft) -> String {
    let some = |text: String| (!text.trim().is_empty()).then_some(text);
    let ReportDraft { description, location, title, category, .. } = typed;
    let (title, location) = (some(title), some(location));
    // What numbers the photos have is known when they are there.
    let report = NewTicket { description, title, location, category, images: Vec::new() };
    // Plain data always has a JSON form.
    serde_json::to_string(&report).unwrap_or_default()
}

/// Reporting.
#[component]
pub(crate) fn ReportPage() -> impl IntoView {
    name_tab(say!(app.nav.report));
    let sender = Sender::expect();
    let place = use_query_map().read_untracked().get_str("location").map(str::to_owned);
    let form = Form::load(place.filter(|place| !place.is_empty()));
    // The key of the report that left the form.
    let sent = RwSignal::new(None::<String>);
    // Whether it outlives this page.
    let kept = RwSignal::new(true);
    let again = move |()| sent.set(None);
    view! {
        <section class="narrow">
            <photo-left></photo-left>
            {move || match sent.get().and_then(|key| sender.fate(&key)) {
                None => view! { <ReportForm form sent kept/> }.into_any(),
                Some(Fate::Arrived(ticket)) => view! { <Thanks ticket=*ticket again/> }.into_any(),
                Some(Fate::Gone) => view! {
                    <Later title=say!(report.arrived_title) again>{say!(report.arrived)}</Later>
                }.into_any(),
                Some(Fate::Waits) => view! {
                    <Later title=say!(report.kept_title) again>
                        {if kept.get_untracked() { say!(report.kept) } else { say!(report.not_kept) }}
                    </Later>
                }.into_any(),
                Some(Fate::Refused(failure)) => view! {
                    <Later title=say!(report.refused_title) again>
                        {failure.sentence()}" "{say!(report.not_lost)}
                    </Later>
                }.into_any(),
            }}
        </section>
    }
}

#[component]
fn ReportForm(form: Form, sent: RwSignal<Option<String>>, kept: RwSignal<bool>) -> impl IntoView {
    let (session, outbox, sender) = (Session::expect(), Outbox::expect(), Sender::expect());
    let failure = RwSignal::new(None::<Failure>);
    let beside = Beside::watch();
    // The key of the report that is on its way.
    let sending = RwSignal::new(None::<String>);
    let send = move || {
        let typed = untrack(move || form.typed());
        if typed.description.trim().is_empty() || sending.read_untracked().is_some() {
            return;
        }
        let title = if typed.title.trim().is_empty() { &typed.description } else { &typed.title };
        let title = title.trim().chars().take(TITLE_SHOWN).collect();
        let who = session.who_now();
        let body = body_of(typed);
        let (key, photos) = (new_uuid(), chosen_photos());
        let report =
            Waiting { key: key.clone(), body, photos, title, who, since: now(), refused: None };
        kept.set(outbox.put(report));
        // From here on the outbox answers for it: the form must not offer it a second time.
        keep_draft(ReportDraft::default());
        sending.set(Some(key));
        sender.send();
    };
    follow(move || {
        let Some(key) = sending.get() else { return };
        match sender.fate(&key) {
            None => {}
            Some(Fate::Refused(cause)) => {
                // It stays in the form, to be mended.
                outbox.remove(&key);
                keep_draft(untrack(move || form.typed()));
                sending.set(None);
                failure.set(Some(cause));
            }
            Some(Fate::Arrived(_) | Fate::Gone | Fate::Waits) => {
                beside.sent();
                form.clear();
                sending.set(None);
                sent.set(Some(key));
                focus_what_came_of_it();
            }
        }
    });
    let error = move |field: &'static str| {
        Signal::derive(move || failure.read().as_ref().and_then(|cause| cause.field(field)))
    };
    let (text, location) =
        (settled(form.description.read_only()), settled(form.location.read_only()));
    let locked = Signal::derive(move || sending.read().is_some());
    let ready = move || !form.description.read().trim().is_empty();
    view! {
        <h1>{say!(app.nav.report)}</h1>
        <form class="report" on:submit=move |event| { event.prevent_default(); send(); }>
            <TextField id="description" label=say!(report.what) value=form.description rows=5 max=DESCRIPTION_MAX
                hint=say!(report.what_hint) error=error("description") locked/>
            <PhotoField locked/>
            <Similar text location beside/>
            <CategoryGuess text chosen=form.category/>
            <div class="pair">
                <div>
                    <TextField id="location" label=say!(report.place) value=form.location max=LOCATION_MAX
                        suggestions="places" error=error("location") locked/>
                    <Places id="places" typed=form.location/>
                </div>
                <TextField id="title" label=say!(report.title) value=form.title max=TITLE_MAX
                    error=error("title") locked/>
            </div>
            {move || failure.get().map(|failure| view! { <FailureBox failure/> }.into_any())}
            <p class="actions">
                <button type="submit" class="primary" disabled=move || locked.get() || !ready()>
                    {move || if locked.get() { say!(report.sending) } else { say!(report.send) }}
                </button>
                <span class="muted small">{say!(report.draft_kept)}</span>
            </p>
        </form>
    }
}

/// The report left the form, and there is no ticket to show yet.
#[component]
fn Later(
    /// What became of it.
    title: &'static str,
    /// Goes back to an empty form.
    #[prop(into)]
    again: Callback<()>,
    /// What that means.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="thanks" role="status">
            <h1>{title}</h1>
            <p>{children()}</p>
        </div>
        <p class="actions">
            <A href="/mine" attr:class="button primary">{say!(app.nav.mine)}</A>
            <button type="button" class="quiet" on:click=press(move || again.run(()))>{say!(report.another)}</button>
        </p>
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
            <h1><Icon picture=Picture::Check/>{say!(report.thanks, id = id.to_string())}</h1>
            <p><strong dir="auto">{title}</strong></p>
            <p>{say!(report.went_to)}" "<CategoryBadge category unsure/></p>
            <p>{say!(report.goes_on)}</p>
        </div>
        <p class="actions">
            <A href=format!("/tickets/{id}") attr:class="button primary">{say!(report.open_ticket, id = id.to_string())}</A>
            <A href="/mine" attr:class="button">{say!(app.nav.mine)}</A>
            <button type="button" class="quiet" on:click=press(move || again.run(()))>{say!(report.another)}</button>
        </p>
    }
}
