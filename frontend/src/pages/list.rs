//! A list of tickets that grows page by page.

use std::collections::BTreeSet;

use api_types::{
    LiveEvent, LiveKind, Page, Role, SortBy, Status, Ticket, TicketId, TicketQuery, limits,
};
use chrono::{DateTime, Utc};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
};

use crate::{
    api,
    components::FailureBox,
    failure::Failure,
    state::{Live, Session, parse_query, query_string},
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
    /// How many came by themselves last, to be said aloud.
    arrived: RwSignal<usize>,
    /// Which of those on the screen changed since they were read.
    moved: StoredValue<BTreeSet<TicketId>>,
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
            arrived: RwSignal::new(0),
            moved: StoredValue::new(BTreeSet::new()),
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

impl TicketList {
    /// Whether an event may change what the list shows; notes which ticket it was about.
    fn concerns(self, event: LiveEvent) -> bool {
        let (Some(id), LiveKind::Ticket | LiveKind::Message) = (event.id, event.kind) else {
            return false;
        };
        let shown = self.tickets.try_with_untracked(|all| all.iter().any(|one| one.id == id));
        if shown == Some(true) {
            self.moved.try_update_value(|moved| moved.insert(id));
            return true;
        }
        // The event says too little to tell for certain; what it rules out need not be asked for.
        let query = self.query.get_untracked();
        query.status.is_none_or(|status| event.status == Some(status))
            && query.category.is_none_or(|category| event.category == Some(category))
    }

    /// Brings what is on the screen up to date: the first page with what is new, and whatever else moved.
    fn catch_up(self) {
        if self.busy.get_untracked() || self.failure.read_untracked().is_some() {
            // The answer under way may be older than the event.
            self.reload();
            return;
        }
        let round = self.round.get_value();
        let who = self.session.who_now();
        let query = self.query.get_untracked();
        spawn_local(async move {
            let Ok(page) = api::list_tickets(&who, &query).await else { return };
            let on_page: BTreeSet<_> = page.items.iter().map(|ticket| ticket.id).collect();
            let Some(mut moved) = self.moved.try_update_value(std::mem::take) else { return };
            moved.retain(|id| !on_page.contains(id));
            let mut changed = Vec::new();
            for id in moved {
                changed.push((id, api::find_ticket(&who, id).await));
            }
            if self.round.try_get_value() != Some(round) {
                return;
            }
            self.merge(page);
            for (id, answer) in changed {
                match answer {
                    Ok(ticket) if matches(&query, &ticket, who.role) => self.replace(ticket),
                    // A lost answer leaves what was seen last.
                    Err(failure) if !failure.is_certain() => {}
                    _ => self.tickets.update(|tickets| tickets.retain(|ticket| ticket.id != id)),
                }
            }
        });
    }

    /// Puts a newer first page in front of the rest of the list.
    fn merge(self, page: Page<Ticket>) {
        let sort = self.query.read_untracked().sort.unwrap_or(SortBy::Newest);
        let Some(last) =
            page.items.last().filter(|_| page.next.is_some()).map(|one| place(sort, one))
        else {
            // The first page is all there is.
            self.next.set(None);
            self.tickets.set(page.items);
            return;
        };
        let known: BTreeSet<_> = self.tickets.read_untracked().iter().map(|one| one.id).collect();
        let on_page: BTreeSet<_> = page.items.iter().map(|one| one.id).collect();
        if self.next.read_untracked().is_none() && known.len() <= on_page.len() {
            self.next.set(page.next);
        }
        self.arrived.set(on_page.difference(&known).count());
        self.tickets.update(|tickets| {
            tickets.retain(|one| !on_page.contains(&one.id) && place(sort, one) > last);
            tickets.splice(0..0, page.items);
        });
    }
}

/// Where a ticket stands in a list of this order; smaller is nearer to the top.
fn place(sort: SortBy, ticket: &Ticket) -> (i64, i64) {
    let micros = |at: DateTime<Utc>| at.timestamp_micros();
    match sort {
        SortBy::Newest => (-micros(ticket.opened_at), -ticket.id.0),
        SortBy::Oldest => (micros(ticket.opened_at), ticket.id.0),
        SortBy::Modified => (-micros(ticket.modified_at), -ticket.id.0),
    }
}

/// Whether a ticket belongs in a list.
fn matches(query: &TicketQuery, ticket: &Ticket, role: Role) -> bool {
    let status = match query.status {
        Some(status) => ticket.status == status,
        None => role == Role::Staff || ticket.status != Status::Closed,
    };
    status
        && query.category.is_none_or(|category| ticket.category == category)
        && query.unsure.is_none_or(|unsure| ticket.unsure == unsure)
        && query.location.as_ref().is_none_or(|place| ticket.location.as_ref() == Some(place))
        && query
            .assignee
            .is_none_or(|id| ticket.assignee.as_ref().is_some_and(|staff| staff.id == id))
}

/// Says aloud that tickets came by themselves.
#[component]
pub(super) fn Arrivals(list: TicketList) -> impl IntoView {
    let said = move || match list.arrived.get() {
        0 => String::new(),
        1 => "One new ticket.".to_owned(),
        many => format!("{many} new tickets."),
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
