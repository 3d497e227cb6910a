//! How times, words of closed sets and numbers read to people, in their language.

use std::cell::RefCell;

use api_types::{Category, Role, Status};
use chrono::{DateTime, Utc};
use js_sys::{Array, Date, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::texts::{Language, language, say};

/// A status as a word.
pub(crate) fn status_word(status: Status) -> &'static str {
    match status {
        Status::Open => say!(words.status.open),
        Status::Active => say!(words.status.active),
        Status::Closed => say!(words.status.closed),
    }
}

/// A category as a word.
pub(crate) fn category_word(category: Category) -> &'static str {
    match category {
        Category::Facility => say!(words.category.facility),
        Category::It => say!(words.category.it),
        Category::Services => say!(words.category.services),
    }
}

/// What a category is about.
pub(crate) fn category_scope(category: Category) -> &'static str {
    match category {
        Category::Facility => say!(words.scope.facility),
        Category::It => say!(words.scope.it),
        Category::Services => say!(words.scope.services),
    }
}

/// A role as a word.
pub(crate) fn role_word(role: Role) -> &'static str {
    match role {
        Role::User => say!(words.role.user),
        Role::Staff => say!(words.role.staff),
    }
}

/// What the clock says now. The clock of Rust's own library does not run in a browser.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(Date::now() as i64).unwrap_or_default()
}

/// How long ago something happened, in one unit.
pub(crate) fn age(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    match age_in_one_unit((now - at).num_seconds()) {
        None => say!(words.just_now).to_owned(),
        Some((count, unit)) => in_readers_words(Form::Age, &[(-count).into(), unit.into()]),
    }
}

/// Whole units, named as `Intl.RelativeTimeFormat` does; nothing below a minute.
fn age_in_one_unit(seconds: i64) -> Option<(i32, &'static str)> {
    let (unit, name) = match seconds {
        ..60 => return None,
        60..3600 => (60, "minute"),
        3600..172_800 => (3600, "hour"),
        172_800..5_184_000 => (86_400, "day"),
        5_184_000..63_072_000 => (2_592_000, "month"),
        _ => (31_536_000, "year"),
    };
    Some((i32::try_from(seconds / unit).unwrap_or(i32::MAX), name))
}

/// A duration in hours, in the unit that reads best.
pub(crate) fn duration(hours: f64) -> String {
    let (value, form) = duration_in_one_unit(hours);
    in_readers_words(form, &[value.into()])
}

fn duration_in_one_unit(hours: f64) -> (f64, Form) {
    match hours {
        ..1.0 => ((hours * 60.0).round(), Form::Minutes),
        1.0..48.0 => (hours, Form::Hours),
        _ => (hours / 24.0, Form::Days),
    }
}

/// A number with its thousands apart.
pub(crate) fn number(value: f64) -> String {
    in_readers_words(Form::Number, &[value.into()])
}

/// A share between 0 and 1, in whole percent.
pub(crate) fn percent(share: f64) -> String {
    in_readers_words(Form::Percent, &[share.into()])
}

/// How sure the classifier is, as a percentage. It is never certain, so what would be rounded up to that is not.
pub(crate) fn sureness(probability: f64) -> String {
    percent(probability.min(0.99))
}

/// Date and time in the reader's own time zone.
pub(crate) fn date_time(at: DateTime<Utc>) -> String {
    in_readers_words(Form::DateTime, &[js_date(at).into()])
}

/// The day in the reader's own time zone.
pub(crate) fn day(at: DateTime<Utc>) -> String {
    in_readers_words(Form::Day, &[js_date(at).into()])
}

/// An instant as the browser has them.
pub(crate) fn js_date(at: DateTime<Utc>) -> Date {
    Date::new(&JsValue::from_f64(at.timestamp_millis() as f64))
}

/// The reader's language as `Intl` knows it.
pub(crate) fn language_tag() -> &'static str {
    match language() {
        Language::en => "en-GB",
        Language::de => "de",
        // The digits that ticket numbers have.
        Language::ar => "ar-u-nu-latn",
    }
}

