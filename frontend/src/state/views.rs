//! How somebody likes the queue: filters kept under a name, how high its rows are, and whether letters are keys.

use serde::{Deserialize, Serialize};

use super::storage::{keep, load};

const VIEWS_KEY: &str = "campusdesk.views";
const DENSITY_KEY: &str = "campusdesk.density";
const KEYS_KEY: &str = "campusdesk.keys";

/// Filters under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SavedView {
    /// What it is called.
    pub(crate) name: String,
    /// The filters as they stand in the address bar, with the question mark.
    pub(crate) query: String,
}

/// The views that this browser keeps, by name.
pub(crate) fn load_views() -> Vec<SavedView> {
    load(VIEWS_KEY).unwrap_or_default()
}

/// Keeps these views.
pub(crate) fn keep_views(views: &[SavedView]) {
    keep(VIEWS_KEY, &views);
}

/// Adds a view in its place by name; one of the same name makes room.
pub(crate) fn add_view(views: &mut Vec<SavedView>, view: SavedView) {
    views.retain(|one| one.name != view.name);
    let place = views.partition_point(|one| one.name < view.name);
    views.insert(place, view);
}

/// Whether single letters do something in the queue; they do unless somebody switched them off.
pub(crate) fn load_keys() -> bool {
    load(KEYS_KEY).unwrap_or(true)
}

/// Keeps whether they do.
pub(crate) fn keep_keys(on: bool) {
    keep(KEYS_KEY, &on);
}

/// How high the rows of the queue are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Density {
    /// As many rows on the screen as can be read.
    #[default]
    Dense,
    /// More air, and room for a finger.
    Airy,
}

impl Density {
    /// What was chosen before.
    pub(crate) fn load() -> Self {
        load(DENSITY_KEY).unwrap_or_default()
    }

    /// The other one, kept from now on.
    pub(crate) fn switch(&mut self) {
        *self = match self {
            Self::Dense => Self::Airy,
            Self::Airy => Self::Dense,
        };
        keep(DENSITY_KEY, self);
    }

    /// The height of a row in pixels.
    pub(crate) const fn row_height(self) -> u32 {
        match self {
            Self::Dense => 36,
            Self::Airy => 48,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_stand_by_name_and_a_name_stands_once() {
        let view = |name: &str, query: &str| SavedView { name: name.into(), query: query.into() };
        let mut views = Vec::new();
        for (name, query) in
            [("mine", "?assignee=2"), ("IT", "?category=it"), ("mine", "?assignee=3")]
        {
            add_view(&mut views, view(name, query));
        }
        assert_eq!(views, [view("IT", "?category=it"), view("mine", "?assignee=3")]);
    }
}
