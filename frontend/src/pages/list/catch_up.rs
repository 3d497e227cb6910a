//! A list comes up to date by itself, without moving what one reads.
//!
//! A list of up to a hundred tickets is read again whole, in one request. Of a longer one the first hundred are read again,
//! and each ticket further down that is known to have changed; after a break all of it is read again.

use api_types::{
    LiveEvent, LiveKind, Page, Role, SortBy, Status, Ticket, TicketId, TicketQuery, limits,
};
use leptos::{prelude::*, task::spawn_local};

use super::TicketList;
use crate::{api, api::Who, failure::Failure};

/// The rows of a list that begins anew.
const FIRST_ROWS: usize = 25;
/// So many rows are read again after a break at most; who was further down begins there.
const MOST_ROWS: usize = 1_000;
/// Of more tickets than this the whole list is read again instead.
const MOST_SINGLE: usize = 20;

/// What happened since the list was read.
#[derive(Debug, Default)]
pub(super) struct News {
    /// Which tickets changed.
    moved: Vec<TicketId>,
    /// Whether events were missed, so that any may have.
    missed: bool,
}

/// Whether the list is being brought up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CatchingUp {
    /// It is not.
    No,
    /// It is.
    Yes,
    /// It has to be once more: something happened while it was, or while a page was loaded.
    Again,
}

impl TicketList {
    /// Whether an event may change what the list shows; notes which ticket it was about.
    pub(super) fn concerns(self, event: LiveEvent) -> bool {
        let (Some(id), LiveKind::Ticket | LiveKind::Message) = (event.id, event.kind) else {
            if event.kind == LiveKind::Resync {
                self.news.try_update_value(|news| news.missed = true);
            }
            return false;
        };
        let shown = self.tickets.try_with_untracked(|all| all.iter().any(|one| one.id == id));
        let query = self.query.get_untracked();
        // The event says too little to tell for certain; what it rules out need not be asked for.
        let may_belong = query.status.is_none_or(|status| event.status == Some(status))
            && query.category.is_none_or(|category| event.category == Some(category));
        let concerns = shown == Some(true) || may_belong;
        if concerns {
            self.news.try_update_value(|news| {
                if !news.moved.contains(&id) {
                    news.moved.push(id);
                }
            });
        }
        concerns
    }

    /// Brings the list up to date, or notes that it has to be.
    pub(super) fn catch_up(self) {
        if self.busy.get_untracked() || self.catching_up.get_value() != CatchingUp::No {
            self.catching_up.set_value(CatchingUp::Again);
            return;
        }
        self.catching_up.set_value(CatchingUp::Yes);
        spawn_local(async move {
            self.catch_up_once().await;
            let next = self.catching_up.try_get_value();
            self.catching_up.try_set_value(CatchingUp::No);
            if next == Some(CatchingUp::Again) {
                self.catch_up();
            }
        });
    }

    /// A page was loaded: what happened meanwhile may not be in it.
    pub(super) fn go_on_catching_up(self) {
        if self.catching_up.get_value() == CatchingUp::Again {
            self.catching_up.set_value(CatchingUp::No);
            self.catch_up();
        }
    }

    async fn catch_up_once(self) {
        let (round, who) = (self.round.get_value(), self.session.who_now());
        let query = self.query.get_untracked();
        let loaded = self.tickets.read_untracked().len();
        let News { moved, missed } = self.news.try_update_value(std::mem::take).unwrap_or_default();
        let is_long = loaded > limits::PAGE_MAX as usize;
        let whole = missed || !is_long || moved.len() > MOST_SINGLE;
        let rows = if whole { loaded.min(MOST_ROWS) } else { limits::PAGE_MAX as usize };
        let answer = read_rows(&who, &query, rows.max(FIRST_ROWS)).await;
        let mut single = Vec::new();
        if let (Ok(page), false) = (&answer, whole) {
            for &id in moved.iter().filter(|id| !page.items.iter().any(|one| one.id == **id)) {
                single.push((id, api::find_ticket(&who, id).await));
            }
        }
        // A page is being loaded, or was: the list goes on from another place now.
        let overtaken = self.round.try_get_value() != Some(round);
        let Ok(page) =
            answer.map_err(drop).and_then(|page| if overtaken { Err(()) } else { Ok(page) })
        else {
            self.news.try_update_value(|news| {
                news.moved.extend(moved);
                news.missed |= missed;
            });
            if overtaken {
                self.catching_up.try_set_value(CatchingUp::Again);
            }
            return;
        };
        self.failure.set(None);
        self.announce(&page);
        if whole {
            self.next.set(page.next);
            self.tickets.set(page.items);
        } else {
            self.put_in_front(&query, page);
            for (id, answer) in single {
                self.settle(&query, who.role, id, answer);
            }
        }
    }

