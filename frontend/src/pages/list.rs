//! A list of tickets that grows page by page.

use std::collections::BTreeSet;

use api_types::{Ticket, TicketQuery, limits};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
};

use crate::{
    api,
    components::{FailureBox, press},
    failure::Failure,
    state::{Live, Session, follow, parse_query, query_string},
    texts::say,
};

mod catch_up;

use catch_up::{CatchingUp, News};

/// Tickets that match the filters in the address bar, as far as they are loaded.
#[derive(Clone, Copy)]
pub(super) struct TicketList {
    /// The tickets.
    pub(super) tickets: RwSignal<Vec<Ticket>>,
    /// Whether a request is under way.
    pub(super) busy: RwSignal<bool>,
    /// Why the last request failed.
    pub(super) failure: RwSignal<Option<Failure>>,
    /// The titles that came by themselves last, to be said aloud.
    arrived: RwSignal<Vec<String>>,
    /// What is known to have happened since the list was read.
    news: StoredValue<News>,
    catching_up: StoredValue<CatchingUp>,
    next: RwSignal<Option<String>>,
    query: Memo<TicketQuery>,
    session: Session,
    /// Counts the lists begun, so that an answer for an earlier filter is left aside.
    round: StoredValue<u32>,
}

/// The filters in the address bar, and a way to change them.
pub(super) fn use_filters() -> (Memo<TicketQuery>, Callback<TicketQuery>) {
    let params = use_query_map();
    let query = Memo::new(move |_| parse_query(&params.read()));
    let (navigate, location) = (use_navigate(), use_location());
    let change = Callback::new(move |query: TicketQuery| {
        let path = location.pathname.get_untracked();
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate(&format!("{path}{}", query_text(&query)), options);
    });
    (query, change)
}

/// Filters as they stand in the address bar, with the question mark; empty without any.
pub(super) fn query_text(query: &TicketQuery) -> String {
    query_string(query, |raw| String::from(js_sys::encode_uri_component(raw)))
}

impl TicketList {
    /// A list that follows its query and who asks.
    pub(super) fn follow(query: Memo<TicketQuery>) -> Self {
        let list = Self {
            tickets: RwSignal::new(Vec::new()),
            busy: RwSignal::new(true),
            failure: RwSignal::new(None),
            arrived: RwSignal::new(Vec::new()),
            news: StoredValue::new(News::default()),
            catching_up: StoredValue::new(CatchingUp::No),
            next: RwSignal::new(None),
            query,
            session: Session::expect(),
            round: StoredValue::new(0),
        };
        follow(move || {
            query.track();
            list.session.who();
            list.reload();
        });
        Live::expect().refresh_on(move |event| list.concerns(event), move || list.catch_up());
        list
    }

    /// Begins again with the first page. What is on the screen stays until it is there.
    pub(super) fn reload(self) {
        self.load(None);
    }

    /// Asks for the next page.
    pub(super) fn load_more(self) {
        self.load(self.next.get_untracked());
    }

    /// Whether the next page may be asked for without a click.
    pub(super) fn wants_more(self) -> bool {
        !self.busy.get_untracked()
            && self.next.read_untracked().is_some()
            && self.failure.read_untracked().is_none()
    }

    /// Whether there is more to ask for.
    pub(super) fn has_more(self) -> bool {
        self.next.read().is_some()
    }

    /// Puts a changed ticket in the place of what it was.
    pub(super) fn replace(self, changed: Ticket) {
        self.tickets.update(|tickets| {
            if let Some(old) = tickets.iter_mut().find(|ticket| ticket.id == changed.id) {
                *old = changed;
            }
        });
    }

    fn load(self, cursor: Option<String>) {
        self.round.update_value(|round| *round += 1);
        let round = self.round.get_value();
        let who = self.session.who_now();
        // The first page shows soon; whoever goes on wants a good deal more.
        let limit = cursor.is_some().then_some(limits::PAGE_MAX);
        let query = TicketQuery { cursor: cursor.clone(), limit, ..self.query.get_untracked() };
        self.busy.set(true);
        spawn_local(async move {
            let answer = api::list_tickets(&who, &query).await;
            // The page may be gone, or the filters changed, by now.
            if self.round.try_get_value() != Some(round) {
                return;
            }
            self.busy.set(false);
            self.go_on_catching_up();
            match answer {
                Ok(page) => {
                    self.next.set(page.next);
                    self.failure.set(None);
                    match cursor {
                        None => self.tickets.set(page.items),
                        // What moved between two pages came with the first of them already.
                        Some(_) => self.tickets.update(|tickets| {
                            let known: BTreeSet<_> = tickets.iter().map(|one| one.id).collect();
                            tickets.extend(
                                page.items.into_iter().filter(|one| !known.contains(&one.id)),
                            );
                        }),
                    }
                }
                Err(cause) => {
                    if cursor.is_none() {
                        self.tickets.set(Vec::new());
                        self.next.set(None);
                    }
                    self.failure.set(Some(cause));
                }
            }
        });
    }
}

/// Says aloud that tickets came by themselves.
#[component]
pub(super) fn Arrivals(list: TicketList) -> impl IntoView {
    let said = move || match list.arrived.get().as_slice() {
        [] => String::new(),
        [title] => say!(tickets.new_one, title = title),
        many => say!(tickets.new_many, count = many.len().to_string()),
    };
    view! { <p class="hidden" role="status">{said}</p> }
}

/// What stands below a list: why it failed, or a way to more of it.
#[component]
pub(super) fn ListEnd(list: TicketList) -> impl IntoView {
    let retry = Callback::new(move |()| {
        if list.tickets.read_untracked().is_empty() { list.reload() } else { list.load_more() }
    });
    view! {
        {move || list.failure.get().map(|failure| view! { <FailureBox failure retry/> }.into_any())}
        {move || (list.has_more() && list.failure.read().is_none()).then(|| view! {
            <p class="more">
                <button type="button" disabled=move || list.busy.get() on:click=press(move || list.load_more())>
                    {move || if list.busy.get() { say!(tickets.loading_more) } else { say!(tickets.load_more) }}
                </button>
            </p>
        }.into_any())}
    }
}
