//! The fields of a ticket that the analyses need, read from the feed without building the others.

use std::fmt;

use api_types::{Category, CategoryBy, Status};
use chrono::DateTime;
use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

/// A ticket, as far as the analyses are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct FeedTicket {
    /// Its number.
    pub id: i64,
    /// Where it stands.
    pub status: Status,
    /// Which desk it belongs to.
    pub category: Category,
    /// When it was reported.
    pub opened_at: Micros,
    /// When it was closed.
    pub closed_at: Option<Micros>,
    /// The ticket it was merged into.
    pub merged_into: Option<i64>,
    /// Who decided the category.
    pub category_by: CategoryBy,
    /// What the classifier said.
    #[serde(default)]
    pub guess: Option<FeedGuess>,
}

/// What the classifier said of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct FeedGuess {
    /// The category.
    pub category: Category,
    /// The model that said so.
    pub model: ModelVersion,
}

/// The version of a model, sixteen hexadecimal digits on the wire. Any other is 0: a file that was imported may name
/// anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModelVersion(pub u64);

impl<'de> Deserialize<'de> for ModelVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&str>::deserialize(deserializer)?;
        Ok(Self(u64::from_str_radix(raw, 16).unwrap_or_default()))
    }
}

impl fmt::Display for ModelVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// An instant, in microseconds since 1970, which is as exact as the database keeps it. RFC 3339 on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Micros(pub i64);

impl<'de> Deserialize<'de> for Micros {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(InstantVisitor)
    }
}

struct InstantVisitor;

impl Visitor<'_> for InstantVisitor {
    type Value = Micros;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an RFC 3339 date and time")
    }

    fn visit_str<E: Error>(self, raw: &str) -> Result<Micros, E> {
        // A million tickets hold two million instants, all in the one form that the API writes.
        if let Some(micros) = parse_utc(raw.as_bytes()) {
            return Ok(Micros(micros));
        }
        DateTime::parse_from_rfc3339(raw)
            .map(|at| Micros(at.timestamp_micros()))
            .map_err(|e| E::custom(format_args!("{raw:?} is no RFC 3339 date and time: {e}")))
    }
}

/// Reads `2026-03-01T08:15:30Z` with up to six decimals; `None` for any other form or a date that may not exist.
fn parse_utc(raw: &[u8]) -> Option<i64> {
    let (head, tail) = raw.split_at_checked(19)?;
    let fraction = match tail {
        [b'Z'] => 0,
        [b'.', digits @ .., b'Z'] if (1..=6).contains(&digits.len()) => {
            number(digits)? * 10_i64.pow(6 - u32::try_from(digits.len()).ok()?)
        }
        _ => return None,
    };
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if separators.iter().any(|&(at, separator)| head[at] != separator) {
        return None;
    }
    let (year, month, day) = (number(&head[..4])?, number(&head[5..7])?, number(&head[8..10])?);
    let (hour, minute, second) =
        (number(&head[11..13])?, number(&head[14..16])?, number(&head[17..19])?);
    // Days beyond the 28th and leap seconds: the calendar decides, on the slow path.
    let exists = (1..=12).contains(&month)
        && (1..=30).contains(&day)
        && (day <= 28 || month != 2)
        && hour < 24
        && minute < 60
        && second < 60;
    if !exists {
        return None;
    }
    let seconds = ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    Some(seconds * 1_000_000 + fraction)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'))
    })
}

/// Days from 1 January 1970 in the Gregorian calendar, counted in years that begin in March, so that the leap day is
/// the last of its year.
const fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month_from_march) =
        if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 719,468 days lie between 1 March of the year 0 and 1970.
    year * 365 + leap_days + (153 * month_from_march + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    fn read(raw: &str) -> Option<i64> {
        serde_json::from_value::<Micros>(raw.into()).ok().map(|at| at.0)
    }

    #[test]
    fn every_instant_reads_as_chrono_reads_it() {
        let mut random = Random::new(11);
        for _ in 0..20_000 {
            // Between the years 1 and 9999.
            let micros =
                random.below(315_537_897_599_999_999).cast_signed() - 62_135_596_800_000_000;
            let at = DateTime::from_timestamp_micros(micros).unwrap();
            let raw = serde_json::to_value(at).unwrap();
            assert_eq!(read(raw.as_str().unwrap()), Some(micros), "{raw}");
        }
    }

    #[test]
    fn other_ways_to_write_an_instant_are_read_too() {
        for (raw, same) in [
            ("2024-02-29T23:59:59.5Z", "2024-02-29T23:59:59.500000Z"),
            ("2026-03-01T09:00:00+01:00", "2026-03-01T08:00:00Z"),
            ("2026-01-31T00:00:00.123456789Z", "2026-01-31T00:00:00.123456Z"),
        ] {
            assert_eq!(
                read(raw),
                Some(same.parse::<DateTime<chrono::Utc>>().unwrap().timestamp_micros())
            );
        }
        for raw in [
            "",
            "2026-02-30T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-01",
            "2026-01-01T00:00:00.Z",
        ] {
            assert_eq!(read(raw), None, "{raw}");
        }
    }

    #[test]
    fn only_the_fields_needed_are_looked_at() {
        let ticket: FeedTicket = serde_json::from_str(
            r#"{"id": 7, "title": "A \"lamp\"", "description": null, "status": "closed", "category": "it", "category_by": "staff",
                "guess": {"category": "facility", "model": "00000000000000ff"},
                "assignee": {"id": 1, "name": "Ada"}, "opened_at": "2026-03-01T08:00:00Z",
                "closed_at": "2026-03-01T09:00:00Z", "merged_into": null, "version": 3}"#,
        )
        .unwrap();
        assert_eq!(ticket.closed_at.unwrap().0 - ticket.opened_at.0, 3_600_000_000);
        assert_eq!((ticket.id, ticket.status, ticket.merged_into), (7, Status::Closed, None));
        let guess = FeedGuess { category: Category::Facility, model: ModelVersion(255) };
        assert_eq!(ticket.guess, Some(guess));
    }
}
