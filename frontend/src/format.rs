//! How times, words of closed sets and numbers read to people.

use api_types::{Category, Event, EventKind, Role, Status};
use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use js_sys::{Date, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A status as a word.
pub(crate) const fn status_word(status: Status) -> &'static str {
    match status {
        Status::Open => "Open",
        Status::Active => "Active",
        Status::Closed => "Closed",
    }
}

/// A category as a word.
pub(crate) const fn category_word(category: Category) -> &'static str {
    match category {
        Category::Facility => "Facility",
        Category::It => "IT",
        Category::Services => "Services",
    }
}

/// What a category is about.
pub(crate) const fn category_scope(category: Category) -> &'static str {
    match category {
        Category::Facility => "buildings, rooms, heat, light, grounds",
        Category::It => "accounts, networks, devices, software",
        Category::Services => "food, fees, registrar, housing, transport",
    }
}

/// A role as a word.
pub(crate) const fn role_word(role: Role) -> &'static str {
    match role {
        Role::User => "User",
        Role::Staff => "Staff",
    }
}

/// A share between 0 and 1, in whole percent.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// What the clock says now. The clock of Rust's own library does not run in a browser.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(Date::now() as i64).unwrap_or_default()
}

/// How long ago something happened, in one unit.
pub(crate) fn age(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (now - at).num_seconds();
    match seconds {
        ..60 => "just now".to_owned(),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..172_800 => format!("{} h ago", seconds / 3600),
        172_800..5_184_000 => format!("{} d ago", seconds / 86_400),
        5_184_000..63_072_000 => format!("{} months ago", seconds / 2_592_000),
        _ => format!("{} years ago", seconds / 31_536_000),
    }
}

/// A duration in hours, in the unit that reads best.
pub(crate) fn duration(hours: f64) -> String {
    if hours < 1.0 {
        format!("{:.0} min", hours * 60.0)
    } else if hours < 48.0 {
        format!("{hours:.1} h")
    } else {
        format!("{:.1} days", hours / 24.0)
    }
}

/// A number with its thousands apart.
pub(crate) fn number(value: f64) -> String {
    String::from(js_sys::Number::from(value).to_locale_string("en-GB"))
}

/// Date and time in the reader's own time zone.
pub(crate) fn date_time(at: DateTime<Utc>) -> String {
    in_readers_words(at, &[("dateStyle", "medium"), ("timeStyle", "short")])
}

/// The day in the reader's own time zone.
pub(crate) fn day(at: DateTime<Utc>) -> String {
    in_readers_words(at, &[("dateStyle", "full")])
}

fn in_readers_words(at: DateTime<Utc>, parts: &[(&str, &str)]) -> String {
    let options = Object::new();
    for (key, value) in parts {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&options, &(*key).into(), &(*value).into());
    }
    let date = Date::new(&JsValue::from_f64(at.timestamp_millis() as f64));
    date.to_locale_string("en-GB", &options).into()
}

/// What the clocks of a time zone say against UTC, as the browser knows it; UTC for a zone it does not know.
pub(crate) struct ZoneClock {
    format: Option<js_sys::Function>,
}

impl ZoneClock {
    /// The clock of an IANA time zone.
    pub(crate) fn new(tz: &str) -> Self {
        let options = Object::new();
        for (key, value) in [
            ("timeZone", tz),
            ("year", "numeric"),
            ("month", "2-digit"),
            ("day", "2-digit"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("second", "2-digit"),
        ] {
            let _ = Reflect::set(&options, &key.into(), &value.into());
        }
        // Called through the object, since the constructor throws on a zone it does not know.
        let made = Reflect::get(&js_sys::global(), &"Intl".into())
            .and_then(|intl| Reflect::get(&intl, &"DateTimeFormat".into()))
            .and_then(|class| class.dyn_into::<js_sys::Function>())
            .and_then(|class| {
                Reflect::construct(&class, &js_sys::Array::of2(&"sv-SE".into(), &options))
            });
        let format = made.ok().map(|made| made.unchecked_into::<Intl::DateTimeFormat>().format());
        Self { format }
    }

    /// The offset from UTC at an instant.
    pub(crate) fn offset(&self, at: DateTime<Utc>) -> FixedOffset {
        self.local(at)
            .and_then(|local| i32::try_from((local - at.naive_utc()).num_minutes() * 60).ok())
            .and_then(FixedOffset::east_opt)
            .unwrap_or_else(|| chrono::Offset::fix(&Utc))
    }

    fn local(&self, at: DateTime<Utc>) -> Option<NaiveDateTime> {
        let date = Date::new(&JsValue::from_f64(at.timestamp_millis() as f64));
        let text = self.format.as_ref()?.call1(&JsValue::UNDEFINED, &date).ok()?.as_string()?;
        // Swedish writes dates as ISO 8601 does, some versions with a comma before the time.
        NaiveDateTime::parse_from_str(&text.replace(',', ""), "%Y-%m-%d %H:%M:%S").ok()
    }
}

/// One line of a ticket's history, after the name of who did it.
pub(crate) fn event_sentence(event: &Event) -> String {
    let quote = |value: &Option<String>| match value.as_deref() {
        None => "nothing".to_owned(),
        Some(value) if value.chars().count() > 60 => {
            format!("“{}…”", value.chars().take(60).collect::<String>())
        }
        Some(value) => format!("“{value}”"),
    };
    let word = |value: &Option<String>| {
        let raw = value.as_deref().unwrap_or("nothing");
        raw.parse::<Status>()
            .map(status_word)
            .or_else(|_| raw.parse::<Category>().map(category_word))
            .map_or_else(|_| raw.to_owned(), str::to_owned)
    };
    match event.what {
        EventKind::Reported => "reported the problem".to_owned(),
        EventKind::Title => {
            format!("changed the title from {} to {}", quote(&event.from), quote(&event.to))
        }
        EventKind::Description => "changed the description".to_owned(),
        EventKind::Location => {
            format!("changed the location from {} to {}", quote(&event.from), quote(&event.to))
        }
        EventKind::Status => format!("moved it from {} to {}", word(&event.from), word(&event.to)),
        EventKind::Category => {
            format!("changed the category from {} to {}", word(&event.from), word(&event.to))
        }
        EventKind::Assignee => match &event.to {
            Some(name) => format!("assigned it to {name}"),
            None => "gave it back".to_owned(),
        },
        EventKind::Redacted => {
            format!("redacted the {}", event.to.as_deref().unwrap_or("text").replace('_', " "))
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn ages_are_said_in_one_unit() {
        let now: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        for (seconds, words) in [
            (-5, "just now"),
            (59, "just now"),
            (60, "1 min ago"),
            (7_200, "2 h ago"),
            (86_400, "24 h ago"),
            (259_200, "3 d ago"),
            (7_776_000, "3 months ago"),
            (94_608_000, "3 years ago"),
        ] {
            assert_eq!(age(now - TimeDelta::seconds(seconds), now), words);
        }
    }

    #[test]
    fn durations_are_said_in_the_unit_that_reads_best() {
        for (hours, words) in [(0.5, "30 min"), (3.0, "3.0 h"), (213.6, "8.9 days")] {
            assert_eq!(duration(hours), words);
        }
    }
}
