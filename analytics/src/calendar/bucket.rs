//! Buckets of time: what stands on the x axis of a chart over a period.

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

use super::{Month, Period, month::day_start};

/// How much time one bucket holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BucketSize {
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A month.
    Month,
}

impl BucketSize {
    /// Hourly up to 72 hours, daily up to 92 days, then monthly.
    #[must_use]
    pub const fn fitting(period: Period) -> Self {
        match period.hours() {
            0..=72 => Self::Hour,
            73..=2208 => Self::Day,
            _ => Self::Month,
        }
    }
}

/// The starts of all buckets from the one that holds `from` to the one that holds `to`, each later than the one before.
#[must_use]
pub fn bucket_starts(
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    size: BucketSize,
    tz: Tz,
) -> Vec<DateTime<Utc>> {
    match size {
        BucketSize::Hour => hour_starts(from, to, tz),
        BucketSize::Day => {
            let first = from.with_timezone(&tz).date_naive();
            up_to(to, first.iter_days().map(|date| day_start(date, tz)))
        }
        BucketSize::Month => {
            let first = Month::of_date(from.with_timezone(&tz).date_naive());
            let months = std::iter::successors(Some(first), |month| Some(month.next()));
            up_to(to, months.map(|month| month.start(tz)))
        }
    }
}

fn up_to(to: DateTime<Utc>, starts: impl Iterator<Item = DateTime<Utc>>) -> Vec<DateTime<Utc>> {
    let mut starts: Vec<_> = starts.take_while(|start| *start <= to).collect();
    // A day that the zone left out has the start of the day after it.
    starts.dedup();
    starts
}

/// Steps to the next full hour of the wall clock, which is not always an hour away.
fn hour_starts(from: DateTime<Utc>, to: DateTime<Utc>, tz: Tz) -> Vec<DateTime<Utc>> {
    let into_hour = |at: DateTime<Utc>| {
        let local = at.with_timezone(&tz);
        let seconds = local.minute() * 60 + local.second();
        TimeDelta::seconds(i64::from(seconds))
            + TimeDelta::nanoseconds(i64::from(local.nanosecond()))
    };
    let mut starts = vec![from - into_hour(from)];
    loop {
        let last = starts[starts.len() - 1];
        let next = last + TimeDelta::hours(1) - into_hour(last);
        if next > to {
            return starts;
        }
        starts.push(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(from: &str, to: &str, size: BucketSize, tz: Tz) -> Vec<String> {
        bucket_starts(from.parse().unwrap(), to.parse().unwrap(), size, tz)
            .into_iter()
            .map(|at| at.with_timezone(&tz).format("%d %H:%M %z").to_string())
            .collect()
    }

    #[test]
    fn the_size_follows_the_length_of_the_period() {
        for (period, size) in [
            ("1h", BucketSize::Hour),
            ("72h", BucketSize::Hour),
            ("3d", BucketSize::Hour),
            ("73h", BucketSize::Day),
            ("92d", BucketSize::Day),
            ("2209h", BucketSize::Month),
            ("3660d", BucketSize::Month),
        ] {
            assert_eq!(BucketSize::fitting(period.parse().unwrap()), size, "{period}");
        }
    }

    #[test]
    fn the_hour_that_comes_twice_in_autumn_is_two_buckets_and_the_lost_one_none() {
        let tz = Tz::Europe__Berlin;
        assert_eq!(
            starts("2026-10-25T00:20:00Z", "2026-10-25T02:00:00Z", BucketSize::Hour, tz),
            ["25 02:00 +0200", "25 02:00 +0100", "25 03:00 +0100"]
        );
        assert_eq!(
            starts("2026-03-29T00:20:00Z", "2026-03-29T01:59:00Z", BucketSize::Hour, tz),
            ["29 01:00 +0100", "29 03:00 +0200"]
        );
    }

    #[test]
    fn hours_begin_when_the_wall_clock_says_so_also_where_it_moves_by_half_an_hour() {
        assert_eq!(
            starts(
                "2026-06-01T00:10:00Z",
                "2026-06-01T01:40:00Z",
                BucketSize::Hour,
                Tz::Asia__Kolkata
            ),
            ["01 05:00 +0530", "01 06:00 +0530", "01 07:00 +0530"]
        );
        assert_eq!(
            starts(
                "2026-04-04T14:30:00Z",
                "2026-04-04T16:00:00Z",
                BucketSize::Hour,
                Tz::Australia__Lord_Howe
            ),
            ["05 01:00 +1100", "05 01:30 +1030", "05 02:00 +1030"]
        );
    }

    #[test]
    fn days_have_23_24_or_25_hours() {
        let days = bucket_starts(
            "2026-10-24T10:00:00Z".parse().unwrap(),
            "2026-10-27T10:00:00Z".parse().unwrap(),
            BucketSize::Day,
            Tz::Europe__Berlin,
        );
        let hours: Vec<_> = days.windows(2).map(|pair| (pair[1] - pair[0]).num_hours()).collect();
        assert_eq!(hours, [24, 25, 24]);
    }

    #[test]
    fn a_day_that_was_left_out_is_no_bucket() {
        assert_eq!(
            starts(
                "2011-12-29T20:00:00Z",
                "2012-01-01T00:00:00Z",
                BucketSize::Day,
                Tz::Pacific__Apia
            ),
            ["29 00:00 -1000", "31 00:00 +1400", "01 00:00 +1400"]
        );
    }

    #[test]
    fn a_bucket_that_begins_right_now_is_the_last() {
        assert_eq!(
            starts("2026-05-31T23:00:00Z", "2026-07-01T00:00:00Z", BucketSize::Month, Tz::UTC),
            ["01 00:00 +0000", "01 00:00 +0000", "01 00:00 +0000"]
        );
    }
}
