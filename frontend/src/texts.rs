//! The texts of the app, in the language of whoever reads.
//!
//! They stand in `locales/LANGUAGE/PART.json`, and build.rs makes code of them. Whoever chooses another language has the
//! whole page drawn anew, so a text is asked for once and need not follow a signal.

use std::cell::Cell;

#[expect(dead_code, unused_imports, unreachable_pub, reason = "made for every use there could be")]
mod made {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}

/// A language that all texts are there in.
pub(crate) use made::i18n::Locale as Language;

thread_local! {
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::en) };
}

/// The language of whoever reads.
pub(crate) fn language() -> Language {
    LANGUAGE.get()
}

/// Says everything in another language from now on.
pub(crate) fn speak(language: Language) {
    LANGUAGE.set(language);
}

/// A text by its key: `say!(door.title)`, or with what it has room for `say!(ticket.number, id = 7)`.
macro_rules! say {
    ($($key:tt)+) => { ::leptos_i18n::td_string!($crate::texts::language(), $($key)+) };
}
pub(crate) use say;
