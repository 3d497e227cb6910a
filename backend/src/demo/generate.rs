//! One ticket after the other, in the order they were reported.

use std::{collections::HashMap, sync::Arc};

use api_types::{Category, CategoryBy, EventKind, Role, StaffId, Status};
use chrono::{DateTime, TimeDelta, Utc};
use rand::{Rng as _, SeedableRng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, LogNormal};

use super::{calendar::Calendar, texts::Texts};
use crate::{
    classifier::Verdict,
    db::bulk::{BulkEvent, BulkMessage, BulkTicket},
    domain::text::{Description, Title},
};

/// Hours from opening to closing: half within a day, a long tail of weeks.
const RESOLUTION_MEDIAN_HOURS: f64 = 22.0;
const RESOLUTION_SIGMA: f64 = 1.6;
/// One ticket in this many is still not closed, however old.
const ONE_IN_LINGERS: u32 = 25;

pub(super) struct Generator {
    rng: ChaCha8Rng,
    calendar: Calendar,
    texts: Arc<Texts>,
    resolution_hours: LogNormal<f64>,
    roster: Vec<(StaffId, &'static str)>,
    until: DateTime<Utc>,
    made: u64,
    total: u64,
    guesses: HashMap<&'static str, Verdict>,
}

impl Generator {
    pub(super) fn new(
        seed: u64,
        until: DateTime<Utc>,
        total: u64,
        roster: Vec<(StaffId, &'static str)>,
    ) -> Self {
        Self {
            // This generator gives the same numbers on every platform and in every version.
            rng: ChaCha8Rng::seed_from_u64(seed),
            calendar: Calendar::until(until),
            texts: Arc::new(Texts::new()),
            resolution_hours: LogNormal::new(RESOLUTION_MEDIAN_HOURS.ln(), RESOLUTION_SIGMA)
                .expect("the constants are finite and sigma is positive"),
            roster,
            until,
            made: 0,
            total,
            guesses: HashMap::new(),
        }
    }

    /// The next ticket; `None` when all are made.
    pub(super) fn next_ticket(&mut self) -> Option<BulkTicket> {
        if self.made == self.total {
            return None;
        }
        let share = (self.made as f64 + self.rng.random::<f64>()) / self.total as f64;
        self.made += 1;
        let opened_at = self.calendar.at(share);
        let truth = match self.rng.random_range(0..100) {
            0..42 => Category::Facility,
            42..77 => Category::It,
            _ => Category::Services,
        };
        let texts = Arc::clone(&self.texts);
        let problem = texts.problems(truth).choose(&mut self.rng)?;
        let place = problem.places.choose(&mut self.rng).map(|&at| texts.places[at]);
        let mut ticket = self.report(problem.text, place, truth, opened_at);
        let resolution = problem.resolution.replace("{place}", place.unwrap_or_default());
        self.work_on(&mut ticket, truth, resolution);
        Some(ticket)
    }

    fn report(
        &mut self,
        problem: &'static str,
        place: Option<&str>,
        truth: Category,
        opened_at: DateTime<Utc>,
    ) -> BulkTicket {
        let guess = self.guess(problem, truth);
        let mut description = problem.replace("{place}", place.unwrap_or_default());
        if self.rng.random_ratio(2, 5) {
            description.push(' ');
            description.push_str(self.pick(|texts| &texts.details));
        }
        let title = Description::parse(&description).map_or_else(
            |_| problem.to_owned(),
            |text| Title::from_description(&text).into_string(),
        );
        let location = place.filter(|_| self.rng.random_ratio(3, 4)).map(str::to_owned);
        BulkTicket {
            title,
            description,
            location,
            status: Status::Open,
            category: guess.category,
            category_by: CategoryBy::Automatic,
            confidence: Some(guess.confidence),
            unsure: guess.unsure,
            guess: Some((guess.category, guess.model)),
            resolution: None,
            opened_at,
            modified_at: opened_at,
            activated_at: None,
            closed_at: None,
            assignee: None,
            version: 1,
            messages: Vec::new(),
            events: vec![event(opened_at, None, EventKind::Reported, None, None)],
        }
    }

    /// Sentences repeat, so each is classified once: it is the place that varies, and it says little.
    fn guess(&mut self, problem: &'static str, truth: Category) -> Verdict {
        let judge = || {
            let text = problem.replace("{place}", "here");
            let guess = Verdict::of(triage::Model::shipped(), &text, &text);
            tracing::debug!(right = guess.category == truth, problem, "classified");
            guess
        };
        self.guesses.entry(problem).or_insert_with(judge).clone()
    }

    /// Takes the ticket as far as its time allows.
    fn work_on(&mut self, ticket: &mut BulkTicket, truth: Category, resolution: String) {
        let hours = self.resolution_hours.sample(&mut self.rng).clamp(0.05, 24.0 * 700.0);
        let waits = self.rng.random_range(0.05..0.6);
        let activated_at = ticket.opened_at + hours_delta(hours * waits);
        let closed_at = ticket.opened_at + hours_delta(hours);
        let lingers = self.rng.random_ratio(1, ONE_IN_LINGERS);
        let (staff, name) = *self.roster.choose(&mut self.rng).expect("the roster file has names");
        if activated_at >= self.until || (lingers && self.rng.random_ratio(1, 2)) {
            return;
        }
        let by = Some(name);
        if ticket.category != truth && self.rng.random_ratio(7, 10) {
            let (from, to) = (ticket.category.as_str(), truth.as_str());
            ticket.events.push(event(activated_at, by, EventKind::Category, Some(from), Some(to)));
            ticket.category = truth;
            ticket.category_by = CategoryBy::Staff;
            ticket.unsure = false;
            ticket.version += 1;
        }
        ticket.events.push(event(activated_at, by, EventKind::Assignee, None, by));
        ticket.events.push(step(activated_at, by, Status::Open, Status::Active));
        ticket.assignee = Some(staff);
        ticket.status = Status::Active;
        ticket.activated_at = Some(activated_at);
        ticket.modified_at = activated_at;
        ticket.version += 2;
        let closes = closed_at < self.until && !lingers;
        self.talk(ticket, activated_at, if closes { closed_at } else { self.until }, name);
        if closes {
            ticket.events.push(step(closed_at, by, Status::Active, Status::Closed));
            ticket.status = Status::Closed;
            ticket.closed_at = Some(closed_at);
            ticket.modified_at = closed_at;
            ticket.resolution = Some(resolution);
            ticket.version += 1;
        }
    }

    fn talk(
        &mut self,
        ticket: &mut BulkTicket,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        name: &str,
    ) {
        let count = [0, 1, 3, 4, 6, 11][self.rng.random_range(0..6)];
        let mut at = from;
        for _ in 0..count {
            at += (to - at) / 4;
            let kind = self.rng.random_range(0..10);
            let (role, body) = match kind {
                0..2 => (Role::Staff, self.pick(|texts| &texts.notes)),
                2..7 => (Role::Staff, self.pick(|texts| &texts.staff_replies)),
                _ => (Role::User, self.pick(|texts| &texts.user_replies)),
            };
            let name = (role == Role::Staff).then(|| name.to_owned());
            let internal = kind < 2;
            ticket.messages.push(BulkMessage { role, name, body: body.to_owned(), internal, at });
            if !internal {
                ticket.modified_at = at;
            }
        }
    }

    fn pick(&mut self, of: impl FnOnce(&Texts) -> &[&'static str]) -> &'static str {
        of(&self.texts).choose(&mut self.rng).copied().unwrap_or_default()
    }
}

fn hours_delta(hours: f64) -> TimeDelta {
    TimeDelta::milliseconds((hours * 3.6e6) as i64)
}

fn step(at: DateTime<Utc>, by: Option<&str>, from: Status, to: Status) -> BulkEvent {
    event(at, by, EventKind::Status, Some(from.as_str()), Some(to.as_str()))
}

fn event(
    at: DateTime<Utc>,
    by: Option<&str>,
    what: EventKind,
    from: Option<&str>,
    to: Option<&str>,
) -> BulkEvent {
    BulkEvent {
        at,
        role: if by.is_some() { Role::Staff } else { Role::User },
        name: by.map(str::to_owned),
        what,
        from: from.map(str::to_owned),
        to: to.map(str::to_owned),
        internal: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk(seed: u64) -> Vec<BulkTicket> {
        let until = "2026-03-01T00:00:00Z".parse().unwrap();
        let mut generator = Generator::new(seed, until, 500, vec![(StaffId(1), "Ada")]);
        std::iter::from_fn(|| generator.next_ticket()).collect()
    }

    #[test]
    fn the_same_seed_makes_the_same_desk_and_another_seed_another() {
        assert_eq!(format!("{:?}", desk(1)), format!("{:?}", desk(1)));
        assert_ne!(format!("{:?}", desk(1)), format!("{:?}", desk(2)));
    }

    #[test]
    fn a_desk_has_every_status_and_category_in_the_order_of_reporting() {
        let tickets = desk(1);
        for status in Status::ALL {
            assert!(tickets.iter().any(|ticket| ticket.status == *status), "{status}");
        }
        for category in Category::ALL {
            assert!(tickets.iter().any(|ticket| ticket.category == *category), "{category}");
        }
        assert!(tickets.is_sorted_by_key(|ticket| ticket.opened_at));
    }
}
