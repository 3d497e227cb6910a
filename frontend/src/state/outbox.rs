//! Reports on their way. Each is kept here, with its key and its frozen body, before the first try to send it, and until
//! the desk has answered: whatever happens in between, it arrives, and once.
//!
//! Each has a place of its own in the browser's memory, so that two tabs that change the outbox at once cannot overwrite
//! each other's reports.

use chrono::{DateTime, Utc};
use leptos::{ev, prelude::*};
use serde::{Deserialize, Serialize};

use super::storage::{forget, keep, load, load_all};
use crate::api::Who;

const PREFIX: &str = "campusdesk.outbox.";

/// A report that the desk has not acknowledged yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Waiting {
    /// Its idempotency key.
    pub(crate) key: String,
    /// The JSON of its body, the same at every try.
    pub(crate) body: String,
    /// The keys of the photos that go along, apart by spaces. Each that does not go along after all has a sign before it.
    #[serde(default)]
    pub(crate) photos: String,
    /// What it begins with, to tell it from others.
    pub(crate) title: String,
    /// As whom it was written: the desk takes it for another request if that changed.
    pub(crate) who: Who,
    /// Since when it waits.
    #[serde(with = "api_types::instant")]
    pub(crate) since: DateTime<Utc>,
    /// Why the desk will not have it as it is.
    pub(crate) refused: Option<String>,
}

/// The reports of this browser that wait, the same in all of its tabs.
#[derive(Clone, Copy)]
pub(crate) struct Outbox {
    waiting: RwSignal<Vec<Waiting>>,
    /// Those that the browser's memory did not take: they live as long as this page does.
    only_here: StoredValue<Vec<Waiting>>,
}

impl Outbox {
    /// Reads what waits from before, and offers it to every component below.
    pub(crate) fn provide() {
        let outbox =
            Self { waiting: RwSignal::new(Vec::new()), only_here: StoredValue::new(Vec::new()) };
        outbox.read_again();
        // Another tab added to it, or sent something.
        let changed = window_event_listener(ev::storage, move |event| {
            if event.key().is_none_or(|key| key.starts_with(PREFIX)) {
                outbox.read_again();
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

    /// Whether a report still waits.
    pub(crate) fn has(self, key: &str) -> bool {
        self.waiting.read().iter().any(|one| one.key == key)
    }

    /// What waits and can be sent, as it stands in the browser's memory in this moment.
    pub(crate) fn ready(self) -> Vec<Waiting> {
        self.read_again();
        self.waiting.read_untracked().iter().filter(|one| one.refused.is_none()).cloned().collect()
    }

    /// Keeps a report until it has arrived; answers whether it outlives this page.
    pub(crate) fn put(self, report: Waiting) -> bool {
        let is_kept = keep(&place(&report.key), &report);
        if !is_kept {
            self.only_here.update_value(|only_here| only_here.push(report));
        }
        self.read_again();
        is_kept
    }

    /// Lets go of a report: it has arrived, or goes back to the form.
    pub(crate) fn remove(self, key: &str) {
        forget(&place(key));
        self.only_here.update_value(|only_here| only_here.retain(|one| one.key != key));
        self.read_again();
    }

    /// Notes that sending it again as it is makes no sense.
    pub(crate) fn refuse(self, key: &str, why: &str) {
        if let Some(report) = load::<Waiting>(&place(key)) {
            // Where it cannot be noted it is tried once more, and refused once more.
            let _ = keep(&place(key), &Waiting { refused: Some(why.to_owned()), ..report });
        }
        self.read_again();
    }

    fn read_again(self) {
        let mut waiting = Vec::<Waiting>::new();
        for one in load_all(PREFIX).into_iter().chain(self.only_here.get_value()) {
            let place = waiting.partition_point(|other| other.since <= one.since);
            waiting.insert(place, one);
        }
        if *self.waiting.read_untracked() != waiting {
            self.waiting.set(waiting);
        }
    }
}

fn place(key: &str) -> String {
    format!("{PREFIX}{key}")
}
