//! Reports on their way. Each is kept here, with its key and its frozen body, before the first try to send it, and until
//! the desk has answered: whatever happens in between, it arrives, and once.

use chrono::{DateTime, Utc};
use leptos::{ev, prelude::*};
use serde::{Deserialize, Serialize};

use super::storage::{keep, load};
use crate::api::Who;

const OUTBOX_KEY: &str = "campusdesk.outbox";

/// A report that the desk has not acknowledged yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Waiting {
    /// Its idempotency key.
    pub(crate) key: String,
    /// The JSON of its body, the same at every try.
    pub(crate) body: String,
    /// What it begins with, to tell it from others.
    pub(crate) title: String,
    /// As whom it was written: the desk takes it for another request if that changed.
    pub(crate) who: Who,
    /// Since when it waits.
    pub(crate) since: DateTime<Utc>,
    /// Why the desk will not have it as it is.
    pub(crate) refused: Option<String>,
}

/// The reports of this browser that wait, the same in all of its tabs.
#[derive(Clone, Copy)]
pub(crate) struct Outbox {
    waiting: RwSignal<Vec<Waiting>>,
}

impl Outbox {
    /// Reads what waits from before, and offers it to every component below.
    pub(crate) fn provide() {
        let outbox = Self { waiting: RwSignal::new(load(OUTBOX_KEY).unwrap_or_default()) };
        // Another tab added to it, or sent something.
        let changed = window_event_listener(ev::storage, move |event| {
            if event.key().as_deref() == Some(OUTBOX_KEY) {
                outbox.waiting.set(load(OUTBOX_KEY).unwrap_or_default());
            }
        });
        on_cleanup(move || changed.remove());
        provide_context(outbox);
    }

    /// The outbox of the app.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// What waits, oldest first.
    pub(crate) fn waiting(self) -> Vec<Waiting> {
        self.waiting.get()
    }

    /// What waits and can be sent now.
    pub(crate) fn ready(self) -> Vec<Waiting> {
        self.stored().into_iter().filter(|one| one.refused.is_none()).collect()
    }

    /// What stands in the browser's memory counts: another tab may have changed it a moment ago.
    fn stored(self) -> Vec<Waiting> {
        load(OUTBOX_KEY).unwrap_or_else(|| self.waiting.get_untracked())
    }

    /// Keeps a report until it has arrived.
    pub(crate) fn put(self, report: Waiting) {
        self.change(|waiting| waiting.push(report));
    }

    /// Lets go of a report: it has arrived, or goes back to the form.
    pub(crate) fn remove(self, key: &str) {
        self.change(|waiting| waiting.retain(|one| one.key != key));
    }

    /// Notes that sending it again as it is makes no sense.
    pub(crate) fn refuse(self, key: &str, why: &str) {
        self.change(|waiting| {
            if let Some(one) = waiting.iter_mut().find(|one| one.key == key) {
                one.refused = Some(why.to_owned());
            }
        });
    }

    fn change(self, change: impl FnOnce(&mut Vec<Waiting>)) {
        let mut waiting = self.stored();
        change(&mut waiting);
        keep(OUTBOX_KEY, &waiting);
        self.waiting.set(waiting);
    }
}
