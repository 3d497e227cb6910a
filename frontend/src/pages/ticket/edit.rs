//! The texts of a ticket, and editing them without losing anybody's words.
//!
//! An edit rests on the version it began with. Where somebody else changed a text meanwhile, texts that only they
//! touched are taken over, and for those that both touched the form shows both versions and saves on top of theirs.

use api_types::{
    Status, Ticket, TicketEdit,
    limits::{DESCRIPTION_MAX, LOCATION_MAX, TITLE_MAX},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use wasm_bindgen::JsValue;

use super::{Desk, other_than_stale, read::Read};
use crate::{
    api,
    components::{FailureBox, TextField, press},
    failure::Failure,
    pages::report::Places,
    state::{EditDraft, TicketTexts, follow},
    texts::say,
};

/// The texts, to be read or edited.
#[component]
pub(in crate::pages) fn Texts(desk: Desk) -> impl IntoView {
    let id = desk.ticket.read_untracked().id;
    // The app that users load sends them here to edit.
    let sent_here = use_location().pathname.get_untracked().ends_with("/edit");
    let can = desk.ticket.read_untracked().status != Status::Closed;
    let editing =
        RwSignal::new((sent_here && can) || was_interrupted(&desk.ticket.read_untracked()));
    let close = move |()| {
        editing.set(false);
        if sent_here && let Ok(history) = window().history() {
            // Not a step of the router, which would draw the page anew and with it what was just said.
            let address = format!("/tickets/{id}");
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
        }
    };
    let close = Callback::new(close);
    let edit = Callback::new(move |()| {
        desk.said.set(None);
        editing.set(true);
    });
    view! {
        {move || {
            if editing.get() {
                view! { <EditForm desk close/> }.into_any()
            } else {
                view! { <Read desk edit/> }.into_any()
            }
        }}
    }
}

/// Whether an edit was begun that this ticket can still take and does not say already.
fn was_interrupted(ticket: &Ticket) -> bool {
    let Some(draft) = EditDraft::load(ticket.id) else { return false };
    let has_changes = draft.has_changes_for(&TicketTexts::of(ticket));
    if !has_changes {
        EditDraft::forget(ticket.id);
    }
    has_changes && ticket.status != Status::Closed
}

/// What is typed, on which version of the ticket it rests, and what others wrote meanwhile.
#[derive(Clone, Copy)]
struct Form {
    title: RwSignal<String>,
    description: RwSignal<String>,
    location: RwSignal<String>,
    base: RwSignal<TicketTexts>,
    /// After a conflict: the version it rested on before, and theirs.
    conflict: RwSignal<Option<(TicketTexts, TicketTexts)>>,
}

impl Form {
    /// Begins to edit a ticket, or goes on where one was interrupted.
    fn begin(ticket: &Ticket) -> Self {
        let draft =
            EditDraft::load(ticket.id).unwrap_or_else(|| EditDraft::of(TicketTexts::of(ticket)));
        let form = Self {
            title: RwSignal::new(draft.title),
            description: RwSignal::new(draft.description),
            location: RwSignal::new(draft.location),
            base: RwSignal::new(draft.base),
            conflict: RwSignal::new(draft.conflict),
        };
        form.rebase(ticket);
        follow(move || form.draft().keep());
        form
    }

    fn draft(self) -> EditDraft {
        EditDraft {
            title: self.title.get(),
            description: self.description.get(),
            location: self.location.get(),
            base: self.base.get(),
            conflict: self.conflict.get(),
        }
    }

    /// What differs from the version it rests on.
    fn edit(self) -> TicketEdit {
        let base = self.base.read_untracked();
        let changed = |mine: RwSignal<String>, base: &str| {
            let mine = mine.get_untracked();
            (mine.trim() != base.trim()).then_some(mine)
        };
        TicketEdit {
            title: changed(self.title, &base.title),
            description: changed(self.description, &base.description),
            location: changed(self.location, base.location.as_deref().unwrap_or_default())
                .map(|place| (!place.trim().is_empty()).then_some(place)),
        }
    }

    /// Rests on a newer version: texts that only others touched become theirs. Answers whether others touched any.
    fn rebase(self, current: &Ticket) -> bool {
        let current = TicketTexts::of(current);
        let base = self.base.get_untracked();
        if current.version < base.version {
            return false;
        }
        let take = |mine: RwSignal<String>, base: &str, theirs: &str| {
            if *mine.read_untracked() == base {
                mine.set(theirs.to_owned());
            }
        };
        let place = |texts: &TicketTexts| texts.location.clone().unwrap_or_default();
        take(self.title, &base.title, &current.title);
        take(self.description, &base.description, &current.description);
        take(self.location, &place(&base), &place(&current));
        self.base.set(current.clone());
        let touched = base.trimmed() != current.trimmed();
        if touched {
            self.conflict.update(|conflict| {
                let before = conflict.take().map_or(base, |(before, _)| before);
                *conflict = Some((before, current));
            });
        }
        touched
    }
}

#[component]
fn EditForm(
    desk: Desk,
    /// Ends editing.
    #[prop(into)]
    close: Callback<()>,
) -> impl IntoView {
    let id = desk.ticket.read_untracked().id;
    let resumed = EditDraft::load(id).is_some();
    let form = Form::begin(&desk.ticket.read_untracked());
    let close = move || {
        EditDraft::forget(id);
        close.run(());
    };
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let edit = form.edit();
        if edit == TicketEdit::default() {
            close();
            return;
        }
        let who = desk.session.who_now();
        let version = form.base.read_untracked().version;
        busy.set(true);
        spawn_local(async move {
            let mut answer = api::edit_ticket(&who, id, version, &edit).await;
            if let Some(current) = answer.as_ref().err().and_then(Failure::current)
                && busy.try_get_untracked().is_some()
                && !form.rebase(current)
            {
                // Nobody touched the texts, such as when the ticket was assigned meanwhile: they rest on that as well.
                let version = form.base.read_untracked().version;
                answer = api::edit_ticket(&who, id, version, &edit).await;
            }
            if answer.is_ok() {
                EditDraft::forget(id);
            }
            // Cancelled meanwhile: what was saved shows when the ticket is read again.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(ticket) => {
                    desk.settle(ticket, say!(ticket.edit.saved).to_owned());
                    close();
                }
                Err(cause) => {
                    if let Some(current) = cause.current().cloned() {
                        form.rebase(&current);
                        // Nothing of ours is left to save: an earlier try arrived, and only its answer was lost.
                        if form.edit() == TicketEdit::default() {
                            let saved = say!(ticket.edit.saved).to_owned();
                            desk.settle(current, saved);
                            close();
                            return;
                        }
                    }
                    failure.set(Some(cause));
                }
            }
        });
    };
    let error = move |field: &'static str| {
        Signal::derive(move || failure.read().as_ref().and_then(|cause| cause.field(field)))
    };
    // Only what they changed stands beside one's own words.
    let others = move |pick: fn(&TicketTexts) -> String| {
        Signal::derive(move || {
            let conflict = form.conflict.read();
            let (before, theirs) = conflict.as_ref()?;
            Some(pick(theirs)).filter(|theirs| *theirs != pick(before))
        })
    };
    view! {
        <form class="edit" on:submit=save>
            <h1>{say!(ticket.edit.heading, id = id.to_string())}</h1>
            {resumed.then(|| view! { <p class="notice">{say!(ticket.edit.unfinished)}</p> }.into_any())}
            {move || form.conflict.read().is_some().then(|| view! {
                <p class="notice warn" role="alert">{say!(ticket.edit.conflict)}</p>
            }.into_any())}
            <TextField id="edit-title" label=say!(ticket.title) value=form.title max=TITLE_MAX
                error=error("title") locked=busy/>
            <Theirs mine=form.title theirs=others(|texts| texts.title.clone())
                words=[say!(ticket.edit.their_title), say!(ticket.edit.take_title), say!(ticket.edit.back_to_title)]/>
            <TextField id="edit-description" label=say!(ticket.description) value=form.description rows=6
                max=DESCRIPTION_MAX error=error("description") locked=busy/>
            <Theirs mine=form.description theirs=others(|texts| texts.description.clone())
                words=[
                    say!(ticket.edit.their_description),
                    say!(ticket.edit.take_description),
                    say!(ticket.edit.back_to_description),
                ]/>
            <TextField id="edit-location" label=say!(ticket.location) value=form.location max=LOCATION_MAX
                suggestions="edit-places" error=error("location") locked=busy/>
            <Places id="edit-places" typed=form.location/>
            <Theirs mine=form.location theirs=others(|texts| texts.location.clone().unwrap_or_default())
                words=[
                    say!(ticket.edit.their_location),
                    say!(ticket.edit.take_location),
                    say!(ticket.edit.back_to_location),
                ]/>
            {move || failure.get().filter(other_than_stale).map(|failure| view! { <FailureBox failure/> }.into_any())}
            <p class="actions">
                <button type="submit" class="primary" disabled=move || busy.get()>
                    {move || if form.conflict.read().is_some() {
                        say!(ticket.edit.save_again)
                    } else {
                        say!(ticket.edit.save)
                    }}
                </button>
                <button type="button" class="quiet" on:click=press(close)>{say!(ticket.edit.cancel)}</button>
            </p>
        </form>
    }
}

