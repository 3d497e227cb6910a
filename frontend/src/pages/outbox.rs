//! Sends what waits in the outbox, and says what became of it.

use std::{collections::BTreeMap, time::Duration};

use api_types::{FieldCode, ProblemKind, Ticket};
use leptos::{ev, prelude::*};
use leptos_router::components::A;

use crate::{
    api,
    failure::Failure,
    state::{Live, Outbox, Waiting, alone, note_reported},
    texts::say,
};

/// While something waits it is tried again this often.
const AGAIN: Duration = Duration::from_secs(15);

/// What became of a report.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fate {
    /// It is there.
    Arrived(Box<Ticket>),
    /// It is there, as far as is known: another tab has sent it.
    Gone,
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
        match self.fates.read().get(key).cloned() {
            None | Some(Fate::Waits) if !self.outbox.has(key) => Some(Fate::Gone),
            fate => fate,
        }
    }

    /// Tries to send everything that waits, in order; one tab at a time.
    pub(super) fn send(self) {
        if self.outbox.ready().is_empty() {
            return;
        }
        alone("campusdesk.outbox", async move {
            let mut away = false;
            for report in self.outbox.ready() {
                // Where the desk is away, the others need not find that out each for itself.
                let fate = match away {
                    true => Fate::Waits,
                    false => match self.send_one(&report).await {
                        Ok(fate) => fate,
                        Err(Away) => {
                            away = true;
                            Fate::Waits
                        }
                    },
                };
                self.fates.update(|fates| {
                    if !matches!(fates.get(&report.key), Some(Fate::Arrived(_))) {
                        fates.insert(report.key, fate);
                    }
                });
            }
        });
    }

    async fn send_one(self, report: &Waiting) -> Result<Fate, Away> {
        let Waiting { key, body, photos, who, .. } = report;
        // Others may get through where a photo does not.
        let Some(body) = with_photos(body, photos).await else { return Ok(Fate::Waits) };
        let failure = match api::report_ticket(who, key, body).await {
            Ok(ticket) => {
                note_reported(ticket.id);
                self.let_go(report).await;
                return Ok(Fate::Arrived(Box::new(ticket)));
            }
            Err(failure) => failure,
        };
        if failure.field_code("images") == Some(FieldCode::NotFound) && !photos.is_empty() {
            // Swept, since the report waited for too long.
            api::photos("again", photos).await;
            return Ok(Fate::Waits);
        }
        match (&failure, failure.kind()) {
            (Failure::Unreachable, _)
            | (_, Some(ProblemKind::Unavailable | ProblemKind::RateLimited)) => Err(Away),
            (_, Some(ProblemKind::Internal | ProblemKind::InProgress)) => Ok(Fate::Waits),
            // It was taken, by a desk that is newer than this page.
            (Failure::Unreadable { status: 200..300 }, _) => {
                self.let_go(report).await;
                Ok(Fate::Gone)
            }
            // Trying again as it is makes no sense.
            _ => {
                self.outbox.refuse(&report.key, &failure.sentence());
                Ok(Fate::Refused(failure))
            }
        }
    }

    /// It has arrived, with its photos. Those are forgotten first: what is in no outbox belongs to the form.
    async fn let_go(self, report: &Waiting) {
        if !report.photos.is_empty() {
            api::photos("arrived", &report.photos).await;
        }
        self.outbox.remove(&report.key);
    }
}

/// The body of a report with the numbers of its photos, once all are there that the desk takes.
async fn with_photos(body: &str, keys: &str) -> Option<String> {
    if keys.is_empty() {
        return Some(body.to_owned());
    }
    let ids = api::photos("attach", keys).await?;
    Some(format!("{},\"images\":{ids}}}", body.trim_end_matches('}')))
}

/// The desk cannot be reached, or wants to be left alone for a while.
struct Away;

/// Says on every page that something waits, or was refused.
#[component]
pub(crate) fn WaitingNotice() -> impl IntoView {
    let (outbox, sender) = (Outbox::expect(), Sender::expect());
    // What is being sent for the first time is no news.
    let known = move |one: &Waiting| one.refused.is_some() || sender.fate(&one.key).is_some();
    let count = Memo::new(move |_| outbox.waiting().iter().filter(|one| known(one)).count());
    view! {
        <div role="status">
            {move || (count.get() > 0).then(|| {
                let said = match count.get() {
                    1 => say!(report.one_waits).to_owned(),
                    many => say!(report.many_wait, count = many.to_string()),
                };
                view! { <p class="notice warn lost">{said}" "<A href="/mine">{say!(report.see_mine)}</A></p> }
            })}
        </div>
    }
}
