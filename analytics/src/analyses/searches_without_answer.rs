//! What people looked for and did not find: where the knowledge base has a gap.

use std::collections::BTreeMap;

use api_types::{Axis, AxisKind, Unit, YAxis};

use super::{Analysis, Answer, Scope, WORDS_MAX, Window, series, short, totals};
use crate::outcomes::Outcomes;

pub(super) const ANALYSIS: Analysis = Analysis {
    name: "searches-without-answer",
    title: "Searches without an answer",
    definition: "The six searches that most often led nowhere on the days (in UTC) that the period touches: how often nothing was found (series empty), and how often something was found but nothing opened (series unopened). Words are counted as they were looked for, without who looked.",
    scope: Scope::Outcomes { default: "30d", answer },
};

fn answer(outcomes: &Outcomes, window: &Window) -> Answer {
    // Asked, found nothing, opened something.
    let mut sums: BTreeMap<&str, [i32; 3]> = BTreeMap::new();
    for count in outcomes.searches.range(window.start().date_naive()..).flat_map(|(_, day)| day) {
        let sum = sums.entry(&count.query).or_default();
        sum[0] += count.asked;
        sum[1] += count.empty;
        sum[2] += count.opened;
    }
    let all = |part: fn(&[i32; 3]) -> i32| sums.values().map(|sum| f64::from(part(sum))).sum();
    let totals = totals([
        ("asked", all(|sum| sum[0])),
        ("empty", all(|sum| sum[1])),
        ("unopened", all(|[asked, empty, opened]| asked - empty - opened)),
    ]);
    let mut worst: Vec<_> = sums.iter().filter(|(_, sum)| sum[0] > sum[2]).collect();
    worst.sort_by_key(|(query, sum)| (std::cmp::Reverse(sum[0] - sum[2]), *query));
    worst.truncate(WORDS_MAX);
    let words = short(&worst.iter().map(|(query, _)| **query).collect::<Vec<_>>());
    let bars = |value: fn(&[i32; 3]) -> i32| {
        words.iter().cloned().zip(worst.iter().map(move |(_, sum)| f64::from(value(sum))))
    };
    Answer {
        x: Axis { label: "Search".to_owned(), kind: AxisKind::Category },
        y: YAxis { label: "Searches".to_owned(), unit: Unit::Times },
        series: vec![
            series("empty", "Nothing found", bars(|sum| sum[1])),
            series(
                "unopened",
                "Nothing opened",
                bars(|[asked, empty, opened]| asked - empty - opened),
            ),
        ],
        totals,
    }
}

#[cfg(test)]
mod tests {
    use api_types::{SearchCount, X};

    use super::*;

    #[test]
    fn what_led_nowhere_most_often_stands_first_and_old_days_do_not_count() {
        let count = |day: &str, query: &str, asked, empty, opened| SearchCount {
            day: day.parse().unwrap(),
            query: query.into(),
            asked,
            empty,
            opened,
        };
        let mut outcomes = Outcomes::default();
        let searches = vec![
            count("2026-01-01", "old", 90, 90, 0),
            count("2026-03-01", "vpn", 5, 0, 5),
            count("2026-03-01", "gown", 3, 3, 0),
            count("2026-03-02", "gown", 2, 1, 0),
            count("2026-03-02", "tap", 4, 0, 1),
        ];
        outcomes.replace_from("2026-01-01".parse().unwrap(), searches, Vec::new());
        let window = Window {
            period: "7d".parse().unwrap(),
            now: "2026-03-03T00:00:00Z".parse().unwrap(),
            tz: chrono_tz::Tz::UTC,
        };
        let answer = answer(&outcomes, &window);
        let points = |at: usize| answer.series[at].points.iter().map(|p| p.1).collect::<Vec<_>>();
        let words: Vec<_> = answer.series[0].points.iter().map(|point| point.0.clone()).collect();
        assert_eq!(words, [X::Word("gown".into()), X::Word("tap".into())]);
        assert_eq!((points(0), points(1)), (vec![4.0, 0.0], vec![1.0, 3.0]));
        assert_eq!((answer.totals["asked"], answer.totals["unopened"]), (14.0, 4.0));
    }
}
