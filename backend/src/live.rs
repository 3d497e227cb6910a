//! Live events: what changed, told to every open browser within a second.
//!
//! The change feed is the one source. A task of each process ([`follow`]) reads it when a NOTIFY says that some process
//! committed, and once a second anyway, so that a notice that got lost loses no event. No NOTIFY is ever part of a
//! write's transaction: that would make commits wait for each other.

mod follow;
mod presence;

use std::sync::{Mutex, MutexGuard, PoisonError};

use api_types::{LiveEvent, PresenceState, Present, Role, TicketId};
use bytes::Bytes;
use tokio::sync::{Notify, broadcast};

pub(crate) use follow::follow;
use presence::{Board, Seat};

use crate::domain::caller::Caller;

/// So many parts of a stream wait for a slow reader; who is further behind is told to fetch anew.
const BACKLOG: usize = 64;

/// The streams of one process, and who is at which ticket.
pub(crate) struct Live {
    for_users: broadcast::Sender<Bytes>,
    for_staff: broadcast::Sender<Bytes>,
    board: Mutex<Board>,
    /// What other processes have not been told yet.
    unsaid: Mutex<Vec<Seat>>,
    /// Something was committed, or `unsaid` has grown.
    news: Notify,
}

/// A part of a stream; `None` ends it.
pub(crate) type Part = Option<Bytes>;

impl Live {
    pub(crate) fn new() -> Self {
        Self {
            for_users: broadcast::Sender::new(BACKLOG),
            for_staff: broadcast::Sender::new(BACKLOG),
            board: Mutex::default(),
            unsaid: Mutex::default(),
            news: Notify::new(),
        }
    }

    /// A write was committed: everyone is to hear of it soon.
    pub(crate) fn note_commit(&self) {
        self.news.notify_one();
    }

    /// Notes that a staff member is at a ticket; answers who else is.
    pub(crate) fn enter(
        &self,
        id: TicketId,
        caller: &Caller,
        state: PresenceState,
    ) -> Vec<Present> {
        let seat = Seat::new(id, caller, state);
        if lock(&self.board).take(&seat) {
            self.send_to_staff(&[LiveEvent::presence(id)]);
        }
        let others = lock(&self.board).others(id, &seat);
        lock(&self.unsaid).push(seat);
        self.news.notify_one();
        others
    }

    /// Everything that is sent to a role from now on.
    pub(crate) fn subscribe(&self, role: Role) -> Subscription {
        let sender = match role {
            Role::User => &self.for_users,
            Role::Staff => &self.for_staff,
        };
        Subscription { parts: sender.subscribe() }
    }

    fn has_readers(&self) -> bool {
        self.for_users.receiver_count() + self.for_staff.receiver_count() > 0
    }

    fn send_to_staff(&self, events: &[LiveEvent]) {
        send(&self.for_staff, render(events));
    }

    fn send_to_users(&self, events: &[LiveEvent]) {
        send(&self.for_users, render(events));
    }

    fn send_to_all(&self, part: &Bytes) {
        send(&self.for_users, part.clone());
        send(&self.for_staff, part.clone());
    }
}

/// One open stream.
pub(crate) struct Subscription {
    parts: broadcast::Receiver<Bytes>,
}

impl Subscription {
    /// What every stream begins with: a reader that was away fetches what it missed.
    pub(crate) fn first(&self) -> Bytes {
        render(&[LiveEvent::RESYNC])
    }

    /// The next part; `None` at the end.
    pub(crate) async fn next(&mut self) -> Part {
        match self.parts.recv().await {
            Ok(part) if part.is_empty() => None,
            Ok(part) => Some(part),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(render(&[LiveEvent::RESYNC])),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

fn send(sender: &broadcast::Sender<Bytes>, part: Bytes) {
    // Nobody listens: nobody misses it.
    let _ = sender.send(part);
}

/// Events in the form of a stream; several make one part.
///
/// # Source
/// WHATWG HTML, «Server-sent events».
fn render(events: &[LiveEvent]) -> Bytes {
    let mut text = String::with_capacity(events.len() * 96);
    for event in events {
        text.push_str("data: ");
        // A struct of words and numbers is always JSON.
        text.push_str(&serde_json::to_string(event).unwrap_or_default());
        text.push_str("\n\n");
    }
    text.into()
}

/// A panic while something was added leaves a list that is still one.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
