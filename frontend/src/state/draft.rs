//! Drafts: what was typed and not yet acknowledged. They survive a reload.
//!
//! Before the first try a draft is *frozen*: its body and a fresh key are kept together, and every further try sends
//! exactly these, so that an answer that was lost never makes a second ticket or message.

use api_types::{Category, TicketId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    storage::{forget, keep, load},
    uuid::new_uuid,
};

const REPORTED_KEY: &str = "campusdesk.reported";

/// What is sent, fixed until it is acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Frozen {
    /// The idempotency key.
    pub(crate) key: String,
    /// The JSON of the body.
    pub(crate) body: String,
}

/// Something typed, and what of it was sent without an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft<T> {
    /// What was typed.
    pub(crate) typed: T,
    /// What was sent and not yet acknowledged.
    pub(crate) frozen: Option<Frozen>,
}

impl<T: Default + PartialEq + Serialize + DeserializeOwned> Draft<T> {
    /// The draft kept under a name, or an empty one.
    pub(crate) fn load(name: &str) -> Self {
        load(&storage_key(name)).unwrap_or_default()
    }

    /// Keeps the draft; an empty one needs no place.
    pub(crate) fn keep(&self, name: &str) {
        if *self == Self::default() {
            forget(&storage_key(name));
        } else {
            keep(&storage_key(name), self);
        }
    }

    /// What to send: what was frozen before, else this body with a fresh key.
    pub(crate) fn freeze(&mut self, body: impl FnOnce() -> String) -> Frozen {
        self.frozen.get_or_insert_with(|| Frozen { key: new_uuid(), body: body() }).clone()
    }
}

fn storage_key(name: &str) -> String {
    format!("campusdesk.draft.{name}")
}

/// A report as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReportDraft {
    /// What is wrong.
    pub(crate) description: String,
    /// Where.
    pub(crate) location: String,
    /// In a few words.
    pub(crate) title: String,
    /// The reporter's own answer, where the classifier was wrong.
    pub(crate) category: Option<Category>,
}

/// Remembers that this browser reported a ticket.
pub(crate) fn note_reported(id: TicketId) {
    let mut ids: Vec<TicketId> = load(REPORTED_KEY).unwrap_or_default();
    if !ids.contains(&id) {
        ids.push(id);
        keep(REPORTED_KEY, &ids);
    }
}

/// Whether this browser reported a ticket; it may then correct the category.
pub(crate) fn was_reported_here(id: TicketId) -> bool {
    load::<Vec<TicketId>>(REPORTED_KEY).is_some_and(|ids| ids.contains(&id))
}