/// What somebody else wrote where one's own text differs, and a button to take it.
#[component]
fn Theirs(
    /// One's own text.
    mine: RwSignal<String>,
    /// Theirs, once there was a conflict.
    theirs: Signal<Option<String>>,
    /// What theirs is called, what taking it is called, and what going back to one's own.
    words: [&'static str; 3],
) -> impl IntoView {
    let [their, take, back] = words;
    // Kept on the screen after it was taken, so that one can go back to one's own words.
    let own = RwSignal::new(None::<String>);
    let differs = move || theirs.get().filter(|theirs| *theirs != mine.get());
    view! {
        {move || {
            if let Some(text) = differs() {
                let shown =
                    if text.is_empty() { say!(ticket.edit.empty).to_owned() } else { text.clone() };
                return view! {
                    <div class="theirs">
                        <p class="small"><strong>{their}</strong></p>
                        <p class="text">{shown}</p>
                        <button type="button" on:click=press(move || {
                            own.set(Some(mine.get_untracked()));
                            mine.set(text.clone());
                        })>{take}</button>
                    </div>
                }
                .into_any();
            }
            own.get()
                .map(|text| {
                    view! {
                        <p class="small">
                            <button type="button" class="quiet" on:click=press(move || mine.set(text.clone()))>{back}</button>
                        </p>
                    }.into_any()
                })
                .into_any()
        }}
    }
}
