//! Ticks of a time axis: at round hours, days, months or years of the chart's own clocks.

use chrono::{
    DateTime, Datelike, FixedOffset, Months, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc,
};

use crate::Tick;

/// The distance between two ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Hours(u32),
    Days(i64),
    Months(u32),
}

const STEPS: [Step; 15] = [
    Step::Hours(1),
    Step::Hours(2),
    Step::Hours(3),
    Step::Hours(6),
    Step::Hours(12),
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
];

impl Step {
    /// About how long it is, in hours.
    fn hours(self) -> f64 {
        match self {
            Self::Hours(hours) => f64::from(hours),
            Self::Days(days) => days as f64 * 24.0,
            Self::Months(months) => f64::from(months) * 30.4 * 24.0,
        }
    }

    /// The last round time of this step at or before `at`.
    fn floor(self, at: NaiveDateTime) -> Option<NaiveDateTime> {
        let midnight = at.date().and_time(NaiveTime::MIN);
        match self {
            Self::Hours(hours) => midnight.with_hour(at.hour() / hours * hours),
            Self::Days(days) => {
                let past = i64::from(at.date().num_days_from_ce() - 1).rem_euclid(days);
                midnight.checked_sub_signed(TimeDelta::days(past))
            }
            Self::Months(months) => {
                let past = (at.year().unsigned_abs() * 12 + at.month0()) % months;
                midnight.with_day(1)?.checked_sub_months(Months::new(past))
            }
        }
    }

    fn next(self, at: NaiveDateTime) -> Option<NaiveDateTime> {
        match self {
            Self::Hours(hours) => at.checked_add_signed(TimeDelta::hours(i64::from(hours))),
            Self::Days(days) => at.checked_add_signed(TimeDelta::days(days)),
            Self::Months(months) => at.checked_add_months(Months::new(months)),
        }
    }

    /// What tells the tick from its neighbours.
    fn tick(self, at: NaiveDateTime, first: bool) -> Tick {
        match self {
            Self::Hours(_) if at.hour() != 0 => Tick::Hour,
            Self::Hours(_) | Self::Days(_) => Tick::Day,
            Self::Months(months) if months >= 12 => Tick::Year,
            Self::Months(_) if first || at.month() == 1 => Tick::MonthOfYear,
            Self::Months(_) => Tick::Month,
        }
    }
}

/// At most `most` ticks between two instants, each with what it names.
pub(crate) fn time_ticks(
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    most: usize,
    offset: &dyn Fn(DateTime<Utc>) -> FixedOffset,
) -> Vec<(DateTime<Utc>, Tick)> {
    let hours = (to - from).num_minutes() as f64 / 60.0;
    // Decades in a narrow picture are more than any step of the list is made for.
    let step = STEPS
        .into_iter()
        .find(|step| hours / step.hours() <= most.max(1) as f64)
        .unwrap_or_else(|| Step::Months((hours / 8760.0 / most.max(1) as f64).ceil() as u32 * 12));

    let mut ticks = Vec::new();
    let mut local = step.floor(from.with_timezone(&offset(from)).naive_local());
    while let Some(at) = local {
        let instant = instant_of(at, offset);
        if instant > to {
            break;
        }
        if instant >= from {
            ticks.push((instant, step.tick(at, ticks.is_empty())));
        }
        local = step.next(at);
    }
    ticks
}

/// The instant at which clocks say `local`; around a change of clocks, the one that the earlier offset gives.
fn instant_of(
    local: NaiveDateTime,
    offset: &dyn Fn(DateTime<Utc>) -> FixedOffset,
) -> DateTime<Utc> {
    let guess = local.and_utc();
    let near = guess - TimeDelta::seconds(i64::from(offset(guess).local_minus_utc()));
    guess - TimeDelta::seconds(i64::from(offset(near).local_minus_utc()))
}

#[cfg(test)]
mod tests {
    use chrono::Offset as _;
    use chrono_tz::Tz;

    use super::*;

    fn labels(from: &str, to: &str, most: usize, tz: Tz) -> Vec<String> {
        let parse = |raw: &str| raw.parse::<DateTime<Utc>>().unwrap();
        let offset = |at: DateTime<Utc>| at.with_timezone(&tz).offset().fix();
        let label = |(at, tick): (DateTime<Utc>, Tick)| {
            let pattern = match tick {
                Tick::Hour => "%H:%M",
                Tick::Day => "%-d %b",
                Tick::Month => "%b",
                Tick::MonthOfYear => "%b %Y",
                Tick::Year => "%Y",
            };
            at.with_timezone(&tz).format(pattern).to_string()
        };
        time_ticks(parse(from), parse(to), most, &offset).into_iter().map(label).collect()
    }

    #[test]
    fn a_day_is_marked_in_hours_and_midnight_by_its_date() {
        let marks = labels("2026-03-01T18:00:00Z", "2026-03-02T18:00:00Z", 8, Tz::UTC);
        assert_eq!(
            marks,
            ["18:00", "21:00", "2 Mar", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00"]
        );
    }

    #[test]
    fn days_begin_when_the_clocks_of_the_chart_say_so() {
        let marks = labels("2026-03-27T23:00:00Z", "2026-03-30T22:00:00Z", 4, Tz::Europe__Berlin);
        assert_eq!(marks, ["28 Mar", "29 Mar", "30 Mar", "31 Mar"]);
    }

    #[test]
    fn months_name_the_year_where_it_begins() {
        let marks = labels("2025-10-01T00:00:00Z", "2026-03-01T00:00:00Z", 8, Tz::UTC);
        assert_eq!(marks, ["Oct 2025", "Nov", "Dec", "Jan 2026", "Feb", "Mar"]);
    }

    #[test]
    fn ten_years_are_marked_by_years_and_never_crowd() {
        let marks = labels("2016-01-01T00:00:00Z", "2026-01-01T00:00:00Z", 6, Tz::UTC);
        assert_eq!(marks, ["2016", "2018", "2020", "2022", "2024", "2026"]);
    }
}
