//! Tickets opened in the last hours or days and not yet closed, over time.

use api_types::{Axis, AxisKind, Series, Unit, X, YAxis};
use chrono::{DateTime, Utc};

use super::{Analysis, Answer, Scope, Window, series, totals};
use crate::{
    calendar::{BucketSize, bucket_starts},
    store::Store,
};

pub(super) const ANALYSIS: Analysis = Analysis {
    name: "open-in-period",
    title: "Still open, by when it was reported",
    definition: "Tickets reported within the period before now and not closed yet, counted by their status now and by \
                 the hour (periods up to 72 hours), day (up to 92 days) or month in which they were reported. The \
                 first bucket counts only what lies within the period.",
    scope: Scope::Last { default: "7d", answer },
};

fn answer(store: &Store, window: &Window) -> Answer {
    let starts =
        bucket_starts(window.start(), window.now, BucketSize::fitting(window.period), window.tz);
    let (open, open_total) =
        count_by_bucket("open", "Open", store.opened_of_open(), &starts, window);
    let (active, active_total) =
        count_by_bucket("active", "Active", store.opened_of_active(), &starts, window);
    Answer {
        x: Axis { label: "Reported".to_owned(), kind: AxisKind::Time },
        y: YAxis { label: "Tickets not yet closed".to_owned(), unit: Unit::Tickets },
        series: vec![open, active],
        totals: totals([
            ("total", open_total + active_total),
            ("open", open_total),
            ("active", active_total),
        ]),
    }
}

/// Cuts the sorted instants at the starts: after the start of the period, up to and with now.
fn count_by_bucket(
    key: &str,
    name: &str,
    opened: &[i64],
    starts: &[DateTime<Utc>],
    window: &Window,
) -> (Series, f64) {
    // The database keeps whole microseconds, so cutting `at` down to them moves no ticket across it.
    let up_to = |at: DateTime<Utc>| {
        let micros = at.timestamp_micros();
        opened.partition_point(|opened| *opened <= micros)
    };
    let before = |at: DateTime<Utc>| {
        let micros = at.timestamp_micros();
        opened.partition_point(|opened| *opened < micros)
    };
    let (first, last) = (up_to(window.start()), up_to(window.now));
    let mut from = first;
    let points = starts.iter().enumerate().map(|(at, start)| {
        let to = starts.get(at + 1).map_or(last, |next| before(*next));
        let count = to - from;
        from = to;
        (X::Time(*start), count as f64)
    });
    (series(key, name, points), (last - first) as f64)
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

    #[test]
    fn every_ticket_of_the_period_is_in_the_bucket_its_wall_clock_shows() {
        let mut random = Random::new(17);
        let tickets: Vec<_> = (1..=6000)
            .map(|id| FeedTicket { id, ..random_ticket(&mut random, 1) })
            .filter(|ticket| ticket.merged_into.is_none())
            .collect();
        for (period, tz, format) in [
            ("72h", Tz::Europe__Berlin, "%Y-%m-%d %H %z"),
            ("92d", Tz::Europe__Berlin, "%Y-%m-%d"),
            ("1200d", Tz::America__New_York, "%Y-%m"),
        ] {
            let now: DateTime<Utc> = "2026-10-26T08:30:00.000001Z".parse().unwrap();
            let window = Window { period: period.parse().unwrap(), now, tz };
            let mut store = Store::new(tz);
            store.apply(&tickets);
            let answer = answer(&store, &window);
            let shown = |at: DateTime<Utc>| at.with_timezone(&tz).format(format).to_string();
            for (series, status) in answer.series.iter().zip([Status::Open, Status::Active]) {
                for point in &series.points {
                    let X::Time(start) = point.0 else { panic!("{:?} is no time", point.0) };
                    let expected = tickets.iter().filter(|ticket| {
                        let opened = DateTime::from_timestamp_micros(ticket.opened_at.0).unwrap();
                        ticket.status == status
                            && opened > window.start()
                            && opened <= now
                            && shown(opened) == shown(start)
                    });
                    assert_eq!(point.1, expected.count() as f64, "{period} {start}");
                }
                let counted: f64 = series.points.iter().map(|point| point.1).sum();
                assert_eq!(answer.totals[status.as_str()], counted);
            }
        }
    }
}
