//! One action on the tickets that are ticked, and what became of each.

use api_types::{
    AssigneeChange, BulkAction, BulkItem, BulkItemResult, Category, CategoryChange, Staff, Status,
    StatusChange, TicketId,
    limits::{BULK_MAX, RESOLUTION_MAX},
};
use leptos::{prelude::*, task::spawn_local};

use super::Selection;
use crate::{
    api,
    components::{Choice, FailureBox, TextField, press},
    failure::Failure,
    format::{category_word, number},
    pages::list::TicketList,
    state::Session,
    texts::say,
};

/// What became of an action on many tickets.
#[derive(Debug, Clone, Default, PartialEq)]
struct Outcome {
    done: usize,
    refused: Vec<(TicketId, String)>,
}

impl Outcome {
    fn add(&mut self, result: &BulkItemResult) {
        match &result.problem {
            None => self.done += 1,
            Some(problem) => {
                let failure =
                    Failure::Problem { problem: Box::new(problem.clone()), retry_after: None };
                self.refused.push((result.id, failure.sentence()));
            }
        }
    }
}

/// Shows a ticket as it is now. One that could not be changed stays ticked at its newest version, to try again.
fn settle(list: TicketList, selection: Selection, result: BulkItemResult) {
    let refused = result.ticket.is_none();
    let Some(ticket) =
        result.ticket.or(result.problem.and_then(|problem| problem.current).map(|now| *now))
    else {
        return;
    };
    selection.try_update(|selection| match refused {
        true => selection.insert(ticket.id, ticket.version),
        false => selection.remove(&ticket.id),
    });
    list.replace(ticket);
}

/// The bar above the rows while some are ticked.
#[component]
pub(super) fn BulkBar(
    list: TicketList,
    selection: Selection,
    roster: Signal<Vec<Staff>>,
) -> impl IntoView {
    let session = Session::expect();
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let outcome = RwSignal::new(None::<Outcome>);
    let run = Callback::new(move |action: BulkAction| {
        let items: Vec<BulkItem> = selection.with_untracked(|selection| {
            selection.iter().map(|(id, version)| BulkItem { id: *id, version: *version }).collect()
        });
        let who = session.who_now();
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            let mut sum = Outcome::default();
            for part in items.chunks(BULK_MAX) {
                match api::bulk_change(&who, action.clone(), part.to_vec()).await {
                    Ok(answer) => {
                        for result in answer.results {
                            sum.add(&result);
                            settle(list, selection, result);
                        }
                    }
                    Err(cause) => {
                        failure.try_set(Some(cause));
                        break;
                    }
                }
            }
            outcome.try_set(Some(sum));
            busy.try_set(false);
        });
    });
    let count = move || selection.read().len();
    view! {
        {move || (count() > 0).then(|| view! {
            <div class="bulk panel" role="group" aria-label=say!(queue.bulk.label)>
                <p><strong>{move || say!(queue.bulk.selected, count = number(count() as f64))}</strong>
                    <button type="button" class="quiet small" on:click=press(move || selection.set(std::collections::BTreeMap::new()))>{say!(queue.bulk.clear)}</button></p>
                <Actions run busy roster/>
            </div>
        }.into_any())}
        <div aria-live="polite">
            {move || outcome.get().map(|outcome| view! { <Report outcome/> }.into_any())}
        </div>
        {move || failure.get().map(|failure| view! { <FailureBox failure/> }.into_any())}
    }
}

#[component]
fn Actions(
    run: Callback<BulkAction>,
    busy: RwSignal<bool>,
    roster: Signal<Vec<Staff>>,
) -> impl IntoView {
    let closing = RwSignal::new(false);
    let locked = Signal::derive(move || busy.get());
    let choose = || (String::new(), say!(queue.bulk.choose).to_owned());
    let members = Signal::derive(move || {
        let active =
            roster.get().into_iter().filter(|m| m.active).map(|m| (m.id.to_string(), m.name));
        [choose(), ("none".to_owned(), say!(queue.bulk.nobody).to_owned())]
            .into_iter()
            .chain(active)
            .collect()
    });
    let categories: Vec<_> = std::iter::once(choose())
        .chain(Category::ALL.iter().map(|c| (c.to_string(), category_word(*c).to_owned())))
        .collect();
    let assign = move |raw: String| {
        let assignee = raw.parse().ok();
        if assignee.is_some() || raw == "none" {
            run.run(BulkAction::Assignee(AssigneeChange { assignee }));
        }
    };
    let categorize = move |raw: String| {
        if let Ok(category) = raw.parse() {
            run.run(BulkAction::Category(CategoryChange { category }));
        }
    };
    let start = BulkAction::Status(StatusChange { to: Status::Active, resolution: None });
    view! {
        <div class="bulk-actions">
            <button type="button" disabled=move || busy.get() on:click=press(move || run.run(start.clone()))>{say!(queue.bulk.start)}</button>
            <button type="button" disabled=move || busy.get() aria-expanded=move || closing.get().to_string()
                on:click=press(move || closing.update(|open| *open = !*open))>{say!(queue.bulk.close)}</button>
            <Choice id="bulk-assign" label=say!(queue.bulk.assign) options=members value=Signal::stored(String::new()) on_change=assign locked/>
            <Choice id="bulk-category" label=say!(queue.bulk.categorize) options=Signal::stored(categories) value=Signal::stored(String::new()) on_change=categorize locked/>
        </div>
        {move || closing.get().then(|| view! { <CloseAll run busy/> }.into_any())}
    }
}

#[component]
fn CloseAll(run: Callback<BulkAction>, busy: RwSignal<bool>) -> impl IntoView {
    let resolution = RwSignal::new(String::new());
    let empty = move || resolution.read().trim().is_empty();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let resolution = Some(resolution.get_untracked());
        run.run(BulkAction::Status(StatusChange { to: Status::Closed, resolution }));
    };
    view! {
        <form class="inline" on:submit=submit>
            <TextField id="bulk-resolution" label=say!(queue.bulk.what_was_done) value=resolution max=RESOLUTION_MAX/>
            <button type="submit" class="primary" disabled=move || busy.get() || empty()>{say!(queue.bulk.close_tickets)}</button>
        </form>
    }
}

#[component]
fn Report(outcome: Outcome) -> impl IntoView {
    let Outcome { done, refused } = outcome;
    let warn = !refused.is_empty();
    let mut sentence = say!(queue.bulk.done, count = number(done as f64));
    if warn {
        sentence.push(' ');
        sentence += &say!(queue.bulk.not_done, count = number(refused.len() as f64));
    }
    view! {
        <div class="notice" class:warn=warn>
            <p>{sentence}</p>
            <ul>
                {refused.into_iter().map(|(id, why)| view! { <li><strong>{format!("#{id}")}</strong>" "{why}</li> }.into_any()).collect_view()}
            </ul>
        </div>
    }
}
