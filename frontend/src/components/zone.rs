//! Times by the clocks of a time zone that need not be the reader's own.

use std::cell::RefCell;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset, Utc};
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::format::{js_date, language_tag, new_formatter};

/// Which parts of an instant are said, and how: options of `Intl.DateTimeFormat`.
pub(super) type Parts = &'static [(&'static str, &'static str)];

/// All parts of an instant in digits.
const DIGITS: Parts = &[
    ("year", "numeric"),
    ("month", "2-digit"),
    ("day", "2-digit"),
    ("hour", "2-digit"),
    ("minute", "2-digit"),
    ("second", "2-digit"),
];

/// The clocks of a time zone as the browser knows it; of UTC for a zone it does not know.
pub(super) struct ZoneClock {
    tz: String,
    /// Those made so far: making one takes longer than a hundred uses of it.
    made: RefCell<Vec<(Parts, Function)>>,
}

impl ZoneClock {
    /// The clocks of an IANA time zone.
    pub(super) fn new(tz: &str) -> Self {
        Self { tz: tz.to_owned(), made: RefCell::default() }
    }

    /// Parts of an instant as the reader's language says them.
    pub(super) fn say(&self, at: DateTime<Utc>, parts: Parts) -> String {
        // A browser without this part of Intl says it plainly.
        self.say_in(language_tag(), at, parts).unwrap_or_else(|| at.to_rfc3339())
    }

    /// The offset from UTC at an instant.
    pub(super) fn offset(&self, at: DateTime<Utc>) -> FixedOffset {
        // Swedish writes dates as ISO 8601 does, some versions with a comma before the time.
        self.say_in("sv-SE", at, DIGITS)
            .and_then(|text| read_digits(&text))
            .and_then(|local| i32::try_from((local - at.naive_utc()).num_minutes() * 60).ok())
            .and_then(FixedOffset::east_opt)
            .unwrap_or_else(|| Utc.fix())
    }

    fn say_in(&self, language: &str, at: DateTime<Utc>, parts: Parts) -> Option<String> {
        let known = self.made.borrow().iter().find(|one| one.0 == parts).map(|one| one.1.clone());
        let format = known.or_else(|| {
            let made = [self.tz.as_str(), "UTC"].iter().find_map(|tz| {
                let options = [parts, &[("timeZone", *tz)]].concat();
                new_formatter(language, "DateTimeFormat", &options)
            })?;
            let format: Function = Reflect::get(&made, &"format".into()).ok()?.dyn_into().ok()?;
            self.made.borrow_mut().push((parts, format.clone()));
            Some(format)
        })?;
        format.call1(&JsValue::UNDEFINED, &js_date(at)).ok()?.as_string()
    }
}

/// Reads year, month, day, hour, minute and second, whatever stands between them.
fn read_digits(text: &str) -> Option<NaiveDateTime> {
    let numbers: Vec<u32> = text
        .split(|sign: char| !sign.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect();
    let &[year, month, day, hour, minute, second] = numbers.as_slice() else { return None };
    NaiveDate::from_ymd_opt(year.try_into().ok()?, month, day)?.and_hms_opt(hour, minute, second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clocks_say_is_read_from_digits() {
        let expected = NaiveDate::from_ymd_opt(2026, 3, 1).and_then(|day| day.and_hms_opt(9, 5, 0));
        assert_eq!(read_digits("2026-03-01 09:05:00"), expected);
        assert_eq!(read_digits("2026-03-01, 09:05:00"), expected);
        assert_eq!(read_digits("09:05"), None);
    }
}
