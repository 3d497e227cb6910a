//! Light or dark: as the system has it, or as chosen in this browser.

use charts::Theme;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast as _, closure::Closure};

use super::{
    follow,
    storage::{keep, load},
};

const THEME_KEY: &str = "campusdesk.theme";

/// What one chose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Colours {
    /// As the system has it.
    #[default]
    System,
    /// Ink on warm white.
    Light,
    /// Light on near-black.
    Dark,
}

impl Colours {
    /// What the next press of the switch chooses.
    const fn next(self) -> Self {
        match self {
            Self::System => Self::Dark,
            Self::Dark => Self::Light,
            Self::Light => Self::System,
        }
    }
}

/// Light or dark, for all of the app.
#[derive(Clone, Copy)]
pub(crate) struct ColourChoice {
    chosen: RwSignal<Colours>,
    system_is_dark: RwSignal<bool>,
}

impl ColourChoice {
    /// Reads what was chosen before, and offers it to every component below.
    pub(crate) fn provide() {
        let choice = Self {
            chosen: RwSignal::new(load(THEME_KEY).unwrap_or_default()),
            system_is_dark: RwSignal::new(false),
        };
        choice.follow_system();
        follow(move || {
            let chosen = choice.chosen.get();
            keep(THEME_KEY, &chosen);
            let Some(root) = document().document_element() else { return };
            // Neither attribute can be refused.
            let _ = match chosen {
                Colours::System => root.remove_attribute("data-theme"),
                Colours::Light => root.set_attribute("data-theme", "light"),
                Colours::Dark => root.set_attribute("data-theme", "dark"),
            };
        });
        provide_context(choice);
    }

    /// The choice of the app.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// What is chosen.
    pub(crate) fn chosen(self) -> Colours {
        self.chosen.get()
    }

    /// Goes on to the next choice.
    pub(crate) fn switch(self) {
        self.chosen.update(|chosen| *chosen = chosen.next());
    }

    /// What the page looks like now.
    pub(crate) fn theme(self) -> Theme {
        let dark = match self.chosen.get() {
            Colours::System => self.system_is_dark.get(),
            Colours::Light => false,
            Colours::Dark => true,
        };
        if dark { Theme::Dark } else { Theme::Light }
    }

    fn follow_system(self) {
        let Ok(Some(query)) = window().match_media("(prefers-color-scheme: dark)") else { return };
        self.system_is_dark.set(query.matches());
        let read = query.clone();
        let listener = Closure::<dyn FnMut()>::new(move || self.system_is_dark.set(read.matches()));
        query.set_onchange(Some(listener.as_ref().unchecked_ref()));
        // It lives as long as the app does.
        StoredValue::new_local((query, listener));
    }
}
