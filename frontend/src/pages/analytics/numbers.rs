//! The numbers that matter, beside the picture.

use api_types::Chart;
use leptos::prelude::*;

use crate::format::{duration, number};

/// The totals in the order in which people ask for them, the first one large.
const ORDER: [(&str, &str); 9] = [
    ("total", "not yet closed"),
    ("mean_hours", "mean time to closing"),
    ("median_hours", "median: half are closed within"),
    ("p90_hours", "nine of ten are closed within"),
    ("active", "active"),
    ("open", "open"),
    ("closed", "closed"),
    ("still_open", "not closed yet, so without a time"),
    ("all", "tickets in all"),
];

/// The totals of a chart as words and numbers.
fn lines(chart: &Chart) -> Vec<(String, String)> {
    let say = |key: &str, value: f64| {
        if key.ends_with("_hours") { duration(value) } else { number(value) }
    };
    let known = ORDER.iter().filter_map(|(key, word)| {
        chart.totals.get(*key).map(|value| (say(key, *value), (*word).to_owned()))
    });
    let unknown = chart
        .totals
        .iter()
        .filter(|(key, _)| !ORDER.iter().any(|(known, _)| known == key))
        .map(|(key, value)| (say(key, *value), key.replace('_', " ")));
    known.chain(unknown).collect()
}

/// The numbers that matter.
#[component]
pub(super) fn Numbers(chart: Chart) -> impl IntoView {
    let lines = lines(&chart);
    view! {
        <dl class="numbers" aria-label="Totals">
            {lines.into_iter().map(|(value, word)| view! {
                <div><dt>{word}</dt><dd>{value}</dd></div>
            }).collect_view()}
        </dl>
    }
}
