//! The language that the app speaks: as chosen in this browser, or else the first of the browser's own that it knows.

use leptos::prelude::*;
use leptos_i18n::{Direction, Locale as _};

use super::storage::{keep, load};
use crate::texts::{Language, speak};

const LANGUAGE_KEY: &str = "campusdesk.language";

/// The language, for all of the app.
#[derive(Clone, Copy)]
pub(crate) struct LanguageChoice {
    chosen: RwSignal<Language>,
}

impl LanguageChoice {
    /// Reads what was chosen before, and offers it to every component below.
    pub(crate) fn provide() -> Self {
        let kept = load::<String>(LANGUAGE_KEY).and_then(|tag| tag.parse().ok());
        let language = kept.or_else(from_browser).unwrap_or_default();
        begin_to_speak(language);
        let choice = Self { chosen: RwSignal::new(language) };
        provide_context(choice);
        choice
    }

    /// The choice of the app.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// What is chosen.
    pub(crate) fn chosen(self) -> Language {
        self.chosen.get()
    }

    /// Speaks another language from now on, and on the next visit.
    pub(crate) fn choose(self, language: Language) {
        keep(LANGUAGE_KEY, &language.as_str());
        begin_to_speak(language);
        self.chosen.set(language);
    }
}

/// The first language of the browser that the app knows.
fn from_browser() -> Option<Language> {
    let wanted = window().navigator().languages();
    wanted.iter().find_map(|tag| tag.as_string()?.split('-').next()?.parse().ok())
}

fn begin_to_speak(language: Language) {
    speak(language);
    let Some(root) = document().document_element() else { return };
    let direction = match language.direction() {
        Direction::RightToLeft => "rtl",
        _ => "ltr",
    };
    // Neither attribute can be refused.
    let _ = root.set_attribute("lang", language.as_str());
    let _ = root.set_attribute("dir", direction);
}
