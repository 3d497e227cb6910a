//! How long tickets took from opening to closing, by the month in which they were opened.

use api_types::{Axis, AxisKind, Unit, X, YAxis};
use chrono::{DateTime, Utc};

use super::{Analysis, Answer, Scope, Window, series, totals};
use crate::{
    calendar::Month,
    store::{MonthTally, Store, quantile},
};

pub(super) const ANALYSIS: Analysis = Analysis {
    name: "resolution-time-by-month",
    title: "Time from report to closing, by month of report",
    definition: "For the tickets reported in each whole month that the period touches: mean, median and 90th \
                 percentile of the hours from report to closing (series mean, median and p90). Tickets that are not \
                 closed yet have no such time; the series closed and still_open say how many were closed and how many \
                 were not, in tickets.",
    scope: Scope::Last { default: "365d", answer },
};

const MICROS_PER_HOUR: f64 = 3_600_000_000.0;

/// One month of the range, or all of it together.
struct Row {
    start: DateTime<Utc>,
    hours: Option<Hours>,
    closed: usize,
    still_open: u64,
}

/// What the closed tickets took.
struct Hours {
    mean: f64,
    median: f64,
    p90: f64,
}

fn answer(store: &Store, window: &Window) -> Answer {
    let month_at = |at: DateTime<Utc>| Month::containing(at.timestamp_micros(), window.tz);
    let last = month_at(window.now);
    let months = std::iter::successors(Some(month_at(window.start())), |month| Some(month.next()))
        .take_while(|month| *month <= last);
    let (mut rows, mut tallies) = (Vec::new(), Vec::new());
    for month in months {
        let tally = store.month(month);
        rows.push(summarise(month.start(window.tz), tally.as_slice()));
        tallies.extend(tally);
    }
    let whole = summarise(window.start(), &tallies);

    let hours = |pick: fn(&Hours) -> f64| {
        rows.iter().filter_map(move |row| Some((X::Time(row.start), pick(row.hours.as_ref()?))))
    };
    let mut numbers =
        totals([("closed", whole.closed as f64), ("still_open", whole.still_open as f64)]);
    // There is no mean of nothing, and no number that could stand for it.
    if let Some(Hours { mean, median, p90 }) = whole.hours {
        numbers.extend(totals([
            ("mean_hours", mean),
            ("median_hours", median),
            ("p90_hours", p90),
        ]));
    }
    Answer {
        x: Axis { label: "Month of report".to_owned(), kind: AxisKind::Time },
        y: YAxis { label: "Hours from report to closing".to_owned(), unit: Unit::Hours },
        series: vec![
            series("mean", "Mean", hours(|hours| hours.mean)),
            series("median", "Median", hours(|hours| hours.median)),
            series("p90", "90th percentile", hours(|hours| hours.p90)),
            series(
                "closed",
                "Closed",
                rows.iter().map(|row| (X::Time(row.start), row.closed as f64)),
            ),
            series(
                "still_open",
                "Not closed yet",
                rows.iter().map(|row| (X::Time(row.start), row.still_open as f64)),
            ),
        ],
        totals: numbers,
    }
}

fn summarise(start: DateTime<Utc>, tallies: &[&MonthTally]) -> Row {
    let parts: Vec<&[i64]> = tallies.iter().map(|tally| tally.durations()).collect();
    let closed: usize = parts.iter().map(|part| part.len()).sum();
    let sum: i128 = tallies.iter().map(|tally| tally.sum()).sum();
    let quantile_hours =
        |fraction| quantile(&parts, fraction).map(|micros| micros / MICROS_PER_HOUR);
    let hours = quantile_hours(0.5).zip(quantile_hours(0.9)).map(|(median, p90)| Hours {
        mean: sum as f64 / closed as f64 / MICROS_PER_HOUR,
        median,
        p90,
    });
    Row { start, hours, closed, still_open: tallies.iter().map(|tally| tally.still_open()).sum() }
}

#[cfg(test)]
mod tests {
    use api_types::Status;
    use chrono_tz::Tz;

    use super::*;
    use crate::{
        store::FeedTicket,
        testing::{Random, random_ticket},
    };

    /// Mean and `percentile_cont`, by sorting.
    fn naive(mut hours: Vec<f64>) -> [f64; 3] {
        hours.sort_unstable_by(f64::total_cmp);
        let percentile = |fraction: f64| {
            let position = fraction * (hours.len() - 1) as f64;
            let (low, high) = (hours[position.floor() as usize], hours[position.ceil() as usize]);
            low + position.fract() * (high - low)
        };
        [hours.iter().sum::<f64>() / hours.len() as f64, percentile(0.5), percentile(0.9)]
    }

    #[test]
    fn every_month_and_the_whole_range_are_what_sorting_all_tickets_gives() {
        let tz = Tz::Australia__Sydney;
        let mut random = Random::new(23);
        let tickets: Vec<_> = (1..=5000)
            .map(|id| FeedTicket { id, ..random_ticket(&mut random, 1) })
            .filter(|ticket| ticket.merged_into.is_none())
            .collect();
        let mut store = Store::new(tz);
        store.apply(&tickets);
        let now = "2026-10-26T08:30:00Z".parse().unwrap();
        let answer = answer(&store, &Window { period: "730d".parse().unwrap(), now, tz });

        let month_of = |at: DateTime<Utc>| at.with_timezone(&tz).format("%Y-%m").to_string();
        let opened = |ticket: &FeedTicket| {
            month_of(DateTime::from_timestamp_micros(ticket.opened_at.0).unwrap())
        };
        let hours = |of: &dyn Fn(&str) -> bool| -> Vec<f64> {
            let closed = tickets.iter().filter(|ticket| of(&opened(ticket)));
            closed
                .filter_map(|t| Some((t.closed_at?.0 - t.opened_at.0) as f64 / MICROS_PER_HOUR))
                .collect()
        };
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} is not {b}");

        assert_eq!(answer.series[0].points.len(), 25);
        for (at, point) in answer.series[0].points.iter().enumerate() {
            let X::Time(start) = point.0 else { panic!("{:?} is no time", point.0) };
            let month = month_of(start);
            let expected = hours(&|other| other == month);
            assert_eq!(answer.series[3].points[at].1, expected.len() as f64);
            let open = tickets.iter().filter(|t| t.status != Status::Closed && opened(t) == month);
            assert_eq!(answer.series[4].points[at].1, open.count() as f64);
            for (series, value) in answer.series.iter().zip(naive(expected)) {
                close(series.points[at].1, value);
            }
        }
        let whole = naive(hours(&|month| ("2024-10"..="2026-10").contains(&month)));
        for (key, value) in ["mean_hours", "median_hours", "p90_hours"].iter().zip(whole) {
            close(answer.totals[*key], value);
        }
    }
}
