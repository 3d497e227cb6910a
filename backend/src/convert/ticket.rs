//! Tickets.

use api_types::{Category, CategoryBy, Guess, Report, Role, StaffRef, Status, Ticket, TicketId};
use chrono::{DateTime, Utc};

use crate::{
    classifier::Verdict,
    db::{
        queries::{event::NewEvent, summary::SummaryUpdate, ticket::TicketUpdate},
        rows,
    },
    domain::{
        caller::Caller,
        merge::Side,
        summary::telling_sentence,
        text::{Description, Location, Resolution, Title},
        ticket::{Change, HistoryLine, NewGuess, State},
    },
};

/// A ticket as a role may see it: internal notes are counted for staff alone, the browser is never named.
pub(crate) fn ticket(row: rows::Ticket, role: Role) -> Ticket {
    let notes = if role == Role::Staff { row.notes } else { 0 };
    Ticket {
        id: row.id,
        title: row.title,
        description: row.description,
        location: row.location,
        status: row.status,
        category: row.category,
        category_by: row.category_by,
        confidence: row.confidence.filter(|_| row.category_by == CategoryBy::Automatic),
        unsure: row.unsure,
        resolution: row.resolution,
        opened_at: row.opened_at,
        modified_at: row.modified_at,
        activated_at: row.activated_at,
        closed_at: row.closed_at,
        assignee: assignee(row.assignee_id, row.assignee_name),
        affected: row.affected,
        messages: row.messages + notes,
        merged_into: row.merged_into,
        version: row.version,
        guess: None,
    }
}

/// A ticket of the feed, with what the classifier said of it.
pub(crate) fn changed_ticket(
    row: rows::Ticket,
    guess: Option<Category>,
    model: Option<String>,
) -> Ticket {
    let guess = guess.zip(model).map(|(category, model)| Guess { category, model });
    Ticket { guess, ..ticket(row, Role::Staff) }
}

fn assignee(id: Option<api_types::StaffId>, name: Option<String>) -> Option<StaffRef> {
    Some(StaffRef { id: id?, name: name? })
}

/// What the reporting browser sees.
pub(crate) fn report(row: rows::Report) -> Report {
    Report {
        id: row.id,
        title: row.title,
        status: row.status,
        opened_at: row.opened_at,
        modified_at: row.modified_at,
        closed_at: row.closed_at,
        resolution: row.resolution,
        joined: row.joined,
        merged_into: row.merged_into,
        answer: row.answer,
    }
}

/// What a merge depends on.
pub(crate) fn merge_side(row: &rows::Ticket) -> Side {
    Side { id: row.id, status: row.status, merged_into: row.merged_into }
}

/// What changes depend on.
pub(crate) fn state(row: &rows::Ticket) -> State {
    State {
        title: row.title.clone(),
        description: row.description.clone(),
        location: row.location.clone(),
        status: row.status,
        category: row.category,
        category_by: row.category_by,
        assignee: assignee(row.assignee_id, row.assignee_name.clone()),
    }
}

/// The sentences that a change sets.
pub(crate) fn summary_update(change: &Change) -> SummaryUpdate {
    let none = SummaryUpdate::default();
    match change {
        Change::Edit { description: Some(text), .. } => {
            SummaryUpdate { reported: Some(telling_sentence(text.as_str())), ..none }
        }
        Change::Step { resolution: Some(text), .. } => {
            SummaryUpdate { now: Some(telling_sentence(text.as_str())), ..none }
        }
        _ => none,
    }
}

/// The columns that a change sets, at this time.
pub(crate) fn update(change: Change, now: DateTime<Utc>) -> TicketUpdate {
    match change {
        Change::Edit { title, description, location, guess } => TicketUpdate {
            title: title.map(Title::into_string),
            description: description.map(Description::into_string),
            location: location.map(|place| place.map(Location::into_string)),
            ..reclassification(guess)
        },
        Change::Step { to, resolution } => TicketUpdate {
            status: Some(to),
            resolution: resolution.map(Resolution::into_string),
            activated_at: (to == Status::Active).then_some(now),
            closed_at: (to == Status::Closed).then_some(now),
            ..TicketUpdate::default()
        },
        Change::Categorize { category, by } => TicketUpdate {
            category: Some(category),
            category_by: Some(by),
            unsure: Some(false),
            ..TicketUpdate::default()
        },
        Change::Assign(staff) => TicketUpdate {
            assignee_id: Some(staff.map(|staff| staff.id)),
            ..TicketUpdate::default()
        },
    }
}

/// What a model says, as a change carries it.
pub(crate) fn new_guess(verdict: Verdict) -> NewGuess {
    let Verdict { category, confidence, unsure, model } = verdict;
    NewGuess { category, confidence, unsure, model, decides: false }
}

/// What the classifier says of new texts. Where a person decided the category, only that is remembered.
pub(crate) fn reclassification(guess: Option<NewGuess>) -> TicketUpdate {
    let Some(NewGuess { category, confidence, unsure, model, decides }) = guess else {
        return TicketUpdate::default();
    };
    TicketUpdate {
        guess: Some(category),
        guess_model: Some(model),
        category: decides.then_some(category),
        confidence: decides.then_some(confidence),
        unsure: decides.then_some(unsure),
        ..TicketUpdate::default()
    }
}

/// A line of history, ready to be stored.
pub(crate) fn history_row(line: HistoryLine, ticket: TicketId, caller: &Caller) -> NewEvent {
    NewEvent {
        ticket_id: ticket,
        role: caller.role,
        name: caller.name(),
        what: line.what.as_str(),
        from_value: line.from,
        to_value: line.to,
        internal: false,
        moved: None,
    }
}
