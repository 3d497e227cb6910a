//! Who is at which ticket, for thirty seconds after they last said so.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    time::{Duration, Instant},
};

use api_types::{PresenceState, Present, TicketId};
use serde::{Deserialize, Serialize};

use crate::domain::caller::Caller;

/// Who did not say it again for this long is gone.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(30);

/// A person at a ticket, as processes tell each other.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Seat {
    pub(super) ticket: TicketId,
    /// Tells people apart without giving away the id of their browser.
    who: u64,
    name: Option<String>,
    state: PresenceState,
}

impl Seat {
    pub(super) fn new(ticket: TicketId, caller: &Caller, state: PresenceState) -> Self {
        let mut hasher = DefaultHasher::new();
        match caller.client {
            Some(client) => client.hash(&mut hasher),
            None => caller.name().hash(&mut hasher),
        }
        Self { ticket, who: hasher.finish(), name: caller.name(), state }
    }
}

/// Everybody that this process knows of.
#[derive(Default)]
pub(super) struct Board {
    seats: HashMap<TicketId, Vec<(Seat, Instant)>>,
}

impl Board {
    /// Notes a seat; answers whether it is news to others. Who looks in one tab and answers in another does both.
    pub(super) fn take(&mut self, seat: &Seat) -> bool {
        let until = Instant::now() + FORGOTTEN_AFTER;
        let seats = self.seats.entry(seat.ticket).or_default();
        let is_same = |known: &Seat| (known.who, known.state) == (seat.who, seat.state);
        match seats.iter_mut().find(|(known, _)| is_same(known)) {
            Some((known, known_until)) => {
                let is_news = known.name != seat.name;
                *known = seat.clone();
                *known_until = until;
                is_news
            }
            None => {
                seats.push((seat.clone(), until));
                true
            }
        }
    }

    /// Who else is at a ticket, in the order they came; who does two things there does the busier one.
    pub(super) fn others(&self, ticket: TicketId, than: &Seat) -> Vec<Present> {
        let seats = self.seats.get(&ticket).map(Vec::as_slice).unwrap_or_default();
        let answers = |who| {
            seats.iter().any(|(seat, _)| seat.who == who && seat.state == PresenceState::Answering)
        };
        seats
            .iter()
            .filter(|(seat, _)| seat.who != than.who)
            .filter(|(seat, _)| seat.state == PresenceState::Answering || !answers(seat.who))
            .map(|(seat, _)| Present { name: seat.name.clone(), state: seat.state })
            .collect()
    }

    /// Forgets who is gone; answers from which tickets.
    pub(super) fn forget(&mut self, now: Instant) -> Vec<TicketId> {
        let mut left = Vec::new();
        self.seats.retain(|ticket, seats| {
            let before = seats.len();
            seats.retain(|(_, until)| *until > now);
            if seats.len() < before {
                left.push(*ticket);
            }
            !seats.is_empty()
        });
        left
    }
}

#[cfg(test)]
mod tests {
    use api_types::Role;
    use uuid::Uuid;

    use super::*;

    fn seat(browser: u128, state: PresenceState) -> Seat {
        let client = Some(Uuid::from_u128(browser));
        Seat::new(TicketId(7), &Caller { role: Role::Staff, name: None, client }, state)
    }

    #[test]
    fn somebody_is_news_when_they_come_and_when_they_do_something_else_only() {
        let mut board = Board::default();
        assert!(board.take(&seat(1, PresenceState::Viewing)));
        assert!(!board.take(&seat(1, PresenceState::Viewing)));
        assert!(board.take(&seat(1, PresenceState::Answering)));
        // In another tab they only look: that is no news, and they are still answering.
        assert!(!board.take(&seat(1, PresenceState::Viewing)));
        let others = board.others(TicketId(7), &seat(2, PresenceState::Viewing));
        assert_eq!(others, [Present { name: None, state: PresenceState::Answering }]);
        assert!(board.others(TicketId(7), &seat(1, PresenceState::Viewing)).is_empty());
    }

    #[test]
    fn who_says_nothing_for_thirty_seconds_is_forgotten() {
        let mut board = Board::default();
        board.take(&seat(1, PresenceState::Viewing));
        assert!(board.forget(Instant::now()).is_empty());
        assert_eq!(board.forget(Instant::now() + FORGOTTEN_AFTER), [TicketId(7)]);
        assert!(board.others(TicketId(7), &seat(2, PresenceState::Viewing)).is_empty());
    }
}