    /// Puts the newer first rows in front of the rest.
    fn put_in_front(self, query: &TicketQuery, page: Page<Ticket>) {
        let sort = query.sort.unwrap_or(SortBy::Newest);
        let on_page: Vec<_> = page.items.iter().map(|one| one.id).collect();
        let overlaps = self.tickets.read_untracked().iter().any(|one| on_page.contains(&one.id));
        let last = page.items.last().filter(|_| page.next.is_some()).map(|one| place(sort, one));
        let Some(last) = last.filter(|_| overlaps) else {
            // All there is, or so much is new that there may be more between it and the rest.
            self.next.set(page.next);
            self.tickets.set(page.items);
            return;
        };
        self.tickets.update(|tickets| {
            tickets.retain(|one| !on_page.contains(&one.id) && place(sort, one) > last);
            tickets.splice(0..0, page.items);
        });
    }

    /// Shows a ticket further down as it is now, at its place, or no more.
    fn settle(
        self,
        query: &TicketQuery,
        role: Role,
        id: TicketId,
        answer: Result<Ticket, Failure>,
    ) {
        let sort = query.sort.unwrap_or(SortBy::Newest);
        let is_whole = self.next.read_untracked().is_none();
        let newer = match answer {
            // One that was merged answers as the one that stands for it.
            Ok(ticket) => {
                Some(ticket).filter(|ticket| ticket.id == id && matches(query, ticket, role))
            }
            Err(failure) if failure.is_certain() => None,
            // A lost answer leaves what was seen last.
            Err(_) => return,
        };
        self.tickets.update(|tickets| {
            tickets.retain(|one| one.id != id);
            let Some(ticket) = newer else { return };
            let at = tickets.partition_point(|one| place(sort, one) < place(sort, &ticket));
            if at < tickets.len() || is_whole {
                tickets.insert(at, ticket);
            }
        });
    }

    /// Says which tickets were reported since the newest that was shown.
    fn announce(self, page: &Page<Ticket>) {
        let newest = self.tickets.read_untracked().iter().map(|one| one.id).max();
        let is_new = |ticket: &&Ticket| newest.is_some_and(|newest| ticket.id > newest);
        let titles: Vec<_> =
            page.items.iter().filter(is_new).map(|ticket| ticket.title.clone()).collect();
        if !titles.is_empty() {
            self.arrived.set(titles);
        }
    }
}

/// The first rows of a list, page by page.
async fn read_rows(who: &Who, query: &TicketQuery, rows: usize) -> Result<Page<Ticket>, Failure> {
    let mut read = Page { items: Vec::new(), next: None };
    loop {
        let left = u32::try_from(rows - read.items.len()).unwrap_or(limits::PAGE_MAX);
        let limit = Some(left.min(limits::PAGE_MAX));
        let query = TicketQuery { cursor: read.next.take(), limit, ..query.clone() };
        let page = api::list_tickets(who, &query).await?;
        read.items.extend(page.items);
        read.next = page.next;
        if read.next.is_none() || read.items.len() >= rows {
            return Ok(read);
        }
    }
}

/// Where a ticket stands in a list of this order; smaller is nearer to the top.
fn place(sort: SortBy, ticket: &Ticket) -> (i64, i64) {
    match sort {
        SortBy::Newest => (-ticket.opened_at.timestamp_micros(), -ticket.id.0),
        SortBy::Oldest => (ticket.opened_at.timestamp_micros(), ticket.id.0),
        SortBy::Modified => (-ticket.modified_at.timestamp_micros(), -ticket.id.0),
        SortBy::Affected => (-i64::from(ticket.affected), -ticket.id.0),
    }
}

/// Whether a ticket belongs in a list.
fn matches(query: &TicketQuery, ticket: &Ticket, role: Role) -> bool {
    let status = match query.status {
        Some(status) => ticket.status == status,
        None => role == Role::Staff || ticket.status != Status::Closed,
    };
    let place = query.location.as_ref();
    let assignee = |id| ticket.assignee.as_ref().is_some_and(|staff| staff.id == id);
    status
        && query.category.is_none_or(|category| ticket.category == category)
        && query.unsure.is_none_or(|unsure| ticket.unsure == unsure)
        && place.is_none_or(|place| ticket.location.as_ref() == Some(place))
        && query.assignee.is_none_or(assignee)
}
