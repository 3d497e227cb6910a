//! Sends what waits in the outbox, and says what became of it.

use std::{collections::BTreeMap, time::Duration};

use api_types::Ticket;
use leptos::{ev, prelude::*};
use leptos_router::components::A;

use crate::{
    api,
    failure::Failure,
    state::{Live, Outbox, alone, note_reported},
};

/// While something waits it is tried again this often.
const AGAIN: Duration = Duration::from_secs(15);

/// What became of a report that this page saw sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fate {
    /// It is there.
    Arrived(Box<Ticket>),
    /// The desk could not be reached: it waits.
    Waits,
    /// The desk will not have it.
    Refused(Failure),
}

/// Sends reports, for all of the app.
#[derive(Clone, Copy)]
pub(crate) struct Sender {
    outbox: Outbox,
    fates: RwSignal<BTreeMap<String, Fate>>,
}

impl Sender {
    /// Sends what waits: now, when the network or the desk is back, and now and then.
    pub(crate) fn provide() {
        let sender = Self { outbox: Outbox::expect(), fates: RwSignal::new(BTreeMap::new()) };
        sender.send();
        let online = window_event_listener(ev::online, move |_| sender.send());
        on_cleanup(move || online.remove());
        Live::expect().refresh_on(|_| false, move || sender.send());
        if let Ok(again) = set_interval_with_handle(move || sender.send(), AGAIN) {
            on_cleanup(move || again.clear());
        }
        provide_context(sender);
    }

    /// The sender of the app.
    pub(super) fn expect() -> Self {
        expect_context()
    }

    /// What became of a report, once that is known.
    pub(super) fn fate(self, key: &str) -> Option<Fate> {
        self.fates.read().get(key).cloned()
    }

    /// Tries to send everything that waits, in order; one tab at a time.
    pub(super) fn send(self) {
        if self.outbox.ready().is_empty() {
            return;
        }
        alone("campusdesk.outbox", async move {
            for report in self.outbox.ready() {
                let answer = api::report_ticket(&report.who, &report.key, report.body).await;
                let fate = match answer {
                    Ok(ticket) => {
                        note_reported(ticket.id);
                        self.outbox.remove(&report.key);
                        Fate::Arrived(Box::new(ticket))
                    }
                    Err(failure) if failure.is_certain() => {
                        self.outbox.refuse(&report.key, &failure.sentence());
                        Fate::Refused(failure)
                    }
                    Err(_) => Fate::Waits,
                };
                let unreachable = fate == Fate::Waits;
                self.fates.update(|fates| {
                    fates.insert(report.key, fate);
                });
                if unreachable {
                    break;
                }
            }
        });
    }
}

/// Says on every page that something waits.
#[component]
pub(crate) fn WaitingNotice() -> impl IntoView {
    let (outbox, sender) = (Outbox::expect(), Sender::expect());
    // What is being sent for the first time is no news.
    let count = move || {
        let waits = |key: &str| !matches!(sender.fate(key), None | Some(Fate::Arrived(_)));
        outbox.waiting().iter().filter(|one| waits(&one.key)).count()
    };
    view! {
        <div role="status">
            {move || (count() > 0).then(|| {
                let said = match count() {
                    1 => "A report of yours waits to be sent. ".to_owned(),
                    many => format!("{many} reports of yours wait to be sent. "),
                };
                view! { <p class="notice warn lost">{said}<A href="/mine">"See My reports"</A></p> }
            })}
        </div>
    }
}
