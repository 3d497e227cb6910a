//! A list of tickets that grows page by page.

use api_types::{Ticket, TicketQuery};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
};

use crate::{
    api,
    components::FailureBox,
    failure::Failure,
    state::{Session, parse_query, query_string},
};

/// Tickets that match the filters in the address bar, as far as they are loaded.
#[derive(Clone, Copy)]
pub(super) struct TicketList {
    /// The tickets.
    pub(super) tickets: RwSignal<Vec<Ticket>>,
    /// Whether a request is under way.
    pub(super) busy: RwSignal<bool>,
    /// Why the last request failed.
    pub(super) failure: RwSignal<Option<Failure>>,
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
        let escape = |raw: &str| String::from(js_sys::encode_uri_component(raw));
        let path = location.pathname.get_untracked();
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate(&format!("{path}{}", query_string(&query, escape)), options);
    });
    (query, change)
}

impl TicketList {
    /// A list that follows its query and who asks.
    pub(super) fn follow(query: Memo<TicketQuery>) -> Self {
        let list = Self {
            tickets: RwSignal::new(Vec::new()),
            busy: RwSignal::new(true),
            failure: RwSignal::new(None),
            next: RwSignal::new(None),
            query,
            session: Session::expect(),
            round: StoredValue::new(0),
        };
        Effect::new(move |_| {
            query.track();
            list.session.who();
            list.reload();
        });
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
        let query = TicketQuery { cursor: cursor.clone(), ..self.query.get_untracked() };
        self.busy.set(true);
        spawn_local(async move {
            let answer = api::list_tickets(&who, &query).await;
            // The page may be gone, or the filters changed, by now.
            if self.round.try_get_value() != Some(round) {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(page) => {
                    self.next.set(page.next);
                    self.failure.set(None);
                    match cursor {
                        None => self.tickets.set(page.items),
                        Some(_) => self.tickets.update(|tickets| tickets.extend(page.items)),
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

/// What stands below a list: why it failed, or a way to more of it.
#[component]
pub(super) fn ListEnd(list: TicketList) -> impl IntoView {
    let retry = Callback::new(move |()| {
        if list.tickets.read_untracked().is_empty() { list.reload() } else { list.load_more() }
    });
    view! {
        {move || list.failure.get().map(|failure| view! { <FailureBox failure retry/> })}
        {move || (list.has_more() && list.failure.read().is_none()).then(|| view! {
            <p class="more">
                <button type="button" disabled=move || list.busy.get() on:click=move |_| list.load_more()>
                    {move || if list.busy.get() { "Loading…" } else { "Load more" }}
                </button>
            </p>
        })}
    }
}
