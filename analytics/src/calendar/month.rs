//! Months, numbered so that they can be counted through.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// A month of some year, as a wall clock shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

/// 1 January of the years 1 and 10,000, in microseconds since 1970. What lies outside counts as the nearest instant
/// inside, so that no date a database can hold leaves what chrono can calculate with.
const FIRST_MICROS: i64 = -62_135_596_800_000_000;
const LAST_MICROS: i64 = 253_402_300_800_000_000 - 1;

impl Month {
    /// The month that a wall clock in `tz` shows at an instant, given in microseconds since 1970.
    #[must_use]
    pub fn containing(micros: i64, tz: Tz) -> Self {
        let at = DateTime::from_timestamp_micros(micros.clamp(FIRST_MICROS, LAST_MICROS))
            .unwrap_or(DateTime::UNIX_EPOCH)
            .with_timezone(&tz);
        Self::of_date(at.date_naive())
    }

    /// The month that a date lies in.
    #[must_use]
    pub fn of_date(date: NaiveDate) -> Self {
        // At most twelve times a year of four digits.
        Self(date.year() * 12 + date.month0().cast_signed())
    }

    /// The month after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The instant at which the month begins on a wall clock in `tz`.
    #[must_use]
    pub fn start(self, tz: Tz) -> DateTime<Utc> {
        let month = self.0.rem_euclid(12).cast_unsigned() + 1;
        let first = NaiveDate::from_ymd_opt(self.0.div_euclid(12), month, 1);
        day_start(first.unwrap_or(NaiveDate::MIN), tz)
    }
}

/// The first instant at which a wall clock in `tz` shows this date, or a later one where the zone left the date out.
pub(crate) fn day_start(date: NaiveDate, tz: Tz) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN);
    if let Some(at) = tz.from_local_datetime(&midnight).earliest() {
        return at.with_timezone(&Utc);
    }
    // Midnight never struck: the clock jumped over it, at a whole second. Two days are more than any jump.
    const TWO_DAYS: i64 = 2 * 86_400;
    let midnight = midnight.and_utc().timestamp();
    let (mut before, mut after) = (midnight - TWO_DAYS, midnight + TWO_DAYS);
    while after - before > 1 {
        let between = before.midpoint(after);
        if shown_at(between, tz) < midnight {
            before = between;
        } else {
            after = between;
        }
    }
    DateTime::from_timestamp(after, 0).unwrap_or(DateTime::UNIX_EPOCH)
}

/// What a wall clock in `tz` shows at an instant, both in seconds since the start of 1970.
fn shown_at(seconds: i64, tz: Tz) -> i64 {
    let at = DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::UNIX_EPOCH);
    at.with_timezone(&tz).naive_local().and_utc().timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(raw: &str) -> DateTime<Utc> {
        raw.parse().unwrap()
    }

    #[test]
    fn an_instant_belongs_to_the_month_its_wall_clock_shows() {
        let at = utc("2026-02-28T23:30:00Z").timestamp_micros();
        let date = |raw: &str| Month::of_date(raw.parse().unwrap());
        assert_eq!(Month::containing(at, Tz::UTC), date("2026-02-14"));
        assert_eq!(Month::containing(at, Tz::Europe__Berlin), date("2026-03-14"));
        assert_eq!(Month::containing(at, Tz::America__New_York), date("2026-02-14"));
    }

    #[test]
    fn a_month_starts_when_its_wall_clock_arrives_there() {
        let month: Month = Month::of_date("2026-04-02".parse().unwrap());
        assert_eq!(month.start(Tz::UTC), utc("2026-04-01T00:00:00Z"));
        assert_eq!(month.start(Tz::Europe__Berlin), utc("2026-03-31T22:00:00Z"));
        assert_eq!(month.next().start(Tz::Asia__Kolkata), utc("2026-04-30T18:30:00Z"));
    }

    #[test]
    fn a_day_whose_midnight_was_jumped_over_starts_after_the_jump() {
        // Cuba went from 24:00 straight to 01:00 on 8 March 2026.
        let date = "2026-03-08".parse().unwrap();
        assert_eq!(day_start(date, Tz::America__Havana), utc("2026-03-08T05:00:00Z"));
        // Samoa left out 30 December 2011 altogether.
        let date = "2011-12-30".parse().unwrap();
        assert_eq!(day_start(date, Tz::Pacific__Apia), utc("2011-12-30T10:00:00Z"));
    }

    #[test]
    fn a_date_beyond_the_calendar_still_has_a_month() {
        assert!(Month::containing(i64::MIN, Tz::Asia__Tokyo) < Month::containing(0, Tz::UTC));
        assert!(Month::containing(i64::MAX, Tz::America__Lima) > Month::containing(0, Tz::UTC));
    }
}
