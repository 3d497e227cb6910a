//! Says in the reader's language what the analytics service says in English, by the keys beside its texts. What has a
//! key that this app does not know stays as it is.

use api_types::{AnalysisInfo, Category, Chart, ParameterInfo, Status, X};

use crate::{
    format::{category_word, status_word},
    texts::say,
};

/// The texts of an analysis.
struct Texts {
    title: &'static str,
    definition: &'static str,
    x: &'static str,
    y: &'static str,
}

fn texts(analysis: &str) -> Option<Texts> {
    Some(match analysis {
        "open-in-period" => Texts {
            title: say!(analytics.open_in_period.title),
            definition: say!(analytics.open_in_period.definition),
            x: say!(analytics.open_in_period.x),
            y: say!(analytics.open_in_period.y),
        },
        "resolution-time-by-month" => Texts {
            title: say!(analytics.resolution_time_by_month.title),
            definition: say!(analytics.resolution_time_by_month.definition),
            x: say!(analytics.resolution_time_by_month.x),
            y: say!(analytics.resolution_time_by_month.y),
        },
        "active-by-category" => Texts {
            title: say!(analytics.active_by_category.title),
            definition: say!(analytics.active_by_category.definition),
            x: say!(analytics.active_by_category.x),
            y: say!(analytics.active_by_category.y),
        },
        "triage-accuracy" => Texts {
            title: say!(analytics.triage_accuracy.title),
            definition: say!(analytics.triage_accuracy.definition),
            x: say!(analytics.triage_accuracy.x),
            y: say!(analytics.triage_accuracy.y),
        },
        "searches-without-answer" => Texts {
            title: say!(analytics.searches_without_answer.title),
            definition: say!(analytics.searches_without_answer.definition),
            x: say!(analytics.searches_without_answer.x),
            y: say!(analytics.searches_without_answer.y),
        },
        "answers-before-filing" => Texts {
            title: say!(analytics.answers_before_filing.title),
            definition: say!(analytics.answers_before_filing.definition),
            x: say!(analytics.answers_before_filing.x),
            y: say!(analytics.answers_before_filing.y),
        },
        _ => return None,
    })
}

fn series_name(key: &str) -> Option<&'static str> {
    Some(match key {
        "mean" => say!(analytics.series.mean),
        "median" => say!(analytics.series.median),
        "p90" => say!(analytics.series.p90),
        "still_open" => say!(analytics.series.still_open),
        "right" => say!(analytics.series.right),
        "decided" => say!(analytics.series.decided),
        "empty" => say!(analytics.series.empty),
        "unopened" => say!(analytics.series.unopened),
        "shown" => say!(analytics.series.shown),
        "opened" => say!(analytics.series.opened),
        "stopped" => say!(analytics.series.stopped),

        other => return other.parse::<Status>().ok().map(status_word),
    })
}

/// A chart in the reader's language. Its keys are as before; words on its axis are not, so files are written first.
pub(super) fn translate(mut chart: Chart) -> Chart {
    if let Some(Texts { title, definition, x, y }) = texts(&chart.analysis) {
        chart.title = title.to_owned();
        chart.definition = definition.to_owned();
        chart.x.label = x.to_owned();
        chart.y.label = y.to_owned();
    }
    for series in &mut chart.series {
        if let Some(name) = series_name(&series.key) {
            series.name = name.to_owned();
        }
        for point in &mut series.points {
            if let X::Word(word) = &mut point.0
                && let Ok(category) = word.parse::<Category>()
            {
                *word = category_word(category).to_owned();
            }
        }
    }
    chart
}

/// The title of an analysis.
pub(super) fn title(analysis: &AnalysisInfo) -> String {
    texts(&analysis.name).map_or_else(|| analysis.title.clone(), |texts| texts.title.to_owned())
}

/// The label of a parameter.
pub(super) fn label(parameter: ParameterInfo) -> String {
    match parameter.name.as_str() {
        "last" => say!(analytics.period.label).to_owned(),
        _ => parameter.label,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use api_types::{Axis, AxisKind, Point, Series, Unit, YAxis};

    use super::*;

    fn chart(analysis: &str, key: &str, word: &str) -> Chart {
        let points = vec![Point(X::Word(word.into()), 1.0)];
        Chart {
            analysis: analysis.into(),
            title: "T".into(),
            definition: "D".into(),
            tz: "UTC".into(),
            x: Axis { label: "X".into(), kind: AxisKind::Category },
            y: YAxis { label: "Y".into(), unit: Unit::Tickets },
            series: vec![Series { key: key.into(), name: "N".into(), points }],
            totals: BTreeMap::new(),
            as_of: chrono::DateTime::UNIX_EPOCH,
            lag_seconds: 0.0,
            stale: false,
        }
    }

    #[test]
    fn what_has_a_key_is_said_by_the_app() {
        let said = translate(chart("active-by-category", "active", "it"));
        assert_eq!(said.title, "Active tickets by category");
        assert_eq!((said.x.label.as_str(), said.y.label.as_str()), ("Category", "Tickets"));
        assert_eq!(
            (said.series[0].key.as_str(), said.series[0].name.as_str()),
            ("active", "Active")
        );
        assert_eq!(said.series[0].points[0].0, X::Word("IT".into()));
    }

    #[test]
    fn what_the_app_does_not_know_stays_as_it_came() {
        let unknown = chart("by-moon", "full", "tide");
        assert_eq!(translate(unknown.clone()), unknown);
    }
}
