//! Drafts: what was typed and not yet acknowledged. They survive a reload.
//!
//! Before the first try a draft is *frozen*: its body and a fresh key are kept together, and every further try sends
//! exactly these, so that an answer that was lost never makes a second ticket or message.

use api_types::{Category, Ticket, TicketId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    storage::{forget, keep, load},
    uuid::new_uuid,
};

const REPORTED_KEY: &str = "campusdesk.reported";
const JOINED_KEY: &str = "campusdesk.joined";

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

/// A report as typed. The body of a report can be read as one too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ReportDraft {
    /// What is wrong.
    pub(crate) description: String,
    /// Where.
    pub(crate) location: String,
    /// In a few words.
    pub(crate) title: String,
    /// The reporter's own answer, where the classifier was wrong.
    pub(crate) category: Option<Category>,
    /// The place that the address of the form named, once it was taken over: from then on what is typed counts.
    pub(crate) named_place: Option<String>,
}

/// The texts of a ticket that can be edited, as one of its versions has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TicketTexts {
    /// The ticket's number.
    pub(crate) id: TicketId,
    /// Which version.
    pub(crate) version: i64,
    /// In a few words.
    pub(crate) title: String,
    /// What is wrong.
    pub(crate) description: String,
    /// Where, if it is known.
    pub(crate) location: Option<String>,
}

impl TicketTexts {
    /// Those of a ticket.
    pub(crate) fn of(ticket: &Ticket) -> Self {
        Self {
            id: ticket.id,
            version: ticket.version,
            title: ticket.title.clone(),
            description: ticket.description.clone(),
            location: ticket.location.clone(),
        }
    }

    /// Title, description and location without the spaces around them.
    pub(crate) fn trimmed(&self) -> [&str; 3] {
        let location = self.location.as_deref().unwrap_or_default();
        [&self.title, &self.description, location].map(str::trim)
    }
}

/// An edit of a ticket's texts as typed, and the version of the ticket that it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EditDraft {
    /// The texts as they were when the edit began, or when it last met a newer version.
    pub(crate) base: TicketTexts,
    /// The title as typed.
    pub(crate) title: String,
    /// The description as typed.
    pub(crate) description: String,
    /// The location as typed; empty for none.
    pub(crate) location: String,
    /// Where others changed the texts meanwhile: the version that the edit rested on before, and theirs.
    pub(crate) conflict: Option<(TicketTexts, TicketTexts)>,
}

impl EditDraft {
    /// An edit in which nothing was typed yet.
    pub(crate) fn of(base: TicketTexts) -> Self {
        Self {
            title: base.title.clone(),
            description: base.description.clone(),
            location: base.location.clone().unwrap_or_default(),
            base,
            conflict: None,
        }
    }

    /// The unfinished edit of a ticket.
    pub(crate) fn load(id: TicketId) -> Option<Self> {
        load(&Self::storage_key(id))
    }

    /// Keeps the edit; one that changes nothing needs no place.
    pub(crate) fn keep(&self) {
        if self.has_changes_for(&self.base) {
            keep(&Self::storage_key(self.base.id), self);
        } else {
            Self::forget(self.base.id);
        }
    }

    /// The edit is saved, or dropped by hand.
    pub(crate) fn forget(id: TicketId) {
        forget(&Self::storage_key(id));
    }

    /// Whether something was typed that this version of the ticket does not say.
    pub(crate) fn has_changes_for(&self, now: &TicketTexts) -> bool {
        let typed = [&self.title, &self.description, &self.location].map(|text| text.trim());
        let (before, now) = (self.base.trimmed(), now.trimmed());
        (0..typed.len()).any(|n| typed[n] != before[n] && typed[n] != now[n])
    }

    fn storage_key(id: TicketId) -> String {
        storage_key(&format!("edit.{id}"))
    }
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

/// Remembers whether this browser joined a ticket.
pub(crate) fn note_joined(id: TicketId, joined: bool) {
    let mut ids: Vec<TicketId> = load(JOINED_KEY).unwrap_or_default();
    ids.retain(|known| *known != id);
    if joined {
        ids.push(id);
    }
    keep(JOINED_KEY, &ids);
}

/// Whether this browser joined a ticket.
pub(crate) fn was_joined_here(id: TicketId) -> bool {
    load::<Vec<TicketId>>(JOINED_KEY).is_some_and(|ids| ids.contains(&id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(version: i64, title: &str) -> TicketTexts {
        TicketTexts {
            id: TicketId(7),
            version,
            title: title.into(),
            description: "It drips.".into(),
            location: None,
        }
    }

    #[test]
    fn an_edit_is_unfinished_as_long_as_the_ticket_does_not_say_what_was_typed() {
        let mut draft = EditDraft::of(texts(1, "A tap"));
        assert!(!draft.has_changes_for(&texts(1, "A tap")));
        // What only somebody else changed is not one's own edit.
        assert!(!draft.has_changes_for(&texts(2, "Two taps")));
        draft.title = "The tap ".into();
        assert!(draft.has_changes_for(&texts(1, "A tap")));
        assert!(draft.has_changes_for(&texts(2, "Two taps")));
        // The answer was lost, and the edit arrived all the same.
        assert!(!draft.has_changes_for(&texts(2, "The tap")));
    }
}
