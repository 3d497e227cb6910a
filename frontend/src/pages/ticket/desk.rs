//! A ticket on the desk: its newest known state, and what becomes of changes to it.

use api_types::{Ticket, TicketId};
use futures_util::{FutureExt as _, future::LocalBoxFuture};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{self, Who},
    failure::Failure,
    pages::StaffSide,
    state::Session,
};

/// A ticket on the desk.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    /// As it was last seen.
    pub(super) ticket: RwSignal<Ticket>,
    /// Whether a change is under way.
    pub(super) busy: RwSignal<bool>,
    /// What the last change came to.
    pub(super) said: RwSignal<Option<String>>,
    /// The ticket that stands for this one, where somebody merged it while it was looked at.
    pub(super) merged_into: RwSignal<Option<TicketId>>,
    /// Why the last change failed.
    pub(super) failure: RwSignal<Option<Failure>>,
    /// Counts what makes the thread worth reading again.
    pub(super) thread_round: RwSignal<u32>,
    /// Whether one is writing a message.
    pub(super) writing: RwSignal<bool>,
    /// Who one is.
    pub(super) session: Session,
    staff_side: Option<StaffSide>,
}

impl Desk {
    /// Lays a ticket on the desk.
    pub(super) fn open(ticket: Ticket) -> Self {
        Self {
            ticket: RwSignal::new(ticket),
            busy: RwSignal::new(false),
            said: RwSignal::new(None),
            merged_into: RwSignal::new(None),
            failure: RwSignal::new(None),
            thread_round: RwSignal::new(0),
            writing: RwSignal::new(false),
            session: Session::expect(),
            staff_side: expect_context(),
        }
    }

    /// What the whole app has besides.
    pub(super) fn whole(self) -> Option<StaffSide> {
        self.staff_side
    }

    /// What staff have besides, while one is staff.
    pub(super) fn staff_side(self) -> Option<StaffSide> {
        self.staff_side.filter(|_| self.session.is_staff())
    }

    /// Makes a change to the ticket as it was last seen.
    ///
    /// Where somebody else changed it meanwhile, their state is shown and nothing is done, unless it is `wanted`
    /// already: then the answer to an earlier try was lost, or two people had the same thought.
    pub(super) fn change<F>(
        self,
        said: impl Into<String>,
        wanted: impl Fn(&Ticket) -> bool + 'static,
        make: impl FnOnce(Who, Ticket) -> F,
    ) where
        F: Future<Output = Result<Ticket, Failure>> + 'static,
    {
        let answer = make(self.session.who_now(), self.ticket.get_untracked());
        self.wait_for(answer.boxed_local(), said.into(), Box::new(wanted));
    }

    fn wait_for(
        self,
        answer: LocalBoxFuture<'static, Result<Ticket, Failure>>,
        said: String,
        wanted: Box<dyn Fn(&Ticket) -> bool>,
    ) {
        self.busy.set(true);
        self.said.set(None);
        spawn_local(async move {
            let answer = answer.await;
            if self.busy.try_set(false).is_some() {
                // The page is gone; the change is made all the same.
                return;
            }
            match answer {
                Ok(ticket) => self.settle(ticket, said),
                Err(cause) => match cause.current().cloned() {
                    Some(current) if wanted(&current) => self.settle(current, said),
                    current => {
                        if let Some(current) = current {
                            self.ticket.set(current);
                        }
                        self.failure.set(Some(cause));
                    }
                },
            }
        });
    }

    /// Takes over a changed ticket and says so.
    pub(super) fn settle(self, ticket: Ticket, said: String) {
        self.ticket.set(ticket);
        self.failure.set(None);
        self.said.set(Some(said));
    }

    /// Looks again at the ticket and its thread, unless a change is under way or the page is gone.
    pub(super) fn refresh(self) {
        if self.busy.try_get_untracked() != Some(false) {
            return;
        }
        let (who, id) = (self.session.who_now(), self.ticket.read_untracked().id);
        spawn_local(async move {
            match api::find_ticket(&who, id).await {
                // It was merged meanwhile: what is typed here stays, and the way to the other is shown.
                Ok(ticket) if ticket.id != id => {
                    self.merged_into.try_set(Some(ticket.id));
                }
                Ok(ticket) => {
                    // An answer that a change of one's own overtook is older than what is shown.
                    let moved = self.ticket.try_with_untracked(|old| {
                        ticket.version >= old.version
                            && (
                                old.messages,
                                old.affected,
                                old.modified_at,
                                old.unsure,
                                old.version,
                            ) != (
                                ticket.messages,
                                ticket.affected,
                                ticket.modified_at,
                                ticket.unsure,
                                ticket.version,
                            )
                    });
                    if moved == Some(true) {
                        self.ticket.set(ticket);
                    }
                    // A note changes nothing that a ticket shows.
                    self.thread_round.try_update(|round| *round += 1);
                }
                // Only what is certain is worth a word nobody asked for.
                Err(cause) if cause.is_certain() => {
                    self.failure.try_set(Some(cause));
                }
                Err(_) => {}
            }
        });
    }
}
