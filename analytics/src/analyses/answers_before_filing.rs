//! Articles beside reports that were being written: which were read, and which made the report needless.

use std::collections::BTreeMap;

use api_types::{Axis, AxisKind, Unit, YAxis};

use super::{Analysis, Answer, Scope, WORDS_MAX, Window, series, short, totals};
use crate::outcomes::Outcomes;

pub(super) const ANALYSIS: Analysis = Analysis {
    name: "answers-before-filing",
    title: "Answers before a report is sent",
    definition: "For the six articles that most often stood beside a report that was being written, on the days (in UTC) that the period touches: how often each was shown, how often it was opened, and how often it was opened and no report was sent then (series stopped). Why somebody did not send a report is not known; the article is one reason.",
    scope: Scope::Outcomes { default: "30d", answer },
};

fn answer(outcomes: &Outcomes, window: &Window) -> Answer {
    // The newest title, and shown, opened, stopped.
    let mut sums: BTreeMap<i64, (&str, [i32; 3])> = BTreeMap::new();
    for used in outcomes.uses.range(window.start().date_naive()..).flat_map(|(_, day)| day) {
        let (title, sum) = sums.entry(used.article.0).or_default();
        *title = &used.title;
        sum[0] += used.shown;
        sum[1] += used.opened;
        sum[2] += used.stopped;
    }
    let all = |at: usize| sums.values().map(|(_, sum)| f64::from(sum[at])).sum();
    let totals = totals([("shown", all(0)), ("opened", all(1)), ("stopped", all(2))]);
    let mut most: Vec<_> = sums.values().collect();
    most.sort_by_key(|(title, sum)| (sum.map(std::cmp::Reverse), *title));
    most.truncate(WORDS_MAX);
    let words = short(&most.iter().map(|(title, _)| *title).collect::<Vec<_>>());
    let bars =
        |at: usize| words.iter().cloned().zip(most.iter().map(move |(_, sum)| f64::from(sum[at])));
    Answer {
        x: Axis { label: "Article".to_owned(), kind: AxisKind::Category },
        y: YAxis { label: "Reports begun".to_owned(), unit: Unit::Times },
        series: vec![
            series("shown", "Shown", bars(0)),
            series("opened", "Opened", bars(1)),
            series("stopped", "No report sent", bars(2)),
        ],
        totals,
    }
}

#[cfg(test)]
mod tests {
    use api_types::{ArticleId, ArticleUse, X};

    use super::*;

    #[test]
    fn days_are_summed_by_article_under_its_newest_title() {
        let used = |day: &str, title: &str, shown, opened, stopped| ArticleUse {
            day: day.parse().unwrap(),
            article: ArticleId(7),
            title: title.into(),
            shown,
            opened,
            stopped,
        };
        let mut outcomes = Outcomes::default();
        let uses = vec![used("2026-03-01", "Wifi", 4, 2, 1), used("2026-03-02", "Wi-Fi", 1, 1, 1)];
        outcomes.replace_from("2026-01-01".parse().unwrap(), Vec::new(), uses);
        let window = Window {
            period: "7d".parse().unwrap(),
            now: "2026-03-03T00:00:00Z".parse().unwrap(),
            tz: chrono_tz::Tz::UTC,
        };
        let answer = answer(&outcomes, &window);
        let first: Vec<_> = answer.series.iter().map(|one| one.points[0].1).collect();
        assert_eq!(first, [5.0, 3.0, 2.0]);
        assert_eq!(answer.series[0].points[0].0, X::Word("Wi-Fi".into()));
    }
}