/// What is said by `Intl`, which has the rules of every language, so that the app need not bring them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Number,
    Percent,
    Age,
    Minutes,
    Hours,
    Days,
    DateTime,
    Day,
}

impl Form {
    /// The class of `Intl` and its options.
    const fn options(self) -> (&'static str, &'static [(&'static str, &'static str)]) {
        match self {
            Self::Number => ("NumberFormat", &[]),
            Self::Percent => ("NumberFormat", &[("style", "percent")]),
            // Some browsers tell short Arabic months wrong: as if they were still to come.
            Self::Age => ("RelativeTimeFormat", &[("style", "long")]),
            Self::Minutes => ("NumberFormat", &[("style", "unit"), ("unit", "minute")]),
            Self::Hours => (
                "NumberFormat",
                &[("style", "unit"), ("unit", "hour"), ("maximumFractionDigits", "1")],
            ),
            Self::Days => (
                "NumberFormat",
                &[
                    ("style", "unit"),
                    ("unit", "day"),
                    ("unitDisplay", "long"),
                    ("maximumFractionDigits", "1"),
                ],
            ),
            Self::DateTime => {
                ("DateTimeFormat", &[("dateStyle", "medium"), ("timeStyle", "short")])
            }
            Self::Day => ("DateTimeFormat", &[("dateStyle", "full")]),
        }
    }
}

thread_local! {
    /// Those made so far: making one takes longer than a hundred uses of it.
    static FORMATTERS: RefCell<Vec<(Language, Form, JsValue)>> = const { RefCell::new(Vec::new()) };
}

fn in_readers_words(form: Form, what: &[JsValue]) -> String {
    let known = FORMATTERS.with_borrow(|known| {
        let found = known.iter().find(|one| (one.0, one.1) == (language(), form));
        found.map(|one| one.2.clone())
    });
    let formatter = known.or_else(|| {
        let (class, options) = form.options();
        let made = new_formatter(language_tag(), class, options)?;
        FORMATTERS.with_borrow_mut(|known| known.push((language(), form, made.clone())));
        Some(made)
    });
    let said = formatter.and_then(|formatter| {
        let format: Function = Reflect::get(&formatter, &"format".into()).ok()?.dyn_into().ok()?;
        format.apply(&formatter, &what.iter().collect()).ok()?.as_string()
    });
    // A browser without this part of Intl says it plainly.
    said.or_else(|| Some(what.first()?.unchecked_ref::<Object>().to_string().into()))
        .unwrap_or_default()
}

/// A formatter of `Intl` in a language; nothing where the browser does not know the class or an option.
pub(crate) fn new_formatter(
    language: &str,
    class: &str,
    options: &[(&str, &str)],
) -> Option<JsValue> {
    let given = Object::new();
    for (key, value) in options {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&given, &(*key).into(), &(*value).into());
    }
    // Called through the object, since the constructor throws on what it does not know.
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: Function = Reflect::get(&intl, &class.into()).ok()?.dyn_into().ok()?;
    Reflect::construct(&class, &Array::of2(&language.into(), &given)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_said_in_one_unit() {
        for (seconds, said) in [
            (-5, None),
            (59, None),
            (60, Some((1, "minute"))),
            (7_200, Some((2, "hour"))),
            (86_400, Some((24, "hour"))),
            (259_200, Some((3, "day"))),
            (7_776_000, Some((3, "month"))),
            (94_608_000, Some((3, "year"))),
        ] {
            assert_eq!(age_in_one_unit(seconds), said);
        }
    }

    #[test]
    fn durations_are_said_in_the_unit_that_reads_best() {
        for (hours, said) in
            [(0.5, (30.0, Form::Minutes)), (3.0, (3.0, Form::Hours)), (213.6, (8.9, Form::Days))]
        {
            assert_eq!(duration_in_one_unit(hours), said);
        }
    }
}
